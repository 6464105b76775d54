//! ERR-02

use super::{AT_ONCE_MS, repeats};
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Fault;

const BACKOFF: RequirementId = RequirementId::declared("ERR-02");

/// No time limit of a client is that short, nor is any together with the wait that is due before a repetition.
const SHORT_MS: u64 = 500;

pub(crate) static RULE: Rule = Rule {
    name: "delivery/patience",
    requirements: &[BACKOFF],
    manual: "A notification whose answer is still on its way should not be sent again. It warns when the same message came \
             again within half a second while Google's side kept its answer back. Within 50 ms it was under way already, and \
             later the sender's time limit may have ended: either is let pass.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for call in case.partner_calls() {
        let Some(Fault::Delayed { ms }) = call.notification.fault else {
            continue;
        };
        let open = call.at_ms + AT_ONCE_MS..call.at_ms + ms.min(SHORT_MS);
        let hasty = repeats(case, call).find(|again| open.contains(&again.at_ms));
        verdicts.check(BACKOFF, hasty.is_none(), || finding(call, hasty, ms));
    }
}

fn finding(call: PartnerCall<'_>, hasty: Option<PartnerCall<'_>>, ms: u64) -> (Proof, String) {
    let proof = Proof {
        entry: hasty.map(|again| again.entry),
        ..Proof::default()
    };
    let after = hasty.map_or(0, |again| again.at_ms.saturating_sub(call.at_ms));
    (
        proof
            .expected(format!("one attempt, which is answered after {ms} ms"))
            .actual(format!("the next one after {after} ms")),
        "a notification was sent again while the answer to it was still on its way".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::testing::cancellation;
    use crate::testing::Story;

    fn late() -> Story {
        Story::arrival().notify(cancellation(Some(Fault::Delayed { ms: 2_000 })))
    }

    #[test]
    fn one_attempt_passes_and_so_does_one_after_a_time_limit() {
        late().judge(&RULE).passes(BACKOFF);
        late()
            .after(1)
            .notify(cancellation(None))
            .judge(&RULE)
            .passes(BACKOFF);
    }

    #[test]
    fn an_attempt_that_was_under_way_already_passes() {
        late().notify(cancellation(None)).judge(&RULE).passes(BACKOFF);
    }

    #[test]
    fn a_second_attempt_beside_the_first_warns() {
        let hasty = late().after_ms(200).notify(cancellation(None));
        hasty.judge(&RULE).warns(BACKOFF);
    }

    #[test]
    fn without_a_late_answer_there_is_nothing_to_be_patient_for() {
        let story = Story::arrival().notify(cancellation(None)).after_ms(200);
        story.notify(cancellation(None)).judge(&RULE).says_nothing();
    }
}
