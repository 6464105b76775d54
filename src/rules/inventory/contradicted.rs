//! FEED-AVL-10, INV-14

use super::updates::listed;
use super::{complete, is_left_out, says, speaks_of};
use crate::availability::{is_available, pairs, repeats};
use crate::verdicts::Proof;
use crate::{Case, InventoryUpdate, PartnerCall, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use serde_json::{Value, json};
use transcript::{Exchange, Fact};

const COUNT: RequirementId = RequirementId::declared("FEED-AVL-10");
const WINDOW: RequirementId = RequirementId::declared("INV-14");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/contradicted",
    requirements: &[COUNT, WINDOW],
    manual: "A look-up that answers \"available\": true must not contradict the last inventory update of the slot. Judged where a \
             quiet moment lay between the last act and the look-up, so that every update had time to come. An update by which none \
             is open is wrong about the count, as long as fewer were booked than were open. An update whose window covers the \
             slot and whose list leaves it out deletes it, also where the list has others of its start. Slots that cannot be told \
             apart, and what cancellations, moves and declined requests free, have rules of their own.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() {
        if case.scenario.serves.contains(&WINDOW) {
            verdicts.not_applicable(WINDOW);
        }
        return;
    }
    for look_up in case.answers() {
        for slot in available_slots(case, &look_up) {
            if let Some(last) = last_update(case, slot, look_up.answer.call) {
                compare(case, &look_up, slot, &last, verdicts);
            }
        }
    }
}

fn acts(fact: &Fact) -> bool {
    match fact {
        Fact::Call(call) => call.method.mutates(),
        Fact::Trigger(_) => true,
        _ => false,
    }
}

/// The slots that a look-up after a quiet moment calls available.
fn available_slots<'c>(case: &'c Case<'_>, look_up: &Exchange<'c>) -> Vec<&'c Slot> {
    let Some((asked, entries)) = pairs(look_up).filter(|_| is_settled(case, look_up)) else {
        return Vec::new();
    };
    let merchant = look_up.request_value("/merchant_id").and_then(Value::as_str);
    let open = asked.iter().filter(|asked| {
        entries
            .iter()
            .any(|entry| repeats(entry, asked) && is_available(entry))
    });
    open.filter_map(|asked| case.transcript.slot_of(asked))
        .filter(|slot| Some(slot.merchant_id.as_str()) == merchant)
        .collect()
}

/// True when it was quiet for a moment after the last act before the look-up.
fn is_settled(case: &Case<'_>, look_up: &Exchange<'_>) -> bool {
    let own = look_up.answer.call;
    let before = || case.transcript.entries.iter().take(own).enumerate();
    let last = |wanted: &dyn Fn(&Fact) -> bool| {
        before()
            .filter(|(_, entry)| wanted(&entry.fact))
            .map(|(index, _)| index)
            .last()
    };
    last(&|fact| matches!(fact, Fact::Quiet(_))) > last(&acts)
}

/// The last update before an entry that lists the slot, or whose window covers it.
fn last_update<'c>(case: &'c Case<'_>, slot: &Slot, until: usize) -> Option<PartnerCall<'c>> {
    let calls = case
        .partner_calls()
        .filter(|call| call.entry < until && call.is_accepted());
    let last = calls.filter(|call| speaks_of(call.notification, slot)).last();
    last.filter(|call| !recurs(call) && !is_unclear(case, slot, call))
}

/// True for an update that lists slots which could not be told apart from this one: without a start or a length, or by ids that
/// the feed does not have. Each is another rule's finding.
fn is_unclear(case: &Case<'_>, slot: &Slot, call: &PartnerCall<'_>) -> bool {
    let Some(update) = InventoryUpdate::of(*call) else {
        return false;
    };
    let known = case
        .offer
        .resource_ids
        .get(&(slot.merchant_id.clone(), slot.service_id.clone()));
    let is_strange = |listed: &Value| {
        let ids = ["/resources/staffId", "/resources/roomId"].map(|pointer| reading::text(listed, pointer));
        let mut ids = ids.into_iter().flatten();
        known.is_some_and(|known| ids.any(|id| !known.contains(id)))
    };
    let entries = update.entries().into_iter();
    complete::missing(&update).is_some() || entries.flat_map(|(_, entry)| listed(entry)).any(is_strange)
}

