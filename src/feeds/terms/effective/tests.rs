//! What slots inherit, what they say themselves, and what leaves them out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{free_problem, is_free_in_person};
use crate::code::ProblemCode;
use crate::tests::example::{Example, by_tag, changed, codes};
use domain::slot::{Override, PaymentMode, Terms};
use serde_json::{Value, json};

const MASSAGE: &str = "msg-0103-1200";
const FACIAL: &str = "fac-0102-1200";

/// The terms of a slot after `change`, and what is said about it.
fn resolved(tag: &str, change: impl FnOnce(&mut Example)) -> (Option<Terms>, Vec<ProblemCode>) {
    let inventory = changed(change);
    (
        by_tag(&inventory, tag).map(|slot| slot.terms.clone()),
        codes(&inventory),
    )
}

/// Asserts that the slot is left out with exactly this problem.
fn left_out(tag: &str, code: ProblemCode, change: impl FnOnce(&mut Example)) {
    assert_eq!(resolved(tag, change), (None, vec![code]), "{code}");
}

/// Asserts that the slot is kept with exactly this problem.
fn warned(tag: &str, code: ProblemCode, change: impl FnOnce(&mut Example)) {
    let (terms, codes) = resolved(tag, change);
    assert!(terms.is_some(), "{code}");
    assert_eq!(codes, [code]);
}

#[test]
fn options_that_do_not_resolve_leave_the_slot_out() {
    left_out(MASSAGE, ProblemCode::UndefinedPaymentOption, |e| {
        e.slot(MASSAGE)["payment_option_id"] = json!(["po-none"]);
    });
    left_out("msg-0104-1200", ProblemCode::NoMerchantPaymentOption, |e| {
        e.merchants["merchant"][0]["payment_option"] = json!([]);
    });
}

#[test]
fn an_option_that_is_broken_is_told_at_the_merchant_and_leaves_the_slot_out() {
    let (terms, mut codes) = resolved("msg-0104-1200", |e| {
        e.merchants["merchant"][0]["payment_option"][0]["price"]["price_micros"] = json!(-1);
    });
    codes.retain(|code| *code != ProblemCode::BrokenOption);
    assert_eq!((terms, codes), (None, vec![ProblemCode::InvalidAmount]));
}

