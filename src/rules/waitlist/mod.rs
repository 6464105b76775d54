//! Waitlists: estimates, and entries from joining to their end.

pub(crate) mod empty_answer;
pub(crate) mod entry_fields;
pub(crate) mod entry_ids;
pub(crate) mod estimate_fields;
pub(crate) mod failure_cause;
pub(crate) mod left_out;
pub(crate) mod outcome;
pub(crate) mod shut;
pub(crate) mod sizes;
pub(crate) mod state_times;
pub(crate) mod wait_length;

use crate::{Case, reading};
use protocol::Method;
use scenario::Expectation;
use serde_json::Value;
use transcript::Exchange;

/// The failure in an answer to CreateWaitlistEntry.
const FAILURE: &str = "/waitlist_business_logic_failure";

/// True when a party was refused in the words of the interface: lists close and fill at any moment. A repeat of a request that was
/// answered with an entry is not a party that comes anew.
pub(super) fn is_refused_by_name(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let is_repeat = case.step_of(exchange).is_some_and(|step| step.repeat.is_some());
    exchange.call.method == Method::CreateWaitlistEntry && cause(exchange).is_some() && !is_repeat
}

/// True when an entry is expected.
pub(super) fn is_entry_wanted(expectation: &Expectation) -> bool {
    let mut bodies = expectation.body.iter();
    bodies.any(|body| body.get("waitlist_entry_id").is_some())
}

/// The cause by which an answer to CreateWaitlistEntry refuses, if it is one of the interface.
fn cause<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    let named = exchange.answer_text("/waitlist_business_logic_failure/cause")?;
    let known = reading::is_name_of("WaitlistBusinessLogicFailure.Cause", named);
    (known && named != "CAUSE_UNSPECIFIED").then_some(named)
}

/// The estimates of an answer, each with its pointer: those of BatchGetWaitEstimates, and that of an entry.
fn estimates<'t>(exchange: &Exchange<'t>) -> Vec<(String, &'t Value)> {
    let one = exchange.answer_value("/waitlist_entry/wait_estimate");
    let one = one.map(|estimate| ("/waitlist_entry/wait_estimate".to_owned(), estimate));
    let listed = exchange.answer_value("/wait_estimate").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().enumerate();
    let listed = listed.map(|(place, estimate)| (format!("/wait_estimate/{place}"), estimate));
    one.into_iter().chain(listed).collect()
}

/// The party sizes of the estimates of an answer, as far as they can be read.
fn estimated_sizes(exchange: &Exchange<'_>) -> Vec<i64> {
    let all = estimates(exchange).into_iter();
    all.filter_map(|(_, estimate)| reading::set(estimate, "/party_size").and_then(protocol::int64::read))
        .collect()
}

/// The party sizes that a call asks about.
fn asked_sizes(exchange: &Exchange<'_>) -> Vec<i64> {
    let asked = exchange.request_value("/party_size").and_then(Value::as_array);
    asked
        .into_iter()
        .flatten()
        .filter_map(protocol::int64::read)
        .collect()
}

/// True for an answer that says that the waitlist is open.
fn is_open(exchange: &Exchange<'_>) -> bool {
    exchange.answer_text("/waitlist_status") == Some("OPEN")
}

/// The id of the entry that an answer to CreateWaitlistEntry names.
fn joined<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    let id = exchange
        .answer_text("/waitlist_entry_id")
        .filter(|id| !id.is_empty());
    id.filter(|_| exchange.call.method == Method::CreateWaitlistEntry)
}
