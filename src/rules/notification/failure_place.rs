//! REQ-09

use super::{BookingUpdate, failure};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const PLACE: RequirementId = RequirementId::declared("REQ-09");

pub(crate) static RULE: Rule = Rule {
    name: "notification/failure-place",
    requirements: &[PLACE],
    manual: "A failure belongs into the query, one parameter for each field, such as `bookingFailure.cause=SLOT_UNAVAILABLE`; the \
             body has no such field, and a message cannot be one parameter.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let misplaced = failure::wrong_place(&patch.call);
    if misplaced.is_none() && failure::in_query(&patch.call).is_empty() {
        return;
    }
    verdicts.check(PLACE, misplaced.is_none(), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        let place = misplaced.unwrap_or_default();
        (
            proof.expected("?bookingFailure.cause=…").actual(place),
            format!("the bookingFailure is sent {place}, not as query parameters"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, changes, copy, patch};
    use serde_json::{Value, json};

    fn judge_update(body: Value, query: &str) -> StoryVerdict {
        let mut sent = patch(
            Some("status"),
            changes(body),
            copy("PENDING_MERCHANT_CONFIRMATION", None),
            copy("FAILED", None),
        );
        sent.target += query;
        Story::arrival().notify(sent).judge(&RULE)
    }

    #[test]
    fn query_parameters_pass() {
        judge_update(
            json!({ "status": "FAILED" }),
            "&bookingFailure.cause=SLOT_UNAVAILABLE",
        )
        .passes(PLACE);
        judge_update(json!({ "status": "FAILED" }), "").says_nothing();
    }

    #[test]
    fn the_body_and_one_parameter_for_all_are_found() {
        let failure = json!({ "cause": "SLOT_UNAVAILABLE" });
        judge_update(json!({ "status": "FAILED", "bookingFailure": failure }), "").fails(PLACE);
        judge_update(json!({ "status": "FAILED" }), "&bookingFailure=%7B%7D").fails(PLACE);
    }
}
