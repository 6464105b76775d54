//! BS-CREATE-26

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::json;
use transcript::Exchange;

const ALONE: RequirementId = RequirementId::declared("BS-CREATE-26");

pub(crate) static RULE: Rule = Rule {
    name: "create/failure-alone",
    requirements: &[ALONE],
    manual: "An answer to CreateBooking that holds `booking_failure` must hold neither `booking` nor \
             `user_payment_option`. An empty object there is tolerated. For UpdateBooking nothing of the kind is said.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateBooking || exchange.answer_value("/booking_failure").is_none() {
        return;
    }
    let beside = ["/booking", "/user_payment_option"].into_iter().find(|pointer| {
        exchange
            .answer_value(pointer)
            .is_some_and(|value| value != &json!({}))
    });
    verdicts.check(ALONE, beside.is_none(), || {
        let pointer = beside.unwrap_or_default();
        let proof = Proof::at(exchange.entry, pointer).expected("nothing beside booking_failure");
        let name = pointer.trim_start_matches('/');
        (
            proof.actual(exchange.answer_value(pointer).cloned().unwrap_or_default()),
            format!("the answer holds a failure and `{name}` at once"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};

    #[test]
    fn a_failure_alone_passes() {
        let answer = json!({ "booking": {}, "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        Story::arrival().create(answer).judge(&RULE).passes(ALONE);
    }

    #[test]
    fn a_failed_booking_beside_its_failure_is_found() {
        let mut answer = booking();
        answer["booking"]["status"] = json!("FAILED");
        answer["booking_failure"] = json!({ "cause": "SLOT_UNAVAILABLE" });
        let found = Story::arrival().create(answer).judge(&RULE).fails(ALONE);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/booking"));
    }
}
