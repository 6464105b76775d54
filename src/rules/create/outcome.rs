//! BS-CREATE-27

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const OUTCOME: RequirementId = RequirementId::declared("BS-CREATE-27");

pub(crate) static RULE: Rule = Rule {
    name: "create/outcome",
    requirements: &[OUTCOME],
    manual: "A 200 answer to CreateBooking must hold `booking` with a booking id, or `booking_failure`. Whether both at \
             once are there has a rule of its own.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateBooking || reading::body(exchange).is_none() {
        return;
    }
    if exchange.answer_value("/booking_failure").is_some() {
        return verdicts.pass(OUTCOME);
    }
    let Some(booking) = exchange.answer_value("/booking") else {
        let proof = Proof::at(exchange.entry, "").expected("booking or booking_failure");
        return verdicts.fail(OUTCOME, proof, "the answer holds neither a booking nor a failure");
    };
    let pointer = "/booking/booking_id";
    let nameless = booking.is_object() && exchange.answer_value(pointer).is_none_or(|id| id == "");
    verdicts.check(OUTCOME, !nameless, || {
        let proof = Proof::at(exchange.entry, pointer).expected("present");
        (proof, "the booking has no booking id".to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn a_booking_or_a_failure_passes() {
        Story::arrival().create(booking()).judge(&RULE).passes(OUTCOME);
        let failure = json!({ "booking": null, "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        Story::arrival().create(failure).judge(&RULE).passes(OUTCOME);
    }

    #[test]
    fn neither_is_found() {
        Story::arrival().create(json!({})).judge(&RULE).fails(OUTCOME);
    }

    #[test]
    fn a_booking_without_id_is_found() {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!("");
        let found = Story::arrival().create(answer).judge(&RULE).fails(OUTCOME);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking/booking_id"));
    }
}
