//! Waitlists: how long the wait is, joining, looking, leaving.

use crate::app::{App, Parts};
use crate::error::ApiError;
use crate::http::Message;
use crate::ids::random_id;
use crate::inventory::WaitlistRules;
use crate::messages::{
    BatchGetWaitEstimatesRequest, BatchGetWaitEstimatesResponse, CreateWaitlistEntryRequest,
    EstimatedSeatTimeRange, GetWaitlistEntryResponse, JoinAnswer, StateTimes, WaitEstimate, WaitLength,
    WaitlistCause, WaitlistConfirmationMode, WaitlistEntry, WaitlistEntryRequest, WaitlistFailure,
    WaitlistState, WaitlistStatus,
};
use crate::store::Joined;
use crate::waitlist::Entry;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// A seat comes free about as often, seconds.
const TURN: i64 = 600;

/// All sizes share one counter, so everybody waits alike. A size that is never seated here is left out.
pub(super) async fn batch_get_wait_estimates(
    State(app): State<App>,
    Message(request): Message<BatchGetWaitEstimatesRequest>,
) -> Result<Json<BatchGetWaitEstimatesResponse>, ApiError> {
    let rules = rules(&app, &request.merchant_id, &request.service_id)?;
    let waiting = app
        .waitlists
        .waiting(&request.merchant_id, &request.service_id)
        .await?;
    let Some(ahead) = waiting else {
        return Ok(Json(BatchGetWaitEstimatesResponse {
            waitlist_status: WaitlistStatus::ClosedOther,
            wait_estimate: Vec::new(),
        }));
    };
    let sizes = request
        .party_size
        .iter()
        .filter(|size| refusal(rules, **size).is_none());
    Ok(Json(BatchGetWaitEstimatesResponse {
        waitlist_status: WaitlistStatus::Open,
        wait_estimate: sizes.map(|size| estimate(*size, ahead, app.now_sec())).collect(),
    }))
}

pub(super) async fn create_waitlist_entry(
    State(app): State<App>,
    Message(request): Message<CreateWaitlistEntryRequest>,
) -> Result<Json<JoinAnswer>, ApiError> {
    let required = [
        (&request.idempotency_token, "idempotency_token"),
        (&request.user_information.user_id, "user_information.user_id"),
    ];
    if let Some((_, name)) = required.iter().find(|(value, _)| value.is_empty()) {
        return Err(ApiError::Invalid(format!("{name} is empty")));
    }
    let rules = rules(&app, &request.merchant_id, &request.service_id)?;
    if let Some(cause) = refusal(rules, request.party_size) {
        return Ok(refused(cause));
    }
    let entry = Entry {
        id: random_id(),
        merchant_id: request.merchant_id,
        service_id: request.service_id,
        party_size: request.party_size,
        user: request.user_information,
        additional_request: request.additional_request,
        state: WaitlistState::Waiting,
        times: StateTimes {
            created_time_seconds: app.now_sec(),
            service_readied_time_seconds: None,
            seated_time_seconds: None,
            canceled_time_seconds: None,
            marked_no_show_time_seconds: None,
        },
    };
    Ok(
        match app.waitlists.join(entry, request.idempotency_token).await? {
            Joined::As(id) => Json(JoinAnswer::WaitlistEntryId(id)),
            Joined::WaitsAlready => refused(WaitlistCause::ExistingWaitlistEntry),
            Joined::Closed => refused(WaitlistCause::WaitlistClosed),
        },
    )
}

pub(super) async fn get_waitlist_entry(
    State(app): State<App>,
    Message(request): Message<WaitlistEntryRequest>,
) -> Result<Json<GetWaitlistEntryResponse>, ApiError> {
    let found = app.waitlists.entry(&request.waitlist_entry_id).await?;
    let (entry, ahead) = found.ok_or(UNKNOWN)?;
    Ok(Json(GetWaitlistEntryResponse {
        waitlist_entry: WaitlistEntry {
            waitlist_entry_state: entry.state,
            waitlist_entry_state_times: entry.times,
            wait_estimate: estimate(entry.party_size, ahead, app.now_sec()),
        },
    }))
}

/// Who has been seated or has left already has nothing to leave; that is no error.
pub(super) async fn delete_waitlist_entry(
    State(app): State<App>,
    Message(request): Message<WaitlistEntryRequest>,
) -> Result<Json<Value>, ApiError> {
    let now_sec = app.now_sec();
    let left = move |entry: &mut Entry| entry.enter(WaitlistState::Canceled, now_sec);
    let known = app.waitlists.change(&request.waitlist_entry_id, left).await?;
    known.map(|_| Json(json!({}))).ok_or(UNKNOWN)
}

const UNKNOWN: ApiError = ApiError::NotFound("unknown waitlist entry");

fn rules(parts: &Parts, merchant_id: &str, service_id: &str) -> Result<WaitlistRules, ApiError> {
    let (_, service) = parts
        .inventory
        .service(merchant_id, service_id)
        .map_err(|error| ApiError::Invalid(error.to_string()))?;
    let none = || ApiError::Invalid("the service has no waitlist".to_owned());
    service.waitlist.ok_or_else(none)
}

fn refusal(rules: WaitlistRules, party_size: i32) -> Option<WaitlistCause> {
    if party_size < rules.min_party_size {
        Some(WaitlistCause::BelowMinPartySize)
    } else if party_size > rules.max_party_size {
        Some(WaitlistCause::AboveMaxPartySize)
    } else {
        None
    }
}

fn refused(cause: WaitlistCause) -> Json<JoinAnswer> {
    Json(JoinAnswer::WaitlistBusinessLogicFailure(WaitlistFailure {
        cause,
    }))
}

fn estimate(party_size: i32, ahead: i32, now_sec: i64) -> WaitEstimate {
    let first = now_sec + i64::from(ahead) * TURN;
    let wait = WaitLength {
        parties_ahead_count: Some(ahead),
        estimated_seat_time_range: Some(EstimatedSeatTimeRange {
            start_seconds: first,
            end_seconds: first + TURN,
        }),
    };
    WaitEstimate {
        party_size,
        wait_length: if ahead > 0 { wait } else { WaitLength::default() },
        waitlist_confirmation_mode: WaitlistConfirmationMode::Synchronous,
    }
}
