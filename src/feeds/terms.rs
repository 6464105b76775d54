//! The effective terms of a slot: what its own fields override and what it inherits.

use super::code::Code;
use super::consistency;
use super::merchant::{Merchant, PaymentOption};
use super::money;
use super::problem::Fault;
use super::records::{CardRequirement, PrepaymentType};
use super::service::Service;
use crate::protocol::slot::{ConfirmationMode, Deposit, Money, NoShowFee, Replaced, Terms};

/// What a slot says itself about money. A message that is set replaces the service's as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Overrides {
    /// Replaces the service's list unless it is empty.
    pub(super) payment_option_ids: Vec<String>,
    pub(super) no_show_fee: Option<NoShowFee>,
    pub(super) deposit: Option<Deposit>,
    pub(super) card_requirement: CardRequirement,
    pub(super) confirmation_mode: ConfirmationMode,
    /// Only dining has a party, and dining needs no price.
    pub(super) party_size: Option<i32>,
}

impl Overrides {
    fn option_ids<'a>(&'a self, service: &'a Service) -> &'a [String] {
        if self.payment_option_ids.is_empty() {
            &service.payment_option_ids
        } else {
            &self.payment_option_ids
        }
    }
}

/// The terms without their moments in time, which the caller adds. Faults that leave the slot bookable are
/// pushed; the first one that does not is returned.
pub(super) fn effective(
    slot: Overrides,
    service: &Service,
    merchant: &Merchant,
    faults: &mut Vec<Fault>,
) -> Result<Terms, Fault> {
    let option = payment_option(slot.option_ids(service), merchant, faults)?;
    let price = option
        .and_then(|(_, option)| option.price.clone())
        .or_else(|| service.price.clone());
    if price.is_none() && !service.is_dining() && slot.party_size.is_none() {
        return Err(Fault::new(
            Code::MissingPrice,
            "price",
            "neither the service nor a payment option has one",
        ));
    }
    let replaced = replaced(&slot, price.as_ref(), service, merchant);
    let party_size = slot.party_size;
    let asked = always_asks(slot.card_requirement, service);
    let mut terms = Terms {
        replaced,
        tax: tax(
            price.as_ref(),
            option.map(|(_, option)| option),
            service,
            merchant,
        ),
        prepayment: prepays(service, price.as_ref()),
        price,
        payment_option_id: option.map(|(id, _)| id.to_owned()),
        no_show_fee: slot.no_show_fee.or_else(|| service.no_show_fee.clone()),
        deposit: slot.deposit.or_else(|| service.deposit.clone()),
        refund_steps: service.rules.cancellation_policy.clone().unwrap_or_default(),
        online: service.online.clone(),
        ..Terms::default()
    };
    let fees = terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some();
    terms.card_required = fees || asked;
    consistency::one_currency(&terms, service)?;
    consistency::payable(&terms, fees, slot.confirmation_mode, service, merchant)?;
    faults.extend(
        consistency::odd_fees(&terms, party_size).chain(consistency::odd_prepayment(&terms, service)),
    );
    if terms.card_required {
        terms
            .tokenization_config
            .clone_from(&merchant.tokenization_config);
        terms.accepted_networks.clone_from(&merchant.accepted_networks);
    }
    Ok(terms)
}

/// What the service says where the slot says something else; `price` is the slot's.
fn replaced(slot: &Overrides, price: Option<&Money>, service: &Service, merchant: &Merchant) -> Replaced {
    let own = !slot.payment_option_ids.is_empty();
    let inherited = own.then(|| inherited_price(service, merchant)).flatten();
    let fee = slot.no_show_fee.as_ref().and(service.no_show_fee.clone());
    let deposit = slot.deposit.as_ref().and(service.deposit.clone());
    Replaced {
        price: inherited.filter(|inherited| price != Some(inherited)),
        no_show_fee: fee.filter(|fee| slot.no_show_fee.as_ref() != Some(fee)),
        deposit: deposit.filter(|deposit| slot.deposit.as_ref() != Some(deposit)),
        credit_card: always_asks(slot.card_requirement, service)
            != always_asks(CardRequirement::Unspecified, service),
    }
}

/// What a slot of the service costs that names no payment option. Faults are those of slots that do cost it.
fn inherited_price(service: &Service, merchant: &Merchant) -> Option<Money> {
    let option = payment_option(&service.payment_option_ids, merchant, &mut Vec::new());
    let price = option.ok().flatten().and_then(|(_, option)| option.price.clone());
    price.or_else(|| service.price.clone())
}

