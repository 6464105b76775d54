//! Rules about inventory updates, judged where the target sends them at all.

pub(super) mod addressed;
pub(super) mod complete;
pub(super) mod confirmation_mode;
pub(super) mod contradicted;
pub(super) mod entry_ids;
pub(super) mod field_names;
pub(super) mod freed;
pub(super) mod linked_out;
pub(super) mod moved;
pub(super) mod party_sizes;
pub(super) mod resource_ids;
pub(super) mod restricts;
pub(super) mod spots;
pub(super) mod style;
pub(super) mod taken;
pub(super) mod terms;
pub(super) mod updates;

use super::partner_calls::InventoryUpdate;
use super::run::inventory_path::{is_astray, is_empty, is_of_another_partner};
use super::{Case, PartnerCall, access, reading};
use domain::slot::Slot;
use protocol::time;
use scenario::matcher;
use serde_json::{Value, json};
use transcript::{Notification, SlotKey, Subject};

/// Whether an update at or after a moment is about the slot: by an entry of its start, or by a window around it, whose
/// empty list says that the slot is gone. None when one that was refused and never came again may have done so, and when it may still
/// come.
fn is_updated(case: &Case<'_>, slot: &Slot, from_ms: u64) -> Option<bool> {
    let about = || {
        let later = case.partner_calls().filter(move |call| call.at_ms >= from_ms);
        later.filter(|call| speaks_of(call.notification, slot))
    };
    if about().any(|call| call.is_accepted()) {
        Some(true)
    } else if about().next().is_none() && !has_waited(case, from_ms) {
        None
    } else {
        (!has_refusal(case)).then(|| about().next().is_some())
    }
}

/// Google gives five minutes, so what has not come is missing only after the patience of the run.
fn has_waited(case: &Case<'_>, from_ms: u64) -> bool {
    // Where tokens are withheld, whoever waits before asking again is right.
    if case.scenario.is_alone() {
        return false;
    }
    let within = case.transcript.binding().map_or(0, |bound| bound.within_ms);
    let last = case.transcript.entries.last();
    last.is_some_and(|last| last.at_ms >= from_ms.saturating_add(within))
}

/// True when an update lists the slot or is the complete list of a window around it.
pub(super) fn speaks_of(notification: &Notification, slot: &Slot) -> bool {
    lists(notification, slot) || covers(notification, slot)
}

/// True when an update says of the slot what was waited for; one that covers the slot and does not list it says that
/// nothing is open.
pub(super) fn says(notification: &Notification, slot: &Slot, until: &Value) -> bool {
    let Some(update) = InventoryUpdate::of_unclaimed(notification).filter(|_| notification.is_stored())
    else {
        return false;
    };
    let entries = update.entries().into_iter();
    let mut listed = entries
        .flat_map(|(_, entry)| updates::listed(entry))
        .filter(|listed| spots::is_same(listed, slot))
        .peekable();
    match listed.peek() {
        Some(_) => listed.any(|listed| matcher::matches(until, Some(listed))),
        None => covers(notification, slot) && matcher::matches(until, Some(&json!({ "spotsOpen": 0 }))),
    }
}

/// True when an update before an entry said that none of the slot is open.
pub(super) fn was_told_full(case: &Case<'_>, slot: &Slot, until: usize) -> bool {
    let full = json!({ "spotsOpen": 0 });
    let mut calls = case.partner_calls().filter(|call| call.entry < until);
    calls.any(|call| says(call.notification, slot, &full))
}

/// True when the last update before an entry that speaks of the slot lists others and deletes it by its window: whether it
/// means to say so is another question.
pub(super) fn is_deleted(case: &Case<'_>, slot: &Slot, until: usize) -> bool {
    let calls = case.partner_calls().filter(|call| call.entry < until);
    let last = calls.filter(|call| speaks_of(call.notification, slot)).last();
    last.is_some_and(|call| covers(call.notification, slot) && lists_other_starts(call.notification, slot))
}

/// True for an update of other starts of the service that does not list this one.
fn lists_other_starts(notification: &Notification, slot: &Slot) -> bool {
    let Subject::Availability { slots, .. } = &notification.subject else {
        return false;
    };
    let is_another = |key: &SlotKey| key.service_id == slot.service_id && key.start_sec != slot.start_sec;
    slots.iter().any(is_another) && !lists(notification, slot)
}

