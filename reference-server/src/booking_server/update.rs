//! UpdateBooking: Google cancels or moves a booking. There is no mask; what is absent stays.

use crate::app::{App, Parts, run_to_end};
use crate::booking::Booking;
use crate::error::{ApiError, Stop};
use crate::http::Message;
use crate::messages::{
    BookingAnswer, BookingStatus, BookingUpdate, Cause, PrepaymentStatus, RequestedStatus,
    UpdateBookingRequest,
};
use crate::notifications::Side;
use crate::packs;
use crate::payments;
use crate::relocation;
use crate::store::BookingChange;
use axum::Json;
use axum::extract::State;

pub(super) async fn update_booking(
    State(app): State<App>,
    Message(UpdateBookingRequest { booking: update }): Message<UpdateBookingRequest>,
) -> Result<Json<BookingAnswer>, ApiError> {
    let parts = app.clone();
    let answer = run_to_end(async move {
        let _lock = parts.bookings.lock(&update.booking_id).await;
        match apply(&parts, &update).await {
            Ok(booking) => answer(&parts, &booking).await,
            Err(stop) => stop.into_answer(),
        }
    });
    let answer = Json(answer.await?);
    app.outbox_signal.notify();
    Ok(answer)
}

/// With the pack, where the booking has given its visit back to it.
async fn answer(parts: &Parts, booking: &Booking) -> Result<BookingAnswer, ApiError> {
    let pack = if booking.visit_returned {
        packs::told(parts, booking).await?
    } else {
        None
    };
    Ok(BookingAnswer::made(booking.message(), pack))
}

async fn apply(parts: &Parts, update: &BookingUpdate) -> Result<Booking, Stop> {
    let booking = parts.booking(&update.booking_id).await?;
    match (update.status, &update.slot) {
        (RequestedStatus::Canceled, _) => cancel(parts, booking).await,
        (RequestedStatus::BookingStatusUnspecified | RequestedStatus::Confirmed, Some(change)) => {
            modifiable(&booking, parts.now_sec())?;
            let wanted = change.apply_to(&booking.slot);
            relocation::relocate(parts, booking, wanted, Side::Google).await
        }
        (RequestedStatus::Other, _) => {
            Err(ApiError::Invalid("status can only be set to CANCELED".to_owned()).into())
        }
        (_, None) => Err(ApiError::Invalid("neither a cancellation nor a slot is given".to_owned()).into()),
    }
}

async fn cancel(parts: &Parts, booking: Booking) -> Result<Booking, Stop> {
    if booking.status == BookingStatus::Canceled {
        return Ok(booking);
    }
    let (terms, now) = (parts.terms_of(&booking)?, parts.now_sec());
    if !booking.status.is_alive() {
        return Err(Stop::because(
            Cause::BookingNotCancellable,
            "the booking has ended",
        ));
    }
    if !terms.is_online_cancellable(now) {
        return Err(Stop::because(
            Cause::OutsideCancellationWindow,
            "online cancelling has closed",
        ));
    }
    let mut cancelled = booking.clone();
    cancelled.end(BookingStatus::Canceled);
    if packs::is_visit_due(&booking, &terms, now) {
        cancelled.visit_returned = true;
        cancelled.payment.prepayment_status = PrepaymentStatus::Credited;
    }
    if let Some(amount) = payments::refund_for_user(&booking, &terms, now) {
        payments::refund(parts, &mut cancelled, &amount).await?;
    }
    let outgoing = parts.messages(&booking, &cancelled, Side::Google);
    parts
        .store
        .change(BookingChange {
            booking: cancelled.clone(),
            target: None,
            outgoing,
        })
        .await?;
    Ok(cancelled)
}

/// A request that the merchant has not answered can only be withdrawn.
fn modifiable(booking: &Booking, now_sec: i64) -> Result<(), Stop> {
    match booking.status {
        BookingStatus::Confirmed if booking.slot.start_sec >= now_sec => Ok(()),
        BookingStatus::Canceled => Err(Stop::because(
            Cause::BookingAlreadyCancelled,
            "the booking is cancelled",
        )),
        _ => Err(Stop::because(
            Cause::BookingNotCancellable,
            "the booking can no longer be changed",
        )),
    }
}
