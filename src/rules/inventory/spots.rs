//! FEED-AVL-10

use super::{speaks_of, updates};
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::{int64, time};
use serde_json::Value;
use transcript::{Exchange, Fact};

/// Also what a wait for a number of open spots is not held against: the numbers cannot be.
pub(crate) const COUNT: RequirementId = RequirementId::declared("FEED-AVL-10");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/spots",
    requirements: &[COUNT],
    manual: "An inventory update may not say that more spots are open than there are. After a booking of a slot with several \
             spots, and a moment in which nothing happened, the last update of the slot must not say that all of them are open. \
             That no update comes while spots are left is not judged.",
    scope: Scope::Scenario(judge),
};

/// A slot in an inventory update, with both numbers.
pub(crate) struct Listed<'u> {
    entry: usize,
    pub(crate) pointer: String,
    pub(crate) slot: &'u Value,
    open: i64,
    total: i64,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() {
        if case.scenario.serves.contains(&COUNT) {
            verdicts.not_applicable(COUNT);
        }
        return;
    }
    let calls = case.partner_calls().filter(|call| !case.is_final(call));
    let updates: Vec<InventoryUpdate<'_>> = calls.filter_map(InventoryUpdate::of).collect();
    let listed: Vec<Listed<'_>> = updates.iter().flat_map(listed_slots).collect();
    if let Some(odd) = listed.iter().find(|one| one.open > one.total || one.open < 0) {
        if reading::set(odd.slot, "/spotsTotal").is_none() {
            let message = format!(
                "the inventory update says \"spotsOpen\": \"{}\" and has no \"spotsTotal\", which is to stay as it is",
                odd.open
            );
            let proof = Proof::at(odd.entry, format!("{}/spotsTotal", odd.pointer)).expected("present");
            return verdicts.fail(COUNT, proof, message);
        }
        let message = format!(
            "the inventory update says \"spotsOpen\": \"{}\" and \"spotsTotal\": \"{}\"; the open spots are between none and all",
            odd.open, odd.total
        );
        let proof = odd
            .proof()
            .expected(format!("0 to {}", odd.total))
            .actual(odd.open);
        return verdicts.fail(COUNT, proof, message);
    }
    // Elsewhere it is chance whether an update comes before the end.
    let mut facts = case.transcript.entries.iter().map(|entry| &entry.fact);
    if !listed.is_empty() && facts.any(|fact| matches!(fact, Fact::Quiet(_))) {
        verdicts.pass(COUNT);
    }
    for (_, made) in case.bookings() {
        let Some(slot) = case.slot_of(&made) else { continue };
        if let Some(last) = last_before_the_next_act(case, &made, slot, &listed) {
            verdicts.check(COUNT, last.open < last.total, || {
                (
                    last.proof().expected(last.total - 1).actual(last.open),
                    words(last),
                )
            });
        }
    }
}

impl Listed<'_> {
    fn proof(&self) -> Proof {
        Proof::at(self.entry, format!("{}/spotsOpen", self.pointer))
    }
}

fn words(last: &Listed<'_>) -> String {
    format!(
        "after a booking of the slot its inventory update says \"spotsOpen\": \"{}\" of \"spotsTotal\": \"{}\", as if nobody had \
         booked",
        last.open, last.total
    )
}

/// The slots of an update that have both numbers.
pub(crate) fn listed_slots<'u>(update: &InventoryUpdate<'u>) -> Vec<Listed<'u>> {
    let Some(entry) = update.entry else {
        return Vec::new();
    };
    let entries = update.entries().into_iter();
    let slots = entries.flat_map(|(pointer, of_service)| {
        let list = updates::listed(of_service).iter().enumerate();
        list.map(move |(index, slot)| (format!("{pointer}/availability/{index}"), slot))
    });
    let both = |(pointer, slot): (String, &'u Value)| {
        let number = |name: &str| int64::read(reading::set(slot, name)?);
        let open = number("/spotsOpen")?;
        // A total that is left out is none; of a slot without open spots that says nothing.
        let total = number("/spotsTotal").or((open > 0).then_some(0))?;
        Some(Listed {
            entry,
            pointer,
            slot,
            open,
            total,
        })
    };
    slots.filter_map(both).collect()
}

