//! INV-01

use super::is_updated;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const TAKEN: RequirementId = RequirementId::declared("INV-01");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/taken",
    requirements: &[TAKEN],
    manual: "When a booking through Google takes the last free spot of a slot, an inventory update that speaks of the slot \
             must follow, by an entry or by a window that leaves it out. Judged where the scenario lasted as long as a notification is waited for; slots with more \
             spots are left open.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() || case.transcript.early_end().is_some() {
        return;
    }
    for (_, made) in case.bookings() {
        let Some(slot) = case.slot_of(&made).filter(|slot| slot.spots_open <= 1) else {
            continue;
        };
        let Some(updated) = is_updated(case, slot, made.sent_ms) else {
            continue;
        };
        verdicts.check(TAKEN, updated, || {
            let proof = Proof {
                entry: Some(made.entry),
                ..Proof::default()
            };
            (
                proof.expected("an inventory update for the booked slot"),
                "a booking took the slot, but no inventory update told Google so".to_owned(),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use domain::Capability;
    use serde_json::json;

    #[test]
    fn an_update_of_the_slot_passes() {
        let story = Story::arrival()
            .create(booking())
            .notify(inventory_update(START, json!({})));
        story.judge(&RULE).passes(TAKEN);
    }

    #[test]
    fn a_window_that_leaves_the_slot_out_passes() {
        let window = json!({ "startTimeRestrict": "2030-01-01T08:00:00Z", "endTimeRestrict": "2030-01-01T08:00:01Z",
            "availability": [] });
        let story = Story::arrival()
            .create(booking())
            .notify(inventory_update(0, window));
        story.judge(&RULE).passes(TAKEN);
    }

    #[test]
    fn no_update_or_one_of_another_slot_is_found() {
        let late = |story: Story| story.after(30).quiet();
        late(Story::arrival().create(booking())).judge(&RULE).fails(TAKEN);
        let story = Story::arrival()
            .create(booking())
            .notify(inventory_update(START + 3600, json!({})));
        late(story).judge(&RULE).fails(TAKEN);
        let story = Story::arrival()
            .notify(inventory_update(START, json!({})))
            .create(booking());
        late(story).judge(&RULE).fails(TAKEN);
    }

    #[test]
    fn an_update_that_may_still_come_is_not_missing() {
        let story = Story::arrival().create(booking()).after(29).quiet();
        story.judge(&RULE).says_nothing();
    }

    #[test]
    fn an_update_that_was_refused_is_not_missed_as_well() {
        let mut refused = inventory_update(START, json!({}));
        refused.status = 400;
        let story = Story::arrival().create(booking()).orphan(refused);
        story.judge(&RULE).says_nothing();
        let nameless = inventory_update(START, json!({ "merchantId": null }));
        let story = Story::arrival().create(booking()).orphan(nameless);
        story.judge(&RULE).says_nothing();
    }

    #[test]
    fn targets_without_updates_and_slots_with_more_spots_are_not_looked_at() {
        let story = Story::arrival().without(Capability::AvailabilityRtu);
        story.create(booking()).judge(&RULE).says_nothing();
        let story = Story::arrival().slot(|slot| slot.spots_open = 5);
        story.create(booking()).judge(&RULE).says_nothing();
    }
}
