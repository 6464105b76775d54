//! Waits whose failure a fault of Google's API explains.

use crate::case::Case;
use crate::partner_calls::PartnerCall;
use transcript::{Aim, CallKind, Entry, Fact, Fault, Phase};

/// True when a fault was armed for the booking before an entry and never struck: there was nothing that it could have
/// struck, so nothing shows how the partner handles it.
pub(super) fn has_missed_its_fault(case: &Case<'_>, booking_id: &str, before: usize) -> bool {
    let last = case.transcript.entries[..before].iter().rposition(|entry| {
        matches!(&entry.fact, Fact::Armed(armed)
            if matches!(&armed.aim, Aim::Booking { booking_id: aimed } if aimed == booking_id))
    });
    let missed = last.is_some_and(|armed| {
        !case
            .calls_about(booking_id)
            .any(|call| call.entry > armed && call.notification.fault.is_some())
    });
    missed || has_missed_its_token_fault(case, before)
}

/// The same for token requests: no token was asked for.
fn has_missed_its_token_fault(case: &Case<'_>, before: usize) -> bool {
    let mut entries = case.transcript.entries[..before].iter();
    let armed = entries
        .rfind(|entry| matches!(&entry.fact, Fact::Armed(armed) if armed.aim == Aim::Kind(CallKind::Token)));
    armed.is_some_and(|armed| {
        let mut requests = case.token_requests.iter();
        !requests.any(|request| request.at_ms >= armed.at_ms && request.fault.is_some())
    })
}

/// True when a notification got through only because the clean-up took a revocation back.
pub(super) fn is_forgiven(case: &Case<'_>, call: &PartnerCall<'_>) -> bool {
    let entries = &case.transcript.entries;
    let revoked = |entry: &Entry| matches!(&entry.fact, Fact::Armed(armed) if armed.fault == Fault::Revoked);
    entries[call.entry].phase == Phase::Cleanup && entries.iter().any(revoked)
}

/// True when a notification was taken and its answer got lost on purpose.
pub(super) fn is_unanswered(call: &PartnerCall<'_>) -> bool {
    call.notification.fault == Some(Fault::Lost)
}

#[cfg(test)]
mod tests {
    use crate::testing::{Story, changes, copy, patch};
    use catalogue::RequirementId;
    use serde_json::json;
    use transcript::{Fault, ReceivedCall};

    const AGAIN: RequirementId = RequirementId::declared("ERR-01");

    fn story() -> Story {
        Story::arrival().unavailable(1)
    }

    fn wait(story: Story, met: bool) -> Story {
        let until = json!({ "status": "CANCELED" });
        story.wait(AGAIN, until, met, copy("CONFIRMED", None))
    }

    fn dropped_once() -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        sent.status = 503;
        sent.fault = Some(Fault::Dropped);
        story().notify(sent)
    }

    #[test]
    fn what_was_struck_and_never_came_again_is_found() {
        wait(dropped_once(), false).judge_all().fails(AGAIN);
        wait(dropped_once(), true).judge_all().is_clean();
    }

    fn notification(fault: Option<Fault>) -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        let status = if fault.is_some() { 0 } else { 200 };
        let before = copy(if fault.is_some() { "CONFIRMED" } else { "CANCELED" }, None);
        let sent = patch(Some("status"), body, before, copy("CANCELED", None));
        ReceivedCall {
            fault,
            status,
            ..sent
        }
    }

    #[test]
    fn what_was_heard_and_not_answered_has_to_come_again() {
        let lost = || {
            Story::arrival()
                .arm(Fault::Lost, 1)
                .notify(notification(Some(Fault::Lost)))
        };
        wait(lost(), false).judge_all().fails(AGAIN);
        wait(lost().after(1).notify(notification(None)), true)
            .judge_all()
            .is_clean();
        let late = wait(lost(), false).after(1).notify(notification(None));
        late.judge_all().warns(RequirementId::declared("OPS-04"));
    }

    #[test]
    fn what_never_met_its_fault_says_nothing_of_faults() {
        wait(story(), false).judge_all().is_clean();
    }
}
