//! INV-10, INV-11, INV-12, INV-13, INV-19

use super::{complete, updates};
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::time;
use serde_json::Value;
use std::collections::BTreeSet;

const STYLE: RequirementId = RequirementId::declared("INV-10");
const MIXED: RequirementId = RequirementId::declared("INV-11");
const DAY: RequirementId = RequirementId::declared("INV-12");
const TWICE: RequirementId = RequirementId::declared("INV-13");
const OPTIONS: RequirementId = RequirementId::declared("INV-19");

const DAY_SEC: i64 = 86_400;

pub(crate) static RULE: Rule = Rule {
    name: "inventory/style",
    requirements: &[STYLE, MIXED, DAY, TWICE, OPTIONS],
    manual: "The slots of an inventory update are written as in the feed of their service: with spots or as recurrences, never \
             both. A recurrence stays within 24 hours, no slot is listed twice (same start, duration and resources), and a \
             payment option is one that the merchant defines. What the feeds do not say is not compared.",
    scope: Scope::InventoryUpdate(judge),
};

/// The slots of one service in an update.
struct ServiceSlots<'u> {
    update: &'u InventoryUpdate<'u>,
    pointer: String,
    merchant: &'u str,
    service: &'u str,
    slots: Vec<&'u Value>,
}

fn judge(case: &Case<'_>, update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    entry_twice(update, verdicts);
    for (pointer, entry) in update.entries() {
        let listed = ServiceSlots {
            update,
            merchant: update.merchant_of(entry).unwrap_or_default(),
            service: update.service_of(entry).unwrap_or_default(),
            slots: updates::listed(entry).iter().collect(),
            pointer: format!("{pointer}/availability"),
        };
        if !listed.slots.is_empty() {
            style(case, &listed, verdicts);
            // Slots that are not whole look alike.
            if complete::missing(update).is_none() {
                twice(&listed, verdicts);
            }
            options(case, &listed, verdicts);
        }
    }
}

/// One cause, one finding: what is mixed or too long is not compared with the feed as well.
fn style(case: &Case<'_>, listed: &ServiceSlots<'_>, verdicts: &mut Verdicts) {
    let recurring = listed.slots.iter().filter(|slot| is_recurring(slot)).count();
    let mixed = recurring > 0 && recurring < listed.slots.len();
    verdicts.check(MIXED, !mixed, || {
        let message = "an inventory update has slots with spots and recurrences for one service";
        (listed.proof("", "one style"), message.to_owned())
    });
    let long = listed.slots.iter().position(|slot| span(slot) > DAY_SEC);
    verdicts.check(DAY, long.is_none(), || {
        let proof = listed.proof(
            &format!("/{}/recurrence", long.unwrap_or_default()),
            "at most 24 hours",
        );
        (
            proof,
            "a recurrence of an inventory update spans more than 24 hours".to_owned(),
        )
    });
    let key = (listed.merchant.to_owned(), listed.service.to_owned());
    let Some(feed) = case
        .offer
        .recurring
        .get(&key)
        .filter(|_| !mixed && long.is_none())
    else {
        return;
    };
    verdicts.check(STYLE, (recurring > 0) == *feed, || {
        let right = if *feed {
            "recurrences, as in the feed"
        } else {
            "spots, as in the feed"
        };
        let message = "an inventory update has another style than the availability feed of the service";
        (listed.proof("", right), message.to_owned())
    });
}

fn is_recurring(slot: &Value) -> bool {
    reading::set(slot, "/recurrence").is_some()
}

/// From the first start of a recurrence to its last, seconds.
fn span(slot: &Value) -> i64 {
    let seconds = |pointer: &str| time::timestamp_to_seconds(reading::text(slot, pointer)?).ok();
    let ends = seconds("/recurrence/repeatUntil").zip(seconds("/startTime"));
    ends.map_or(0, |(last, first)| last - first)
}

/// An entry that is there twice lists each of its slots twice.
fn entry_twice(update: &InventoryUpdate<'_>, verdicts: &mut Verdicts) {
    let entries = update.entries();
    let again = entries
        .iter()
        .enumerate()
        .find(|(index, (_, entry))| entries[..*index].iter().any(|(_, earlier)| earlier == entry));
    if let Some((_, (pointer, entry))) = again
        && !updates::listed(entry).is_empty()
    {
        let proof = update.proof(pointer.as_str()).expected("each slot once");
        verdicts.fail(
            TWICE,
            proof,
            "an inventory update has the same entry twice, with the same slots",
        );
    }
}