/// True for an update by recurrences, which state no numbers of spots.
fn recurs(call: &PartnerCall<'_>) -> bool {
    let update = InventoryUpdate::of(*call);
    update.is_some_and(|update| {
        let entries = update.entries().into_iter();
        let mut listed = entries.flat_map(|(_, entry)| listed(entry));
        listed.any(|slot| slot.get("recurrence").is_some())
    })
}

fn compare(
    case: &Case<'_>,
    look_up: &Exchange<'_>,
    slot: &Slot,
    last: &PartnerCall<'_>,
    verdicts: &mut Verdicts,
) {
    let is_none_open = says(last.notification, slot, &json!({ "spotsOpen": 0 }));
    let is_left_out = is_left_out(last.notification, slot);
    let booked = case
        .bookings()
        .iter()
        .filter(|(_, made)| case.slot_of(made) == Some(slot))
        .count();
    let is_full = i64::try_from(booked).is_ok_and(|booked| booked >= slot.spots_open);
    let proof = Proof {
        entry: Some(last.entry),
        ..Proof::default()
    };
    let proof = proof.expected(format!("as entry {} says, the slot is available", look_up.entry));
    match last_act(case, slot, look_up.answer.call) {
        // After another act the update that is due may be late.
        _ if !is_none_open || is_full => {}
        Some(Act::Other) => {}
        _ if is_left_out => verdicts.fail(WINDOW, proof.actual("not listed"), LEFT_OUT),
        Some(Act::Booked) => {
            let message =
                "an inventory update says \"spotsOpen\": \"0\", and the look-up after it \"available\": true";
            verdicts.fail(COUNT, proof.actual("spotsOpen 0"), message);
        }
        // What was told of the slot since something else was booked came for the neighbour.
        None if last.entry > first_booking(case) => {
            let message =
                "an inventory update says \"spotsOpen\": \"0\", and the look-up after it \"available\": true";
            verdicts.fail(COUNT, proof.actual("spotsOpen 0"), message);
        }
        None => {}
    }
}

/// The entry of the scenario's first booking.
fn first_booking(case: &Case<'_>) -> usize {
    let all = case.bookings();
    all.iter().map(|(_, made)| made.entry).min().unwrap_or(usize::MAX)
}

const LEFT_OUT: &str = "the window of an inventory update covers a slot that its list leaves out; Google deletes the slot, which the \
                        look-up calls available";

/// What was done to a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// It was booked, and nothing else.
    Booked,
    /// Something else was done to a booking of it, or a booking was moved, perhaps to it.
    Other,
}

