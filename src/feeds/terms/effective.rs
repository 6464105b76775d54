//! The effective terms of a slot: what its own fields override and what it inherits.

use super::consistency;
use super::money;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::convert::keep;
use crate::records::merchant::{Merchant, PaymentOption};
use crate::records::messages::{CardRequirement, PrepaymentType};
use crate::records::service::Service;
use domain::slot::{ConfirmationMode, Deposit, Money, NoShowFee, Replaced, Terms};

/// What a slot says itself about money. A message that is set replaces the service's as a whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrides {
    /// Replaces the service's list unless it is empty.
    pub(crate) payment_option_ids: Vec<String>,
    pub(crate) no_show_fee: Option<NoShowFee>,
    pub(crate) deposit: Option<Deposit>,
    pub(crate) card_requirement: CardRequirement,
    pub(crate) confirmation_mode: ConfirmationMode,
    /// Only dining has a party, and dining needs no price.
    pub(crate) party_size: Option<i32>,
}

impl Overrides {
    /// The first field in which a slot repeats its service, and could leave it out.
    pub(crate) fn needless(&self, service: &Service) -> Option<RecordProblem> {
        let same_fee = self.no_show_fee.is_some() && self.no_show_fee == service.no_show_fee;
        let same_deposit = self.deposit.is_some() && self.deposit == service.deposit;
        let ids = &self.payment_option_ids;
        let same_options = !ids.is_empty() && *ids == service.payment_option_ids;
        let field = match () {
            () if same_fee => "no_show_fee",
            () if same_deposit => "deposit",
            () if same_options => "payment_option_id",
            () => return None,
        };
        let message = format!("the same as that of service {:?}", service.service_id);
        Some(RecordProblem::new(ProblemCode::NeedlessOverride, field, message))
    }

    fn option_ids<'a>(&'a self, service: &'a Service) -> &'a [String] {
        if self.payment_option_ids.is_empty() {
            &service.payment_option_ids
        } else {
            &self.payment_option_ids
        }
    }
}

/// The terms without their moments in time, which the caller adds. Where there are none, because something takes
/// their meaning, the last reason is returned. All others are pushed, and so are problems that leave the slot bookable.
pub(crate) fn effective(
    slot: Overrides,
    service: &Service,
    merchant: &Merchant,
    problems: &mut Vec<RecordProblem>,
) -> Result<Terms, RecordProblem> {
    let mut lost = Vec::new();
    let known = keep(
        payment_option(slot.option_ids(service), merchant, problems),
        &mut lost,
    );
    let option = known.flatten();
    // What a slot costs that names an option which cannot be used is not known.
    let price = known.and_then(|option| {
        let own = option.and_then(|(_, option)| option.price.clone());
        own.or_else(|| service.price.clone())
    });
    if known.is_some() && price.is_none() && !service.is_dining() && slot.party_size.is_none() {
        lost.push(RecordProblem::new(
            ProblemCode::MissingPrice,
            "price",
            "neither the service nor a payment option has one",
        ));
    }
    let (party_size, confirmation_mode) = (slot.party_size, slot.confirmation_mode);
    let mut terms = inherited_terms(slot, option, price, service, merchant);
    let fees = terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some();
    lost.extend(consistency::mixed_currencies(&terms, service));
    lost.extend(consistency::card_problems(
        &terms,
        fees,
        confirmation_mode,
        service,
        merchant,
    ));
    problems.extend(consistency::no_card_accepted(&terms, merchant));
    problems.extend(
        consistency::odd_fees(&terms, party_size).chain(consistency::odd_prepayment(&terms, service)),
    );
    if let Some(last) = lost.pop() {
        problems.extend(lost);
        return Err(last);
    }
    if terms.card_required {
        terms
            .tokenization_config
            .clone_from(&merchant.tokenization_config);
        terms.accepted_networks.clone_from(&merchant.accepted_networks);
    }
    Ok(terms)
}

/// The slot's own words, and the service's where it has none.
fn inherited_terms(
    slot: Overrides,
    option: Option<(&str, &PaymentOption)>,
    price: Option<Money>,
    service: &Service,
    merchant: &Merchant,
) -> Terms {
    let asked = is_card_always_required(slot.card_requirement, service);
    let mut terms = Terms {
        replaced: replaced_terms(&slot, price.as_ref(), service, merchant),
        tax: tax(
            price.as_ref(),
            option.map(|(_, option)| option),
            service,
            merchant,
        ),
        prepayment: is_prepaid(service, price.as_ref()),
        price,
        payment_option_id: option.map(|(id, _)| id.to_owned()),
        pack_visits: option.and_then(|(_, option)| option.pack_visits),
        no_show_fee: slot.no_show_fee.or_else(|| service.no_show_fee.clone()),
        deposit: slot.deposit.or_else(|| service.deposit.clone()),
        refund_steps: service.rules.cancellation_policy.clone().unwrap_or_default(),
        online: service.online.clone(),
        ..Terms::default()
    };
    let fees = terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some();
    terms.card_required = fees || asked;
    terms
}

