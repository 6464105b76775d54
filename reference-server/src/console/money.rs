//! Actions on a booking that move money.

use super::save::save;
use crate::app::Parts;
use crate::booking::Booking;
use crate::error::ApiError;
use crate::gateway::{GatewayError, StoredOrder};
use crate::messages::{BookingStatus, Price};
use crate::packs;
use crate::payments;

/// The user cancels on the partner's site: also when online cancelling has closed, then perhaps at a price.
pub(super) async fn cancel_by_user(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    require_alive(&booking)?;
    let (terms, now) = (parts.terms_of(&booking)?, parts.now_sec());
    if now >= terms.start_sec {
        return Err(ApiError::Refused("the slot has started"));
    }
    let amount = payments::refund_for_user(&booking, &terms, now);
    let late = !terms.is_online_cancellable(now);
    let visit = packs::is_visit_due(&booking, &terms, now);
    cancel(parts, booking, GivenBack { amount, visit }, late).await
}

/// The merchant cancels: the user gets back everything that was taken.
pub(super) async fn cancel_by_merchant(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    require_alive(&booking)?;
    let amount = payments::refundable(&booking).cloned();
    let visit = booking.pack.is_some();
    cancel(parts, booking, GivenBack { amount, visit }, false).await
}

/// A goodwill refund; the booking stays as it is.
pub(super) async fn refund(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    let amount = payments::refundable(&booking).cloned();
    let amount = amount.ok_or(ApiError::Refused("there is nothing to refund"))?;
    let mut refunded = booking.clone();
    payments::refund(parts, &mut refunded, &amount).await?;
    save(parts, &booking, refunded).await
}

/// Charges the fee that was agreed: for not coming, or for cancelling when it was too late.
pub(super) async fn charge_fee(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    let (Some(agreed), Some(card)) = (&booking.payment.no_show_fee, &booking.money.card) else {
        return Err(ApiError::Refused("no fee was agreed"));
    };
    let missed = matches!(booking.status, BookingStatus::Confirmed | BookingStatus::NoShow)
        && parts.now_sec() >= booking.slot.start_sec;
    let cancelled_late = booking.status == BookingStatus::Canceled && booking.cancelled_late;
    if !missed && !cancelled_late {
        return Err(ApiError::Refused("the fee is not owed"));
    }
    let order = StoredOrder {
        booking_id: booking.id.clone(),
        reference: format!("no-show-fee:{}", booking.id),
        card: card.clone(),
    };
    let amount = agreed.fee.for_party(agreed.fee_type, booking.party_size());
    parts.gateway.charge_stored(&order, &amount).await?;
    let penalized = Booking {
        status: BookingStatus::NoShowPenalized,
        ..booking.clone()
    };
    save(parts, &booking, penalized).await
}

/// What a cancellation gives back: money, or a visit to the pack that it was taken from.
struct GivenBack {
    amount: Option<Price>,
    visit: bool,
}

async fn cancel(parts: &Parts, booking: Booking, back: GivenBack, late: bool) -> Result<(), ApiError> {
    let mut cancelled = booking.clone();
    cancelled.end(BookingStatus::Canceled);
    cancelled.cancelled_late = late;
    cancelled.visit_returned = back.visit;
    if let Some(amount) = back.amount {
        payments::refund(parts, &mut cancelled, &amount).await?;
    }
    save(parts, &booking, cancelled).await
}

fn require_alive(booking: &Booking) -> Result<(), ApiError> {
    if booking.status.is_alive() {
        Ok(())
    } else {
        Err(ApiError::Refused("the booking has ended"))
    }
}

impl From<GatewayError> for ApiError {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Unavailable => Self::Unavailable,
            GatewayError::Declined
            | GatewayError::Challenged(_)
            | GatewayError::TokenUsed
            | GatewayError::Refused => Self::Refused("the gateway refused"),
        }
    }
}