/// True for an update that lists other slots of the service, at whatever start, and, by its window, deletes this one.
fn is_left_out(notification: &Notification, slot: &Slot) -> bool {
    let Some(update) = InventoryUpdate::of_unclaimed(notification) else {
        return false;
    };
    let entries = update.entries().into_iter().filter(|(_, entry)| {
        let merchant = update.merchant_of(entry) == Some(slot.merchant_id.as_str());
        merchant && update.service_of(entry) == Some(slot.service_id.as_str())
    });
    let mut listed = entries.flat_map(|(_, entry)| updates::listed(entry)).peekable();
    let lists_others = listed.peek().is_some() && !listed.any(|listed| spots::is_same(listed, slot));
    covers(notification, slot) && (lists_others || lists_other_starts(notification, slot))
}

/// True when an update was refused, went to another partner or does not say what it is about: what it meant to say is then
/// another rule's finding.
pub(super) fn has_refusal(case: &Case<'_>) -> bool {
    let refused = |notification: &Notification| {
        let shut = notification.status == 400 || access::refusal_reason(notification).is_some();
        matches!(notification.subject, Subject::Availability { .. }) && notification.fault.is_none() && shut
    };
    let nameless = |update: &InventoryUpdate<'_>| {
        entry_ids::missing_id(update).is_some()
            || complete::missing(update).is_some_and(|(id, _)| id == complete::PLACED)
    };
    let claimed = || case.partner_calls().map(|call| call.notification);
    let orphans = || case.orphans.iter();
    claimed().any(refused)
        || claimed()
            .filter_map(InventoryUpdate::of_unclaimed)
            .any(|update| nameless(&update))
        || orphans()
            .filter_map(InventoryUpdate::of_unclaimed)
            .any(|update| nameless(&update))
        || orphans().any(|orphan| {
            refused(orphan) || is_astray(orphan) || is_of_another_partner(orphan, case.partner_id)
        })
        || is_told_nothing(case)
        || addressed::elsewhere(case).is_some()
}

/// True when updates came that hold no entry, and none that is about this scenario.
pub(super) fn is_told_nothing(case: &Case<'_>) -> bool {
    let is_own = |call: &PartnerCall<'_>| matches!(call.notification.subject, Subject::Availability { .. });
    case.orphans.iter().any(is_empty) && !case.partner_calls().any(|call| is_own(&call))
}

fn lists(notification: &Notification, slot: &Slot) -> bool {
    let Subject::Availability { slots, .. } = &notification.subject else {
        return false;
    };
    slots.iter().any(|key| {
        key.start_sec == slot.start_sec
            && key.merchant_id == slot.merchant_id
            && key.service_id == slot.service_id
    })
}

fn covers(notification: &Notification, slot: &Slot) -> bool {
    let Some(update) = InventoryUpdate::of_unclaimed(notification) else {
        return false;
    };
    update.entries().into_iter().any(|(_, entry)| {
        let seconds =
            |field: &str| reading::text(entry, field).and_then(|text| time::timestamp_to_seconds(text).ok());
        let after = seconds("/startTimeRestrict").is_some_and(|start| start <= slot.start_sec);
        let before = seconds("/endTimeRestrict").is_some_and(|end| slot.start_sec < end);
        let merchant = update.merchant_of(entry) == Some(slot.merchant_id.as_str());
        let service = update.service_of(entry) == Some(slot.service_id.as_str());
        merchant && service && after && before
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};

    fn says_after(body: Value, until: &Value) -> bool {
        let story = Story::arrival().notify(inventory_update(START, body));
        let case = story.case();
        let slot = case.transcript.slot("slot").cloned();
        let mut calls = case.partner_calls();
        calls.any(|call| {
            slot.as_ref()
                .is_some_and(|slot| says(call.notification, slot, until))
        })
    }

    #[test]
    fn an_update_says_what_it_lists_or_that_nothing_is_open() {
        let listed = |open: &str| {
            let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsOpen": open });
            json!({ "availability": [slot] })
        };
        let full = json!({ "spotsOpen": 0 });
        assert!(says_after(listed("0"), &full) && !says_after(listed("1"), &full));
        assert!(says_after(listed("1"), &json!({ "spotsOpen": { "$not": 0 } })));
        let window = json!({ "availability": [], "startTimeRestrict": "2030-01-01T08:00:00Z",
            "endTimeRestrict": "2030-01-01T08:00:01Z" });
        assert!(says_after(window, &full));
    }
}
