//! Rules about the payment part of a new booking, by the terms of the slot that was bound.

pub(super) mod arrival;
pub(super) mod card_only;
pub(super) mod complete;
pub(super) mod currency;
pub(super) mod deposit;
pub(super) mod deposit_cutoff;
pub(super) mod invented;
pub(super) mod no_show_fee;
pub(super) mod prepaid;
pub(super) mod price;
pub(super) mod processed_by;
pub(super) mod tax;
pub(super) mod transaction_id;
pub(super) mod user_option;

use super::{Case, packs, reading};
use domain::slot::{Money, PaymentMode, PriceType, Slot};
use serde_json::{Value, json};
use transcript::Exchange;

/// Pointer of the payment part in an answer.
const PAYMENT: &str = "/booking/payment_information";

/// A booking that was made, with the slot that it was made for.
struct PaidBooking<'c> {
    slot: &'c Slot,
    /// The payment part of the answer, if there is one and it is an object.
    payment: Option<&'c Value>,
}

/// The booking that an exchange made, if it is one of a bound slot. Where a pack of the user pays, no money is due.
fn paid_booking<'c>(case: &'c Case<'_>, exchange: &Exchange<'c>) -> Option<PaidBooking<'c>> {
    reading::created_booking(exchange).filter(|_| packs::owned(exchange).is_none())?;
    Some(PaidBooking {
        slot: case.slot_of(exchange)?,
        payment: exchange
            .answer_value(PAYMENT)
            .filter(|payment| payment.is_object()),
    })
}

/// The payment part of a booking that involves money.
fn payment_part<'c>(case: &'c Case<'_>, exchange: &Exchange<'c>) -> Option<&'c Value> {
    let paid_booking = paid_booking(case, exchange)?;
    paid_booking.payment.filter(|_| involves_money(paid_booking.slot))
}

/// True for prepayments, deposits and fees; a card that is only required moves no money.
pub(super) fn involves_money(slot: &Slot) -> bool {
    let money = [
        PaymentMode::Prepayment,
        PaymentMode::NoShowFee,
        PaymentMode::Deposit,
    ];
    slot.terms.modes().iter().any(|mode| money.contains(mode))
}

/// True when the slot has both a deposit and a fee for not coming.
pub(super) fn is_mixed(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let both = |slot: &Slot| slot.terms.deposit.is_some() && slot.terms.no_show_fee.is_some();
    case.slot_of(exchange).is_some_and(both)
}

/// A prepayment status that the interface knows.
fn prepayment_status(payment: &Value) -> Option<&str> {
    reading::text(payment, "/prepayment_status").filter(|name| reading::is_name_of("PrepaymentStatus", name))
}

/// The first place at which an amount with its type (a fee or a deposit) is not the configured one: pointer below the
/// payment part, what is configured, what is there. A currency that is already wrong in the price is not reported again.
fn charge_differs(
    payment: &Value,
    place: [&str; 2],
    money: &Money,
    kind: PriceType,
) -> Option<(String, Value, Value)> {
    let [amount, kind_field] = place;
    let micros = format!("{amount}/price_micros");
    let got = |pointer: &str| reading::set(payment, pointer).cloned().unwrap_or_default();
    if reading::number(payment, &micros) != Some(money.price_micros) {
        let (expected, actual) = (json!(money.price_micros.to_string()), got(&micros));
        return Some((micros, expected, actual));
    }
    let currency = format!("{amount}/currency_code");
    let same = |pointer: &str| reading::text(payment, pointer) == Some(money.currency_code.as_str());
    let is_reported = reading::set(payment, "/price").is_some() && !same("/price/currency_code");
    if !same(&currency) && !is_reported {
        let actual = got(&currency);
        return Some((currency, json!(money.currency_code), actual));
    }
    let named = reading::text(payment, kind_field).unwrap_or("FIXED_RATE_DEFAULT");
    let right = json!(kind) == named || !reading::is_name_of("PriceType", named);
    (!right).then(|| (kind_field.to_owned(), json!(kind), got(kind_field)))
}
