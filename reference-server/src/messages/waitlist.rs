//! Requests and answers of waitlists.

use super::int64;
use super::user::UserInformation;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(crate) struct BatchGetWaitEstimatesRequest {
    pub(crate) merchant_id: String,
    pub(crate) service_id: String,
    #[serde(default)]
    pub(crate) party_size: Vec<i32>,
}

/// Nothing but the status while the list is closed.
#[derive(Serialize)]
pub(crate) struct BatchGetWaitEstimatesResponse {
    pub(crate) waitlist_status: WaitlistStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) wait_estimate: Vec<WaitEstimate>,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WaitlistStatus {
    Open,
    ClosedOther,
}

#[derive(Serialize)]
pub(crate) struct WaitEstimate {
    pub(crate) party_size: i32,
    pub(crate) wait_length: WaitLength,
    pub(crate) waitlist_confirmation_mode: WaitlistConfirmationMode,
}

/// Empty when there is no wait.
#[derive(Default, Serialize)]
pub(crate) struct WaitLength {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parties_ahead_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) estimated_seat_time_range: Option<EstimatedSeatTimeRange>,
}

#[derive(Serialize)]
pub(crate) struct EstimatedSeatTimeRange {
    #[serde(with = "int64")]
    pub(crate) start_seconds: i64,
    #[serde(with = "int64")]
    pub(crate) end_seconds: i64,
}

/// Everybody who joins is on the list at once.
#[derive(Serialize)]
pub(crate) enum WaitlistConfirmationMode {
    #[serde(rename = "WAITLIST_CONFIRMATION_MODE_SYNCHRONOUS")]
    Synchronous,
}

#[derive(Deserialize)]
pub(crate) struct CreateWaitlistEntryRequest {
    pub(crate) merchant_id: String,
    pub(crate) service_id: String,
    pub(crate) party_size: i32,
    pub(crate) user_information: UserInformation,
    #[serde(default)]
    pub(crate) additional_request: Option<String>,
    pub(crate) idempotency_token: String,
}

/// The answer to CreateWaitlistEntry: an id or a failure, never both, never neither.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JoinAnswer {
    WaitlistEntryId(String),
    WaitlistBusinessLogicFailure(WaitlistFailure),
}

#[derive(Serialize)]
pub(crate) struct WaitlistFailure {
    pub(crate) cause: WaitlistCause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WaitlistCause {
    ExistingWaitlistEntry,
    BelowMinPartySize,
    AboveMaxPartySize,
    WaitlistClosed,
}

/// The request of GetWaitlistEntry, and of DeleteWaitlistEntry.
#[derive(Deserialize)]
pub(crate) struct WaitlistEntryRequest {
    pub(crate) waitlist_entry_id: String,
}

#[derive(Serialize)]
pub(crate) struct GetWaitlistEntryResponse {
    pub(crate) waitlist_entry: WaitlistEntry,
}

#[expect(clippy::struct_field_names, reason = "these are the names of the wire")]
#[derive(Serialize)]
pub(crate) struct WaitlistEntry {
    pub(crate) waitlist_entry_state: WaitlistState,
    pub(crate) waitlist_entry_state_times: StateTimes,
    pub(crate) wait_estimate: WaitEstimate,
}

/// The states that an entry comes to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WaitlistState {
    Waiting,
    ServiceReady,
    Seated,
    Canceled,
    NoShow,
}

/// When an entry came to each of its states, epoch seconds.
#[expect(clippy::struct_field_names, reason = "these are the names of the wire")]
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct StateTimes {
    #[serde(with = "int64")]
    pub(crate) created_time_seconds: i64,
    #[serde(default, with = "int64::option", skip_serializing_if = "Option::is_none")]
    pub(crate) service_readied_time_seconds: Option<i64>,
    #[serde(default, with = "int64::option", skip_serializing_if = "Option::is_none")]
    pub(crate) seated_time_seconds: Option<i64>,
    #[serde(default, with = "int64::option", skip_serializing_if = "Option::is_none")]
    pub(crate) canceled_time_seconds: Option<i64>,
    #[serde(default, with = "int64::option", skip_serializing_if = "Option::is_none")]
    pub(crate) marked_no_show_time_seconds: Option<i64>,
}
