//! RTU-ASYNC-12

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const DECIDED: RequirementId = RequirementId::declared("RTU-ASYNC-12");

pub(crate) static RULE: Rule = Rule {
    name: "notification/decided",
    requirements: &[DECIDED],
    manual: "Once a booking was confirmed, declined, cancelled or has failed, no notification may say that it waits for the \
             merchant or for the user again.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let (Some(to), Some(from)) = (patch.status(), patch.text_before("/status")) else {
        return;
    };
    if from.starts_with("PENDING") && to.starts_with("PENDING") {
        return;
    }
    verdicts.check(DECIDED, !to.starts_with("PENDING"), || {
        let proof = Proof::at(patch.entry, "/status").expected(from).actual(to);
        (
            proof,
            "a booking that was decided is reported as pending again".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    const PENDING: &str = "PENDING_MERCHANT_CONFIRMATION";

    fn update(from: &str, to: &str) -> Story {
        let body = changes(json!({ "status": to }));
        Story::arrival().patch(Some("status"), body, copy(from, None), copy(to, None))
    }

    #[test]
    fn a_decision_passes_and_a_repeated_request_says_nothing() {
        update(PENDING, "CONFIRMED").judge(&RULE).passes(DECIDED);
        update(PENDING, PENDING).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_decision_that_is_taken_back_is_found() {
        for from in ["CONFIRMED", "DECLINED_BY_MERCHANT", "CANCELED"] {
            update(from, PENDING).judge(&RULE).fails(DECIDED);
        }
    }
}
