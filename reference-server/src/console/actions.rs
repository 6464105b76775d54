//! Actions on one booking. What the rules forbid is refused with 409 and a reason.

use super::money;
use super::save::save;
use crate::app::{App, Parts, run_to_end};
use crate::booking::Booking;
use crate::error::{ApiError, Stop};
use crate::http::Message;
use crate::messages::{BookingStatus, PartialSlot, ResourceIds, int64};
use crate::notifications::{Side, add_cause};
use crate::relocation;
use crate::store::BookingChange;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

const CAUSES: [&str; 4] = [
    "SLOT_UNAVAILABLE",
    "SLOT_ALREADY_BOOKED_BY_USER",
    "OVERLAPPING_RESERVATION",
    "USER_OVER_BOOKING_LIMIT",
];

/// Parameters of all actions; each reads its own.
#[derive(Default, Deserialize)]
pub(super) struct Parameters {
    #[serde(default, with = "int64::option")]
    start_sec: Option<i64>,
    #[serde(default, with = "int64::option")]
    duration_sec: Option<i64>,
    #[serde(default)]
    party_size: Option<i32>,
    #[serde(default)]
    cause: Option<String>,
}

pub(super) async fn act(
    State(app): State<App>,
    Path((id, action)): Path<(String, String)>,
    Message(parameters): Message<Parameters>,
) -> Result<StatusCode, ApiError> {
    let parts = app.clone();
    run_to_end(async move {
        let _lock = parts.bookings.lock(&id).await;
        let booking = parts.booking(&id).await?;
        perform(&parts, &action, booking, parameters).await
    })
    .await?;
    app.outbox_signal.notify();
    Ok(StatusCode::NO_CONTENT)
}

async fn perform(
    parts: &Parts,
    action: &str,
    booking: Booking,
    parameters: Parameters,
) -> Result<(), ApiError> {
    match action {
        "user_cancel_at_partner" => money::cancel_by_user(parts, booking).await,
        "merchant_cancel" => money::cancel_by_merchant(parts, booking).await,
        "refund" => money::refund(parts, booking).await,
        "charge_no_show_fee" => money::charge_fee(parts, booking).await,
        "reschedule" | "change_party_size" => relocate(parts, booking, &parameters).await,
        "no_show" => mark_no_show(parts, booking).await,
        "unpaid" => cancel_unpaid(parts, booking).await,
        "confirm" => decide(parts, booking, BookingStatus::Confirmed).await,
        // A request whose time has run out is declined in the merchant's name.
        "decline" | "expire" => decide(parts, booking, BookingStatus::DeclinedByMerchant).await,
        "fail" => fail(parts, booking, parameters.cause.as_deref()).await,
        _ => Err(ApiError::NotFound("unknown action")),
    }
}

async fn relocate(parts: &Parts, booking: Booking, parameters: &Parameters) -> Result<(), ApiError> {
    if booking.status != BookingStatus::Confirmed {
        return Err(ApiError::Refused("only a confirmed booking can be changed"));
    }
    let change = PartialSlot {
        start_sec: parameters.start_sec,
        duration_sec: parameters.duration_sec,
        resources: parameters.party_size.map(|size| ResourceIds {
            party_size: Some(size),
            ..ResourceIds::default()
        }),
    };
    let wanted = change.apply_to(&booking.slot);
    match relocation::relocate(parts, booking, wanted, Side::Partner).await {
        Ok(_) => Ok(()),
        Err(Stop::Business(_)) => Err(ApiError::Refused("the new slot is taken")),
        Err(Stop::Error(ApiError::Invalid(_))) => Err(ApiError::Refused("the service has no such slot")),
        Err(Stop::Error(error)) => Err(error),
    }
}

async fn mark_no_show(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    if booking.status != BookingStatus::Confirmed {
        return Err(ApiError::Refused("only a confirmed booking can be missed"));
    }
    if parts.now_sec() < booking.slot.start_sec {
        return Err(ApiError::Refused("the slot has not started"));
    }
    // The place stays taken: nobody else can sit there any more.
    let missed = Booking {
        status: BookingStatus::NoShow,
        ..booking.clone()
    };
    save(parts, &booking, missed).await
}

async fn cancel_unpaid(parts: &Parts, booking: Booking) -> Result<(), ApiError> {
    let service = parts
        .inventory
        .service(&booking.place.merchant_id, &booking.place.service_id);
    if !service.is_ok_and(|(_, service)| service.is_paid_directly()) {
        return Err(ApiError::Refused(
            "the service is not paid to the merchant directly",
        ));
    }
    if booking.status != BookingStatus::Confirmed {
        return Err(ApiError::Refused("only a confirmed booking can be cancelled"));
    }
    let mut cancelled = booking.clone();
    cancelled.end(BookingStatus::Canceled);
    save(parts, &booking, cancelled).await
}

/// The merchant's answer to a request.
async fn decide(parts: &Parts, booking: Booking, status: BookingStatus) -> Result<(), ApiError> {
    require_pending(&booking)?;
    let mut decided = booking.clone();
    match status {
        BookingStatus::Confirmed => decided.status = status,
        _ => decided.end(status),
    }
    save(parts, &booking, decided).await
}

async fn fail(parts: &Parts, booking: Booking, cause: Option<&str>) -> Result<(), ApiError> {
    require_pending(&booking)?;
    let cause = cause.unwrap_or(CAUSES[0]);
    if !CAUSES.contains(&cause) {
        return Err(ApiError::Invalid(
            "cause is not one that a request can fail with".to_owned(),
        ));
    }
    let mut failed = booking.clone();
    failed.end(BookingStatus::Failed);
    let mut outgoing = parts.messages(&booking, &failed, Side::Partner);
    add_cause(&mut outgoing, cause);
    parts
        .store
        .change(BookingChange {
            booking: failed,
            target: None,
            outgoing,
        })
        .await?;
    Ok(())
}

fn require_pending(booking: &Booking) -> Result<(), ApiError> {
    match booking.status {
        BookingStatus::PendingMerchantConfirmation => Ok(()),
        _ => Err(ApiError::Refused("the booking does not wait for the merchant")),
    }
}
