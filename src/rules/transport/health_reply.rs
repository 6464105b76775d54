//! BS-HEALTH-04

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use transcript::{Exchange, Reply, Silence};

const ANSWERS: RequirementId = RequirementId::declared("BS-HEALTH-04");

pub(crate) static RULE: Rule = Rule {
    name: "transport/health-reply",
    requirements: &[ANSWERS],
    manual: "HealthCheck must always be answered, whatever the answer says: no answer within the time limit, or a connection \
             that is closed before the answer is complete, counts as unhealthy. A target that cannot be reached at all is \
             not judged, nor is an answer that is too large to be kept.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::HealthCheck {
        return;
    }
    match &exchange.answer.reply {
        Reply::Http(_) => verdicts.pass(ANSWERS),
        Reply::Nothing {
            kind: Silence::Timeout | Silence::Broken,
            detail,
        } => {
            let proof = Proof {
                entry: Some(exchange.entry),
                ..Proof::default()
            };
            verdicts.fail(
                ANSWERS,
                proof.expected("an answer").actual(detail.as_str()),
                "HealthCheck was not answered, which Google takes for unhealthy",
            );
        }
        Reply::Nothing { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    #[test]
    fn any_answer_passes() {
        for status in [200, 503] {
            let story = Story::arrival().call(Method::HealthCheck, json!(null), status, json!({}));
            story.judge(&RULE).passes(ANSWERS);
        }
    }

    #[test]
    fn silence_is_found_and_an_unreachable_target_is_not_judged() {
        for kind in [Silence::Timeout, Silence::Broken] {
            Story::arrival()
                .silent(Method::HealthCheck, kind)
                .judge(&RULE)
                .fails(ANSWERS);
        }
        let gone = Story::arrival().silent(Method::HealthCheck, Silence::Unreachable);
        gone.judge(&RULE).says_nothing();
        for ours in [Silence::TooLarge, Silence::Exhausted] {
            let story = Story::arrival().silent(Method::HealthCheck, ours);
            story.judge(&RULE).says_nothing();
        }
        let other = Story::arrival().silent(Method::ListBookings, Silence::Timeout);
        other.judge(&RULE).says_nothing();
    }
}