fn twice(listed: &ServiceSlots<'_>, verdicts: &mut Verdicts) {
    let mut seen = BTreeSet::new();
    let key = |slot: &Value| {
        let part = |name: &str| slot.get(name).map(ToString::to_string);
        let resource = |name: &str| {
            slot.pointer(&format!("/resources/{name}"))
                .map(ToString::to_string)
        };
        let place = ["staffId", "roomId", "partySize"].map(resource);
        (part("startTime"), part("duration"), place)
    };
    let again = listed.slots.iter().position(|slot| !seen.insert(key(slot)));
    verdicts.check(TWICE, again.is_none(), || {
        let proof = listed.proof(&format!("/{}", again.unwrap_or_default()), "each slot once");
        (proof, "an inventory update lists the same slot twice".to_owned())
    });
}

fn options(case: &Case<'_>, listed: &ServiceSlots<'_>, verdicts: &mut Verdicts) {
    let Some(known) = case.offer.payment_options.get(listed.merchant) else {
        return;
    };
    let unknown = listed.slots.iter().enumerate().find_map(|(index, slot)| {
        let mut ids = slot["paymentOptionId"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        Some((index, ids.find(|id| !known.contains(*id))?))
    });
    verdicts.check(OPTIONS, unknown.is_none(), || {
        let (index, id) = unknown.unwrap_or_default();
        let proof = listed.proof(&format!("/{index}/paymentOptionId"), "an option of the merchant");
        let message = "an inventory update names a payment option that the merchant does not define";
        (proof.actual(id), message.to_owned())
    });
}

impl ServiceSlots<'_> {
    fn proof(&self, place: &str, expected: &str) -> Proof {
        self.update
            .proof(format!("{}{place}", self.pointer))
            .expected(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Offer;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;

    fn spots(start: &str) -> Value {
        json!({ "startTime": start, "duration": "1800s", "spotsTotal": "1", "spotsOpen": "0" })
    }

    fn recurrence(until: &str) -> Value {
        json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s",
            "recurrence": { "repeatEvery": "1800s", "repeatUntil": until } })
    }

    fn story(slots: &[Value]) -> Story {
        let offer = Offer {
            payment_options: [("salon".to_owned(), ["gold".to_owned()].into())].into(),
            recurring: [(("salon".to_owned(), "cut".to_owned()), false)].into(),
            ..Offer::default()
        };
        Story::arrival()
            .offering(offer)
            .notify(inventory_update(START, json!({ "availability": slots })))
    }

    #[test]
    fn what_agrees_with_the_feed_passes() {
        let mut priced = spots("2030-01-01T08:00:00Z");
        priced["paymentOptionId"] = json!(["gold"]);
        let story = story(&[priced, spots("2030-01-01T09:00:00Z")]);
        for id in [STYLE, MIXED, DAY, TWICE, OPTIONS] {
            story.judge(&RULE).passes(id);
        }
    }

    #[test]
    fn each_mistake_is_one_finding() {
        let eight = "2030-01-01T08:00:00Z";
        story(&[recurrence("2030-01-01T10:00:00Z")])
            .judge(&RULE)
            .fails(STYLE);
        let both = story(&[spots("2030-01-01T07:00:00Z"), recurrence("2030-01-01T10:00:00Z")]);
        both.judge(&RULE).fails(MIXED);
        story(&[recurrence("2030-01-03T10:00:00Z")])
            .judge(&RULE)
            .fails(DAY);
        story(&[spots(eight), spots(eight)]).judge(&RULE).fails(TWICE);
        let mut unknown = spots(eight);
        unknown["paymentOptionId"] = json!(["silver"]);
        story(&[unknown]).judge(&RULE).fails(OPTIONS);
    }

    #[test]
    fn an_entry_that_is_there_twice_is_found() {
        let both = |starts: [&str; 2]| {
            let entries = starts.map(
                |start| json!({ "merchantId": "salon", "serviceId": "cut", "availability": [spots(start)] }),
            );
            let mut update = inventory_update(START, json!({}));
            update.raw = json!({ "extendedServiceAvailability": entries }).to_string();
            Story::arrival().notify(update).judge(&RULE)
        };
        both(["2030-01-01T08:00:00Z", "2030-01-01T08:00:00Z"]).fails(TWICE);
        both(["2030-01-01T08:00:00Z", "2030-01-01T09:00:00Z"]).passes(TWICE);
    }

    #[test]
    fn staff_tells_slots_of_one_time_apart() {
        let with = |staff: &str| {
            let mut slot = spots("2030-01-01T08:00:00Z");
            slot["resources"] = json!({ "staffId": staff, "staffName": staff });
            slot
        };
        story(&[with("a"), with("b")]).judge(&RULE).passes(TWICE);
    }
}