/// True when a card is asked for whatever it costs; to say nothing is to ask where a fee calls for it.
fn always_asks(own: CardRequirement, service: &Service) -> bool {
    let says = match own {
        CardRequirement::Unspecified => service.card_requirement,
        own => own,
    };
    says == CardRequirement::Always
}

/// The first option of the list that the merchant defines with a price.
fn payment_option<'m>(
    ids: &[String],
    merchant: &'m Merchant,
    faults: &mut Vec<Fault>,
) -> Result<Option<(&'m str, &'m PaymentOption)>, Fault> {
    if ids.is_empty() {
        return Ok(None);
    }
    if merchant.payment_options.is_empty() {
        let message = format!("merchant {} defines no payment_option", merchant.merchant_id);
        return Err(Fault::new(
            Code::NoMerchantPaymentOption,
            "payment_option_id",
            message,
        ));
    }
    let mut undefined: Vec<_> = Vec::new();
    let mut found = None;
    for id in ids {
        match merchant
            .payment_options
            .get_key_value(id)
            .filter(|(_, option)| option.price.is_some())
        {
            Some((id, option)) => found = found.or(Some((id.as_str(), option))),
            None => undefined.push(undefined_option(id, merchant)),
        }
    }
    match found {
        None => Err(undefined.swap_remove(0)),
        found => {
            faults.extend(undefined);
            Ok(found)
        }
    }
}

fn undefined_option(id: &str, merchant: &Merchant) -> Fault {
    let message = format!(
        "merchant {} defines no payment option {id:?} with a price",
        merchant.merchant_id
    );
    Fault::new(Code::UndefinedPaymentOption, "payment_option_id", message)
}

/// The first rate that is set counts, a rate of zero included.
fn tax(
    price: Option<&Money>,
    option: Option<&PaymentOption>,
    service: &Service,
    merchant: &Merchant,
) -> Option<Money> {
    let own = option.and_then(|option| option.tax_micro_percent);
    let rate = own
        .or(service.tax_micro_percent)
        .or(merchant.tax_micro_percent)
        .unwrap_or(0);
    price.filter(|_| rate != 0).map(|price| money::tax(price, rate))
}

/// True when money is taken, and nothing says at which rate it is taxed: a rate of zero is one.
pub(super) fn is_untaxed(terms: &Terms, service: &Service, merchant: &Merchant) -> bool {
    let money = terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some();
    let option = terms.payment_option_id.as_ref();
    let option = option.and_then(|id| merchant.payment_options.get(id)?.tax_micro_percent);
    money
        && option
            .or(service.tax_micro_percent)
            .or(merchant.tax_micro_percent)
            .is_none()
}

// STUB-BEGIN
pub(super) fn is_free_in_person(_: &Terms, _: &Service) -> bool {
    false
}

pub(super) fn free_fault(_: &Service) -> Fault {
    Fault::new(Code::FreeInPerson, "price", "")
}
// STUB-END

