//! INV-15

use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const IDS: RequirementId = RequirementId::declared("INV-15");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/entry-ids",
    requirements: &[IDS],
    manual: "Every entry of a batch inventory update must hold `merchantId` and `serviceId`. The form for a single service \
             names them in its path.",
    scope: Scope::InventoryUpdate(judge),
};

fn judge(_: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    if !update.is_batch() {
        return;
    }
    let missing = missing_id(update);
    verdicts.check(IDS, missing.is_none(), || {
        let proof = update.proof(missing.unwrap_or_default()).expected("present");
        (proof, MESSAGE.to_owned())
    });
}

/// What is said about an entry without ids.
pub(crate) const MESSAGE: &str = "an entry of the inventory update does not name its merchant or its service";

/// The pointer of the first id that a batch update lacks.
pub(crate) fn missing_id(update: &InventoryUpdate<'_>) -> Option<String> {
    let entries = update.is_batch().then(|| update.entries())?;
    entries.into_iter().find_map(|(pointer, entry)| {
        let name = ["merchantId", "serviceId"]
            .into_iter()
            .find(|name| reading::text(entry, &format!("/{name}")).is_none())?;
        Some(format!("{pointer}/{name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;

    #[test]
    fn both_ids_pass() {
        Story::arrival()
            .notify(inventory_update(START, json!({})))
            .judge(&RULE)
            .passes(IDS);
    }

    #[test]
    fn a_missing_service_is_found() {
        let story = Story::arrival().notify(inventory_update(START, json!({ "serviceId": null })));
        let found = story.judge(&RULE).fails(IDS);
        let place = "/extendedServiceAvailability/0/serviceId";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
    }
}
