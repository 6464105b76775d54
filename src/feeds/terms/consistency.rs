//! Whether the effective terms of a slot fit together.

use super::money;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::merchant::Merchant;
use crate::records::messages::PrepaymentType;
use crate::records::service::Service;
use domain::slot::{ConfirmationMode, Deposit, Terms};

/// Price, fee and deposit are in one currency; an amount of nothing may be without one.
pub(crate) fn mixed_currencies(terms: &Terms, service: &Service) -> Option<RecordProblem> {
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
    Some(RecordProblem::new(
        ProblemCode::MixedCurrency,
        "currency_code",
        message,
    ))
}

/// Why a card that is required cannot be taken, all reasons. `fees`: something is or may be charged to it.
pub(crate) fn card_problems(
    terms: &Terms,
    fees: bool,
    confirmation: ConfirmationMode,
    service: &Service,
    merchant: &Merchant,
) -> Vec<RecordProblem> {
    let mut problems = Vec::new();
    if !terms.card_required {
        return problems;
    }
    let id = &merchant.merchant_id;
    if !merchant.has_tokenization() {
        let message = format!("a card is required, and merchant {id:?} has no tokenization configuration");
        problems.push(RecordProblem::new(
            ProblemCode::NoTokenization,
            "tokenization_config",
            message,
        ));
    } else if merchant.gateway().is_none() {
        let message =
            format!("a card is required, and the configuration of merchant {id:?} names no gateway");
        problems.push(RecordProblem::new(
            ProblemCode::NoGateway,
            "tokenization_config",
            message,
        ));
    }
    if confirmation == ConfirmationMode::Asynchronous {
        let message = "a card is required, which needs synchronous confirmation";
        problems.push(RecordProblem::new(
            ProblemCode::AsyncWithPayment,
            "confirmation_mode",
            message,
        ));
    }
    if fees && service.rules.cancellation_policy.is_none() {
        let message = format!("service {} takes money and states no policy", service.service_id);
        problems.push(RecordProblem::new(
            ProblemCode::NoCancellationPolicy,
            "rules.cancellation_policy",
            message,
        ));
    }
    problems
}

/// A card is required, and an empty list says that the merchant takes none: nobody can book, but what is said is
/// clear.
pub(crate) fn no_card_accepted(terms: &Terms, merchant: &Merchant) -> Option<RecordProblem> {
    let none = merchant.accepted_networks.as_ref().is_some_and(Vec::is_empty);
    (terms.card_required && none).then(|| {
        let id = &merchant.merchant_id;
        let message = format!("a card is required, and the empty list of merchant {id:?} takes none");
        RecordProblem::new(ProblemCode::NoCardAccepted, "require_credit_card", message)
    })
}

/// Fees that say little, but can be booked.
pub(crate) fn odd_fees(terms: &Terms, party_size: Option<i32>) -> impl Iterator<Item = RecordProblem> {
    let price = terms.price.as_ref().map(|price| price.price_micros);
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee.price_micros);
    // What the party pays: three times an amount per person may be more than a price that each amount is below.
    let due = |deposit: &Deposit| money::charged(&deposit.deposit, deposit.deposit_type, party_size);
    let deposit = terms.deposit.as_ref().map(|deposit| due(deposit).price_micros);
    problems_of([
        (
            fee == Some(0),
            ProblemCode::ZeroFee,
            "no_show_fee",
            "a fee of nothing",
        ),
        (
            deposit == Some(0),
            ProblemCode::ZeroFee,
            "deposit",
            "a deposit of nothing",
        ),
        (
            price.is_some() && deposit > price,
            ProblemCode::DepositExceedsPrice,
            "deposit",
            "more than the price",
        ),
        (
            terms.prepayment && deposit.is_some(),
            ProblemCode::PrepaymentWithDeposit,
            "deposit",
            "the prepayment covers the whole price already",
        ),
    ])
}

/// Prepayments whose flow is not documented; they are read as said in the message.
pub(crate) fn odd_prepayment(terms: &Terms, service: &Service) -> impl Iterator<Item = RecordProblem> {
    let required = service.prepayment_type == PrepaymentType::Required;
    let optional = service.prepayment_type == PrepaymentType::Optional;
    let free = terms.price.as_ref().is_some_and(|price| price.price_micros == 0);
    let later = required && service.charge_later;
    problems_of([
        (
            required && free,
            ProblemCode::PrepayOfZero,
            "prepayment_type",
            "REQUIRED, and the price is zero",
        ),
        (
            optional,
            ProblemCode::OptionalPrepayment,
            "prepayment_type",
            "OPTIONAL: read as not collected",
        ),
        (
            later,
            ProblemCode::ChargeLater,
            "prepayment_terms.charge_timing",
            "CHARGE_LATER: read as charged at once",
        ),
    ])
}

fn problems_of<const N: usize>(
    checks: [(bool, ProblemCode, &str, &str); N],
) -> impl Iterator<Item = RecordProblem> {
    let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
    wrong.map(|(_, code, field, message)| RecordProblem::new(code, field, message))
}
