//! BatchAvailabilityLookup: the real state, now, of exactly the slots that were asked about.

use crate::app::{App, Parts};
use crate::error::ApiError;
use crate::http::Message;
use crate::inventory::{Offer, SlotQuery};
use crate::messages::{
    BatchAvailabilityLookupRequest, BatchAvailabilityLookupResponse, ConfirmationMode, SlotTime,
    SlotTimeAvailability,
};
use axum::Json;
use axum::extract::State;

pub(super) async fn batch_availability_lookup(
    State(app): State<App>,
    Message(request): Message<BatchAvailabilityLookupRequest>,
) -> Result<Json<BatchAvailabilityLookupResponse>, ApiError> {
    app.inventory.merchant(&request.merchant_id)?;
    let mut slot_time_availability = Vec::with_capacity(request.slot_time.len());
    for slot_time in request.slot_time {
        slot_time_availability.push(look_up(&app, &request.merchant_id, slot_time).await?);
    }
    Ok(Json(BatchAvailabilityLookupResponse {
        slot_time_availability,
    }))
}

async fn look_up(
    parts: &Parts,
    merchant_id: &str,
    mut slot_time: SlotTime,
) -> Result<SlotTimeAvailability, ApiError> {
    let query = SlotQuery::of_slot_time(merchant_id, &slot_time);
    // A slot that a feed of yesterday may have had is not an error, only not available.
    let Ok(offers) = parts.inventory.find(&query, parts.now_sec()) else {
        return Ok(SlotTimeAvailability {
            slot_time,
            available: false,
        });
    };
    slot_time.confirmation_mode = echoed_mode(&slot_time, offers[0].service.confirmation);
    let available = has_open_offer(parts, &offers).await?;
    Ok(SlotTimeAvailability { slot_time, available })
}

async fn has_open_offer(parts: &Parts, offers: &[Offer<'_>]) -> Result<bool, ApiError> {
    let now = parts.now_sec();
    let offers: Vec<_> = offers
        .iter()
        .filter(|offer| offer.terms().is_bookable(now))
        .collect();
    let places: Vec<_> = offers.iter().map(|offer| offer.place()).collect();
    let occupancy = parts.store.occupancy(&places).await?;
    Ok(offers
        .iter()
        .zip(occupancy)
        .any(|(offer, state)| state.open(offer.seat.spots) > 0))
}

/// The real mode, where Google asked for one or must know better.
fn echoed_mode(requested: &SlotTime, real: ConfirmationMode) -> Option<ConfirmationMode> {
    let stated = requested.confirmation_mode.is_some() || real == ConfirmationMode::Asynchronous;
    stated.then_some(real)
}
