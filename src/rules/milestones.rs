//! What the run predicts of Google's onboarding milestones.
//!
//! Google counts ordinary traffic, so of the run's calls only the ordinary ones count: not those that were broken on
//! purpose or are there to see what a server makes of the unusual, and of the bookings of a slot the first one, since the
//! others are there to be refused.

use crate::Case;
use catalogue::RequirementId;
use domain::slot::Slot;
use outcome::Milestone;
use protocol::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{Exchange, Phase};

const PAGE_LOAD: RequirementId = RequirementId::declared("BS-OPS-02");
const SLOT_CLICK: RequirementId = RequirementId::declared("BS-OPS-03");
const CREATE: RequirementId = RequirementId::declared("BS-OPS-04");
const UPDATE: RequirementId = RequirementId::declared("BS-OPS-05");
const UNAVAILABLE: RequirementId = RequirementId::declared("BS-OPS-06");

/// Google looks at the last so many look-ups.
const LAST: usize = 20;

/// Every milestone, in the order of its requirement.
pub fn milestones(cases: &[Case<'_>]) -> Vec<Milestone> {
    let (pages, clicks): (Vec<_>, Vec<_>) = lookups(cases).partition(|one| slots(one) > 1);
    let booked = first_bookings(cases);
    let changes = changes(cases);
    vec![
        Milestone::new(
            PAGE_LOAD,
            "page-load look-ups without errors",
            last(&pages, is_clean),
            (LAST, 0.9),
        ),
        Milestone::new(
            SLOT_CLICK,
            "slot-click look-ups without errors",
            last(&clicks, is_clean),
            (LAST, 1.0),
        ),
        Milestone::new(
            SLOT_CLICK,
            "slot-click look-ups without failures",
            last(&free(&clicks), is_available),
            (LAST, 0.95),
        ),
        Milestone::new(CREATE, "bookings made", count(&booked, is_booked), (10, 0.9)),
        Milestone::new(
            UPDATE,
            "changes without errors",
            count(&changes, is_answered),
            (10, 0.9),
        ),
        Milestone::new(
            UNAVAILABLE,
            "bookings not refused after a free look-up",
            count(&booked, |one| !is_gone(one)),
            (LAST, 0.95),
        ),
    ]
}

type Count = (usize, usize);

fn count(exchanges: &[Exchange<'_>], good: fn(&Exchange<'_>) -> bool) -> Count {
    (exchanges.iter().filter(|one| good(one)).count(), exchanges.len())
}

/// Of the last ones in the order of the scenarios: the order of the answers is another one in each run.
fn last(exchanges: &[Exchange<'_>], good: fn(&Exchange<'_>) -> bool) -> Count {
    count(&exchanges[exchanges.len().saturating_sub(LAST)..], good)
}

fn ordinary<'c>(case: &'c Case<'_>, method: Method) -> impl Iterator<Item = Exchange<'c>> {
    let all = case.transcript.exchanges_of(method);
    all.filter(|one| case.is_everyday(one))
}

/// Look-ups of slots that the inventory has.
fn lookups<'c>(cases: &'c [Case<'_>]) -> impl Iterator<Item = Exchange<'c>> {
    cases.iter().flat_map(|case| {
        let all = ordinary(case, Method::BatchAvailabilityLookup);
        all.filter(|one| asked(one).iter().all(|slot| is_known(case, one, slot)))
    })
}

fn asked<'e>(exchange: &Exchange<'e>) -> &'e [Value] {
    let slots = exchange.request_value("/slot_time").and_then(Value::as_array);
    slots.map_or(&[], Vec::as_slice)
}

fn slots(exchange: &Exchange<'_>) -> usize {
    asked(exchange).len()
}

fn is_known(case: &Case<'_>, exchange: &Exchange<'_>, slot: &Value) -> bool {
    let merchant = exchange.request_value("/merchant_id").and_then(Value::as_str);
    let bound = case.transcript.slot_of(slot);
    bound.is_some_and(|bound: &Slot| merchant == Some(bound.merchant_id.as_str()))
}

/// Look-ups before anything was booked: what the feed says is free should be.
fn free<'e>(clicks: &[Exchange<'e>]) -> Vec<Exchange<'e>> {
    let before = clicks.iter().filter(|one| one.phase == Phase::Prepare);
    before.copied().collect()
}

fn is_clean(exchange: &Exchange<'_>) -> bool {
    let entries = exchange
        .answer_value("/slot_time_availability")
        .and_then(Value::as_array);
    entries.is_some_and(|entries| entries.len() == slots(exchange))
}

fn is_available(exchange: &Exchange<'_>) -> bool {
    exchange.answer_value("/slot_time_availability/0/available") == Some(&Value::Bool(true))
}

/// The first booking of each slot, but for those that a card did not pay for.
fn first_bookings<'c>(cases: &'c [Case<'_>]) -> Vec<Exchange<'c>> {
    let of = |case: &'c Case<'_>| {
        let mut seen = BTreeSet::new();
        let known = move |one: &Exchange<'c>| {
            let slot = one
                .request_value("/slot")
                .and_then(|slot| case.transcript.slot_of(slot));
            slot.is_some_and(|slot| seen.insert((slot.merchant_id.as_str(), slot.start_sec)))
        };
        ordinary(case, Method::CreateBooking).filter(known)
    };
    let all = cases.iter().flat_map(of);
    all.filter(|one| !cause(one).is_some_and(|cause| cause.starts_with("PAYMENT")))
        .collect()
}

fn cause<'e>(exchange: &Exchange<'e>) -> Option<&'e str> {
    exchange.answer_text("/booking_failure/cause")
}

fn is_booked(exchange: &Exchange<'_>) -> bool {
    exchange.answer_value("/booking/booking_id").is_some()
        && exchange.answer_value("/booking_failure").is_none()
}

fn is_gone(exchange: &Exchange<'_>) -> bool {
    cause(exchange) == Some("SLOT_UNAVAILABLE")
}

/// Changes of bookings that were made.
fn changes<'c>(cases: &'c [Case<'_>]) -> Vec<Exchange<'c>> {
    let of = |case: &'c Case<'_>| {
        let made: BTreeSet<_> = case.bookings().into_iter().map(|(id, _)| id.to_owned()).collect();
        let ours = move |one: &Exchange<'c>| {
            let id = one.request_value("/booking/booking_id").and_then(Value::as_str);
            id.is_some_and(|id| made.contains(id))
        };
        ordinary(case, Method::UpdateBooking).filter(ours)
    };
    cases.iter().flat_map(of).collect()
}

/// True for every HTTP answer; a refusal counts as one.
fn is_answered(exchange: &Exchange<'_>) -> bool {
    exchange.answer_value("/booking").is_some() || exchange.answer_value("/booking_failure").is_some()
}

#[cfg(test)]
mod tests;
