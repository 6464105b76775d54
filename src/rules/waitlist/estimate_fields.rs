//! BS-WAIT-11

use super::estimates;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::int64;
use transcript::Exchange;

const FIELDS: RequirementId = RequirementId::declared("BS-WAIT-11");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/estimate-fields",
    requirements: &[FIELDS],
    manual: "Every estimate, of BatchGetWaitEstimates and of an entry, has a `party_size` and a `wait_length`. An empty `wait_length` is \
             one: there is no wait. An estimate without `waitlist_confirmation_mode` is read as synchronous.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, estimate) in estimates(exchange) {
        let size = reading::set(estimate, "/party_size")
            .and_then(int64::read)
            .filter(|size| *size > 0);
        let has_length = reading::set(estimate, "/wait_length").is_some();
        let missing = if size.is_none() {
            Some("party_size")
        } else if has_length {
            None
        } else {
            Some("wait_length")
        };
        verdicts.check(FIELDS, missing.is_none(), || {
            let name = missing.unwrap_or_default();
            let message = format!(
                "an estimate in the answer to {} has no `{name}`",
                exchange.call.method
            );
            (
                Proof::at(exchange.entry, pointer)
                    .expected(name)
                    .actual(estimate.clone()),
                message,
            )
        });
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "a test writes its values in place")]
    use super::*;
    use crate::testing::Story;
    use protocol::Method;
    use serde_json::json;

    fn verdict(estimate: serde_json::Value) -> crate::testing::StoryVerdict {
        let answer = json!({ "waitlist_status": "OPEN", "wait_estimate": [estimate] });
        let story = Story::arrival().call(
            Method::BatchGetWaitEstimates,
            json!({ "party_size": [2] }),
            200,
            answer,
        );
        story.judge(&RULE)
    }

    #[test]
    fn an_estimate_says_for_how_many_and_how_long() {
        verdict(json!({ "party_size": 2, "wait_length": {} })).passes(FIELDS);
        verdict(json!({ "party_size": "2", "wait_length": { "parties_ahead_count": 1 } })).passes(FIELDS);
        assert!(
            verdict(json!({ "party_size": 2 }))
                .fails(FIELDS)
                .message
                .contains("wait_length")
        );
        assert!(
            verdict(json!({ "wait_length": {} }))
                .fails(FIELDS)
                .message
                .contains("party_size")
        );
    }
}
