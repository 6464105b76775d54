//! OPS-04

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, expectations};
use catalogue::RequirementId;
use transcript::{BookingWait, Fact};

const AT_ONCE: RequirementId = RequirementId::declared("OPS-04");

/// Nobody publishes a number; a minute is long for a notification that is due at once.
const LONG_MS: u64 = 60_000;

pub(crate) static RULE: Rule = Rule {
    name: "delivery/real-time",
    requirements: &[AT_ONCE],
    manual: "What happens to a booking on the partner's side should be told at once. It warns when an awaited notification \
             took more than a minute, or came before the end of the run but after the patience of the config (`within`).",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (entry, fact) in case.transcript.entries.iter().enumerate() {
        if let Fact::Awaited(awaited) = &fact.fact {
            judge_one(case, entry, awaited, verdicts);
        }
    }
}

fn judge_one(case: &Case<'_>, entry: usize, awaited: &BookingWait, verdicts: &mut Verdicts) {
    let late = !awaited.met && expectations::is_late(case, awaited);
    if late || awaited.met && awaited.waited_ms > LONG_MS {
        let proof = Proof {
            entry: Some(entry),
            ..Proof::default()
        };
        let proof = proof
            .expected("at once")
            .actual(format!("after {} ms at least", awaited.waited_ms));
        verdicts.fail(AT_ONCE, proof, "a change of a booking was told late");
    } else if awaited.met {
        verdicts.pass(AT_ONCE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;

    const REPORTED: RequirementId = RequirementId::declared("RTU-CANCEL-02");

    fn story(met: bool) -> Story {
        let until = json!({ "status": "CANCELED" });
        Story::arrival().wait(REPORTED, until, met, copy("CONFIRMED", None))
    }

    #[test]
    fn what_came_in_time_passes() {
        story(true).judge(&RULE).passes(AT_ONCE);
    }

    #[test]
    fn what_came_after_the_wait_warns_and_is_not_missed() {
        let body = changes(json!({ "status": "CANCELED" }));
        let late = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        );
        story(false).notify(late).judge_all().warns(AT_ONCE);
    }

    #[test]
    fn what_never_came_is_another_finding() {
        story(false).judge(&RULE).says_nothing();
    }
}
