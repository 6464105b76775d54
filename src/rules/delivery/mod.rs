//! Rules about the delivery of notifications while Google's API fails.

pub(super) mod backoff;
pub(super) mod inventory_time;
pub(super) mod order;
pub(super) mod patience;
pub(super) mod real_time;
pub(super) mod refused;
pub(super) mod retry_after;

use super::{Case, PartnerCall};

/// Messages that are sent for the same news by accident come within this of each other, milliseconds: a repetition that
/// waits for an answer and then thinks comes later.
const AT_ONCE_MS: u64 = 50;

/// Later calls that say exactly what a call said.
fn repeats<'c>(case: &'c Case<'_>, call: PartnerCall<'c>) -> impl Iterator<Item = PartnerCall<'c>> {
    case.partner_calls().filter(move |later| {
        let (one, other) = (call.notification, later.notification);
        later.entry > call.entry
            && one.subject == other.subject
            && one.verb == other.verb
            && one.target == other.target
            && one.raw == other.raw
    })
}

/// True when a fault of ours has struck a notification about the booking.
fn is_struck(case: &Case<'_>, booking_id: &str) -> bool {
    case.calls_about(booking_id)
        .any(|call| call.notification.fault.is_some())
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1_000.0
}

#[cfg(test)]
mod testing {
    use crate::testing::{changes, copy, patch};
    use serde_json::json;
    use transcript::{Fault, ReceivedCall};

    /// A cancellation, and what went wrong with it.
    pub(super) fn cancellation(fault: Option<Fault>) -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
        let sent = patch(Some("status"), body, before, after);
        ReceivedCall { fault, ..sent }
    }
}
