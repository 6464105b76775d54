//! INV-14

use super::updates::listed;
use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::time;
use serde_json::Value;

/// Also what a wait for an update of a slot is not held against: its window put it astray, or another one deleted it.
pub(crate) const BOTH: RequirementId = RequirementId::declared("INV-14");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/restricts",
    requirements: &[BOTH],
    manual: "Every entry of an inventory update should set `startTimeRestrict` and `endTimeRestrict`. Without them the list is \
             taken for everything that there is, and all other slots are deleted. Every listed slot must start inside of the window.",
    scope: Scope::InventoryUpdate(judge),
};

fn judge(_: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    let entries = update.entries();
    let missing = entries.iter().find_map(|(pointer, entry)| {
        let name = ["startTimeRestrict", "endTimeRestrict"]
            .into_iter()
            .find(|name| reading::set(entry, &format!("/{name}")).is_none())?;
        Some(format!("{pointer}/{name}"))
    });
    if let Some(pointer) = missing {
        let proof = update.proof(pointer).expected("present");
        verdicts.fail(
            BOTH,
            proof,
            "the inventory update does not say for which time it is the complete list",
        );
        return;
    }
    let astray = entries
        .iter()
        .find_map(|(pointer, entry)| outside(pointer, entry));
    match astray {
        Some((pointer, start)) => {
            let proof = update.proof(pointer).expected("a start inside of the window");
            let message = "the inventory update lists a slot that starts outside of its `startTimeRestrict` and `endTimeRestrict`";
            verdicts.fail(BOTH, proof.actual(start), message);
        }
        None if !entries.is_empty() => verdicts.pass(BOTH),
        None => {}
    }
}

/// The first listed slot that starts outside of the entry's window: its pointer and its start.
fn outside(pointer: &str, entry: &Value) -> Option<(String, String)> {
    let seconds = |text: Option<&str>| time::timestamp_to_seconds(text?).ok();
    let from = seconds(reading::text(entry, "/startTimeRestrict"))?;
    let to = seconds(reading::text(entry, "/endTimeRestrict"))?;
    let listed = listed(entry);
    listed.iter().enumerate().find_map(|(index, slot)| {
        let start = reading::text(slot, "/startTime")?;
        let at = seconds(Some(start))?;
        // Where a window ends with a start, both ways of reading it pass.
        let is_outside = at < from || at > to;
        is_outside.then(|| {
            (
                format!("{pointer}/availability/{index}/startTime"),
                start.to_owned(),
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;

    #[test]
    fn both_restricts_pass_in_either_spelling() {
        let entry = json!({ "start_time_restrict": "2030-01-01T08:00:00Z", "endTimeRestrict": "2030-01-01T08:00:01Z" });
        Story::arrival()
            .notify(inventory_update(START, entry))
            .judge(&RULE)
            .passes(BOTH);
    }

    #[test]
    fn a_slot_outside_of_the_window_warns_and_one_at_its_edge_does_not() {
        let listing = |start: &str| {
            let slot =
                json!({ "startTime": start, "duration": "1800s", "spotsOpen": "0", "spotsTotal": "1" });
            let entry = json!({ "availability": [slot], "startTimeRestrict": "2030-01-01T08:00:00Z",
                "endTimeRestrict": "2030-01-01T08:30:00Z" });
            Story::arrival().notify(inventory_update(START, entry))
        };
        listing("2030-01-01T08:30:00Z").judge(&RULE).passes(BOTH);
        let found = listing("2030-01-01T10:00:00Z").judge(&RULE).warns(BOTH);
        let place = "/extendedServiceAvailability/0/availability/0/startTime";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
    }

    #[test]
    fn one_restrict_warns() {
        let entry = json!({ "startTimeRestrict": "2030-01-01T08:00:00Z" });
        let found = Story::arrival()
            .notify(inventory_update(START, entry))
            .judge(&RULE)
            .warns(BOTH);
        let place = "/extendedServiceAvailability/0/endTimeRestrict";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
    }
}
