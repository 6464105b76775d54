//! Money at booking time and at cancellation time.

use crate::app::Parts;
use crate::booking::{Booking, Money};
use crate::error::Stop;
use crate::gateway::{CardOrder, GatewayError, PaymentToken, RefundOrder};
use crate::inventory::{Merchant, Terms};
use crate::messages::{
    BookingFailure, Cause, PaymentInformation, PaymentProcessedBy, PrepaymentStatus, Price, StatedPayment,
};

/// What a request brings along for paying.
pub(crate) struct Means<'a> {
    pub(crate) stated: &'a StatedPayment,
    pub(crate) unparsed_token: Option<&'a str>,
    /// Names the order at the gateway: the idempotency token.
    pub(crate) reference: &'a str,
}

/// Takes what the slot's terms ask for, and says so in the booking. The amounts are ours; what the request
/// states is only compared.
pub(crate) async fn settle(
    parts: &Parts,
    booking: &mut Booking,
    merchant: &Merchant,
    terms: &Terms,
    means: &Means<'_>,
) -> Result<(), Stop> {
    booking.payment.payment_option_id = chosen_option(terms, means.stated)?;
    if !terms.card_required {
        return Ok(());
    }
    compare(terms, means.stated)?;
    let token = require_token(merchant, means)?;
    let order = CardOrder {
        booking_id: booking.id.clone(),
        reference: means.reference.to_owned(),
        token: token.card,
        keep_card: terms.no_show_fee.is_some() || !takes_money(terms),
        challenge_response: means.stated.pa_response.clone(),
    };
    let amount = due(terms, booking.party_size());
    let receipt = match &amount {
        Some(amount) => parts.gateway.charge(&order, amount).await?,
        None => parts.gateway.store_card(&order).await?,
    };
    booking.money = Money {
        paid: amount,
        card: receipt.card,
    };
    booking.payment = PaymentInformation {
        payment_option_id: booking.payment.payment_option_id.take(),
        ..block(terms, receipt.id)
    };
    Ok(())
}

/// Gives back a charge whose booking was not made.
pub(crate) async fn undo(parts: &Parts, booking: &Booking) -> Result<(), GatewayError> {
    if let (Some(paid), Some(charge)) = (&booking.money.paid, &booking.payment.payment_transaction_id) {
        parts
            .gateway
            .refund(&refund_order(booking, charge, paid, &format!("undo:{charge}")))
            .await?;
    }
    Ok(())
}

/// Gives back `amount` of what was taken for the booking, and says so in it.
pub(crate) async fn refund(parts: &Parts, booking: &mut Booking, amount: &Price) -> Result<(), GatewayError> {
    let Some(charge) = booking.payment.payment_transaction_id.clone() else {
        return Err(GatewayError::Refused);
    };
    // One refund per booking: the same again, after a crash or a second click, moves nothing.
    let order = refund_order(booking, &charge, amount, &format!("refund:{}", booking.id));
    parts.gateway.refund(&order).await?;
    booking.payment.prepayment_status = PrepaymentStatus::Refunded;
    Ok(())
}

/// What a user who cancels now gets back: deposits until their own cutoff, prepayments by the ladder.
pub(crate) fn refund_for_user(booking: &Booking, terms: &Terms, now_sec: i64) -> Option<Price> {
    let paid = refundable(booking)?;
    let amount = match &booking.payment.deposit {
        Some(deposit) if terms.is_deposit_refundable(deposit, now_sec) => paid.clone(),
        Some(_) => return None,
        None => paid.percent(terms.refund_percent(now_sec)),
    };
    (amount.price_micros > 0).then_some(amount)
}

/// What was taken and not given back. Of a pack a visit is given back, never its price.
pub(crate) fn refundable(booking: &Booking) -> Option<&Price> {
    let provided = booking.payment.prepayment_status == PrepaymentStatus::Provided && booking.pack.is_none();
    booking.money.paid.as_ref().filter(|_| provided)
}

fn takes_money(terms: &Terms) -> bool {
    terms.prepaid || terms.deposit.is_some()
}

/// What is charged at booking time.
fn due(terms: &Terms, party_size: Option<i32>) -> Option<Price> {
    if terms.prepaid {
        return Some(terms.price.plus(terms.tax.as_ref()));
    }
    let deposit = terms.deposit.as_ref()?;
    Some(deposit.deposit.for_party(deposit.deposit_type, party_size))
}

/// The payment block of the answer. A card that is merely kept shows no fees, for none are owed.
fn block(terms: &Terms, transaction_id: String) -> PaymentInformation {
    let taken = takes_money(terms);
    PaymentInformation {
        prepayment_status: if taken {
            PrepaymentStatus::Provided
        } else {
            PrepaymentStatus::NotProvided
        },
        payment_transaction_id: Some(transaction_id),
        price: Some(terms.price.clone()),
        tax_amount: terms.tax.clone(),
        fees_and_taxes: None,
        payment_processed_by: Some(PaymentProcessedBy::Partner),
        payment_option_id: None,
        user_payment_option_id: None,
        deposit: terms.deposit.clone(),
        no_show_fee: terms.no_show_fee.clone(),
    }
}

fn chosen_option(terms: &Terms, stated: &StatedPayment) -> Result<Option<String>, Stop> {
    match stated.payment_option_id.as_deref() {
        Some(id) if terms.payment_option != Some(id) => Err(Stop::because(
            Cause::PaymentOptionNotValid,
            "the slot has no such payment option",
        )),
        chosen => Ok(chosen.map(str::to_owned)),
    }
}

/// What the user saw must be what is charged. Left out is not contradicted.
fn compare(terms: &Terms, stated: &StatedPayment) -> Result<(), Stop> {
    let agrees = agrees(stated.price.as_ref(), Some(&terms.price))
        && agrees(
            stated.tax_amount.as_ref().filter(|tax| tax.price_micros != 0),
            terms.tax.as_ref(),
        )
        && agrees(stated.no_show_fee.as_ref(), terms.no_show_fee.as_ref())
        && agrees(
            stated.deposit.as_ref().map(|d| &d.deposit),
            terms.deposit.as_ref().map(|d| &d.deposit),
        );
    if agrees {
        Ok(())
    } else {
        Err(Stop::because(
            Cause::PaymentError,
            "the amounts are not those of the slot",
        ))
    }
}

fn agrees<T: PartialEq>(stated: Option<&T>, ours: Option<&T>) -> bool {
    stated.is_none() || stated == ours
}

pub(crate) fn require_token(merchant: &Merchant, means: &Means<'_>) -> Result<PaymentToken, Stop> {
    let token = means.unparsed_token.and_then(PaymentToken::parse);
    let token = token.ok_or_else(|| Stop::because(Cause::PaymentError, "a payment token is needed"))?;
    match (merchant.networks, token.network) {
        (Some(accepted), Some(network)) if !accepted.contains(&network) => {
            Err(Stop::Business(BookingFailure::card_type(network)))
        }
        _ => Ok(token),
    }
}

fn refund_order(booking: &Booking, charge: &str, amount: &Price, reference: &str) -> RefundOrder {
    RefundOrder {
        booking_id: booking.id.clone(),
        reference: reference.to_owned(),
        transaction_id: charge.to_owned(),
        amount: amount.clone(),
    }
}
