//! BS-UPDATE-08

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const COMPLETE: RequirementId = RequirementId::declared("BS-UPDATE-08");

pub(crate) static RULE: Rule = Rule {
    name: "update/complete",
    requirements: &[COMPLETE],
    manual: "The answer to a change of time or party size should hold the complete booking, at least its slot with merchant and service, and its user with the user id. \
             After a cancellation booking id and status are enough: Google's own example server answers no more.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(booking) = reading::updated_booking(exchange) else {
        return;
    };
    if exchange.request_value("/booking/status").is_some() {
        return verdicts.pass(COMPLETE);
    }
    // A booking from outside of this history has no complete form to compare with.
    let id = exchange
        .request_value("/booking/booking_id")
        .and_then(Value::as_str);
    if !case.bookings().iter().any(|(made, _)| Some(*made) == id) {
        return;
    }
    let missing = [
        "slot",
        "slot/merchant_id",
        "slot/service_id",
        "user_information",
        "user_information/user_id",
    ]
    .into_iter()
    .find(|name| reading::set(booking, &format!("/{name}")).is_none_or(|value| value == ""));
    verdicts.check(COMPLETE, missing.is_none(), || {
        let name = missing.unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("/booking/{name}")).expected("present");
        let field = name.rsplit('/').next().unwrap_or(name);
        (
            proof,
            format!("the changed booking is returned without `{field}`"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use protocol::Method;
    use serde_json::json;

    fn reschedule(answer: Value) -> Story {
        let slot = json!({ "start_sec": "1893488400", "duration_sec": "1800" });
        let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        let story = Story::arrival().create(booking());
        story.call(Method::UpdateBooking, request, 200, answer)
    }

    #[test]
    fn a_complete_booking_and_a_short_cancellation_pass() {
        reschedule(booking()).judge(&RULE).passes(COMPLETE);
        let short = json!({ "booking": { "booking_id": "bk-0001", "status": "CANCELED" } });
        Story::arrival().cancel(short).judge(&RULE).passes(COMPLETE);
    }

    #[test]
    fn a_moved_booking_without_its_user_warns() {
        let mut answer = booking();
        answer["booking"]["user_information"] = json!(null);
        reschedule(answer).judge(&RULE).warns(COMPLETE);
        let mut answer = booking();
        answer["booking"]["slot"]["service_id"] = json!(null);
        reschedule(answer).judge(&RULE).warns(COMPLETE);
    }
}
