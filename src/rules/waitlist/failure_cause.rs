//! BS-WAIT-14

use super::{FAILURE, cause};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Exchange;

const CAUSE: RequirementId = RequirementId::declared("BS-WAIT-14");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/failure-cause",
    requirements: &[CAUSE],
    manual: "A `waitlist_business_logic_failure` names one of the causes of the interface. `CAUSE_UNSPECIFIED`, no cause, and a cause \
             that the interface does not know say nothing to Google: unexpected errors use HTTP status codes.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::CreateWaitlistEntry || exchange.answer_value(FAILURE).is_none() {
        return;
    }
    verdicts.check(CAUSE, cause(exchange).is_some(), || {
        let named = exchange.answer_value("/waitlist_business_logic_failure/cause");
        let shown = named.map_or_else(|| "no cause".to_owned(), |cause| format!("`\"cause\": {cause}`"));
        let message = format!(
            "CreateWaitlistEntry was refused with {shown}; a cause of the interface is due, or an HTTP status for an unexpected error"
        );
        let proof = Proof::at(exchange.entry, "/waitlist_business_logic_failure/cause");
        let proof = proof.expected("a cause of the interface, such as WAITLIST_FULL");
        (proof.actual(named.cloned().unwrap_or_default()), message)
    });
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "a test writes its values in place")]
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(failure: serde_json::Value) -> crate::testing::StoryVerdict {
        let answer = json!({ "waitlist_business_logic_failure": failure });
        Story::arrival()
            .call(Method::CreateWaitlistEntry, json!({}), 200, answer)
            .judge(&RULE)
    }

    #[test]
    fn a_cause_is_one_of_the_interface() {
        verdict(json!({ "cause": "ABOVE_MAX_PARTY_SIZE" })).passes(CAUSE);
        for wrong in [
            json!({}),
            json!({ "cause": "CAUSE_UNSPECIFIED" }),
            json!({ "cause": "TOO_LATE" }),
        ] {
            verdict(wrong).fails(CAUSE);
        }
    }
}
