//! BS-UPDATE-16

use super::carried_out::is_denied;
use super::change::{RequestedUpdate, changes};
use crate::availability::{is_available, pairs, repeats};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::{Method, int64};
use serde_json::{Value, json};
use transcript::{Exchange, Fact};

const GIVEN_BACK: RequirementId = RequirementId::declared("BS-UPDATE-16");
/// Another guest may take one place at the moment at which it is given back; that two take two is left to chance.
const CERTAIN: usize = 2;

pub(crate) static RULE: Rule = Rule {
    name: "update/given-back",
    requirements: &[GIVEN_BACK],
    manual: "A slot with several spots was available, filled up until a look-up said that it is not, and then Google cancelled \
             bookings of it or moved them away, as their answers show. A look-up must then offer it again. That it does not is a violation \
             once two bookings were given back, since another guest may have taken the place of one, and only where nothing else was done \
             to the slot in between. Slots with one spot are judged by what scenarios expect of their look-ups.",
    scope: Scope::Scenario(judge),
};

/// What a look-up of one slot with several spots said.
struct Look<'c> {
    exchange: Exchange<'c>,
    slot: &'c Slot,
    available: bool,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let looks: Vec<Look<'_>> = case
        .transcript
        .exchanges_of(Method::BatchAvailabilityLookup)
        .filter(|exchange| case.is_everyday(exchange))
        .filter_map(|exchange| look(case, exchange))
        .collect();
    for (index, last) in looks.iter().enumerate() {
        let earlier = || looks[..index].iter().filter(|look| look.slot == last.slot);
        let was_open = earlier().any(|look| look.available);
        if let Some(full) = earlier().next_back().filter(|look| was_open && !look.available) {
            compare(case, full, last, verdicts);
        }
    }
}

fn compare(case: &Case<'_>, full: &Look<'_>, last: &Look<'_>, verdicts: &mut Verdicts) {
    let span = full.exchange.entry..last.exchange.answer.call;
    if is_disturbed(case, last.slot, &span) || !is_bookable(case, last) {
        return;
    }
    let all = changes(case);
    let given: Vec<&RequestedUpdate<'_>> = all
        .iter()
        .filter(|change| span.contains(&change.exchange.answer.call) && change.exchange.entry < span.end)
        .filter(|change| gives_back(case, change, last.slot))
        .collect();
    if last.available && !given.is_empty() {
        verdicts.pass(GIVEN_BACK);
    } else if !last.available && given.len() >= CERTAIN {
        let proof = Proof::at(last.exchange.entry, "/slot_time_availability/0/available");
        let proof = proof.expected(json!(true)).actual(json!(false));
        verdicts.fail(GIVEN_BACK, proof, words(&given));
    }
}

fn words(given: &[&RequestedUpdate<'_>]) -> String {
    let done = if given.iter().all(|change| change.cancels()) {
        "cancelled"
    } else {
        "moved away"
    };
    format!(
        "the slot was full, then {} of its bookings were {done} through Google, and the look-up still says that nothing is open: their \
         places were not given back",
        given.len()
    )
}

/// A look-up that asked for one slot with several spots and was answered about it.
fn look<'c>(case: &'c Case<'_>, exchange: Exchange<'c>) -> Option<Look<'c>> {
    let (asked, entries) = pairs(&exchange).filter(|(asked, _)| asked.len() == 1)?;
    let slot = case.transcript.slot_of(&asked[0])?;
    let merchant = exchange.request_value("/merchant_id").and_then(Value::as_str);
    let is_about = merchant == Some(slot.merchant_id.as_str()) && repeats(&entries[0], &asked[0]);
    (is_about && slot.spots_open > 1).then(|| Look {
        exchange,
        slot,
        available: is_available(&entries[0]),
    })
}

/// True when somebody may have taken a place in between, or the merchant did something.
fn is_disturbed(case: &Case<'_>, slot: &Slot, span: &std::ops::Range<usize>) -> bool {
    let entries = case.transcript.entries.get(span.clone()).unwrap_or_default();
    entries.iter().any(|entry| match &entry.fact {
        Fact::Trigger(_) => true,
        Fact::Call(call) if call.method == Method::CreateBooking => true,
        Fact::Call(call) if call.method == Method::UpdateBooking => {
            let start = call
                .body
                .as_ref()
                .and_then(|body| body.pointer("/booking/slot/start_sec"));
            start.and_then(int64::read) == Some(slot.start_sec)
        }
        _ => false,
    })
}

