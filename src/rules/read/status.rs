//! BS-STATUS-01

use crate::catalogue::RequirementId;
use crate::protocol::Method;
use crate::rules::bench::Proof;
use crate::rules::{Bench, Case, Rule, Scope, reading};
use crate::transcript::Exchange;
use serde_json::Value;

const STATE: RequirementId = RequirementId::declared("BS-STATUS-01");

pub(in crate::rules) static RULE: Rule = Rule {
    name: "read/status",
    requirements: &[STATE],
    manual: "A 200 answer to GetBookingStatus must hold `booking_id`, `booking_status` and `prepayment_status`, and the \
             booking id must be the one that was asked for. Whether the state is the latest is judged by scenarios.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, bench: &mut Bench) {
    if exchange.call.method != Method::GetBookingStatus || reading::body(exchange).is_none() {
        return;
    }
    let missing = ["booking_id", "booking_status", "prepayment_status"]
        .into_iter()
        .find(|name| exchange.got(&format!("/{name}")).is_none_or(|value| value == ""));
    if let Some(name) = missing {
        let proof = Proof::at(exchange.entry, format!("/{name}")).expected("present");
        return bench.fail(STATE, proof, format!("the state of the booking lacks `{name}`"));
    }
    let (Some(id), Some(asked)) = (
        exchange.got_str("/booking_id"),
        exchange.sent("/booking_id").and_then(Value::as_str),
    ) else {
        return;
    };
    bench.check(STATE, id == asked, || {
        let proof = Proof::at(exchange.entry, "/booking_id")
            .expected(asked)
            .actual(id);
        (
            proof,
            "the answer is about another booking than the one that was asked for".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Story;
    use serde_json::json;

    fn answered(change: impl FnOnce(&mut Value)) -> Story {
        let mut answer = json!({ "booking_id": "bk-0001", "booking_status": "CONFIRMED",
            "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
        change(&mut answer);
        let request = json!({ "booking_id": "bk-0001" });
        Story::arrival().call(Method::GetBookingStatus, request, 200, answer)
    }

    #[test]
    fn all_three_pass() {
        answered(|_| {}).judge(&RULE).passes(STATE);
    }

    #[test]
    fn each_missing_one_is_found() {
        for name in ["booking_id", "booking_status", "prepayment_status"] {
            let found = answered(|answer| answer[name] = json!(null))
                .judge(&RULE)
                .fails(STATE);
            assert_eq!(found.evidence.pointer, Some(format!("/{name}")));
        }
    }

    #[test]
    fn another_booking_is_found() {
        answered(|answer| answer["booking_id"] = json!("bk-0009"))
            .judge(&RULE)
            .fails(STATE);
    }
}
