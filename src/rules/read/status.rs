//! BS-STATUS-01, BS-STATUS-04

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const STATE: RequirementId = RequirementId::declared("BS-STATUS-01");
const DECIDED: RequirementId = RequirementId::declared("BS-STATUS-04");

pub(crate) static RULE: Rule = Rule {
    name: "read/status",
    requirements: &[STATE, DECIDED],
    manual: "A 200 answer to GetBookingStatus must hold `booking_id`, `booking_status` and `prepayment_status`, and the \
             booking id must be the one that was asked for. BOOKING_STATUS_UNSPECIFIED is no state of a booking. A booking \
             that the partner itself has just made must be known. Whether the state is the latest is judged by scenarios.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::GetBookingStatus {
        return;
    }
    if reading::body(exchange).is_none() {
        return judge_refusal(case, exchange, verdicts);
    }
    let missing = ["booking_id", "booking_status", "prepayment_status"]
        .into_iter()
        .find(|name| {
            exchange
                .answer_value(&format!("/{name}"))
                .is_none_or(|value| value == "")
        });
    if let Some(name) = missing {
        let proof = Proof::at(exchange.entry, format!("/{name}")).expected("present");
        verdicts.fail(STATE, proof, format!("the state of the booking lacks `{name}`"));
    }
    let status = exchange.answer_value("/booking_status");
    // A field that is missing never hides that the state itself is wrong.
    let undecided = status.is_some_and(|status| status == "BOOKING_STATUS_UNSPECIFIED" || *status == 0);
    if missing == Some("booking_status") {
        return;
    }
    verdicts.check(DECIDED, !undecided, || {
        let proof = Proof::at(exchange.entry, "/booking_status").expected("a state of the booking");
        let message = "the booking exists, but its status is read back as BOOKING_STATUS_UNSPECIFIED";
        (
            proof.actual(status.cloned().unwrap_or_default()),
            message.to_owned(),
        )
    });
    let (Some(id), Some(asked)) = (
        exchange.answer_text("/booking_id"),
        exchange.request_value("/booking_id").and_then(Value::as_str),
    ) else {
        return;
    };
    // One finding for one requirement and answer: what is missing has been said.
    if missing.is_some() && id == asked {
        return;
    }
    verdicts.check(STATE, id == asked, || {
        let proof = Proof::at(exchange.entry, "/booking_id")
            .expected(asked)
            .actual(id);
        (
            proof,
            "the answer is about another booking than the one that was asked for".to_owned(),
        )
    });
}

/// A booking that was made in this history exists; 501 means that the method is not offered at all.
fn judge_refusal(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let asked = exchange.request_value("/booking_id").and_then(Value::as_str);
    let known = case
        .bookings()
        .iter()
        .any(|(id, made)| Some(*id) == asked && made.entry < exchange.answer.call);
    let refused = exchange.http().filter(|reply| !reply.is_success());
    let status = refused.map(|reply| reply.status);
    if let Some(status) = status.filter(|status| known && *status != 501) {
        let proof = Proof {
            entry: Some(exchange.entry),
            ..Proof::default()
        };
        let message = "GetBookingStatus does not know a booking that was just made: the method is missing, or looks for \
                       the id elsewhere than in the JSON body";
        verdicts.fail(
            STATE,
            proof.expected("status 200").actual(format!("status {status}")),
            message,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn answer(change: impl FnOnce(&mut Value)) -> Story {
        let mut answer = json!({ "booking_id": "bk-0001", "booking_status": "CONFIRMED",
            "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
        change(&mut answer);
        let request = json!({ "booking_id": "bk-0001" });
        Story::arrival().call(Method::GetBookingStatus, request, 200, answer)
    }

    #[test]
    fn all_three_pass() {
        let verdict = answer(|_| {}).judge(&RULE);
        verdict.passes(STATE);
        verdict.passes(DECIDED);
    }

    #[test]
    fn a_status_that_says_nothing_is_found() {
        for status in [json!("BOOKING_STATUS_UNSPECIFIED"), json!(0)] {
            answer(|answer| answer["booking_status"] = status)
                .judge(&RULE)
                .fails(DECIDED);
        }
    }

    #[test]
    fn a_booking_that_was_made_is_known() {
        let asked = |id: &str, status| {
            let made = Story::arrival().create(crate::testing::booking());
            made.call(
                Method::GetBookingStatus,
                json!({ "booking_id": id }),
                status,
                json!({}),
            )
        };
        asked("bk-0001", 404).judge(&RULE).fails(STATE);
        asked("bk-0001", 501).judge(&RULE).says_nothing();
        asked("bk-0002", 404).judge(&RULE).says_nothing();
    }

    #[test]
    fn each_missing_one_is_found() {
        for name in ["booking_id", "booking_status", "prepayment_status"] {
            let found = answer(|answer| answer[name] = json!(null))
                .judge(&RULE)
                .fails(STATE);
            assert_eq!(found.evidence.pointer, Some(format!("/{name}")));
        }
    }

    #[test]
    fn another_booking_is_found() {
        answer(|answer| answer["booking_id"] = json!("bk-0009"))
            .judge(&RULE)
            .fails(STATE);
    }

    #[test]
    fn what_is_missing_does_not_hide_that_the_state_is_none() {
        let answer = json!({ "booking_id": "bk-0001", "booking_status": "BOOKING_STATUS_UNSPECIFIED" });
        let request = json!({ "booking_id": "bk-0001" });
        let story = Story::arrival().call(Method::GetBookingStatus, request, 200, answer);
        let found = story.judge_all().0.findings;
        let ids: Vec<_> = found.iter().map(|finding| finding.requirement).collect();
        assert_eq!(ids, [STATE, DECIDED]);
    }
}
