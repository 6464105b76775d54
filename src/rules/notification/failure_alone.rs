//! RTU-ASYNC-08

use super::{BookingUpdate, failure};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const ALONE: RequirementId = RequirementId::declared("RTU-ASYNC-08");

pub(crate) static RULE: Rule = Rule {
    name: "notification/failure-alone",
    requirements: &[ALONE],
    manual: "`bookingFailure` should come with the status FAILED only; Google ignores it elsewhere.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(status) = patch.status().filter(|status| *status != "FAILED") else {
        return;
    };
    let fields: Vec<_> = failure::in_query(&patch.call)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    verdicts.check(ALONE, fields.is_empty(), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        (
            proof.expected("no bookingFailure").actual(fields),
            format!("a bookingFailure is sent with the status {status}, where Google ignores it"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, changes, copy, patch};
    use serde_json::json;

    fn judge_update(status: &str, query: &str) -> StoryVerdict {
        let body = changes(json!({ "status": status }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("PENDING_MERCHANT_CONFIRMATION", None),
            copy(status, None),
        );
        sent.target += query;
        Story::arrival().notify(sent).judge(&RULE)
    }

    #[test]
    fn a_decision_without_a_failure_passes() {
        judge_update("DECLINED_BY_MERCHANT", "").passes(ALONE);
        judge_update("FAILED", "&bookingFailure.cause=SLOT_UNAVAILABLE").says_nothing();
    }

    #[test]
    fn a_failure_beside_another_status_warns() {
        judge_update("DECLINED_BY_MERCHANT", "&bookingFailure.cause=SLOT_UNAVAILABLE").warns(ALONE);
    }
}
