//! RTU-ASYNC-11

use super::updates::listed;
use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::Capability;

const STATED: RequirementId = RequirementId::declared("RTU-ASYNC-11");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/confirmation-mode",
    requirements: &[STATED],
    manual: "A partner that has slots on request must state `confirmationMode` for every slot that an inventory update lists, for \
             those that are confirmed at once as well.",
    scope: Scope::InventoryUpdate(judge),
};

fn judge(case: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    if !case.can(Capability::Asynchronous) || !update.notification.is_stored() {
        return;
    }
    for (pointer, entry) in update.entries() {
        for (place, slot) in listed(entry).iter().enumerate() {
            let mode = reading::api_name("ConfirmationMode", slot, "/confirmationMode");
            let stated = mode.is_some_and(|mode| !mode.is_empty() && mode != "CONFIRMATION_MODE_UNSPECIFIED");
            verdicts.check(STATED, stated, || {
                let place = format!("{pointer}/availability/{place}/confirmationMode");
                (
                    update.proof(place).expected("present").actual(mode),
                    "an inventory update does not say how bookings of the slot are confirmed".to_owned(),
                )
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::{Value, json};

    fn listing(slot: &Value) -> Story {
        Story::arrival().notify(inventory_update(START, json!({ "availability": [slot] })))
    }

    #[test]
    fn a_stated_mode_passes() {
        listing(&json!({ "confirmationMode": "CONFIRMATION_MODE_SYNCHRONOUS" }))
            .judge(&RULE)
            .passes(STATED);
        // An enum by its number is read as well.
        listing(&json!({ "confirmationMode": 2 }))
            .judge(&RULE)
            .passes(STATED);
        listing(&json!({ "confirmationMode": 0 }))
            .judge(&RULE)
            .fails(STATED);
    }

    #[test]
    fn an_absent_mode_is_found() {
        listing(&json!({ "spotsOpen": "1" })).judge(&RULE).fails(STATED);
    }

    #[test]
    fn who_has_no_slots_on_request_need_not_say() {
        listing(&json!({}))
            .without(Capability::Asynchronous)
            .judge(&RULE)
            .says_nothing();
    }
}
