//! CXL-08

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::RefundStep;
use serde_json::json;

const FALLING: RequirementId = RequirementId::declared("CXL-08");

pub(crate) static RULE: Rule = Rule {
    name: "cancellation/policy",
    requirements: &[FALLING],
    manual: "The refund steps of a slot that is booked should not give back more to whoever cancels later. Judged by what the \
             feeds say of the slots that a scenario is bound to.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let Some(bound) = case.transcript.binding() else {
        return;
    };
    for (name, slot) in &bound.slots {
        let steps = &slot.terms.refund_steps;
        if steps.len() < 2 {
            continue;
        }
        let rising = first_rise(steps);
        verdicts.check(FALLING, rising.is_none(), || {
            let (longer, shorter) = rising.unwrap_or((0, 0));
            let proof = Proof::at(0, format!("/slots/{name}/terms/refund_steps"));
            let proof = proof.expected("percentages that fall towards the start").actual(json!(steps));
            let message = format!(
                "the cancellation policy of service {} gives back {shorter} % to whoever cancels later than those who get {longer} %",
                slot.service_id
            );
            (proof, message)
        });
    }
}

/// The first two steps of which the later one gives back more: their percentages.
fn first_rise(steps: &[RefundStep]) -> Option<(i64, i64)> {
    let mut steps = steps.to_vec();
    steps.sort_by_key(|step| std::cmp::Reverse(step.min_duration_before_start_time_sec));
    let pairs = steps
        .windows(2)
        .map(|pair| (pair[0].refund_percent, pair[1].refund_percent));
    pairs.into_iter().find(|(longer, shorter)| shorter > longer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;

    fn policy(steps: &[(i64, i64)]) -> Story {
        let steps = steps.iter().map(|(lead, percent)| RefundStep {
            min_duration_before_start_time_sec: *lead,
            refund_percent: *percent,
        });
        let steps: Vec<_> = steps.collect();
        Story::prepayment().slot(|slot| slot.terms.refund_steps = steps)
    }

    #[test]
    fn less_for_those_who_cancel_later_passes() {
        policy(&[(7200, 50), (86_400, 100)]).judge(&RULE).passes(FALLING);
    }

    #[test]
    fn more_for_those_who_cancel_later_warns() {
        policy(&[(86_400, 50), (7200, 80)]).judge(&RULE).warns(FALLING);
    }

    #[test]
    fn one_step_cannot_rise() {
        policy(&[(86_400, 100)]).judge(&RULE).says_nothing();
    }
}
