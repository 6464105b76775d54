//! What a step waits for in Google's copy of a slot.

use super::{Course, is_disputed};
use crate::case::Case;
use crate::inventory::{self, restricts::BOTH as WINDOW, spots::COUNT};
use crate::verdicts::{Proof, Verdicts};
use catalogue::RequirementId;
use domain::Capability;
use domain::slot::Slot;
use scenario::AwaitSlot;
use serde_json::Value;
use transcript::{Entry, Fact, Fault, Phase, SlotWait, StepPath};

const FREED: RequirementId = RequirementId::declared("INV-02");

/// Judges a wait for an inventory update and says whether the scenario continues.
pub(super) fn judge(
    case: &Case<'_>,
    wait: &AwaitSlot,
    path: StepPath,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    if !case.can(Capability::AvailabilityRtu) {
        verdicts.not_applicable(wait.requirement);
        return Course::Continues;
    }
    let awaited = find_awaited(case, path).filter(|_| !so_far.has_ended());
    let is_unclear = |entry: usize, slot: &Slot| {
        let is_found = [COUNT, WINDOW].iter().any(|id| verdicts.has_finding(*id));
        is_found || inventory::has_refusal(case) || inventory::is_deleted(case, slot, entry)
    };
    let Some((entry, awaited)) =
        awaited.filter(|(entry, awaited)| awaited.met || !is_unclear(*entry, &awaited.slot))
    else {
        verdicts.not_testable(wait.requirement);
        return Course::Ended;
    };
    if awaited.met {
        // An update of one service has no entries that could be left out.
        match is_left_out(case, entry) {
            Some(false) => verdicts.not_applicable(wait.requirement),
            _ => verdicts.pass(wait.requirement),
        }
        return Course::Continues;
    }
    // A rule has found that no update spoke of the slot at all.
    if is_disputed(case, wait.requirement) || verdicts.has_failure(wait.requirement) {
        verdicts.not_testable(wait.requirement);
        return Course::Ended;
    }
    // A request may take no spot until it is decided, and what was never told to be taken has not to be told to be free.
    if wait.requirement == FREED && !inventory::was_told_full(case, &awaited.slot, entry) {
        verdicts.not_applicable(wait.requirement);
        return Course::Continues;
    }
    // An update that the armed fault never struck says nothing about faults; that it should have come is judged elsewhere.
    if is_left_out(case, entry) == Some(false) {
        verdicts.inconclusive(wait.requirement);
        return Course::Ended;
    }
    let seconds = case
        .transcript
        .binding()
        .map_or(0, |bound| bound.within_ms / 1000);
    let base = wait
        .otherwise
        .as_deref()
        .unwrap_or("no inventory update told Google of the slot");
    let proof = Proof {
        entry: Some(entry),
        ..Proof::default()
    };
    let proof = proof
        .expected(scenario::matcher::describe(&awaited.until))
        .actual(awaited.copy.clone().unwrap_or(Value::Null));
    let message = format!("{base} within {seconds} s; Google gives five minutes");
    if is_late(case, entry, awaited) {
        verdicts.warn(
            wait.requirement,
            proof,
            format!("{message}; an update came later"),
        );
        return Course::Continues;
    }
    verdicts.fail(wait.requirement, proof, message);
    Course::after_failure_of(wait.requirement)
}

fn find_awaited<'c>(case: &'c Case<'_>, path: StepPath) -> Option<(usize, &'c SlotWait)> {
    let mut entries = case.transcript.entries.iter().enumerate();
    entries.find_map(|(index, entry)| match &entry.fact {
        Fact::AwaitedSlot(awaited) if awaited.step == path => Some((index, awaited)),
        _ => None,
    })
}

/// Whether an entry was left out of an answer on purpose; none when it was not meant to be.
fn is_left_out(case: &Case<'_>, before: usize) -> Option<bool> {
    let meant = |entry: &Entry| matches!(&entry.fact, Fact::Armed(armed) if armed.fault == Fault::Omitted);
    let armed = case.transcript.entries[..before].iter().rposition(meant)?;
    Some(
        case.partner_calls()
            .any(|call| call.entry > armed && call.notification.fault == Some(Fault::Omitted)),
    )
}

/// When less than five minutes were waited, an update that comes before the run ends is late, not missing. While bookings
/// are cancelled only one that says what was waited for counts: cancellations bring about updates of their own.
fn is_late(case: &Case<'_>, after: usize, wait: &SlotWait) -> bool {
    let in_steps = |entry: usize| case.transcript.entries[entry].phase == Phase::Steps;
    case.partner_calls().any(|call| {
        let says = || inventory::says(call.notification, &wait.slot, &wait.until);
        call.entry > after
            && inventory::speaks_of(call.notification, &wait.slot)
            && (in_steps(call.entry) || says())
    })
}
