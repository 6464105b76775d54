//! AUTH-07

use super::{calls, refusal_reason};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Fault;

const REUSED: RequirementId = RequirementId::declared("AUTH-07");

/// Several processes may each have a token of their own, and lose it once.
const MANY: usize = 10;

pub(crate) static RULE: Rule = Rule {
    name: "access/reuse",
    requirements: &[REUSED],
    manual: "A token should be used until shortly before it ends. It warns when more than ten tokens were fetched in a run and \
             more than one for every two calls.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let granted = run
        .token_requests
        .iter()
        .filter(|request| request.granted)
        .count();
    let made = calls(run).count();
    // A token that was refused is to be replaced.
    let lost = calls(run)
        .filter(|call| refusal_reason(call).is_some() || call.fault == Some(Fault::Revoked))
        .count();
    if granted == 0 {
        return;
    }
    verdicts.check(REUSED, granted <= MANY + lost || granted * 2 <= made, || {
        let proof = Proof::default().expected("one token for an hour's calls");
        (
            proof.actual(format!("{granted} tokens for {made} calls")),
            "a new access token is fetched again and again, instead of using one until it ends".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, token_request};

    fn fetch_tokens(tokens: usize) -> Story {
        (0..tokens).fold(Story::arrival(), |story, _| story.asks_for_token(token_request()))
    }

    #[test]
    fn a_token_for_each_process_passes() {
        fetch_tokens(MANY).judge(&RULE).passes(REUSED);
    }

    #[test]
    fn a_token_for_each_call_warns() {
        fetch_tokens(MANY + 1).judge(&RULE).warns(REUSED);
    }
}
