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
    name: "waitlist/sizes",
    requirements: &[SIZES],
    manual: "An open waitlist answers BatchGetWaitEstimates with one estimate for each party size that was asked for; sizes that are \
             not offered just now are left out, but not all of them: then the list is not open. No size comes twice, and none that \
             nobody asked for.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::BatchGetWaitEstimates || !is_open(exchange) {
        return;
    }
    let (asked, came) = (asked_sizes(exchange), estimated_sizes(exchange));
    let twice = came
        .iter()
        .enumerate()
        .find(|(place, size)| came[..*place].contains(size));
    let strange = came.iter().find(|size| !asked.contains(size));
    let proof = || {
        Proof::at(exchange.entry, "/wait_estimate")
            .expected(json!(asked))
            .actual(json!(came))
    };
    if let Some((_, size)) = twice {
        let message =
            format!("BatchGetWaitEstimates returned two estimates for a party of {size}; one is due");
        verdicts.fail(SIZES, proof(), message);
    } else if let Some(size) = strange {
        let message = format!(
            "BatchGetWaitEstimates returned an estimate for a party of {size}, which was not asked for"
        );
        verdicts.fail(SIZES, proof(), message);
    } else if came.is_empty() && super::estimates(exchange).is_empty() {
        let message = format!(
            "BatchGetWaitEstimates returned `\"waitlist_status\": \"OPEN\"` and no estimate; it was asked for {} party sizes",
            asked.len()
        );
        verdicts.fail(SIZES, proof(), message);
    } else if !came.is_empty() {
        verdicts.pass(SIZES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(sizes: &[i32]) -> crate::testing::StoryVerdict {
        let estimates: Vec<_> = sizes
            .iter()
            .map(|size| json!({ "party_size": size, "wait_length": {} }))
            .collect();
        let asked = json!({ "party_size": [1, 2, 3] });
        let answer = json!({ "waitlist_status": "OPEN", "wait_estimate": estimates });
        let story = Story::arrival().call(Method::BatchGetWaitEstimates, asked, 200, answer);
        story.judge(&RULE)
    }

    #[test]
    fn a_size_may_be_left_out() {
        verdict(&[1, 2, 3]).passes(SIZES);
        verdict(&[3, 1]).passes(SIZES);
    }

    #[test]
    fn no_size_comes_twice_or_unasked_and_one_comes() {
        assert!(
            verdict(&[1, 1, 2])
                .fails(SIZES)
                .message
                .contains("two estimates for a party of 1")
        );
        assert!(verdict(&[1, 4]).fails(SIZES).message.contains("a party of 4"));
        assert!(verdict(&[]).fails(SIZES).message.contains("no estimate"));
    }
}
