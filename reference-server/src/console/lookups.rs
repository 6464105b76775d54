//! Lookups of the merchant: a booking, its money, who may be written to, and messages that Google refused.

use crate::app::App;
use crate::error::ApiError;
use crate::gateway::LedgerEntry;
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::{Value, json};

/// The booking with the user's request. Access to an online session is for the user alone.
pub(super) async fn booking(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let booking = app.booking(&id).await?;
    Ok(Json(json!({
        "booking_id": booking.id,
        "slot": booking.slot,
        "place": booking.place,
        "user_information": booking.user,
        "status": booking.status,
        "payment_information": booking.payment,
        "additional_request": booking.additional_request,
    })))
}

/// What the gateway did for a booking, oldest first.
#[derive(Serialize)]
pub(super) struct Ledger {
    entries: Vec<LedgerEntry>,
}

pub(super) async fn ledger(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Ledger>, ApiError> {
    app.booking(&id).await?;
    let entries = app.gateway.ledger(&id).await?;
    Ok(Json(Ledger { entries }))
}

/// Asked before a mail is sent.
pub(super) async fn marketing(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let receives = app.store.receives_marketing(&user_id).await?;
    Ok(Json(json!({ "receives_marketing": receives })))
}

pub(super) async fn undeliverable(State(app): State<App>) -> Result<Json<Vec<Value>>, ApiError> {
    let messages = app.store.undeliverable().await?;
    let entry = |(message, reason): &(crate::notifications::OutboxMessage, String)| {
        let content = &message.content;
        json!({ "id": message.id, "method": content.method, "path": content.path, "reason": reason })
    };
    Ok(Json(messages.iter().map(entry).collect()))
}
