//! INV-02

use super::is_updated;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const FREED: RequirementId = RequirementId::declared("INV-02");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/freed",
    requirements: &[FREED],
    manual: "When a booking is cancelled on the partner's side and Google was told so, an inventory update that speaks of the \
             slot must follow as well. Judged where the scenario lasted as long as a notification is waited for.",
    scope: Scope::Scenario(judge),
};

const CANCELLING: [&str; 3] = ["user_cancel_at_partner", "merchant_cancel", "unpaid"];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() || case.transcript.early_end().is_some() {
        return;
    }
    for (entry, at_ms, trigger) in case.triggers() {
        let id = trigger.booking_id.as_str();
        let canceled = case
            .last_copy(id)
            .is_some_and(|copy| reading::text(copy, "/status") == Some("CANCELED"));
        let slot = case
            .slot_of_booking(id)
            .filter(|_| canceled && !case.is_moved(id));
        let Some(slot) = slot.filter(|_| CANCELLING.contains(&trigger.name.as_str())) else {
            continue;
        };
        let Some(updated) = is_updated(case, slot, at_ms) else {
            continue;
        };
        verdicts.check(FREED, updated, || {
            let proof = Proof {
                entry: Some(entry),
                ..Proof::default()
            };
            (
                proof.expected("an inventory update for the slot of the cancelled booking"),
                "a cancellation on the partner's side freed the slot, but no inventory update told Google so"
                    .to_owned(),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, changes, copy, inventory_update};
    use serde_json::json;

    fn cancellation() -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let story = Story::arrival()
            .create(booking())
            .notify(inventory_update(START, json!({})));
        let story = story.trigger("merchant_cancel");
        story.patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    #[test]
    fn an_update_after_the_cancellation_passes() {
        cancellation()
            .notify(inventory_update(START, json!({})))
            .judge(&RULE)
            .passes(FREED);
    }

    #[test]
    fn the_update_of_the_booking_is_not_that_of_the_cancellation() {
        cancellation().judge(&RULE).says_nothing();
        cancellation().after(30).quiet().judge(&RULE).fails(FREED);
    }

    #[test]
    fn after_a_move_that_nobody_told_of_it_is_not_known_which_slot_is_free() {
        let body = changes(json!({ "status": "CANCELED" }));
        let story = Story::arrival()
            .create(booking())
            .trigger("reschedule")
            .trigger("merchant_cancel");
        let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
        let story = story.patch(Some("status"), body, before, after);
        story.judge(&RULE).says_nothing();
    }

    #[test]
    fn a_cancellation_that_was_never_told_is_another_finding() {
        let story = Story::arrival().create(booking()).trigger("merchant_cancel");
        story.judge(&RULE).says_nothing();
    }
}
