//! BS-WAIT-01

use super::{asked_sizes, estimated_sizes, is_open};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::json;
use transcript::Exchange;

const SIZES: RequirementId = RequirementId::declared("BS-WAIT-01");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/left-out",
    requirements: &[SIZES],
    manual: "A party size that BatchGetWaitEstimates leaves out is one that cannot be served now. Where the same size, asked for by \
             itself, gets an estimate, and asking for all sizes before it and after it both leaves it out, it could be served.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let all: Vec<_> = case
        .answers()
        .filter(|one| one.call.method == Method::BatchGetWaitEstimates && is_open(one))
        .collect();
    for alone in all.iter().filter(|one| asked_sizes(one).len() == 1) {
        let size = asked_sizes(alone)[0];
        let together = |one: &&Exchange<'_>| asked_sizes(one).len() > 1 && asked_sizes(one).contains(&size);
        let before = all.iter().filter(together).rfind(|one| one.entry < alone.entry);
        let after = all.iter().filter(together).find(|one| one.entry > alone.entry);
        let (Some(before), Some(after), true) = (before, after, estimated_sizes(alone).contains(&size))
        else {
            continue;
        };
        let is_left_out = |one: &Exchange<'_>| !estimated_sizes(one).contains(&size);
        let right = !is_left_out(before) || !is_left_out(after);
        verdicts.check(SIZES, right, || {
            let proof = Proof::at(after.entry, "/wait_estimate");
            let proof = proof.expected(json!(asked_sizes(after))).actual(json!(estimated_sizes(after)));
            let message = format!(
                "BatchGetWaitEstimates for {} party sizes left out a party of {size} twice, and for that size alone it returned an \
                 estimate in between",
                asked_sizes(after).len()
            );
            (proof, message)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(answers: [&[i32]; 3]) -> crate::testing::StoryVerdict {
        let asked: [&[i32]; 3] = [&[1, 2, 3], &[3], &[1, 2, 3]];
        let mut story = Story::arrival();
        for (asked, came) in asked.iter().zip(answers) {
            let estimates: Vec<_> = came.iter().map(|size| json!({ "party_size": size })).collect();
            let answer = json!({ "waitlist_status": "OPEN", "wait_estimate": estimates });
            story = story.call(
                Method::BatchGetWaitEstimates,
                json!({ "party_size": asked }),
                200,
                answer,
            );
        }
        story.judge(&RULE)
    }

    #[test]
    fn what_is_served_alone_is_served_together() {
        verdict([&[1, 2, 3], &[3], &[1, 2, 3]]).passes(SIZES);
        let found = verdict([&[1, 2], &[3], &[1, 2]]).fails(SIZES).message.clone();
        assert!(found.contains("left out a party of 3 twice"), "{found}");
    }

    #[test]
    fn a_list_that_changes_meanwhile_proves_nothing() {
        verdict([&[1, 2], &[3], &[1, 2, 3]]).passes(SIZES);
        verdict([&[1, 2], &[], &[1, 2]]).says_nothing();
    }
}