/// The change took a booking of the slot away from it, as the answer shows and no later reading denies.
fn gives_back(case: &Case<'_>, change: &RequestedUpdate<'_>, slot: &Slot) -> bool {
    let is_its = case.slot_of_booking(change.id) == Some(slot);
    let start = |pointer: &str| reading::set(change.booking, pointer).and_then(int64::read);
    let is_shown = if change.cancels() {
        reading::text(change.booking, "/status") == Some("CANCELED")
    } else {
        let asked = change.requested_value("/slot/start_sec").and_then(int64::read);
        asked.is_some_and(|asked| asked != slot.start_sec) && start("/slot/start_sec") == asked
    };
    is_its && is_shown && !is_denied(case, change)
}

fn is_bookable(case: &Case<'_>, look: &Look<'_>) -> bool {
    case.epoch_sec(look.exchange.answered_ms) < look.slot.terms.bookable_until_sec
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking};

    fn looked(story: Story, available: bool) -> Story {
        let slot = json!({ "service_id": "cut", "start_sec": START.to_string(), "duration_sec": "1800" });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot] });
        let entry = json!({ "slot_time": slot, "available": available });
        story.call(
            Method::BatchAvailabilityLookup,
            request,
            200,
            json!({ "slot_time_availability": [entry] }),
        )
    }

    fn made(id: &str) -> Value {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!(id);
        answer
    }

    /// Two spots, both booked; the look-ups said first that there is one, and then that there is none.
    fn full() -> Story {
        let story = Story::arrival().slot(|slot| (slot.spots_total, slot.spots_open) = (2, 2));
        let story = looked(story, true)
            .create(made("bk-1"))
            .create_with("t-2", made("bk-2"));
        looked(story, false)
    }

    fn cancelled(story: Story, id: &str) -> Story {
        let mut answer = made(id);
        answer["booking"]["status"] = json!("CANCELED");
        let request = json!({ "booking": { "booking_id": id, "status": "CANCELED" } });
        story.call(Method::UpdateBooking, request, 200, answer)
    }

    fn moved(story: Story, id: &str) -> Story {
        let mut answer = made(id);
        let start = (START + 3600).to_string();
        answer["booking"]["slot"]["start_sec"] = json!(start);
        let slot = json!({ "start_sec": start, "duration_sec": "1800" });
        let request = json!({ "booking": { "booking_id": id, "slot": slot } });
        story.call(Method::UpdateBooking, request, 200, answer)
    }

    #[test]
    fn a_place_that_is_offered_again_passes() {
        looked(cancelled(full(), "bk-1"), true)
            .judge(&RULE)
            .passes(GIVEN_BACK);
        looked(moved(full(), "bk-1"), true)
            .judge(&RULE)
            .passes(GIVEN_BACK);
    }

    #[test]
    fn two_places_that_never_come_back_are_found() {
        let both = |give: fn(Story, &str) -> Story| looked(give(give(full(), "bk-1"), "bk-2"), false);
        both(cancelled).judge(&RULE).fails(GIVEN_BACK);
        both(moved).judge(&RULE).fails(GIVEN_BACK);
    }

    #[test]
    fn the_place_of_one_may_have_been_taken_by_another_guest() {
        looked(cancelled(full(), "bk-1"), false)
            .judge(&RULE)
            .says_nothing();
        let again = cancelled(cancelled(full(), "bk-1"), "bk-2").create_with("t-3", made("bk-3"));
        looked(again, false).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_slot_that_was_never_seen_open_or_full_says_nothing() {
        let story = Story::arrival().slot(|slot| (slot.spots_total, slot.spots_open) = (2, 2));
        let story = looked(story.create(made("bk-1")).create_with("t-2", made("bk-2")), false);
        let story = cancelled(cancelled(story, "bk-1"), "bk-2");
        looked(story, false).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_cancellation_that_was_not_carried_out_is_another_finding() {
        let story = cancelled(cancelled(full(), "bk-1"), "bk-2");
        let stands = json!({ "booking_id": "bk-2", "booking_status": "CONFIRMED" });
        let asked = json!({ "booking_id": "bk-2" });
        let story = story.call(Method::GetBookingStatus, asked, 200, stands);
        looked(story, false).judge(&RULE).says_nothing();
    }
}
