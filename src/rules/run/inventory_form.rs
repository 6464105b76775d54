//! INV-15, INV-18

use crate::inventory::{entry_ids, field_names};
use crate::{InventoryUpdate, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use domain::Capability;

const IDS: RequirementId = RequirementId::declared("INV-15");
const NAMES: RequirementId = RequirementId::declared("INV-18");

pub(crate) static RULE: Rule = Rule {
    name: "run/inventory-form",
    requirements: &[IDS, NAMES],
    manual: "Inventory updates that no scenario could claim, often because their slots could not be read, are looked at as \
             well: every batch entry must name merchant and service, and no name of the feeds and nothing that made the API \
             answer 400 may be in it.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if !run.cases.iter().any(|case| case.can(Capability::AvailabilityRtu)) {
        return;
    }
    let updates = || run.orphans.iter().filter_map(InventoryUpdate::of_unclaimed);
    let missing = updates().find_map(|update| Some(update.proof(entry_ids::missing_id(&update)?)));
    if let Some(proof) = missing {
        verdicts.fail(IDS, proof.expected("present"), entry_ids::MESSAGE);
    }
    let odd = updates().find_map(|update| {
        let odd = field_names::odd_name(&update)?;
        let actual = update.body.pointer(&odd.pointer).cloned().unwrap_or_default();
        Some((update.proof(odd.pointer).actual(actual), odd.message))
    });
    if let Some((proof, message)) = odd {
        verdicts.fail(NAMES, proof.expected("a field of the API, in its type"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;

    #[test]
    fn a_right_update_is_left_to_other_rules() {
        Story::arrival()
            .orphan(inventory_update(START, json!({})))
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn missing_ids_and_names_of_the_feeds_are_found() {
        let nameless = inventory_update(START, json!({ "merchantId": null }));
        Story::arrival().orphan(nameless).judge(&RULE).fails(IDS);
        let of_the_feeds = inventory_update(START, json!({ "availability": [{ "start_sec": 1 }] }));
        let story = Story::arrival().orphan(of_the_feeds.clone());
        story.judge(&RULE).fails(NAMES);
        let silent = Story::arrival()
            .without(Capability::AvailabilityRtu)
            .orphan(of_the_feeds);
        silent.judge(&RULE).says_nothing();
    }
}
