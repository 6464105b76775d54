//! RTU-RESCHED-06

use super::{BookingUpdate, mask_complete::changes, until_the_next_act};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const ONE: RequirementId = RequirementId::declared("RTU-RESCHED-06");

pub(crate) static RULE: Rule = Rule {
    name: "notification/move-in-one",
    requirements: &[ONE],
    manual: "When one change on the partner's side touches start, duration and party size, they should be told in one \
             notification with several mask paths, not field by field. Repeats of a notification do not count.",
    scope: Scope::Scenario(judge),
};

const FIELDS: [&str; 3] = ["startTime", "duration", "partySize"];
const MOVING: [&str; 2] = ["reschedule", "change_party_size"];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let moves = case
        .triggers()
        .filter(|(_, _, trigger)| MOVING.contains(&trigger.name.as_str()));
    for (entry, _, trigger) in moves {
        let updates = until_the_next_act(case, entry, &trigger.booking_id);
        let updates: Vec<_> = updates
            .iter()
            .filter(|patch| first_changed_field(patch).is_some())
            .collect();
        let Some(first) = updates.first().and_then(|patch| first_changed_field(patch)) else {
            continue;
        };
        let piece = updates
            .iter()
            .find(|patch| first_changed_field(patch) != Some(first));
        verdicts.check(ONE, piece.is_none(), || {
            let field = piece
                .and_then(|patch| first_changed_field(patch))
                .unwrap_or_default();
            let proof = Proof::at(piece.map_or(entry, |patch| patch.entry), format!("/{field}"));
            (
                proof
                    .expected(format!("updateMask={first},{field}"))
                    .actual(field),
                format!("one change was told field by field: `{first}` first, then `{field}`"),
            )
        });
    }
}

/// The first field that a notification changes.
fn first_changed_field(patch: &BookingUpdate<'_>) -> Option<&'static str> {
    let before = patch.before?;
    let meant = |field: &&str| !patch.has_mask() || patch.names(field);
    FIELDS
        .into_iter()
        .filter(meant)
        .find(|field| changes(patch.body, before, field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy};
    use serde_json::json;

    const LATER: &str = "2030-01-01T09:00:00Z";

    fn update(mask: &str) -> Story {
        let story = Story::arrival().create(booking()).trigger("reschedule");
        let body = changes(json!({ "startTime": LATER, "duration": "3600s" }));
        let mut after = copy("CONFIRMED", None);
        after["startTime"] = json!(LATER);
        story.patch(Some(mask), body, copy("CONFIRMED", None), after)
    }

    #[test]
    fn several_paths_in_one_notification_pass() {
        update("startTime,duration").judge(&RULE).passes(ONE);
    }

    #[test]
    fn a_notification_for_each_field_warns() {
        let mut before = copy("CONFIRMED", None);
        before["startTime"] = json!(LATER);
        let body = changes(json!({ "duration": "3600s" }));
        let story = update("startTime").patch(Some("duration"), body, before.clone(), before);
        story.judge(&RULE).warns(ONE);
    }
}
