//! REQ-09

use super::{Patch, failure};
use crate::bench::Proof;
use crate::{Bench, Case, Note, Rule, Scope};
use catalogue::RequirementId;

const PLACE: RequirementId = RequirementId::declared("REQ-09");

pub(crate) static RULE: Rule = Rule {
    name: "notification/failure-place",
    requirements: &[PLACE],
    manual: "A failure belongs into the query, one parameter for each field, such as `bookingFailure.cause=SLOT_UNAVAILABLE`; the \
             body has no such field, and a message cannot be one parameter.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, note: &Note<'_>, bench: &mut Bench) {
    if Patch::of(note).is_none() {
        return;
    }
    let misplaced = failure::misplaced(note);
    if misplaced.is_none() && failure::in_query(note).is_empty() {
        return;
    }
    bench.check(PLACE, misplaced.is_none(), || {
        let proof = Proof {
            entry: Some(note.entry),
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
    use crate::testing::{Story, Told, changes, copy, patch};
    use serde_json::{Value, json};

    fn told(body: Value, query: &str) -> Told {
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
        told(
            json!({ "status": "FAILED" }),
            "&bookingFailure.cause=SLOT_UNAVAILABLE",
        )
        .passes(PLACE);
        told(json!({ "status": "FAILED" }), "").says_nothing();
    }

    #[test]
    fn the_body_and_one_parameter_for_all_are_found() {
        let failure = json!({ "cause": "SLOT_UNAVAILABLE" });
        told(json!({ "status": "FAILED", "bookingFailure": failure }), "").fails(PLACE);
        told(json!({ "status": "FAILED" }), "&bookingFailure=%7B%7D").fails(PLACE);
    }
}
