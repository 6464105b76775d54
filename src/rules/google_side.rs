//! What scenarios expect while Google's side fails on purpose, and of Google's copy of a slot.

use super::bench::Proof;
use super::expectation::is_must;
use super::{Bench, Case, Note, inventory};
use domain::Capability;
use domain::slot::Slot;
use scenario::AwaitSlot;
use serde_json::Value;
use transcript::{Aim, AwaitedSlot, Entry, Fact, Fault, Phase, StepPath};

/// True when a fault was armed for the booking before an entry and never struck: there was nothing that it could have
/// struck, so what the partner makes of it cannot be told.
pub(super) fn missed_its_fault(case: &Case<'_>, booking_id: &str, before: usize) -> bool {
    let last = case.transcript.entries[..before].iter().rposition(|entry| {
        matches!(&entry.fact, Fact::Armed(armed)
            if matches!(&armed.aim, Aim::Booking { booking_id: aimed } if aimed == booking_id))
    });
    last.is_some_and(|armed| {
        !case
            .notes_about(booking_id)
            .any(|note| note.entry > armed && note.notification.fault.is_some())
    })
}

/// True when a notification got through only because the clean-up took a revocation back.
pub(super) fn is_forgiven(case: &Case<'_>, note: &Note<'_>) -> bool {
    let entries = &case.transcript.entries;
    let revoked = |entry: &Entry| matches!(&entry.fact, Fact::Armed(armed) if armed.fault == Fault::Revoked);
    entries[note.entry].phase == Phase::Cleanup && entries.iter().any(revoked)
}

/// True when a notification was taken and its answer got lost on purpose.
pub(super) fn is_unanswered(note: &Note<'_>) -> bool {
    note.notification.fault == Some(Fault::Lost)
}

/// Judges a wait for an inventory update; true when later steps prove nothing.
pub(super) fn judge_slot(
    case: &Case<'_>,
    wait: &AwaitSlot,
    path: StepPath,
    broken: bool,
    bench: &mut Bench,
) -> bool {
    if !case.can(Capability::AvailabilityRtu) {
        bench.not_applicable(wait.requirement);
        return false;
    }
    let awaited = awaited(case, path).filter(|_| !broken);
    let Some((entry, awaited)) = awaited.filter(|(_, awaited)| awaited.met || !inventory::any_refused(case))
    else {
        bench.not_testable(wait.requirement);
        return true;
    };
    if awaited.met {
        // An update of one service has no entries that could be left out.
        match was_left_out(case, entry) {
            Some(false) => bench.not_applicable(wait.requirement),
            _ => bench.pass(wait.requirement),
        }
        return false;
    }
    // What never met the fault that was to strike it says nothing about faults.
    if was_left_out(case, entry) == Some(false) {
        bench.not_testable(wait.requirement);
        return true;
    }
    let seconds = case.transcript.bound().map_or(0, |bound| bound.within_ms / 1000);
    let base = wait
        .otherwise
        .as_deref()
        .unwrap_or("no inventory update told Google of the slot");
    let proof = Proof {
        entry: Some(entry),
        ..Proof::default()
    };
    let proof = proof
        .expected(awaited.until.clone())
        .actual(awaited.copy.clone().unwrap_or(Value::Null));
    let message = format!("{base} within {seconds} s; Google gives five minutes");
    if came_late(case, entry, &awaited.slot) {
        bench.warn(
            wait.requirement,
            proof,
            format!("{message}; an update came later"),
        );
        return false;
    }
    bench.fail(wait.requirement, proof, message);
    is_must(wait.requirement)
}

fn awaited<'c>(case: &'c Case<'_>, path: StepPath) -> Option<(usize, &'c AwaitedSlot)> {
    let mut entries = case.transcript.entries.iter().enumerate();
    entries.find_map(|(index, entry)| match &entry.fact {
        Fact::AwaitedSlot(awaited) if awaited.step == path => Some((index, awaited)),
        _ => None,
    })
}

/// Whether an entry was left out of an answer on purpose; none when it was not meant to be.
fn was_left_out(case: &Case<'_>, before: usize) -> Option<bool> {
    let meant = |entry: &Entry| matches!(&entry.fact, Fact::Armed(armed) if armed.fault == Fault::Omitted);
    let armed = case.transcript.entries[..before].iter().rposition(meant)?;
    Some(
        case.notes()
            .any(|note| note.entry > armed && note.notification.fault == Some(Fault::Omitted)),
    )
}

/// Below five minutes of patience an update that comes while the scenario still goes on is late, not missing.
fn came_late(case: &Case<'_>, after: usize, slot: &Slot) -> bool {
    let in_steps = |entry: usize| case.transcript.entries[entry].phase == Phase::Steps;
    case.notes().any(|note| {
        note.entry > after && in_steps(note.entry) && inventory::speaks_of(note.notification, slot)
    })
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

    fn awaited(story: Story, met: bool) -> Story {
        let until = json!({ "status": "CANCELED" });
        story.awaited(AGAIN, until, met, copy("CONFIRMED", None))
    }

    fn struck() -> Story {
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
        awaited(struck(), false).judge_all().fails(AGAIN);
        awaited(struck(), true).judge_all().is_clean();
    }

    fn heard(fault: Option<Fault>) -> ReceivedCall {
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
                .armed(Fault::Lost, 1)
                .notify(heard(Some(Fault::Lost)))
        };
        awaited(lost(), false).judge_all().fails(AGAIN);
        awaited(lost().after(1).notify(heard(None)), true)
            .judge_all()
            .is_clean();
        let late = awaited(lost(), false).after(1).notify(heard(None));
        late.judge_all().warns(RequirementId::declared("OPS-04"));
    }

    #[test]
    fn what_never_met_its_fault_says_nothing_of_faults() {
        awaited(story(), false).judge_all().is_clean();
    }
}