/// True when a slot with these terms costs nothing and happens in person. Tables and tickets are no such slots, and
/// neither is one whose payment option is free: a pack or a membership may have been paid before.
pub(crate) fn is_free_in_person(terms: &Terms, service: &Service) -> bool {
    let free = terms.price.as_ref().is_some_and(|price| price.price_micros == 0);
    let in_person = (service.is_appointment() || service.is_untyped()) && service.online.is_none();
    let elsewhere = service.may_be_free || service.ticketed || terms.payment_option_id.is_some();
    free && in_person && !elsewhere
}

/// Something that happens in person costs nothing. Without a type it may be a table, so that the type is in question
/// then, not the price.
pub(crate) fn free_problem(service: &Service) -> RecordProblem {
    let field = if service.is_appointment() { "price" } else { "type" };
    let message = "a price of zero, of a service that is not said to be online";
    RecordProblem::new(ProblemCode::FreeInPerson, field, message)
}

/// What the service says where the slot says something else; `price` is the slot's.
fn replaced_terms(
    slot: &Overrides,
    price: Option<&Money>,
    service: &Service,
    merchant: &Merchant,
) -> Replaced {
    let own = !slot.payment_option_ids.is_empty();
    let inherited = own.then(|| inherited_price(service, merchant)).flatten();
    let fee = slot.no_show_fee.as_ref().and(service.no_show_fee.clone());
    let deposit = slot.deposit.as_ref().and(service.deposit.clone());
    Replaced {
        price: inherited.filter(|inherited| price != Some(inherited)),
        no_show_fee: fee.filter(|fee| slot.no_show_fee.as_ref() != Some(fee)),
        deposit: deposit.filter(|deposit| slot.deposit.as_ref() != Some(deposit)),
        credit_card: is_card_always_required(slot.card_requirement, service)
            != is_card_always_required(CardRequirement::Unspecified, service),
    }
}

/// What a slot of the service costs that names no payment option. Faults are those of slots that do cost it.
fn inherited_price(service: &Service, merchant: &Merchant) -> Option<Money> {
    let option = payment_option(&service.payment_option_ids, merchant, &mut Vec::new());
    let price = option.ok().flatten().and_then(|(_, option)| option.price.clone());
    price.or_else(|| service.price.clone())
}

/// True when a card is asked for whatever it costs; to say nothing is to ask where a fee calls for it.
fn is_card_always_required(own: CardRequirement, service: &Service) -> bool {
    let says = match own {
        CardRequirement::Unspecified => service.card_requirement,
        own => own,
    };
    says == CardRequirement::Always
}

/// The first option of the list that the merchant defines with a price. What is wrong with one that it defines in a
/// way that cannot be used has been told at the merchant.
fn payment_option<'m>(
    ids: &[String],
    merchant: &'m Merchant,
    problems: &mut Vec<RecordProblem>,
) -> Result<Option<(&'m str, &'m PaymentOption)>, RecordProblem> {
    if ids.is_empty() {
        return Ok(None);
    }
    if !merchant.has_options() {
        let message = format!("merchant {} defines no payment_option", merchant.merchant_id);
        return Err(RecordProblem::new(
            ProblemCode::NoMerchantPaymentOption,
            "payment_option_id",
            message,
        ));
    }
    let (broken, sound): (Vec<&String>, Vec<_>) = ids.iter().partition(|id| merchant.is_option_broken(id));
    let mut undefined: Vec<_> = Vec::new();
    let mut found = None;
    for id in sound {
        match merchant
            .payment_options
            .get_key_value(id)
            .filter(|(_, option)| option.price.is_some())
        {
            Some((id, option)) => found = found.or(Some((id.as_str(), option))),
            None => undefined.push(undefined_option(id, merchant)),
        }
    }
    if found.is_none() && broken.is_empty() {
        return Err(undefined.swap_remove(0));
    }
    problems.extend(undefined);
    match (found, broken.first()) {
        (None, Some(id)) => Err(broken_option(id, merchant)),
        (found, _) => Ok(found),
    }
}

fn broken_option(id: &str, merchant: &Merchant) -> RecordProblem {
    let message = format!(
        "merchant {} defines payment option {id:?} in a way that cannot be used",
        merchant.merchant_id
    );
    RecordProblem::new(ProblemCode::BrokenOption, "payment_option_id", message)
}

fn undefined_option(id: &str, merchant: &Merchant) -> RecordProblem {
    let message = format!(
        "merchant {} defines no payment option {id:?} with a price",
        merchant.merchant_id
    );
    RecordProblem::new(ProblemCode::UndefinedPaymentOption, "payment_option_id", message)
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
pub(crate) fn is_untaxed(terms: &Terms, service: &Service, merchant: &Merchant) -> bool {
    let money = terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some();
    let option = terms.payment_option_id.as_ref();
    let option = option.and_then(|id| merchant.payment_options.get(id)?.tax_micro_percent);
    money
        && option
            .or(service.tax_micro_percent)
            .or(merchant.tax_micro_percent)
            .is_none()
}

fn is_prepaid(service: &Service, price: Option<&Money>) -> bool {
    service.prepayment_type == PrepaymentType::Required && price.is_some_and(|price| price.price_micros > 0)
}

#[cfg(test)]
mod tests;
