//! Closing a slot: the merchant takes it off the market, bookings that exist stay.

use crate::app::App;
use crate::error::ApiError;
use crate::http::Message;
use crate::inventory::SlotQuery;
use crate::messages::int64;
use crate::store::SlotClosing;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct CloseSlot {
    merchant_id: String,
    service_id: String,
    #[serde(with = "int64")]
    start_sec: i64,
}

pub(super) async fn close(
    State(app): State<App>,
    Message(slot): Message<CloseSlot>,
) -> Result<StatusCode, ApiError> {
    let query = SlotQuery::bare(&slot.merchant_id, &slot.service_id, slot.start_sec);
    app.inventory
        .find(&query, app.now_sec())
        .map_err(|_| ApiError::NotFound("unknown slot"))?;
    let message = |composer: &crate::notifications::Composer| {
        composer.slot_at(&slot.merchant_id, &slot.service_id, slot.start_sec)
    };
    let outgoing = app.composer.iter().map(message).collect();
    let CloseSlot {
        merchant_id,
        service_id,
        start_sec,
    } = slot;
    app.store
        .close_slot(SlotClosing {
            merchant_id,
            service_id,
            start_sec,
            outgoing,
        })
        .await?;
    app.outbox_signal.notify();
    Ok(StatusCode::NO_CONTENT)
}
