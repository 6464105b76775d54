//! BS-HTTP-11

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::{Credentials, Exchange};

const NOTHING: RequirementId = RequirementId::declared("BS-HTTP-11");

pub(crate) static RULE: Rule = Rule {
    name: "transport/nothing-on-refusal",
    requirements: &[NOTHING],
    manual: "A CreateBooking that is answered with a 4xx must have made no booking. Where nothing else happened in between, a \
             slot that was available before it is available after it, and the user's list does not show it. Calls with \
             wrong credentials have a requirement of their own.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    // An act of the merchant in between may take the slot as well.
    if case.triggers().next().is_some() {
        return;
    }
    let all: Vec<_> = case.transcript.exchanges().collect();
    for (index, refused) in all
        .iter()
        .enumerate()
        .filter(|(_, exchange)| is_refused(exchange))
    {
        let slot = refused
            .request_value("/slot")
            .and_then(|slot| case.transcript.slot_of(slot));
        let Some(slot) = slot.filter(|slot| is_available(&all[..index], slot)) else {
            continue;
        };
        // A later call that may change something leaves open whose booking a reading shows.
        let after = all[index + 1..].iter().take_while(|exchange| !changes(exchange));
        for exchange in after {
            if let Some(taken) = shows_booking(exchange, slot) {
                verdicts.check(NOTHING, !taken, || finding(exchange));
            }
        }
    }
}

fn is_refused(exchange: &Exchange<'_>) -> bool {
    let call = exchange.call;
    let refused = exchange
        .http()
        .is_some_and(|reply| (400..500).contains(&reply.status));
    call.method == Method::CreateBooking && call.credentials == Credentials::Valid && refused
}

/// True when the call may have changed something.
fn changes(exchange: &Exchange<'_>) -> bool {
    exchange.call.method.mutates()
        && !exchange
            .http()
            .is_some_and(|reply| (400..500).contains(&reply.status))
}

/// True when the last look-up before the refusal, with nothing in between, said that the slot is free.
fn is_available(before: &[Exchange<'_>], slot: &Slot) -> bool {
    let unchanged = before.iter().rev().take_while(|exchange| !changes(exchange));
    let mut known = unchanged.filter_map(|exchange| availability(exchange, slot));
    known.next() == Some(true)
}

fn shows_booking(exchange: &Exchange<'_>, slot: &Slot) -> Option<bool> {
    match exchange.call.method {
        Method::BatchAvailabilityLookup => availability(exchange, slot).map(|free| !free),
        Method::ListBookings => {
            let listed = reading::body(exchange)?.get("bookings").and_then(Value::as_array);
            Some(listed.is_some_and(|all| all.iter().any(|booking| is_at(&booking["slot"], slot))))
        }
        _ => None,
    }
}

/// What a look-up says about the slot.
fn availability(exchange: &Exchange<'_>, slot: &Slot) -> Option<bool> {
    if exchange.call.method != Method::BatchAvailabilityLookup {
        return None;
    }
    let entries = exchange.answer_value("/slot_time_availability")?.as_array()?;
    let of_slot = entries.iter().find(|entry| is_at(&entry["slot_time"], slot))?;
    Some(of_slot["available"] == true)
}

fn is_at(message: &Value, slot: &Slot) -> bool {
    let start = message.get("start_sec").and_then(int64::read);
    let resources = message.get("resources").or_else(|| message.get("resource_ids"));
    let staff = resources.and_then(|resources| reading::text(resources, "/staff_id"));
    let same_staff = staff.is_none() || staff == slot.resources.staff_id.as_deref();
    reading::text(message, "/service_id") == Some(&slot.service_id)
        && start == Some(slot.start_sec)
        && same_staff
}

fn finding(exchange: &Exchange<'_>) -> (Proof, String) {
    let proof = Proof {
        entry: Some(exchange.entry),
        ..Proof::default()
    };
    let message = match exchange.call.method {
        Method::ListBookings => "a booking that was refused with a 4xx is listed all the same",
        _ => "the slot is gone after a booking that was refused with a 4xx",
    };
    (proof.expected("no booking"), message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking};
    use serde_json::json;

    fn lookup(story: Story, available: bool) -> Story {
        let slot = json!({ "service_id": "cut", "start_sec": START.to_string() });
        let answer = json!({ "slot_time_availability": [{ "slot_time": slot, "available": available }] });
        story.call(Method::BatchAvailabilityLookup, json!({}), 200, answer)
    }

    fn create(story: Story, status: u16, answer: Value) -> Story {
        let slot = json!({ "merchant_id": "salon", "service_id": "cut", "start_sec": START.to_string() });
        story.call(Method::CreateBooking, json!({ "slot": slot }), status, answer)
    }

    fn refusal() -> Story {
        create(lookup(Story::arrival(), true), 400, json!({}))
    }

    #[test]
    fn a_slot_that_stays_free_passes() {
        lookup(refusal(), true).judge(&RULE).passes(NOTHING);
        let listed = refusal().call(Method::ListBookings, json!({}), 200, json!({}));
        listed.judge(&RULE).passes(NOTHING);
    }

    #[test]
    fn a_slot_that_is_gone_is_found() {
        lookup(refusal(), false).judge(&RULE).fails(NOTHING);
        let answer = json!({ "bookings": [booking()["booking"]] });
        let listed = refusal().call(Method::ListBookings, json!({}), 200, answer);
        listed.judge(&RULE).fails(NOTHING);
    }

    #[test]
    fn what_was_taken_before_or_booked_in_between_says_nothing() {
        let taken = create(lookup(Story::arrival(), false), 409, json!({}));
        lookup(taken, false).judge(&RULE).says_nothing();
        let booked = create(refusal(), 200, booking());
        lookup(booked, false).judge(&RULE).says_nothing();
        let closed = refusal().trigger("close_slot");
        lookup(closed, false).judge(&RULE).says_nothing();
    }
}
