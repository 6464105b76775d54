//! RTU-RESCHED-05

use super::is_updated;
use crate::notification::moved_start;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::time;
use serde_json::Value;

const MOVED: RequirementId = RequirementId::declared("RTU-RESCHED-05");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/moved",
    requirements: &[MOVED],
    manual: "When a booking is moved on the partner's side and Google was told so, inventory updates must speak of the slot that \
             became free, and of the slot that it now takes if that was its last spot. Judged where the scenario lasted as long as a notification is waited for.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() || case.transcript.early_end().is_some() {
        return;
    }
    let mut judged: Vec<&str> = Vec::new();
    for (entry, at_ms, trigger) in case
        .triggers()
        .filter(|(_, _, trigger)| trigger.name == "reschedule")
    {
        let id = trigger.booking_id.as_str();
        // Several triggers of one booking are judged once: its moves are read from the first trigger on. Where another start
        // was notified than the one that it was moved to, what Google knows of the move does not say which slots it was.
        if judged.contains(&id) || moved_start::is_misreported(case, id) {
            continue;
        }
        judged.push(id);
        for (old, new) in reported_moves(case, entry, id) {
            judge_one(case, entry, at_ms, &[("old", Some(old)), ("new", new)], verdicts);
        }
    }
}

fn judge_one(
    case: &Case<'_>,
    entry: usize,
    since_ms: u64,
    slots: &[(&str, Option<Slot>); 2],
    verdicts: &mut Verdicts,
) {
    let updated = |slot: &Option<Slot>| {
        slot.as_ref()
            .map_or(Some(true), |slot| is_updated(case, slot, since_ms))
    };
    if slots.iter().any(|(_, slot)| updated(slot).is_none()) {
        return;
    }
    let unreported = slots.iter().find(|(_, slot)| updated(slot) == Some(false));
    verdicts.check(MOVED, unreported.is_none(), || {
        let which = unreported.map_or("", |(which, _)| which);
        let proof = Proof {
            entry: Some(entry),
            ..Proof::default()
        };
        (
            proof.expected(format!("an inventory update for the {which} slot")),
            format!(
                "a booking was moved on the partner's side, but no inventory update told Google of its {which} slot"
            ),
        )
    });
}

/// Each move that Google was notified of: the slot that the booking was moved from, and the one that it was moved to if that is
/// known and full by now. What the partner's side is made to do twice may be reported late, or at once: which notification
/// is about which act is open.
fn reported_moves(case: &Case<'_>, from: usize, id: &str) -> Vec<(Slot, Option<Slot>)> {
    let Some(slot) = case.slot_of_booking(id) else {
        return Vec::new();
    };
    let start = |copy: Option<&Value>| {
        let text = reading::text(copy?, "/startTime")?;
        time::timestamp_to_seconds(text).ok()
    };
    let at = |sec: i64| Slot {
        start_sec: sec,
        ..slot.clone()
    };
    let full = |sec: i64| {
        let mut slots = case
            .transcript
            .binding()
            .into_iter()
            .flat_map(|bound| bound.slots.values());
        slots
            .find(|bound| {
                bound.service_id == slot.service_id && bound.start_sec == sec && bound.spots_open <= 1
            })
            .cloned()
    };
    let (mut moves, mut old_sec) = (Vec::new(), slot.start_sec);
    for call in case.calls_about(id).filter(|call| call.entry > from) {
        let copies = call.notification;
        let (before, after) = (start(copies.before.as_ref()), start(copies.after.as_ref()));
        if let Some(new_sec) = after.filter(|_| before != after) {
            moves.push((at(old_sec), full(new_sec)));
            old_sec = new_sec;
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, changes, copy, inventory_update};
    use serde_json::json;

    fn reschedule() -> Story {
        let later = "2030-01-01T09:00:00Z";
        let mut after = copy("CONFIRMED", None);
        after["startTime"] = json!(later);
        let story = Story::arrival().create(booking()).trigger("reschedule");
        let body = changes(json!({ "startTime": later }));
        story.patch(Some("startTime"), body, copy("CONFIRMED", None), after)
    }

    #[test]
    fn an_update_of_the_slot_that_became_free_passes() {
        reschedule()
            .notify(inventory_update(START, json!({})))
            .judge(&RULE)
            .passes(MOVED);
    }

    #[test]
    fn of_two_acts_in_a_row_either_may_have_made_the_update() {
        let later = "2030-01-01T10:00:00Z";
        let (mut before, mut after) = (copy("CONFIRMED", None), copy("CONFIRMED", None));
        before["startTime"] = json!("2030-01-01T09:00:00Z");
        after["startTime"] = json!(later);
        let story = Story::arrival()
            .create(booking())
            .trigger("reschedule")
            .notify(inventory_update(START, json!({})))
            .trigger("reschedule");
        let mut second = copy("CONFIRMED", None);
        second["startTime"] = json!("2030-01-01T09:00:00Z");
        let first = changes(json!({ "startTime": "2030-01-01T09:00:00Z" }));
        story
            .patch(Some("startTime"), first, copy("CONFIRMED", None), second)
            .notify(inventory_update(START + 3600, json!({})))
            .patch(
                Some("startTime"),
                changes(json!({ "startTime": later })),
                before,
                after,
            )
            .judge(&RULE)
            .passes(MOVED);
    }

    #[test]
    fn silence_about_it_is_found() {
        reschedule().judge(&RULE).says_nothing();
        reschedule().after(30).quiet().judge(&RULE).fails(MOVED);
    }

    #[test]
    fn a_move_that_was_never_told_is_another_finding() {
        let story = Story::arrival().create(booking()).trigger("reschedule");
        story.judge(&RULE).says_nothing();
    }
}
