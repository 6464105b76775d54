//! BS-WAIT-02

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};
use transcript::Exchange;

const ALONE: RequirementId = RequirementId::declared("BS-WAIT-02");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/shut",
    requirements: &[ALONE],
    manual: "An answer to BatchGetWaitEstimates whose `waitlist_status` is `CLOSED_NO_WAIT` or `CLOSED_OTHER` has no estimates. An \
             empty list is the same as none.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let status = exchange.answer_text("/waitlist_status");
    let closed = ["CLOSED_NO_WAIT", "CLOSED_OTHER"];
    let Some(status) = status.filter(|status| closed.contains(status)) else {
        return;
    };
    let Some(body) =
        reading::body(exchange).filter(|_| exchange.call.method == Method::BatchGetWaitEstimates)
    else {
        return;
    };
    let is_set = |value: &Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    let other = body.get("wait_estimate").filter(|value| is_set(value));
    verdicts.check(ALONE, other.is_none(), || {
        let proof = Proof::at(exchange.entry, "/wait_estimate").expected(json!([]));
        let message = format!(
            "BatchGetWaitEstimates returned `\"waitlist_status\": \"{status}\"` with estimates; nothing but the status is due"
        );
        (proof.actual(other.cloned().unwrap_or_default()), message)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(answer: serde_json::Value) -> crate::testing::StoryVerdict {
        let story = Story::arrival().call(
            Method::BatchGetWaitEstimates,
            json!({ "party_size": [2] }),
            200,
            answer,
        );
        story.judge(&RULE)
    }

    #[test]
    fn a_closed_list_has_no_estimates() {
        verdict(json!({ "waitlist_status": "CLOSED_OTHER" })).passes(ALONE);
        verdict(json!({ "waitlist_status": "CLOSED_NO_WAIT", "wait_estimate": [] })).passes(ALONE);
        verdict(json!({ "waitlist_status": "CLOSED_OTHER", "wait_estimate": [{ "party_size": 2 }] }))
            .fails(ALONE);
        verdict(json!({ "waitlist_status": "OPEN" })).says_nothing();
    }
}
