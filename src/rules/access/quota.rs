//! ERR-08

use crate::thresholds::QUOTA_PER_MINUTE as CALLS;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const QUOTA: RequirementId = RequirementId::declared("ERR-08");

const SPAN_MS: u64 = 60_000;

pub(crate) static RULE: Rule = Rule {
    name: "access/quota",
    requirements: &[QUOTA],
    manual: "Within any minute of the run at most 1,500 calls to Google's APIs may arrive. Nothing is claimed where every call \
             was refused.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let arrivals = run.arrivals_ms;
    // A partner without a valid token repeats every call: the token is the finding, not the rate.
    let partner_calls = || run.cases.iter().flat_map(Case::partner_calls);
    let shut_out = partner_calls().next().is_some() && !partner_calls().any(|call| call.is_accepted());
    if arrivals.is_empty() || shut_out {
        return;
    }
    let crowded = arrivals
        .windows(CALLS + 1)
        .any(|span| span[CALLS].saturating_sub(span[0]) < SPAN_MS);
    verdicts.check(QUOTA, !crowded, || {
        let proof = Proof::default().expected("1500 calls in a minute at most");
        (
            proof.actual(arrivals.len()),
            "more than 1,500 calls to Google's APIs arrived within a minute".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;

    #[test]
    fn a_burst_within_the_quota_passes() {
        Story::arrival().calling(CALLS).judge(&RULE).passes(QUOTA);
    }

    #[test]
    fn one_call_more_is_found() {
        Story::arrival().calling(CALLS + 1).judge(&RULE).fails(QUOTA);
    }
}
