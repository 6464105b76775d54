//! BS-IDEM-01

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const SAME: RequirementId = RequirementId::declared("BS-IDEM-01");

pub(crate) static RULE: Rule = Rule {
    name: "create/stale-repeat",
    requirements: &[SAME],
    manual: "When a token is repeated after its booking was cancelled, nothing is said about the answer: the booking with its \
             status CANCELED, a failure, or another booking are all right. Only an answer that calls a booking CONFIRMED \
             which GetBookingStatus calls CANCELED right afterwards warns: it was kept from the first call and is no longer \
             true.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(booking) = reading::created_booking(exchange).filter(|_| case.is_repeat(exchange)) else {
        return;
    };
    let confirmed = reading::text(booking, "/status") == Some("CONFIRMED");
    let Some(id) = reading::id(booking).filter(|_| confirmed) else {
        return;
    };
    if is_cancelled(case, id, exchange) && is_read_as_cancelled(case, id, exchange) {
        let proof =
            Proof::at(exchange.entry, "/booking/status").expected("CANCELED, as the booking is read back");
        let message = "the repeated request was answered CONFIRMED although the booking is cancelled: an answer was kept \
                       instead of the booking's state";
        verdicts.warn(SAME, proof.actual("CONFIRMED"), message);
    }
}

fn is_cancelled(case: &Case<'_>, id: &str, repeat: &Exchange<'_>) -> bool {
    case.answers().any(|other| {
        let it = other.request_value("/booking/booking_id").and_then(Value::as_str) == Some(id);
        it && other.entry < repeat.answer.call && other.answer_text("/booking/status") == Some("CANCELED")
    })
}

/// Nobody else acted in between, so this is the state at the time of the answer.
fn is_read_as_cancelled(case: &Case<'_>, id: &str, repeat: &Exchange<'_>) -> bool {
    let next = case.answers().find(|other| {
        let it = other.request_value("/booking_id").and_then(Value::as_str) == Some(id);
        it && other.call.method == Method::GetBookingStatus && other.answer.call > repeat.entry
    });
    next.is_some_and(|next| next.answer_text("/booking_status") == Some("CANCELED"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    fn repeat(status: &str, read_back: &str) -> Story {
        let with_status = |status: &str| {
            let mut answer = booking();
            answer["booking"]["status"] = json!(status);
            answer
        };
        let story = Story::arrival().create(booking()).cancel(with_status("CANCELED"));
        let state = json!({ "booking_id": "bk-0001", "booking_status": read_back });
        let asked = json!({ "booking_id": "bk-0001" });
        story
            .create(with_status(status))
            .call(Method::GetBookingStatus, asked, 200, state)
    }

    #[test]
    fn what_became_of_the_booking_is_right() {
        repeat("CANCELED", "CANCELED").judge(&RULE).says_nothing();
        repeat("CONFIRMED", "CONFIRMED").judge(&RULE).says_nothing();
    }

    #[test]
    fn a_kept_answer_warns() {
        repeat("CONFIRMED", "CANCELED").judge(&RULE).warns(SAME);
    }
}
