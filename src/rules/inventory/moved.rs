//! RTU-RESCHED-05

use super::{any_refused, is_offered, was_updated};
use crate::catalogue::RequirementId;
use crate::protocol::slot::Slot;
use crate::protocol::time;
use crate::rules::bench::Proof;
use crate::rules::{Bench, Case, Rule, Scope, reading};
use serde_json::Value;

const MOVED: RequirementId = RequirementId::declared("RTU-RESCHED-05");

pub(in crate::rules) static RULE: Rule = Rule {
    name: "inventory/moved",
    requirements: &[MOVED],
    manual: "When a booking is moved on the partner's side and Google was told so, inventory updates must speak of the slot that \
             became free, and of the slot that it now takes if that was its last spot. Judged at the end of the scenario.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, bench: &mut Bench) {
    if !is_offered(case) || any_refused(case) || case.transcript.stopped().is_some() {
        return;
    }
    for (entry, at_ms, trigger) in case
        .triggers()
        .filter(|(_, _, trigger)| trigger.name == "reschedule")
    {
        let Some((old, new)) = told(case, entry, &trigger.booking_id) else {
            continue;
        };
        let silent = [("old", Some(old)), ("new", new)]
            .into_iter()
            .find(|(_, slot)| slot.as_ref().is_some_and(|slot| !was_updated(case, slot, at_ms)));
        bench.check(MOVED, silent.is_none(), || {
            let which = silent.map_or("", |(which, _)| which);
            let proof = Proof {
                entry: Some(entry),
                ..Proof::default()
            };
            (
                proof.expected(format!("an inventory update for the {which} slot")),
                format!("a booking was moved on the partner's side, but no inventory update told Google of its {which} slot"),
            )
        });
    }
}

/// The slot that a booking was moved from, and the one that it was moved to if that is known and full by now.
fn told(case: &Case<'_>, from: usize, id: &str) -> Option<(Slot, Option<Slot>)> {
    let slot = case.slot_of_booking(id)?;
    let start = |copy: Option<&Value>| {
        let text = reading::text(copy?, "/startTime")?;
        time::timestamp_to_seconds(text).ok()
    };
    let mut moves = case.notes_about(id).filter(|note| note.entry > from).map(|note| {
        let copies = note.notification;
        (start(copies.before.as_ref()), start(copies.after.as_ref()))
    });
    let (old, new) = moves.find(|(old, new)| old != new && new.is_some())?;
    let full = |bound: &&Slot| {
        bound.service_id == slot.service_id && Some(bound.start_sec) == new && bound.spots_open <= 1
    };
    let bound = case.transcript.bound();
    let new = bound.and_then(|bound| bound.slots.values().find(full).cloned());
    let old = Slot {
        start_sec: old?,
        ..slot.clone()
    };
    Some((old, new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{START, Story, booking, changes, copy, replaced};
    use serde_json::json;

    fn moved() -> Story {
        let later = "2030-01-01T09:00:00Z";
        let mut after = copy("CONFIRMED", None);
        after["startTime"] = json!(later);
        let story = Story::arrival().create(booking()).trigger("reschedule");
        let body = changes(json!({ "startTime": later }));
        story.patch(Some("startTime"), body, copy("CONFIRMED", None), after)
    }

    #[test]
    fn an_update_of_the_slot_that_became_free_passes() {
        moved()
            .notify(replaced(START, json!({})))
            .judge(&RULE)
            .passes(MOVED);
    }

    #[test]
    fn silence_about_it_is_found() {
        moved().judge(&RULE).fails(MOVED);
    }

    #[test]
    fn a_move_that_was_never_told_is_another_finding() {
        let story = Story::arrival().create(booking()).trigger("reschedule");
        story.judge(&RULE).says_nothing();
    }
}