#[test]
fn nothing_that_leaves_a_slot_out_hides_another_reason() {
    let (terms, mut codes) = resolved("ret-0105-1200", |e| {
        e.merchants["merchant"][0]["tokenization_config"] = json!(null);
        e.service("svc-retreat")["rules"]["cancellation_policy"] = json!(null);
        let slot = e.slot("ret-0105-1200");
        slot["deposit"]["deposit"]["currency_code"] = json!("EUR");
        slot["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
    });
    codes.sort();
    codes.dedup();
    let all = vec![
        ProblemCode::MixedCurrency,
        ProblemCode::NoTokenization,
        ProblemCode::AsyncWithPayment,
        ProblemCode::NoCancellationPolicy,
    ];
    assert_eq!((terms, codes), (None, all));
}

#[test]
fn a_configuration_without_a_gateway_is_told_as_such() {
    let (terms, codes) = resolved("ret-0105-1200", |e| {
        e.merchants["merchant"][0]["tokenization_config"] = json!({ "billing_information_format": "MIN" });
    });
    assert_eq!(terms, None);
    assert!(
        codes.contains(&ProblemCode::IncompleteTokenization) && !codes.contains(&ProblemCode::NoTokenization)
    );
}

#[test]
fn who_takes_no_card_at_all_is_noted() {
    let (terms, codes) = resolved("ret-0105-1200", |e| {
        e.merchants["merchant"][0]["payment_restrictions"] =
            json!({ "credit_card_restrictions": { "credit_card_type": [] } });
    });
    assert_eq!(terms.unwrap().accepted_networks, Some(Vec::new()));
    assert!(codes.iter().all(|code| *code == ProblemCode::NoCardAccepted) && !codes.is_empty());
}

/// What is said of the price of the trim after `change`, judged by its effective terms.
fn free(change: fn(&mut Value)) -> Option<String> {
    let inventory = changed(|e| {
        let trim = e.service("svc-trim");
        trim["price"] = json!({ "price_micros": 0, "currency_code": "USD" });
        trim["type"] = json!("SERVICE_TYPE_APPOINTMENT");
        change(trim);
    });
    let terms = &by_tag(&inventory, "trm-0101-1200").unwrap().terms;
    let service = inventory.service("mrc-417", "svc-trim").unwrap();
    is_free_in_person(terms, service).then(|| free_problem(service).field)
}

#[test]
fn only_what_is_no_appointment_may_cost_nothing() {
    assert_eq!(free(|_| {}).as_deref(), Some("price"));
    assert_eq!(free(|s| s["type"] = json!(null)).as_deref(), Some("type"));
    assert_eq!(
        free(|s| s["price"] = json!({ "price_micros": "0" })).as_deref(),
        Some("price")
    );
    let right: [fn(&mut Value); 5] = [
        |s| s["type"] = json!("SERVICE_TYPE_DINING_RESERVATION"),
        |s| s["price_interpretation"] = json!("NOT_DISPLAYED"),
        |s| s["payment_option_id"] = json!(["po-offpeak-massage"]),
        |s| s["uri_template"] = json!({ "uri_template": "https://lane.example/{resources_party_size}" }),
        |s| s["virtual_session"] = json!({ "session_instructions": "By mail" }),
    ];
    for change in right {
        assert_eq!(free(change), None);
    }
}

#[test]
fn the_first_option_that_resolves_gives_the_price() {
    let (terms, codes) = resolved(MASSAGE, |e| {
        e.slot(MASSAGE)["payment_option_id"] = json!(["po-none", "po-offpeak-massage"]);
    });
    let terms = terms.unwrap();
    assert_eq!(terms.payment_option_id.as_deref(), Some("po-offpeak-massage"));
    assert_eq!(terms.price.unwrap().price_micros, 78_000_000);
    let told = [
        ProblemCode::SeveralPaymentOptions,
        ProblemCode::UndefinedPaymentOption,
    ];
    assert_eq!(codes, told);
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
    left_out("trm-0101-1200", ProblemCode::MissingPrice, drop_price);
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
    left_out("ret-0105-1200", ProblemCode::MixedCurrency, |e| {
        e.slot("ret-0105-1200")["deposit"]["deposit"]["currency_code"] = json!("EUR");
    });
    left_out(MASSAGE, ProblemCode::AsyncWithPayment, |e| {
        e.slot(MASSAGE)["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
    });
    left_out("ret-0105-1200", ProblemCode::NoCancellationPolicy, |e| {
        e.service("svc-retreat")["rules"]["cancellation_policy"] = json!(null);
    });
    left_out("ret-0105-1200", ProblemCode::NoTokenization, |e| {
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
    warned("fac-0105-1200", ProblemCode::ZeroFee, |e| {
        e.slot("fac-0105-1200")["no_show_fee"]["fee"]["price_micros"] = json!(0);
    });
    warned("ret-0105-1200", ProblemCode::DepositExceedsPrice, |e| {
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
        ProblemCode::DepositExceedsPrice,
        per_person(103_340_000),
    );
    assert_eq!(resolved("ret-0105-1200", per_person(103_330_000)).1, []);
    warned("con-0101-1200", ProblemCode::OptionalPrepayment, |e| {
        e.service("svc-consult")["prepayment_type"] = json!("OPTIONAL");
    });
    warned("con-0101-1200", ProblemCode::PrepayOfZero, |e| {
        let consult = e.service("svc-consult");
        consult["prepayment_type"] = json!("REQUIRED");
        consult["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
        consult["price"]["price_micros"] = json!(0);
        consult["price_interpretation"] = json!("NOT_DISPLAYED");
    });
    warned("ret-0105-1200", ProblemCode::PrepaymentWithDeposit, |e| {
        let retreat = e.service("svc-retreat");
        retreat["prepayment_type"] = json!("REQUIRED");
        retreat["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
    });
}

#[test]
fn a_prepayment_that_is_charged_later_is_noted() {
    warned("ret-0105-1200", ProblemCode::ChargeLater, |e| {
        let retreat = e.service("svc-retreat");
        retreat["prepayment_type"] = json!("REQUIRED");
        retreat["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
        retreat["prepayment_terms"] = json!({ "charge_timing": "CHARGE_LATER" });
        retreat["deposit"] = json!(null);
        e.slot("ret-0105-1200")["deposit"] = json!(null);
    });
}
