//! BS-BAL-17

use super::{is_available, pairs, repeats};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};
use transcript::Exchange;

const HONOURED: RequirementId = RequirementId::declared("BS-BAL-17");

pub(crate) static RULE: Rule = Rule {
    name: "availability/honoured",
    requirements: &[HONOURED],
    manual: "A slot that was available when it was looked up alone, as when a user clicks it, must not be refused as \
             SLOT_UNAVAILABLE when it is booked at once. Only the last look-up before the booking counts, and only when \
             no other booking, change or act at the partner lies in between, the slot can still be booked, the token is a \
             new one, and the user has no other booking, which a limit of the partner's may stand against.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<Exchange<'_>> = case.transcript.exchanges().collect();
    for booking in case
        .answers()
        .filter(|exchange| exchange.call.method == Method::CreateBooking && is_first_attempt(&all, exchange))
        .filter(|exchange| !case.has_user_booked_before(exchange))
    {
        let clicked = all
            .iter()
            .rfind(|other| is_click_on(other, &booking) && case.is_undisturbed(other, &booking));
        let Some(clicked) = clicked.filter(|_| is_bookable(case, &booking)) else {
            continue;
        };
        if reading::created_booking(&booking).is_some() {
            verdicts.pass(HONOURED);
        } else if booking.answer_text("/booking_failure/cause") == Some("SLOT_UNAVAILABLE") {
            let proof = Proof::at(booking.entry, "/booking_failure/cause")
                .expected(format!(
                    "a booking: entry {} said that the slot is available",
                    clicked.entry
                ))
                .actual("SLOT_UNAVAILABLE");
            let message = "the look-up said that the slot is available, and booking it was refused at once";
            verdicts.fail(HONOURED, proof, message);
        }
    }
}

/// False for a repeated token, whose answer another rule judges.
fn is_first_attempt(all: &[Exchange<'_>], booking: &Exchange<'_>) -> bool {
    let token = booking.request_value("/idempotency_token");
    !all.iter()
        .any(|other| other.entry < booking.entry && other.request_value("/idempotency_token") == token)
}

/// A look-up of the booking's slot alone that found it available.
fn is_click_on(exchange: &Exchange<'_>, booking: &Exchange<'_>) -> bool {
    let Some((asked, entries)) = pairs(exchange).filter(|(asked, _)| asked.len() == 1) else {
        return false;
    };
    let Some(slot) = booking.request_value("/slot") else {
        return false;
    };
    let same = |name: &str| asked[0].get(name) == slot.get(name);
    let resources = asked[0].get("resource_ids") == slot.get("resources");
    let merchant = exchange.request_value("/merchant_id") == slot.get("merchant_id");
    merchant
        && resources
        && same("service_id")
        && same("start_sec")
        && same("duration_sec")
        && repeats(&entries[0], &asked[0])
        && is_available(&entries[0])
}

/// The last moment of booking had not come when the answer was there.
fn is_bookable(case: &Case<'_>, booking: &Exchange<'_>) -> bool {
    let until = case.slot_of(booking).map(|slot| slot.terms.bookable_until_sec);
    until.is_some_and(|until| case.epoch_sec(booking.answered_ms) < until)
        && booking.request_value("/slot") != Some(&Value::Null)
        && booking.request_value("/offer_id").unwrap_or(&json!("")) == ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking};

    fn click(available: bool) -> Story {
        let slot = json!({ "service_id": "cut", "start_sec": START.to_string(), "duration_sec": "1800" });
        let request = json!({ "merchant_id": "salon", "slot_time": [slot] });
        let entry = json!({ "slot_time": slot, "available": available });
        let answer = json!({ "slot_time_availability": [entry] });
        Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer)
    }

    fn refusal(cause: &str) -> Value {
        json!({ "booking_failure": { "cause": cause } })
    }

    #[test]
    fn an_available_slot_that_is_booked_passes() {
        click(true).create(booking()).judge(&RULE).passes(HONOURED);
    }

    #[test]
    fn false_availability_is_found() {
        let story = click(true).create(refusal("SLOT_UNAVAILABLE"));
        story.judge(&RULE).fails(HONOURED);
    }

    #[test]
    fn what_was_not_available_or_fails_otherwise_says_nothing() {
        click(false)
            .create(refusal("SLOT_UNAVAILABLE"))
            .judge(&RULE)
            .says_nothing();
        click(true)
            .create(refusal("PAYMENT_ERROR"))
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn another_booking_in_between_may_have_taken_it() {
        let story = click(true).create(booking());
        let story = story.create_with("t-2", refusal("SLOT_UNAVAILABLE"));
        story.judge(&RULE).passes(HONOURED);
    }

    #[test]
    fn a_slot_whose_time_is_over_was_refused_rightly() {
        let story = click(true).after(86_400).create(refusal("SLOT_UNAVAILABLE"));
        story.judge(&RULE).says_nothing();
    }
}
