//! RTU-RESCHED-07

use super::{BookingUpdate, until_the_next_act};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

/// Also what a wait for the new start is not held against: the move was reported, in a poor way.
pub(crate) const MOVED: RequirementId = RequirementId::declared("RTU-RESCHED-07");

pub(crate) static RULE: Rule = Rule {
    name: "notification/move-as-cancel",
    requirements: &[MOVED],
    manual: "A booking that is moved on the partner's side should be told as moved. When CANCELED is told instead, only this is \
             reported: the new booking that the partner may have made is not one of Google's.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (entry, _, trigger) in case
        .triggers()
        .filter(|(_, _, trigger)| trigger.name == "reschedule")
    {
        let updates = until_the_next_act(case, entry, &trigger.booking_id);
        let canceled = |patch: &&BookingUpdate<'_>| {
            patch.status() == Some("CANCELED") && patch.text_before("/status") != Some("CANCELED")
        };
        let canceled = updates.iter().find(canceled);
        if updates.is_empty() {
            continue;
        }
        verdicts.check(MOVED, canceled.is_none(), || {
            let proof = Proof::at(canceled.map_or(entry, |patch| patch.entry), "/status");
            (
                proof.expected("startTime").actual("CANCELED"),
                "a booking that was moved is reported as cancelled".to_owned(),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy};
    use serde_json::{Value, json};

    fn update(mask: &str, body: Value) -> Story {
        let story = Story::arrival().create(booking()).trigger("reschedule");
        story.patch(
            Some(mask),
            changes(body),
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        )
    }

    #[test]
    fn a_new_start_passes() {
        update("startTime", json!({ "startTime": "2030-01-01T09:00:00Z" }))
            .judge(&RULE)
            .passes(MOVED);
    }

    #[test]
    fn a_cancellation_in_its_place_warns() {
        update("status", json!({ "status": "CANCELED" }))
            .judge(&RULE)
            .warns(MOVED);
    }

    #[test]
    fn a_cancellation_by_the_merchant_afterwards_is_something_else() {
        let story =
            update("startTime", json!({ "startTime": "2030-01-01T09:00:00Z" })).trigger("merchant_cancel");
        let body = changes(json!({ "status": "CANCELED" }));
        let after = story.patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        );
        after.judge(&RULE).passes(MOVED);
    }
}
