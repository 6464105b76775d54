//! Whether the effective terms of a slot fit together.

use super::money;
use crate::code::Code;
use crate::problem::Fault;
use crate::records::merchant::Merchant;
use crate::records::messages::PrepaymentType;
use crate::records::service::Service;
use domain::slot::{ConfirmationMode, Deposit, Terms};

/// Price, fee and deposit are in one currency; an amount of nothing may be without one.
pub(crate) fn one_currency(terms: &Terms, service: &Service) -> Option<Fault> {
    let fee = terms.no_show_fee.as_ref().map(|fee| &fee.fee);
    let deposit = terms.deposit.as_ref().map(|deposit| &deposit.deposit);
    let amounts = [service.price.as_ref(), terms.price.as_ref(), fee, deposit];
    let mut codes = amounts
        .into_iter()
        .flatten()
        .map(|amount| amount.currency_code.as_str())
        .filter(|code| !code.is_empty());
    let first = codes.next();
    let other = codes.find(|code| Some(*code) != first)?;
    let message = format!("{} and {other} on one slot", first.unwrap_or_default());
    Some(Fault::new(Code::MixedCurrency, "currency_code", message))
}

/// Why a card that is required cannot be taken, all reasons. `fees`: something is or may be charged to it.
pub(crate) fn payable(
    terms: &Terms,
    fees: bool,
    confirmation: ConfirmationMode,
    service: &Service,
    merchant: &Merchant,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !terms.card_required {
        return faults;
    }
    let id = &merchant.merchant_id;
    if !merchant.configures_tokens() {
        let message = format!("a card is required, and merchant {id:?} has no tokenization configuration");
        faults.push(Fault::new(Code::NoTokenization, "tokenization_config", message));
    } else if merchant.gateway().is_none() {
        let message =
            format!("a card is required, and the configuration of merchant {id:?} names no gateway");
        faults.push(Fault::new(Code::NoGateway, "tokenization_config", message));
    }
    if confirmation == ConfirmationMode::Asynchronous {
        let message = "a card is required, which needs synchronous confirmation";
        faults.push(Fault::new(Code::AsyncWithPayment, "confirmation_mode", message));
    }
    if fees && service.rules.cancellation_policy.is_none() {
        let message = format!("service {} takes money and states no policy", service.service_id);
        faults.push(Fault::new(
            Code::NoCancellationPolicy,
            "rules.cancellation_policy",
            message,
        ));
    }
    faults
}

/// A card is required, and an empty list says that the merchant takes none: nobody can book, but what is said is
/// clear.
pub(crate) fn no_card(terms: &Terms, merchant: &Merchant) -> Option<Fault> {
    let none = merchant.accepted_networks.as_ref().is_some_and(Vec::is_empty);
    (terms.card_required && none).then(|| {
        let id = &merchant.merchant_id;
        let message = format!("a card is required, and the empty list of merchant {id:?} takes none");
        Fault::new(Code::NoCardAccepted, "require_credit_card", message)
    })
}

/// Fees that say little, but can be booked.
pub(crate) fn odd_fees(terms: &Terms, party_size: Option<i32>) -> impl Iterator<Item = Fault> {
    let price = terms.price.as_ref().map(|price| price.price_micros);
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee.price_micros);
    // What the party pays: three times an amount per person may be more than a price that each amount is below.
    let due = |deposit: &Deposit| money::charged(&deposit.deposit, deposit.deposit_type, party_size);
    let deposit = terms.deposit.as_ref().map(|deposit| due(deposit).price_micros);
    found([
        (fee == Some(0), Code::ZeroFee, "no_show_fee", "a fee of nothing"),
        (
            deposit == Some(0),
            Code::ZeroFee,
            "deposit",
            "a deposit of nothing",
        ),
        (
            price.is_some() && deposit > price,
            Code::DepositExceedsPrice,
            "deposit",
            "more than the price",
        ),
        (
            terms.prepayment && deposit.is_some(),
            Code::PrepaymentWithDeposit,
            "deposit",
            "the prepayment covers the whole price already",
        ),
    ])
}

/// Prepayments whose flow is not documented; they are read as said in the message.
pub(crate) fn odd_prepayment(terms: &Terms, service: &Service) -> impl Iterator<Item = Fault> {
    let required = service.prepayment_type == PrepaymentType::Required;
    let optional = service.prepayment_type == PrepaymentType::Optional;
    let free = terms.price.as_ref().is_some_and(|price| price.price_micros == 0);
    let later = required && service.charge_later;
    found([
        (
            required && free,
            Code::PrepayOfZero,
            "prepayment_type",
            "REQUIRED, and the price is zero",
        ),
        (
            optional,
            Code::OptionalPrepayment,
            "prepayment_type",
            "OPTIONAL: read as not collected",
        ),
        (
            later,
            Code::ChargeLater,
            "prepayment_terms.charge_timing",
            "CHARGE_LATER: read as charged at once",
        ),
    ])
}

fn found<const N: usize>(checks: [(bool, Code, &str, &str); N]) -> impl Iterator<Item = Fault> {
    let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
    wrong.map(|(_, code, field, message)| Fault::new(code, field, message))
}
