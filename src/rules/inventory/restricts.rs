//! INV-14

use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const BOTH: RequirementId = RequirementId::declared("INV-14");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/restricts",
    requirements: &[BOTH],
    manual: "Every entry of an inventory update should set `startTimeRestrict` and `endTimeRestrict`. Without them the list is \
             taken for everything that there is, and all other slots are deleted.",
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
    } else if !entries.is_empty() {
        verdicts.pass(BOTH);
    }
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
