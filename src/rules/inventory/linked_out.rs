//! REDIR-05

use super::updates::listed;
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, PartnerCall, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::{Capability, LinkedSlot};
use protocol::{int64, time};
use serde_json::{Value, json};

const FIELDS: RequirementId = RequirementId::declared("REDIR-05");

const REASON: &str = "linkoutRequiredReason";

pub(crate) static RULE: Rule = Rule {
    name: "inventory/linked-out",
    requirements: &[FIELDS],
    manual: "Looks at inventory updates that list a slot which links out in the feed (same start, length, staff, room and party). An \
             update replaces the slot, so it must have `linkoutRequiredReason` again, and what the slot says of its payment in the \
             feed: `prepayment`, `deposit`, `noShowFee`. The amounts are not compared. Where no update lists such a slot, there is \
             nothing to judge.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(first) = run.cases.first() else { return };
    if !first.can(Capability::AvailabilityRtu) || first.offer.linked.is_empty() {
        return;
    }
    for case in run.cases {
        let calls = case.partner_calls().filter(PartnerCall::is_accepted);
        for update in calls.filter_map(InventoryUpdate::of) {
            check(case, &update, Some(&case.scenario.id), verdicts);
        }
    }
    let orphans = run.orphans.iter().filter(|orphan| orphan.is_stored());
    for update in orphans.filter_map(InventoryUpdate::of_unclaimed) {
        check(first, &update, None, verdicts);
    }
}

fn check(case: &Case<'_>, update: &InventoryUpdate<'_>, scenario: Option<&str>, verdicts: &mut Verdicts) {
    for (pointer, entry) in update.entries() {
        let ids = update.merchant_of(entry).zip(update.service_of(entry));
        let Some((merchant, service)) = ids else { continue };
        let key = (merchant.to_owned(), service.to_owned());
        let Some(linked) = case.offer.linked.get(&key) else {
            continue;
        };
        for (index, slot) in listed(entry).iter().enumerate() {
            let Some(feed) = linked.iter().find(|feed| is_same(slot, feed)) else {
                continue;
            };
            let missing = missing(slot, feed);
            verdicts.check(FIELDS, missing.is_none(), || {
                let field = missing.unwrap_or_default();
                let start = reading::text(slot, "/startTime").unwrap_or_default();
                let message = format!(
                    "the inventory update lists the slot of {service} at {start} without \"{field}\"; in the feed the slot links \
                     out and has it"
                );
                let proof = update.proof(format!("{pointer}/availability/{index}/{field}"));
                let proof = scenario.into_iter().fold(proof, Proof::in_scenario);
                (proof.expected(json!({ "present": field })), message)
            });
        }
    }
}

/// The first field of the redirect that the slot has in the feed and not here.
fn missing(slot: &Value, feed: &LinkedSlot) -> Option<&'static str> {
    let links_out =
        reading::text(slot, "/linkoutRequiredReason").is_some_and(|reason| !reason.ends_with("UNSPECIFIED"));
    if !links_out {
        return Some(REASON);
    }
    let mut fields = feed.paid_by.iter().map(|how| how.field());
    fields.find(|field| reading::set(slot, &format!("/{field}")).is_none())
}

fn is_same(listed: &Value, feed: &LinkedSlot) -> bool {
    let start = reading::text(listed, "/startTime").and_then(|text| time::timestamp_to_seconds(text).ok());
    let length = reading::text(listed, "/duration").and_then(|text| time::duration_to_seconds(text).ok());
    let party = reading::set(listed, "/resources/partySize").and_then(int64::read);
    start == Some(feed.start_sec)
        && length == Some(feed.duration_sec)
        && reading::text(listed, "/resources/staffId") == feed.resources.staff_id.as_deref()
        && reading::text(listed, "/resources/roomId") == feed.resources.room_id.as_deref()
        && party.unwrap_or(0) == i64::from(feed.resources.party_size.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Offer;
    use crate::testing::{START, Story, inventory_update};
    use domain::PaidBy;
    use domain::slot::Resources;
    use std::collections::BTreeSet;

    fn story() -> Story {
        let linked = LinkedSlot {
            start_sec: START,
            duration_sec: 1_800,
            resources: Resources {
                room_id: Some("terrace".into()),
                ..Resources::default()
            },
            paid_by: BTreeSet::from([PaidBy::Prepayment]),
        };
        let key = ("salon".to_owned(), "cut".to_owned());
        Story::arrival().offering(Offer {
            linked: [(key, BTreeSet::from([linked]))].into(),
            ..Offer::default()
        })
    }

    fn listing(slot: Value) -> Value {
        let mut listed = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s",
            "resources": { "roomId": "terrace", "roomName": "Terrace" } });
        if let (Value::Object(listed), Value::Object(slot)) = (&mut listed, slot) {
            listed.extend(slot);
        }
        json!({ "merchantId": "salon", "serviceId": "cut", "availability": [listed] })
    }

    fn told(slot: Value) -> Story {
        story().notify(inventory_update(START, listing(slot)))
    }

    #[test]
    fn what_the_feed_has_is_repeated() {
        let right = json!({ "linkoutRequiredReason": "PAYMENT_REQUIRED", "prepayment": { "priceInfo": {} } });
        told(right.clone()).judge(&RULE).passes(FIELDS);
        let orphan = story().orphan(inventory_update(START, listing(right)));
        orphan.judge(&RULE).passes(FIELDS);
    }

    #[test]
    fn a_slot_that_no_longer_links_out_is_found() {
        let found = told(json!({ "prepayment": {} })).judge(&RULE).fails(FIELDS);
        assert_eq!(
            found.message,
            "the inventory update lists the slot of cut at 2030-01-01T08:00:00Z without \"linkoutRequiredReason\"; in the feed \
             the slot links out and has it"
        );
        let orphan = story().orphan(inventory_update(START, listing(json!({}))));
        orphan.judge(&RULE).fails(FIELDS);
    }

    #[test]
    fn a_slot_without_its_payment_is_found() {
        let found = told(json!({ "linkoutRequiredReason": "PAYMENT_REQUIRED" }))
            .judge(&RULE)
            .fails(FIELDS);
        let place = found.evidence.pointer.unwrap_or_default();
        assert!(place.ends_with("/availability/0/prepayment"), "{place}");
    }

    #[test]
    fn other_slots_of_the_service_say_nothing() {
        told(json!({ "resources": {} })).judge(&RULE).says_nothing();
        told(json!({ "duration": "3600s" })).judge(&RULE).says_nothing();
        story().judge(&RULE).says_nothing();
    }

    #[test]
    fn who_sends_no_updates_owes_none() {
        let silent = told(json!({})).without(Capability::AvailabilityRtu);
        silent.judge(&RULE).says_nothing();
    }
}
