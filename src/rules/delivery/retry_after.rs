//! ERR-10

use super::repeats;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Fault;

const HONOURED: RequirementId = RequirementId::declared("ERR-10");

/// Tolerance for clocks that differ.
const TOLERATED_MS: u64 = 100;

pub(crate) static RULE: Rule = Rule {
    name: "delivery/retry-after",
    requirements: &[HONOURED],
    manual: "A notification that was answered with `Retry-After` should not come again before that time has passed, less a \
             tenth of a second.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for call in case.partner_calls() {
        let Some(Fault::Answer {
            retry_after_sec: Some(seconds),
            ..
        }) = call.notification.fault
        else {
            continue;
        };
        let Some(again) = repeats(case, call).next() else {
            continue;
        };
        let waited = again.at_ms.saturating_sub(call.at_ms);
        verdicts.check(
            HONOURED,
            waited + TOLERATED_MS >= u64::from(seconds) * 1000,
            || {
                let proof = Proof {
                    entry: Some(again.entry),
                    ..Proof::default()
                };
                let proof = proof
                    .expected(format!("not before {seconds} s"))
                    .actual(format!("{waited} ms"));
                let message = "a notification came again sooner than Google's Retry-After asked for";
                (proof, message.to_owned())
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;
    use transcript::ReceivedCall;

    fn notification() -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        )
    }

    fn refusal() -> Story {
        let fault = Fault::Answer {
            status: 429,
            body: None,
            retry_after_sec: Some(2),
        };
        Story::arrival().notify(ReceivedCall {
            fault: Some(fault),
            status: 429,
            ..notification()
        })
    }

    #[test]
    fn coming_back_in_time_passes() {
        refusal()
            .after(2)
            .notify(notification())
            .judge(&RULE)
            .passes(HONOURED);
    }

    #[test]
    fn coming_back_too_soon_warns() {
        refusal()
            .after(1)
            .notify(notification())
            .judge(&RULE)
            .warns(HONOURED);
    }

    #[test]
    fn not_coming_back_is_another_finding() {
        refusal().judge(&RULE).says_nothing();
    }
}
