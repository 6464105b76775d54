//! BS-ASYNC-01

use super::{PENDING, entries_of, mode, requested};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::{ConfirmationMode, Slot};
use scenario::matcher;
use serde_json::{Value, json};
use transcript::Exchange;

const WAITS: RequirementId = RequirementId::declared("BS-ASYNC-01");

pub(crate) static RULE: Rule = Rule {
    name: "asynchronous/pending",
    requirements: &[WAITS],
    manual: "The new booking of a slot that the merchant decides must have the status PENDING_MERCHANT_CONFIRMATION; it may \
             also be refused at once. Only the first answer for a token is judged. Where a look-up said before that the slot \
             is confirmed at once by now, either status is right.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let (Some(booking), Some(slot)) = (reading::created_booking(exchange), requested(case, exchange)) else {
        return;
    };
    if case.is_repeat(exchange) || has_changed(case, slot) {
        return;
    }
    let status = reading::set(booking, "/status").and_then(Value::as_str);
    // Unknown names and a missing status have rules of their own.
    let Some(status) = status.filter(|name| reading::is_name_of("BookingStatus", name)) else {
        return;
    };
    verdicts.check(WAITS, status == PENDING, || {
        let proof = Proof::at(exchange.entry, "/booking/status").expected(PENDING);
        (
            proof.actual(status),
            "the merchant has yet to decide about this slot, but the new booking is not pending".to_owned(),
        )
    });
}

/// True when a look-up said that the slot is confirmed at once, whatever the feed says; the look-up before the first step counts.
fn has_changed(case: &Case<'_>, slot: &Slot) -> bool {
    entries_of(case.transcript.exchanges()).iter().any(|entry| {
        let explicit = entry.returned.get("confirmation_mode").is_some();
        let about = matcher::equal(&json!(slot.start_sec), entry.returned.get("start_sec"));
        explicit && about && mode(entry.returned) == Some(ConfirmationMode::Synchronous)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use protocol::Method;

    fn request() -> Story {
        Story::arrival().slot(|slot| slot.confirmation_mode = ConfirmationMode::Asynchronous)
    }

    fn with_status(status: &str) -> Value {
        let mut answer = booking();
        answer["booking"]["status"] = json!(status);
        answer
    }

    #[test]
    fn a_pending_booking_and_a_refusal_pass() {
        request().create(with_status(PENDING)).judge(&RULE).passes(WAITS);
        let refused = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        request().create(refused).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_confirmation_that_nobody_gave_is_found() {
        request()
            .create(with_status("CONFIRMED"))
            .judge(&RULE)
            .fails(WAITS);
    }

    #[test]
    fn slots_that_are_confirmed_at_once_by_now_are_left_open() {
        let slot = json!({ "service_id": "cut", "start_sec": "1893484800" });
        let mut returned = slot.clone();
        returned["confirmation_mode"] = json!("CONFIRMATION_MODE_SYNCHRONOUS");
        let asked = json!({ "merchant_id": "salon", "slot_time": [slot] });
        let answer = json!({ "slot_time_availability": [{ "slot_time": returned, "available": true }] });
        let story = request().call(Method::BatchAvailabilityLookup, asked, 200, answer);
        story.create(with_status("CONFIRMED")).judge(&RULE).says_nothing();
        Story::arrival()
            .create(with_status("CONFIRMED"))
            .judge(&RULE)
            .says_nothing();
    }
}
