//! Inventory updates, cut down to the scenario's own slots: a partner may send a whole day at once, and what other
//! scenarios do to the rest of that day is no business of this one.

use super::time;
use domain::slot::Slot;
use protocol::int64;
use serde_json::Value;
use transcript::{Notification, SlotKey, Subject, Transcript};

/// How many spots are open depends on the moment at which an update is sent: only its type is worth keeping.
const OPEN: &str = "spotsOpen";

fn spots(open: &Value) -> Value {
    let kind = if open.is_number() {
        "[spots] as number"
    } else {
        "[spots]"
    };
    kind.into()
}

/// An answer to a look-up without what became of slots that the scenario only looks at: others book them, before and
/// during the run.
pub(super) fn own_availability(answer: &Value, own: &[Slot]) -> Value {
    let mut answer = answer.clone();
    let entries = answer
        .get_mut("slot_time_availability")
        .and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
        let slot = entry.get("slot_time");
        let same = |mine: &Slot| {
            let field = |name: &str| slot.and_then(|slot| slot.get(name));
            field("service_id").and_then(Value::as_str) == Some(mine.service_id.as_str())
                && field("start_sec").and_then(int64::read) == Some(mine.start_sec)
                && field("resource_ids").is_none_or(|named| *named == serde_json::json!(mine.resources))
        };
        let told = entry.get("available");
        // Unset is false: whoever leaves it out says the same.
        if !own.iter().any(same) && told.is_none_or(|told| told.is_boolean() || told.is_null()) {
            entry.insert("available".to_owned(), "[available]".into());
        }
    }
    for place in ["/fulfillability", "/order_failure/fulfillability"] {
        if let Some(fulfillability) = answer.pointer_mut(place) {
            hide_open_spots(fulfillability);
        }
    }
    answer
}

/// Of an order that asks for too much, how much is left depends on the orders of others.
fn hide_open_spots(fulfillability: &mut Value) {
    let entries = fulfillability
        .get_mut("item_fulfillability")
        .and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten() {
        if let Some(open) = entry.pointer_mut("/availability/spots_open") {
            *open = spots(open);
        }
    }
}

/// The slots that a scenario may book, replacements of stale ones included.
pub(super) fn own_slots(transcript: &Transcript) -> Vec<Slot> {
    let names = transcript
        .binding()
        .into_iter()
        .flat_map(|bound| bound.slots.keys());
    names.filter_map(|name| transcript.slot(name)).cloned().collect()
}

fn key(slot: &Slot) -> SlotKey {
    SlotKey {
        merchant_id: slot.merchant_id.clone(),
        service_id: slot.service_id.clone(),
        start_sec: slot.start_sec,
    }
}

/// Those of the scenario's slots that an update speaks of, in one order.
pub(super) fn slots_named_in(notification: &Notification, own: &[Slot]) -> Vec<SlotKey> {
    let Subject::Availability { slots, .. } = &notification.subject else {
        return Vec::new();
    };
    let mut named: Vec<SlotKey> = own.iter().map(key).filter(|slot| slots.contains(slot)).collect();
    named.sort();
    named.dedup();
    named
}

/// The message without the availability of slots that are not the scenario's.
pub(super) fn own_part(message: &Value, own: &[Slot]) -> Value {
    match message {
        Value::Object(fields) => {
            let cut = |(name, field): (&String, &Value)| {
                let shown = if name == OPEN {
                    spots(field)
                } else {
                    own_field(name, field, own)
                };
                (name.clone(), shown)
            };
            Value::Object(fields.iter().map(cut).collect())
        }
        other => other.clone(),
    }
}

fn own_field(name: &str, field: &Value, own: &[Slot]) -> Value {
    let Value::Array(items) = field else {
        return own_part(field, own);
    };
    let keep: fn(&Value, &[Slot]) -> bool = match name {
        "availability" => is_own,
        "extendedServiceAvailability" => has_own_service,
        _ => return field.clone(),
    };
    let kept = items.iter().filter(|item| keep(item, own));
    Value::Array(kept.map(|item| own_part(item, own)).collect())
}

/// Other staff and rooms at the same time are not the scenario's. What cannot be read is kept: it is worth seeing.
fn is_own(item: &Value, own: &[Slot]) -> bool {
    let start = item.get("startTime").and_then(Value::as_str).unwrap_or_default();
    let found = time::find(start);
    found.first().is_none_or(|(_, sec)| {
        own.iter()
            .any(|slot| slot.start_sec == *sec && has_resources_of(item, slot))
    })
}

fn has_resources_of(item: &Value, slot: &Slot) -> bool {
    let resource = |name: &str| item.pointer(&format!("/resources/{name}"));
    let text = |name: &str| resource(name).and_then(Value::as_str);
    text("staffId") == slot.resources.staff_id.as_deref()
        && text("roomId") == slot.resources.room_id.as_deref()
        && resource("partySize").and_then(Value::as_i64) == slot.resources.party_size.map(i64::from)
}

fn has_own_service(item: &Value, own: &[Slot]) -> bool {
    let is = |name: &str, id: &str| {
        item.get(name)
            .and_then(Value::as_str)
            .is_none_or(|named| named == id)
    };
    own.iter()
        .any(|slot| is("merchantId", &slot.merchant_id) && is("serviceId", &slot.service_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_rest_of_the_day_is_left_out() {
        let mut own = super::super::fixture::slot(1);
        (own.merchant_id, own.service_id, own.start_sec) = ("m".into(), "s".into(), 1_800_000_000);
        own.resources = domain::slot::Resources::default();
        let own = [own];
        let slot = |start: &str, open: i32| json!({ "startTime": start, "spotsTotal": open });
        let update = json!({ "extendedServiceAvailability": [
            { "merchantId": "m", "serviceId": "s", "availability": [
                slot("2027-01-15T07:00:00Z", 1), slot("2027-01-15T08:00:00Z", 0), slot("soon", 3) ] },
            { "merchantId": "m", "serviceId": "other", "availability": [slot("2027-01-15T08:00:00Z", 1)] },
        ] });
        let expected = json!({ "extendedServiceAvailability": [
            { "merchantId": "m", "serviceId": "s", "availability": [slot("2027-01-15T08:00:00Z", 0), slot("soon", 3)] },
        ] });
        assert_eq!(own_part(&update, &own), expected);
    }

    #[test]
    fn what_became_of_slots_of_others_is_no_drift() {
        let mine = super::super::fixture::slot(1);
        let entry = |slot: &Slot, start_sec: i64, available: bool| {
            let slot_time = json!({ "service_id": slot.service_id, "start_sec": start_sec.to_string() });
            json!({ "slot_time": slot_time, "available": available })
        };
        let answer = |other: bool| {
            let entries = [
                entry(&mine, mine.start_sec, true),
                entry(&mine, mine.start_sec + 1, other),
            ];
            own_availability(
                &json!({ "slot_time_availability": entries }),
                std::slice::from_ref(&mine),
            )
        };
        assert_eq!(answer(true), answer(false));
        assert_eq!(answer(true)["slot_time_availability"][0]["available"], true);
    }

    #[test]
    fn the_number_of_open_spots_is_no_drift_but_its_type_is() {
        let shown = |open: Value| own_part(&json!({ "spotsOpen": open }), &[]);
        assert_eq!(shown(json!("0")), shown(json!("1")));
        assert_ne!(shown(json!("0")), shown(json!(0)));
    }
}
