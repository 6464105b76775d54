//! The ordinary calls of a scenario, and which of their answers are good.

use crate::{Case, run};
use domain::slot::Slot;
use protocol::Method;
use scenario::Card;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::{Exchange, Phase};

/// The ordinary calls of one scenario.
pub(super) struct Traffic<'c> {
    pages: Vec<Exchange<'c>>,
    clicks: Vec<Exchange<'c>>,
    bookings: Vec<Exchange<'c>>,
    changes: Vec<Exchange<'c>>,
    /// The answers of look-ups that called a slot free which then could not be booked.
    untrue: BTreeSet<usize>,
}

impl<'c> Traffic<'c> {
    pub(super) fn of(case: &'c Case<'_>) -> Self {
        let (pages, clicks): (Vec<_>, Vec<_>) = look_ups(case).partition(|one| asked(one).len() > 1);
        let bookings = bookings(case);
        let untrue = bookings
            .iter()
            .filter(|booking| is_gone(booking))
            .filter_map(|booking| last_click(case, &clicks, booking))
            .collect();
        Self {
            pages,
            clicks,
            bookings,
            changes: changes(case),
            untrue,
        }
    }

    /// Look-ups of several slots.
    pub(super) fn pages(&self) -> &[Exchange<'c>] {
        &self.pages
    }

    /// Look-ups of one slot.
    pub(super) fn clicks(&self) -> &[Exchange<'c>] {
        &self.clicks
    }

    /// Bookings that nothing stood in the way of.
    pub(super) fn bookings(&self) -> &[Exchange<'c>] {
        &self.bookings
    }

    /// Changes of bookings that were made.
    pub(super) fn changes(&self) -> &[Exchange<'c>] {
        &self.changes
    }

    /// True when the look-up of one slot was clean, and right as far as one can know: what the feed offers and nobody has
    /// booked is free, and what is called free can be booked.
    pub(super) fn is_true(&self, click: &Exchange<'_>) -> bool {
        let must_be_free = click.phase == Phase::Prepare;
        let is_right = is_free(click) || !must_be_free;
        is_clean(click) && is_right && !self.untrue.contains(&click.entry)
    }
}

/// True when a look-up was answered in time and in the right form. What is not written down is false, as proto3 has it.
pub(super) fn is_clean(exchange: &Exchange<'_>) -> bool {
    let in_form = |entry: &Value| entry.is_object() && entry.get("available").is_none_or(Value::is_boolean);
    let entries = exchange
        .answer_value("/slot_time_availability")
        .and_then(Value::as_array);
    let whole = entries.is_some_and(|all| all.len() == asked(exchange).len() && all.iter().all(in_form));
    whole && !run::latency::is_too_late(exchange)
}

/// Calls as Google makes them all day, but for those that provoke a refusal.
fn ordinary<'c>(case: &'c Case<'_>, method: Method) -> impl Iterator<Item = Exchange<'c>> {
    let all = case.transcript.exchanges_of(method);
    all.filter(|one| case.is_everyday(one) && !is_provoking(case, one))
}

/// True when the step pays with a card that is not good, or when its author reckons with a refusal.
fn is_provoking(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    case.step_of(exchange).is_some_and(|step| {
        let is_good = matches!(step.card, Card::Good | Card::GooglePay | Card::Bare);
        let reckons = step.expect.iter().any(|expected| {
            let refused = expected.status.iter().any(|status| *status >= 300);
            refused || expected.body.as_ref().is_some_and(admits_refusal)
        });
        !is_good || reckons
    })
}

/// True when an expected body has a booking failure, or must have no booking.
fn admits_refusal(body: &Value) -> bool {
    let absent = json!({ "$absent": true });
    let either = body.get("$one_of").and_then(Value::as_array);
    let failure = body
        .get("booking_failure")
        .is_some_and(|failure| *failure != absent);
    let nothing = ["/booking", "/booking/booking_id"]
        .iter()
        .any(|place| body.pointer(place) == Some(&absent));
    failure || nothing || either.is_some_and(|bodies| bodies.iter().any(admits_refusal))
}

