//! FEED-AVL-01, FEED-AVL-12

use super::updates::listed;
use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::time;
use serde_json::Value;

/// Also what an update is not held against that could not be placed.
pub(crate) const PLACED: RequirementId = RequirementId::declared("FEED-AVL-01");
const NAMED: RequirementId = RequirementId::declared("FEED-AVL-12");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/complete",
    requirements: &[PLACED, NAMED],
    manual: "Every slot that an inventory update lists must have its start and its length, since Google places it by these, and \
             staff and rooms come with id and name, never with one of the two. Merchant and service of an entry have a rule of \
             their own, and so have values of another type.",
    scope: Scope::InventoryUpdate(judge),
};

const PAIRS: [[&str; 2]; 4] = [
    ["staffId", "staffName"],
    ["staffName", "staffId"],
    ["roomId", "roomName"],
    ["roomName", "roomId"],
];

fn judge(_: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    if !update.notification.is_stored() {
        return;
    }
    if let Some((id, pointer)) = missing(update) {
        let field = pointer.rsplit('/').next().unwrap_or_default();
        let message = format!("an inventory update lists a slot without \"{field}\"");
        return verdicts.fail(id, update.proof(pointer.as_str()).expected("present"), message);
    }
    for (_, slot) in slots(update) {
        verdicts.pass(PLACED);
        if PAIRS
            .iter()
            .any(|[has, _]| reading::text(slot, &format!("/resources/{has}")).is_some())
        {
            verdicts.pass(NAMED);
        }
    }
}

/// The first thing that a listed slot lacks: the requirement, and its place.
pub(crate) fn missing(update: &InventoryUpdate<'_>) -> Option<(RequirementId, String)> {
    slots(update).into_iter().find_map(|(pointer, slot)| {
        let is_placed = reading::text(slot, "/startTime").is_some();
        // Zero is how a length is written that is not set.
        let length = reading::text(slot, "/duration").map(time::duration_to_seconds);
        let is_long = length.is_some_and(|length| length != Ok(0));
        let lacks = |field: &str| format!("{pointer}/{field}");
        let half = || {
            PAIRS.iter().find_map(|[has, due]| {
                let [has, is_there] =
                    [has, due].map(|name| reading::text(slot, &format!("/resources/{name}")));
                (has.is_some() && is_there.is_none()).then(|| lacks(&format!("resources/{due}")))
            })
        };
        match (is_placed, is_long) {
            (false, _) => Some((PLACED, lacks("startTime"))),
            (true, false) => Some((PLACED, lacks("duration"))),
            (true, true) => half().map(|pointer| (NAMED, pointer)),
        }
    })
}

fn slots<'u>(update: &InventoryUpdate<'u>) -> Vec<(String, &'u Value)> {
    let entries = update.entries().into_iter();
    let slots = entries.flat_map(|(pointer, entry)| {
        let numbered = listed(entry).iter().enumerate();
        numbered.map(move |(index, slot)| (format!("{pointer}/availability/{index}"), slot))
    });
    slots.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, StoryVerdict, inventory_update};
    use serde_json::json;

    fn listing(change: impl FnOnce(&mut Value)) -> StoryVerdict {
        let mut slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsTotal": "1",
            "resources": { "staffId": "ada", "staffName": "Ada" } });
        change(&mut slot);
        let update = inventory_update(START, json!({ "availability": [slot] }));
        Story::arrival().notify(update).judge(&RULE)
    }

    #[test]
    fn a_whole_slot_passes_and_so_does_one_without_staff() {
        listing(|_| ()).passes(PLACED);
        listing(|_| ()).passes(NAMED);
        listing(|slot| slot["resources"] = Value::Null).passes(PLACED);
        listing(|slot| slot["duration"] = json!("1800.000s")).passes(PLACED);
    }

    #[test]
    fn what_a_slot_lacks_is_named() {
        let found = listing(|slot| slot["startTime"] = Value::Null).fails(PLACED);
        assert_eq!(
            found.message,
            "an inventory update lists a slot without \"startTime\""
        );
        listing(|slot| slot["duration"] = json!("0s")).fails(PLACED);
        listing(|slot| slot["duration"] = Value::Null).fails(PLACED);
        for half in ["staffId", "staffName"] {
            let found = listing(|slot| slot["resources"][half] = Value::Null).fails(NAMED);
            let place = found.evidence.pointer.unwrap_or_default();
            assert!(place.ends_with(&format!("/resources/{half}")), "{place}");
        }
    }
}
