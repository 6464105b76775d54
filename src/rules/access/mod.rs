//! Rules about a partner's access to Google's APIs: its credentials and the rate of its calls.

pub(super) mod assertion;
pub(super) mod credentials;
pub(super) mod quota;
pub(super) mod reuse;
pub(super) mod withheld;

use super::{Case, Run};
use serde_json::Value;
use transcript::Notification;

/// Every call of the run, those included that no scenario claims.
fn calls<'r>(run: &'r Run<'_>) -> impl Iterator<Item = &'r Notification> {
    claimed(run.cases).chain(run.orphans)
}

/// The same for histories that are not judged together.
pub(super) fn calls_of<'c>(cases: &'c [Case<'_>]) -> impl Iterator<Item = &'c Notification> {
    let orphans = cases.first().map_or(&[][..], |case| case.orphans);
    claimed(cases).chain(orphans)
}

fn claimed<'c>(cases: &'c [Case<'_>]) -> impl Iterator<Item = &'c Notification> {
    let calls = cases.iter().flat_map(Case::partner_calls);
    calls.map(|call| call.notification)
}

/// Why Google's side refused the credentials of a call, if it did, and not on purpose.
pub(super) fn refusal_reason(call: &Notification) -> Option<&str> {
    let reason = call
        .answer
        .pointer("/error/details/0/reason")
        .and_then(Value::as_str);
    match (call.status, reason) {
        _ if call.fault.is_some() => None,
        (401, reason) => Some(reason.unwrap_or("INVALID")),
        (403, Some(scope @ "ACCESS_TOKEN_SCOPE_INSUFFICIENT")) => Some(scope),
        _ => None,
    }
}

/// True when a partner could not notify of a booking, since its credentials were never accepted.
pub(super) fn is_locked_out(case: &Case<'_>, booking_id: &str) -> bool {
    let mut calls = case
        .calls_about(booking_id)
        .map(|call| call.notification)
        .peekable();
    if calls.peek().is_some() {
        // One accepted call proves that the partner had valid credentials.
        return calls.all(|call| refusal_reason(call).is_some());
    }
    has_no_token(case)
}

/// True when tokens were asked for and none was ever given.
pub(super) fn has_no_token(case: &Case<'_>) -> bool {
    !case.token_requests.is_empty() && case.token_requests.iter().all(|request| !request.granted)
}