/// Look-ups of slots that the inventory has.
fn look_ups<'c>(case: &'c Case<'_>) -> impl Iterator<Item = Exchange<'c>> {
    let all = ordinary(case, Method::BatchAvailabilityLookup);
    all.filter(|one| asked(one).iter().all(|slot| is_known(case, one, slot)))
}

fn asked<'e>(exchange: &Exchange<'e>) -> &'e [Value] {
    let slots = exchange.request_value("/slot_time").and_then(Value::as_array);
    slots.map_or(&[], Vec::as_slice)
}

fn is_known(case: &Case<'_>, exchange: &Exchange<'_>, slot: &Value) -> bool {
    let merchant = exchange.request_value("/merchant_id").and_then(Value::as_str);
    let bound = case.transcript.slot_of(slot);
    bound.is_some_and(|bound: &Slot| merchant == Some(bound.merchant_id.as_str()))
}

fn is_free(click: &Exchange<'_>) -> bool {
    click.answer_value("/slot_time_availability/0/available") == Some(&Value::Bool(true))
}

/// Bookings of slots that nobody else in the scenario asks for at the same time or has asked for before.
fn bookings<'c>(case: &'c Case<'_>) -> Vec<Exchange<'c>> {
    let all: Vec<_> = case.transcript.exchanges_of(Method::CreateBooking).collect();
    let is_alone = |one: &Exchange<'_>| {
        let slot = case.slot_of(one);
        let before = |other: &&Exchange<'_>| other.answer.call < one.entry && other.entry != one.entry;
        slot.is_some() && !all.iter().filter(before).any(|other| case.slot_of(other) == slot)
    };
    let plain = ordinary(case, Method::CreateBooking).filter(is_alone);
    plain.filter(|one| !is_lawfully_refused(case, one)).collect()
}

/// True when a refusal may be due to the user's earlier booking, or asks for a 3-D Secure challenge to be passed first.
fn is_lawfully_refused(case: &Case<'_>, booking: &Exchange<'_>) -> bool {
    cause(booking)
        .is_some_and(|cause| cause == "PAYMENT_REQUIRES_3DS1" || case.has_user_booked_before(booking))
}

fn cause<'e>(exchange: &Exchange<'e>) -> Option<&'e str> {
    exchange.answer_text("/booking_failure/cause")
}

fn is_gone(booking: &Exchange<'_>) -> bool {
    cause(booking) == Some("SLOT_UNAVAILABLE")
}

/// The last look-up of the slot alone, if it called the slot free and nothing has happened since.
fn last_click(case: &Case<'_>, clicks: &[Exchange<'_>], booking: &Exchange<'_>) -> Option<usize> {
    let slot = case.slot_of(booking)?;
    let of_the_slot = |click: &&Exchange<'_>| {
        let asked = asked(click).first();
        click.entry < booking.answer.call
            && asked.and_then(|asked| case.transcript.slot_of(asked)) == Some(slot)
    };
    let click = clicks.iter().rfind(of_the_slot)?;
    (is_free(click) && case.is_undisturbed(click, booking)).then_some(click.entry)
}

/// Changes of bookings that were made. The clean-up cancels whatever still stands, so that may be refused.
fn changes<'c>(case: &'c Case<'_>) -> Vec<Exchange<'c>> {
    let made: BTreeSet<_> = case.bookings().into_iter().map(|(id, _)| id.to_owned()).collect();
    let is_ours = |one: &Exchange<'_>| {
        let id = one.request_value("/booking/booking_id").and_then(Value::as_str);
        id.is_some_and(|id| made.contains(id))
    };
    let all = ordinary(case, Method::UpdateBooking).filter(is_ours);
    all.filter(|one| one.phase != Phase::Cleanup || cause(one).is_none())
        .collect()
}

/// True for a booking with an id and without a failure.
pub(super) fn is_done(exchange: &Exchange<'_>) -> bool {
    let id = exchange.answer_text("/booking/booking_id");
    id.is_some_and(|id| !id.is_empty()) && exchange.answer_value("/booking_failure").is_none()
}
