//! FEED-AVL-10, INV-02, INV-14

use super::{lists, says, speaks_of};
use crate::availability::{is_available, pairs, repeats};
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::Slot;
use serde_json::{Value, json};
use transcript::{Exchange, Fact, Notification, Subject};

const COUNT: RequirementId = RequirementId::declared("FEED-AVL-10");
const FREED: RequirementId = RequirementId::declared("INV-02");
const WINDOW: RequirementId = RequirementId::declared("INV-14");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/contradicted",
    requirements: &[COUNT, FREED, WINDOW],
    manual: "A look-up that answers \"available\": true must not contradict the last inventory update of the slot. Judged where a \
             quiet moment lay between the last act and the look-up, so that every update had time to come. An update by which none \
             is open is wrong about the count, or was not followed by another one when a booking was declined or could not be \
             completed. An update whose window covers the slot and whose list leaves it out deletes it, which is also seen where the \
             update before it called the slot open and nobody did anything. Cancellations and moves have rules of their own.",
    scope: Scope::Scenario(judge),
};

/// Acts at the partner that end a request.
const ENDING: [&str; 3] = ["decline", "fail", "expire"];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() {
        return;
    }
    judge_deletions(case, verdicts);
    for look_up in case.answers() {
        for slot in available_slots(case, &look_up) {
            if let Some(last) = last_update(case, slot, look_up.answer.call) {
                compare(case, &look_up, slot, &last, verdicts);
            }
        }
    }
}

/// Finds an update that deletes a slot by its window which the update before had called open, while nobody acted.
fn judge_deletions(case: &Case<'_>, verdicts: &mut Verdicts) {
    let Some(bound) = case.transcript.binding() else {
        return;
    };
    for slot in bound.slots.values() {
        let about: Vec<PartnerCall<'_>> = case
            .partner_calls()
            .filter(|call| call.is_accepted() && !case.is_final(call))
            .filter(|call| speaks_of(call.notification, slot))
            .collect();
        let deletes = |pair: &&[PartnerCall<'_>]| {
            let was_open = says(pair[0].notification, slot, &json!({ "spotsOpen": { "$not": 0 } }));
            was_open && is_left_out(pair[1].notification, slot) && is_idle(case, pair[0].entry, pair[1].entry)
        };
        if let Some(pair) = about.windows(2).find(deletes) {
            let proof = Proof {
                entry: Some(pair[1].entry),
                ..Proof::default()
            };
            let expected = format!("as entry {} says, the slot is open", pair[0].entry);
            verdicts.fail(WINDOW, proof.expected(expected).actual("not listed"), DELETED);
        }
    }
}

const DELETED: &str = "the window of an inventory update covers a slot that its list leaves out; Google deletes the slot, which the \
                       update before it called open";

/// True when nobody acted between two entries.
fn is_idle(case: &Case<'_>, from: usize, to: usize) -> bool {
    let between = case.transcript.entries.get(from..to);
    !between.into_iter().flatten().any(|entry| acts(&entry.fact))
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
    calls.filter(|call| speaks_of(call.notification, slot)).last()
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
        _ if !is_none_open => {}
        _ if is_left_out => verdicts.fail(WINDOW, proof.actual("not listed"), LEFT_OUT),
        Some(Act::Booked | Act::Ended) if !is_full => {
            let message =
                "an inventory update says \"spotsOpen\": \"0\", and the look-up after it \"available\": true";
            verdicts.fail(COUNT, proof.actual("spotsOpen 0"), message);
        }
        Some(Act::Ended) => {
            let message = "an inventory update said that none is open; the request was then declined or failed, the look-up says \
                           \"available\": true, and no update says that the slot is open again";
            verdicts.fail(FREED, proof.actual("spotsOpen 0"), message);
        }
        _ => {}
    }
}

const LEFT_OUT: &str = "the window of an inventory update covers a slot that its list leaves out; Google deletes the slot, which the \
                        look-up calls available";

/// True for an update that lists other slots and, by its window, deletes this one.
fn is_left_out(notification: &Notification, slot: &Slot) -> bool {
    let Subject::Availability { slots, .. } = &notification.subject else {
        return false;
    };
    let has_others = slots
        .iter()
        .any(|key| key.service_id == slot.service_id && key.start_sec != slot.start_sec);
    has_others && !lists(notification, slot)
}

/// What was last done to a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Booked,
    Ended,
    Other,
}

/// The last act on the bookings of a slot before an entry; none when it was never touched.
fn last_act(case: &Case<'_>, slot: &Slot, until: usize) -> Option<Act> {
    let mut last = None;
    for (id, made) in case.bookings() {
        if made.entry >= until || case.slot_of(&made) != Some(slot) {
            continue;
        }
        last = last.max(Some((made.entry, Act::Booked)));
        let is_updated = case.answers().any(|exchange| {
            exchange.entry < until
                && exchange
                    .request_value("/booking/booking_id")
                    .and_then(Value::as_str)
                    == Some(id)
        });
        if is_updated {
            return Some(Act::Other);
        }
        for (entry, _, trigger) in case.triggers().filter(|(entry, ..)| *entry < until) {
            let act = match trigger.name.as_str() {
                name if ENDING.contains(&name) => Act::Ended,
                _ => Act::Other,
            };
            if trigger.booking_id == id {
                last = last.max(Some((entry, act)));
            }
        }
    }
    // A slot to which a booking was moved is touched without a booking of its own.
    let is_moved = case.bookings().iter().any(|(id, _)| case.is_moved(id));
    match last {
        None if is_moved => Some(Act::Other),
        last => last.map(|(_, act)| act),
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
    }

    #[test]
    fn a_declined_request_of_which_no_update_speaks_is_found() {
        let single = || {
            Story::arrival()
                .slot(|slot| slot.spots_open = 1)
                .create(booking())
        };
        let taken = || updated(single(), listing("0")).trigger("decline");
        looked_up(taken().quiet()).judge(&RULE).fails(FREED);
        looked_up(updated(taken(), listing("4")).quiet())
            .judge(&RULE)
            .says_nothing();
        // Without a quiet moment an update may still be on its way.
        looked_up(taken()).judge(&RULE).says_nothing();
    }

    #[test]
    fn an_update_that_deletes_what_the_one_before_called_open_is_found() {
        let day =
            json!({ "startTimeRestrict": "2030-01-01T00:00:00Z", "endTimeRestrict": "2030-01-02T00:00:00Z" });
        let open = || updated(Story::arrival(), listing("1"));
        let deleted = |story: Story| story.notify(inventory_update(START + 3600, day.clone()));
        deleted(open()).judge(&RULE).warns(WINDOW);
        deleted(open().create(booking())).judge(&RULE).says_nothing();
        deleted(updated(Story::arrival(), listing("0")))
            .judge(&RULE)
            .says_nothing();
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
