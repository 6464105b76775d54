//! BS-WAIT-04

use super::FAILURE;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::Value;
use transcript::Exchange;

const OUTCOME: RequirementId = RequirementId::declared("BS-WAIT-04");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/outcome",
    requirements: &[OUTCOME],
    manual: "A 200 answer to CreateWaitlistEntry has a `waitlist_entry_id` or a `waitlist_business_logic_failure`, and not both. That \
             a refusal comes with status 200 is what scenarios expect.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateWaitlistEntry || reading::body(exchange).is_none() {
        return;
    }
    // What has another type than it should is told by the rule about types.
    let id = exchange
        .answer_value("/waitlist_entry_id")
        .filter(|id| id.as_str() != Some(""));
    let failure = exchange.answer_value(FAILURE);
    let proof = |pointer: &str| {
        Proof::at(exchange.entry, pointer).expected("waitlist_entry_id or waitlist_business_logic_failure")
    };
    match (id, failure) {
        (Some(_), None) | (None, Some(_)) => verdicts.pass(OUTCOME),
        (None, None) => {
            let message = "CreateWaitlistEntry was answered with neither a waitlist_entry_id nor a waitlist_business_logic_failure";
            verdicts.fail(OUTCOME, proof("").actual(Value::Null), message);
        }
        (Some(id), Some(_)) => {
            let message = "CreateWaitlistEntry was answered with a waitlist_entry_id and a waitlist_business_logic_failure; one of \
                           them is due";
            verdicts.fail(OUTCOME, proof(FAILURE).actual(id.clone()), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(answer: serde_json::Value) -> crate::testing::StoryVerdict {
        Story::arrival()
            .call(Method::CreateWaitlistEntry, json!({}), 200, answer)
            .judge(&RULE)
    }

    #[test]
    fn an_entry_or_a_failure_and_not_both() {
        let failure = json!({ "cause": "WAITLIST_FULL" });
        verdict(json!({ "waitlist_entry_id": "w" })).passes(OUTCOME);
        verdict(json!({ "waitlist_business_logic_failure": failure })).passes(OUTCOME);
        verdict(json!({ "waitlist_entry_id": "", "waitlist_business_logic_failure": failure }))
            .passes(OUTCOME);
        verdict(json!({ "waitlist_entry_id": "w", "waitlist_business_logic_failure": failure }))
            .fails(OUTCOME);
        verdict(json!({ "waitlist_entry_id": "" })).fails(OUTCOME);
    }
}