/// The last that was told of a slot between its booking and the next act on it, if a quiet moment lay in between: an
/// update that was under way when the booking was made is followed by a better one then.
fn last_before_the_next_act<'l, 'u>(
    case: &Case<'_>,
    made: &Exchange<'_>,
    slot: &Slot,
    listed: &'l [Listed<'u>],
) -> Option<&'l Listed<'u>> {
    let later = || case.transcript.entries.iter().enumerate().skip(made.entry);
    let acts = |fact: &Fact| match fact {
        Fact::Call(call) => call.method.mutates(),
        Fact::Trigger(_) => true,
        _ => false,
    };
    let (quiet, _) = later().find(|(_, entry)| matches!(entry.fact, Fact::Quiet(_)))?;
    let until = later()
        .find(|(_, entry)| acts(&entry.fact))
        .map_or(usize::MAX, |(index, _)| index);
    let told = |one: &&Listed<'_>| {
        let Fact::Notification(notification) = &case.transcript.entries[one.entry].fact else {
            return false;
        };
        one.entry > made.entry
            && one.entry < until
            && quiet < until
            && one.total > 1
            && speaks_of(notification, slot)
            && is_same(one.slot, slot)
    };
    listed.iter().rfind(told)
}

/// True for the entry of this very slot: others of the service may stand beside it, at one time with other resources.
pub(crate) fn is_same(listed: &Value, slot: &Slot) -> bool {
    let start = reading::text(listed, "/startTime").and_then(|text| time::timestamp_to_seconds(text).ok());
    let length = reading::text(listed, "/duration").and_then(|text| time::duration_to_seconds(text).ok());
    let resources = &slot.resources;
    let party = reading::set(listed, "/resources/partySize").and_then(int64::read);
    start == Some(slot.start_sec)
        && length.is_none_or(|length| length == slot.duration_sec)
        && reading::text(listed, "/resources/staffId") == resources.staff_id.as_deref()
        && reading::text(listed, "/resources/roomId") == resources.room_id.as_deref()
        && party.unwrap_or(0) == i64::from(resources.party_size.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use serde_json::json;

    fn told(story: Story, open: i64, total: i64) -> Story {
        let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s",
            "spotsOpen": open.to_string(), "spotsTotal": total.to_string() });
        story.notify(inventory_update(START, json!({ "availability": [slot] })))
    }

    fn class() -> Story {
        Story::arrival()
            .slot(|slot| (slot.spots_total, slot.spots_open) = (6, 6))
            .create(booking())
    }

    #[test]
    fn one_spot_less_passes_and_no_update_says_nothing() {
        told(class(), 5, 6).quiet().judge(&RULE).passes(COUNT);
        class().quiet().judge(&RULE).says_nothing();
        // One that was under way is followed by a better one.
        told(told(class(), 6, 6), 5, 6).quiet().judge(&RULE).passes(COUNT);
        // Without a quiet moment it is chance what came.
        told(class(), 6, 6).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_slot_that_was_given_back_is_open_again() {
        let story = class().quiet().cancel(booking());
        told(story, 6, 6).judge(&RULE).passes(COUNT);
    }

    #[test]
    fn another_slot_of_the_service_may_be_empty() {
        let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "resources": { "staffId": "ada" },
            "spotsOpen": "6", "spotsTotal": "6" });
        let update = inventory_update(START, json!({ "availability": [slot] }));
        class().notify(update).quiet().judge(&RULE).passes(COUNT);
    }

    #[test]
    fn every_spot_open_after_a_booking_is_found() {
        let found = told(class(), 6, 6).quiet().judge(&RULE).fails(COUNT);
        assert!(
            found
                .message
                .contains("\"spotsOpen\": \"6\" of \"spotsTotal\": \"6\"")
        );
    }

    #[test]
    fn more_open_than_there_are_is_found_whatever_was_booked() {
        let found = told(Story::arrival(), 3, 1).judge(&RULE).fails(COUNT);
        let place = "/extendedServiceAvailability/0/availability/0/spotsOpen";
        assert_eq!(found.evidence.pointer.as_deref(), Some(place));
        told(Story::arrival(), 1, 1).quiet().judge(&RULE).passes(COUNT);
    }

    #[test]
    fn a_total_that_is_left_out_is_named_and_an_open_number_of_zero_may_be() {
        let listing = |mut numbers: Value| {
            numbers["startTime"] = json!("2030-01-01T08:00:00Z");
            numbers["duration"] = json!("1800s");
            let update = inventory_update(START, json!({ "availability": [numbers] }));
            Story::arrival().notify(update).judge(&RULE)
        };
        let found = listing(json!({ "spotsOpen": "1" })).fails(COUNT);
        assert!(
            found.message.contains("has no \"spotsTotal\""),
            "{}",
            found.message
        );
        listing(json!({ "spotsTotal": "1" })).is_clean();
        listing(json!({})).is_clean();
    }
}
