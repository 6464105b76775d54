//! ERR-02

use super::{AT_ONCE_MS, repeats};
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{Fault, Notification};

const BACKOFF: RequirementId = RequirementId::declared("ERR-02");

/// Number of failures in a row that shows whether a sender waits before it repeats.
const FAILURES: usize = 3;

pub(crate) static RULE: Rule = Rule {
    name: "delivery/backoff",
    requirements: &[BACKOFF],
    manual: "A notification that failed three times in a row should be repeated after a wait. It warns when every attempt \
             followed the one before within 50 ms; how long a wait is right is not judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let mut seen: Vec<usize> = Vec::new();
    for call in case.partner_calls().filter(|call| has_failed(call.notification)) {
        // The repetitions of a message are judged together with its first attempt.
        if !seen.contains(&call.entry) {
            seen.extend(repeats(case, call).map(|again| again.entry));
            judge_message(case, call, verdicts);
        }
    }
}

fn judge_message(case: &Case<'_>, first: PartnerCall<'_>, verdicts: &mut Verdicts) {
    let attempts: Vec<PartnerCall<'_>> = std::iter::once(first).chain(repeats(case, first)).collect();
    let failures = attempts
        .iter()
        .filter(|call| has_failed(call.notification))
        .count();
    if failures < FAILURES || attempts.len() <= FAILURES {
        return;
    }
    let pauses: Vec<u64> = attempts
        .windows(2)
        .take(FAILURES)
        .map(|pair| pair[1].at_ms.saturating_sub(pair[0].at_ms))
        .collect();
    verdicts.check(BACKOFF, pauses.iter().any(|pause| *pause >= AT_ONCE_MS), || {
        let proof = Proof {
            entry: Some(attempts[FAILURES].entry),
            ..Proof::default()
        };
        (
            proof
                .expected("a wait before each attempt")
                .actual(pauses.clone()),
            "a notification that failed was repeated again and again without a pause".to_owned(),
        )
    });
}

fn has_failed(notification: &Notification) -> bool {
    match &notification.fault {
        Some(Fault::Answer { status, .. }) => *status >= 429,
        Some(Fault::Dropped | Fault::Reset | Fault::Noise | Fault::Lost) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::testing::cancellation;
    use crate::testing::Story;

    fn attempts(count: usize, pause_sec: u64) -> Story {
        let failing = (0..count).fold(Story::arrival(), |story, _| {
            story.notify(cancellation(Some(Fault::Dropped))).after(pause_sec)
        });
        failing.notify(cancellation(None))
    }

    #[test]
    fn attempts_with_pauses_pass() {
        attempts(3, 1).judge(&RULE).passes(BACKOFF);
    }

    #[test]
    fn attempts_without_pauses_warn() {
        attempts(3, 0).judge(&RULE).warns(BACKOFF);
    }

    #[test]
    fn one_attempt_at_once_is_nothing() {
        attempts(1, 0).judge(&RULE).says_nothing();
    }
}