fn prepays(service: &Service, price: Option<&Money>) -> bool {
    service.prepayment_type == PrepaymentType::Required && price.is_some_and(|price| price.price_micros > 0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use crate::feeds::code::Code;
    use crate::feeds::example::{Example, by_tag, changed, codes};
    use crate::protocol::slot::{Override, PaymentMode, Terms};

    const MASSAGE: &str = "msg-0103-1200";
    const FACIAL: &str = "fac-0102-1200";

    /// The terms of a slot after `change`, and what is said about it.
    fn resolved(tag: &str, change: impl FnOnce(&mut Example)) -> (Option<Terms>, Vec<Code>) {
        let inventory = changed(change);
        (
            by_tag(&inventory, tag).map(|slot| slot.terms.clone()),
            codes(&inventory),
        )
    }

    /// Asserts that the slot is left out with exactly this problem.
    fn left_out(tag: &str, code: Code, change: impl FnOnce(&mut Example)) {
        assert_eq!(resolved(tag, change), (None, vec![code]), "{code}");
    }

    /// Asserts that the slot is kept with exactly this problem.
    fn warned(tag: &str, code: Code, change: impl FnOnce(&mut Example)) {
        let (terms, codes) = resolved(tag, change);
        assert!(terms.is_some(), "{code}");
        assert_eq!(codes, [code]);
    }

    #[test]
    fn options_that_do_not_resolve_leave_the_slot_out() {
        left_out(MASSAGE, Code::UndefinedPaymentOption, |e| {
            e.slot(MASSAGE)["payment_option_id"] = json!(["po-none"]);
        });
        left_out("msg-0104-1200", Code::NoMerchantPaymentOption, |e| {
            e.merchants["merchant"][0]["payment_option"] = json!([]);
        });
    }

    #[test]
    fn the_first_option_that_resolves_gives_the_price() {
        let (terms, codes) = resolved(MASSAGE, |e| {
            e.slot(MASSAGE)["payment_option_id"] = json!(["po-none", "po-offpeak-massage"]);
        });
        let terms = terms.unwrap();
        assert_eq!(terms.payment_option_id.as_deref(), Some("po-offpeak-massage"));
        assert_eq!(terms.price.unwrap().price_micros, 78_000_000);
        assert_eq!(codes, [Code::UndefinedPaymentOption]);
    }

    #[test]
    fn the_services_list_counts_where_the_slot_has_none() {
        let (terms, _) = resolved(MASSAGE, |e| {
            e.service("svc-massage")["payment_option_id"] = json!(["po-offpeak-massage"]);
            e.slot(MASSAGE)["payment_option_id"] = json!([]);
        });
        assert_eq!(
            terms.unwrap().payment_option_id.as_deref(),
            Some("po-offpeak-massage")
        );
    }

    #[test]
    fn tax_comes_from_the_option_then_the_service_then_the_merchant() {
        let tax = |change: fn(&mut Example)| {
            let (terms, _) = resolved("msg-0104-1200", change);
            terms.unwrap().tax.map(|tax| tax.price_micros)
        };
        assert_eq!(tax(|_| {}), Some(6_920_000));
        assert_eq!(tax(|e| e.service("svc-massage")["tax_rate"] = json!({})), None);
        assert_eq!(
            tax(|e| {
                e.service("svc-massage")["tax_rate"] = json!({ "micro_percent": "5000000" });
                e.merchants["merchant"][0]["payment_option"][0]["tax_rate"] =
                    json!({ "micro_percent": 10_000_000 });
            }),
            Some(7_800_000)
        );
    }

    #[test]
    fn what_a_slot_replaces_is_remembered() {
        let (terms, _) = resolved(MASSAGE, |e| {
            e.slot(MASSAGE)["payment_option_id"] = json!(["po-offpeak-massage"]);
        });
        let replaced = terms.unwrap().replaced;
        assert!(replaced.has(Override::Price) && !replaced.has(Override::Deposit));
        let (terms, _) = resolved(FACIAL, |e| {
            let mut fee = e.service("svc-facial")["no_show_fee"].clone();
            fee["fee"]["price_micros"] = json!(1_000_000);
            e.slot(FACIAL)["no_show_fee"] = fee;
        });
        let terms = terms.unwrap();
        assert_eq!(terms.no_show_fee.unwrap().fee.price_micros, 1_000_000);
        assert!(terms.replaced.has(Override::NoShowFee));
    }

    #[test]
    fn the_price_that_a_slot_replaces_is_that_of_the_services_option() {
        let replaced = |own: &'static str| {
            let (terms, _) = resolved(MASSAGE, |e| {
                let mut peak = e.merchants["merchant"][0]["payment_option"][0].clone();
                peak["payment_option_id"] = json!("po-peak");
                peak["price"]["price_micros"] = json!(99_000_000);
                let options = e.merchants["merchant"][0]["payment_option"].as_array_mut();
                options.unwrap().push(peak);
                e.service("svc-massage")["payment_option_id"] = json!(["po-offpeak-massage"]);
                e.slot(MASSAGE)["payment_option_id"] = json!([own]);
            });
            terms.unwrap().replaced.price.map(|price| price.price_micros)
        };
        assert_eq!(replaced("po-peak"), Some(78_000_000));
        assert_eq!(replaced("po-offpeak-massage"), None);
    }

    #[test]
    fn a_card_requirement_of_the_same_meaning_replaces_nothing() {
        let replaced = |tag: &str| {
            let (terms, _) = resolved(tag, |e| {
                e.slot(tag)["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
            });
            terms.unwrap().replaced.has(Override::CreditCard)
        };
        // The service of the trim says nothing, that of the consultation always asks for one.
        assert_eq!(
            [replaced("trm-0101-1200"), replaced("con-0101-1200")],
            [false, true]
        );
    }

    #[test]
    fn a_message_of_the_slot_replaces_the_whole_message_of_the_service() {
        let (terms, _) = resolved("ret-0105-1200", |e| {
            e.slot("ret-0105-1200")["deposit"] =
                json!({ "deposit": { "price_micros": 5_000_000, "currency_code": "USD" } });
        });
        let deposit = terms.unwrap().deposit.unwrap();
        assert_eq!(deposit.deposit.price_micros, 5_000_000);
        assert_eq!(deposit.min_advance_cancellation_sec, None);
    }

    #[test]
    fn only_dining_needs_no_price() {
        let drop_price = |e: &mut Example| _ = e.service("svc-trim").as_object_mut().unwrap().remove("price");
        left_out("trm-0101-1200", Code::MissingPrice, drop_price);
        let (terms, codes) = resolved("trm-0101-1200", |e| {
            drop_price(e);
            e.service("svc-trim")["type"] = json!("SERVICE_TYPE_DINING_RESERVATION");
        });
        let terms = terms.unwrap();
        assert_eq!((terms.price, terms.tax, codes), (None, None, vec![]));
    }

    #[test]
    fn a_card_follows_the_slot_then_the_service_then_the_fees() {
        let modes = |tag: &str, change: fn(&mut Example)| resolved(tag, change).0.unwrap().modes();
        let consult = "con-0101-1200";
        assert_eq!(modes(consult, |_| {}), [PaymentMode::Arrival]);
        let unspecified = |e: &mut Example| {
            e.slot("con-0101-1200")["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_UNSPECIFIED");
        };
        assert_eq!(modes(consult, unspecified), [PaymentMode::CardOnly]);
        let both = |e: &mut Example| e.slot(FACIAL)["deposit"] = e.service("svc-retreat")["deposit"].clone();
        assert_eq!(
            modes(FACIAL, both),
            [PaymentMode::NoShowFee, PaymentMode::Deposit]
        );
    }

    #[test]
    fn what_does_not_fit_together_leaves_the_slot_out() {
        left_out("ret-0105-1200", Code::MixedCurrency, |e| {
            e.slot("ret-0105-1200")["deposit"]["deposit"]["currency_code"] = json!("EUR");
        });
        left_out(MASSAGE, Code::AsyncWithPayment, |e| {
            e.slot(MASSAGE)["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
        });
        left_out("ret-0105-1200", Code::NoCancellationPolicy, |e| {
            e.service("svc-retreat")["rules"]["cancellation_policy"] = json!(null);
        });
        left_out("ret-0105-1200", Code::NoTokenization, |e| {
            e.merchants["merchant"][0]["tokenization_config"] = json!(null);
            let paid = ["svc-massage", "svc-facial"];
            let slots = e.availability["service_availability"][0]["availability"]
                .as_array_mut()
                .unwrap();
            slots.retain(|slot| !paid.contains(&slot["service_id"].as_str().unwrap()));
        });
    }

    #[test]
    fn odd_amounts_are_noted_and_the_slot_is_kept() {
        warned("fac-0105-1200", Code::ZeroFee, |e| {
            e.slot("fac-0105-1200")["no_show_fee"]["fee"]["price_micros"] = json!(0);
        });
        warned("ret-0105-1200", Code::DepositExceedsPrice, |e| {
            e.slot("ret-0105-1200")["deposit"]["deposit"]["price_micros"] = json!("310010000");
        });
        let per_person = |each: i64| {
            move |e: &mut Example| {
                let slot = e.slot("ret-0105-1200");
                slot["resources"] = json!({ "party_size": 3 });
                slot["deposit"]["deposit_type"] = json!("PER_PERSON");
                slot["deposit"]["deposit"]["price_micros"] = json!(each);
            }
        };
        warned(
            "ret-0105-1200",
            Code::DepositExceedsPrice,
            per_person(103_340_000),
        );
        assert_eq!(resolved("ret-0105-1200", per_person(103_330_000)).1, []);
        warned("con-0101-1200", Code::OptionalPrepayment, |e| {
            e.service("svc-consult")["prepayment_type"] = json!("OPTIONAL");
        });
        warned("con-0101-1200", Code::PrepayOfZero, |e| {
            let consult = e.service("svc-consult");
            consult["prepayment_type"] = json!("REQUIRED");
            consult["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
            consult["price"]["price_micros"] = json!(0);
            consult["price_interpretation"] = json!("NOT_DISPLAYED");
        });
        warned("ret-0105-1200", Code::PrepaymentWithDeposit, |e| {
            let retreat = e.service("svc-retreat");
            retreat["prepayment_type"] = json!("REQUIRED");
            retreat["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
        });
    }

    #[test]
    fn a_prepayment_that_is_charged_later_is_noted() {
        warned("ret-0105-1200", Code::ChargeLater, |e| {
            let retreat = e.service("svc-retreat");
            retreat["prepayment_type"] = json!("REQUIRED");
            retreat["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
            retreat["prepayment_terms"] = json!({ "charge_timing": "CHARGE_LATER" });
            retreat["deposit"] = json!(null);
            e.slot("ret-0105-1200")["deposit"] = json!(null);
        });
    }
}