/// The acts on the bookings of a slot before an entry; none when it was never touched.
fn last_act(case: &Case<'_>, slot: &Slot, until: usize) -> Option<Act> {
    let all = case.bookings();
    if all.iter().any(|(id, _)| case.is_moved(id)) {
        return Some(Act::Other);
    }
    let of_slot: Vec<&str> = all
        .iter()
        .filter(|(_, made)| made.entry < until && case.slot_of(made) == Some(slot))
        .map(|(id, _)| *id)
        .collect();
    let is_updated = |id: &str| {
        let named = |exchange: &Exchange<'_>| {
            let named = exchange.request_value("/booking/booking_id");
            exchange.entry < until && named.and_then(Value::as_str) == Some(id)
        };
        let mut triggers = case.triggers();
        case.answers().any(|exchange| named(&exchange))
            || triggers.any(|(entry, _, trigger)| entry < until && trigger.booking_id == id)
    };
    match of_slot.as_slice() {
        [] => None,
        ids if ids.iter().any(|id| is_updated(id)) => Some(Act::Other),
        _ => Some(Act::Booked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use protocol::Method;
    use serde_json::json;

    fn looked_up(story: Story) -> Story {
        let slot_time =
            json!({ "service_id": "cut", "start_sec": START.to_string(), "duration_sec": "1800" });
        let entry = json!({ "slot_time": slot_time, "available": true });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot_time] });
        let answer = json!({ "slot_time_availability": [entry] });
        story.call(Method::BatchAvailabilityLookup, request, 200, answer)
    }

    fn listing(open: &str) -> Value {
        let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsTotal": "4", "spotsOpen": open });
        json!({ "availability": [slot], "startTimeRestrict": "2030-01-01T08:00:00Z",
                "endTimeRestrict": "2030-01-01T08:30:00Z" })
    }

    fn updated(story: Story, entry: Value) -> Story {
        story.notify(inventory_update(START, entry))
    }

    #[test]
    fn a_class_that_is_called_full_and_available_is_found() {
        let class = || {
            Story::arrival()
                .slot(|slot| slot.spots_open = 4)
                .create(booking())
        };
        let told = |open: &str| looked_up(updated(class(), listing(open)).quiet());
        told("0").judge(&RULE).fails(COUNT);
        told("3").judge(&RULE).says_nothing();
        let mut recurring = listing("0");
        recurring["availability"][0]["recurrence"] =
            json!({ "repeatEvery": "86400s", "repeatUntil": "2030-01-01T08:00:00Z" });
        looked_up(updated(class(), recurring).quiet())
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn a_slot_beside_the_booked_one_is_found_deleted_or_full() {
        let beside = |listed: &[(&str, &str)]| {
            let slots: Vec<_> = listed
                .iter()
                .map(|(staff, open)| {
                    json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsTotal": "1", "spotsOpen": open,
                        "resources": { "staffId": staff, "staffName": staff } })
                })
                .collect();
            let entry = json!({ "availability": slots, "startTimeRestrict": "2030-01-01T08:00:00Z",
                "endTimeRestrict": "2030-01-01T08:00:01Z" });
            let story = Story::arrival().slot(|slot| slot.resources.staff_id = Some("luca".into()));
            let booked = json!({ "slot": { "merchant_id": "salon", "service_id": "cut", "start_sec": START.to_string() },
                "idempotency_token": "t-9" });
            let story = story.call(Method::CreateBooking, booked, 200, booking());
            let slot_time = json!({ "service_id": "cut", "start_sec": START.to_string(), "duration_sec": "1800",
                "resource_ids": { "staff_id": "luca" } });
            let request = json!({ "merchant_id": "salon", "slot_time": [slot_time] });
            let answer = json!({ "slot_time_availability": [{ "slot_time": slot_time, "available": true }] });
            let story = updated(story, entry).quiet();
            story
                .call(Method::BatchAvailabilityLookup, request, 200, answer)
                .judge(&RULE)
        };
        beside(&[("imani", "0"), ("luca", "1")]).says_nothing();
        beside(&[("imani", "0")]).warns(WINDOW);
        beside(&[("imani", "1"), ("luca", "0")]).fails(COUNT);
    }

    #[test]
    fn a_window_that_deletes_a_slot_nobody_touched_is_found() {
        let mut other = inventory_update(
            START + 3600,
            json!({ "startTimeRestrict": "2030-01-01T00:00:00Z",
            "endTimeRestrict": "2030-01-02T00:00:00Z" }),
        );
        looked_up(Story::arrival().notify(other.clone()).quiet())
            .judge(&RULE)
            .warns(WINDOW);
        other.raw = other.raw.replace("2030-01-01T00:00:00Z", "2030-01-01T09:00:00Z");
        looked_up(Story::arrival().notify(other).quiet())
            .judge(&RULE)
            .says_nothing();
    }
}
