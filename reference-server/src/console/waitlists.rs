//! The host at the door: calling and seating parties, and closing the list.

use crate::app::App;
use crate::error::ApiError;
use crate::http::Message;
use crate::messages::WaitlistState;
use crate::waitlist::Entry;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

pub(super) async fn act(
    State(app): State<App>,
    Path((id, action)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let state = match action.as_str() {
        "waitlist_ready" => WaitlistState::ServiceReady,
        "waitlist_seat" => WaitlistState::Seated,
        "waitlist_no_show" => WaitlistState::NoShow,
        _ => return Err(ApiError::NotFound("unknown action")),
    };
    let now_sec = app.now_sec();
    let change = move |entry: &mut Entry| entry.enter(state, now_sec);
    match app.waitlists.change(&id, change).await? {
        None => Err(ApiError::NotFound("unknown waitlist entry")),
        Some(false) => Err(ApiError::Refused("the party waits no longer")),
        Some(true) => Ok(StatusCode::NO_CONTENT),
    }
}

#[derive(Deserialize)]
pub(super) struct OfService {
    merchant_id: String,
    service_id: String,
}

pub(super) async fn close(state: State<App>, service: Message<OfService>) -> Result<StatusCode, ApiError> {
    set_open(state, service, false).await
}

pub(super) async fn open(state: State<App>, service: Message<OfService>) -> Result<StatusCode, ApiError> {
    set_open(state, service, true).await
}

async fn set_open(
    State(app): State<App>,
    Message(of): Message<OfService>,
    open: bool,
) -> Result<StatusCode, ApiError> {
    let service = app.inventory.service(&of.merchant_id, &of.service_id);
    if !service.is_ok_and(|(_, service)| service.waitlist.is_some()) {
        return Err(ApiError::NotFound("unknown waitlist"));
    }
    app.waitlists
        .set_open(&of.merchant_id, &of.service_id, open)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
