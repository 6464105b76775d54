//! OPS-04

use super::{is_struck, seconds};
use crate::thresholds::BOOKING_NOTIFICATION;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, expectations};
use catalogue::RequirementId;
use scenario::matcher;
use serde_json::Value;
use transcript::{BookingWait, Entry, Fact};

const IN_TIME: RequirementId = RequirementId::declared("OPS-04");

pub(crate) static RULE: Rule = Rule {
    name: "delivery/real-time",
    requirements: &[IN_TIME],
    manual: "A notification about a booking must arrive within five minutes of the act, and should arrive at once. The time \
             runs from the trigger to the arrival; where a person is asked to act, from the moment at which the person says \
             that it is done. More than five minutes are a violation, unless a fault of ours lay in between. It warns when \
             the notification came before the end of the run, but after the patience of the config (`within`). One that never \
             came is another finding.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (entry, fact) in case.transcript.entries.iter().enumerate() {
        if let Fact::Awaited(awaited) = &fact.fact {
            let wait = Wait { entry, fact, awaited };
            judge_one(case, &wait, verdicts);
        }
    }
}

/// A wait for a state of Google's copy.
struct Wait<'c> {
    entry: usize,
    fact: &'c Entry,
    awaited: &'c BookingWait,
}

impl Wait<'_> {
    fn began_ms(&self) -> u64 {
        self.fact.at_ms.saturating_sub(self.awaited.waited_ms)
    }
}

fn judge_one(case: &Case<'_>, wait: &Wait<'_>, verdicts: &mut Verdicts) {
    let awaited = wait.awaited;
    let is_late = !awaited.met && expectations::is_late(case, awaited);
    if !awaited.met && !is_late {
        return;
    }
    let took_ms = took_ms(case, wait).filter(|_| !is_struck(case, &awaited.booking_id));
    let limit_ms = BOOKING_NOTIFICATION.within_ms;
    let proof = Proof {
        entry: Some(wait.entry),
        ..Proof::default()
    };
    let proof = proof.expected(format!("within {} s", seconds(limit_ms)));
    match took_ms {
        Some(took_ms) if took_ms > limit_ms => {
            let took = seconds(took_ms);
            let message = format!(
                "the notification arrived {took} s after the act; Google allows {} s",
                seconds(limit_ms)
            );
            verdicts.fail(IN_TIME, proof.actual(format!("after {took} s")), message);
        }
        _ if is_late => {
            let within = case.transcript.binding().map_or(0, |bound| bound.within_ms);
            let proof = proof.actual(format!("after {} s at least", seconds(awaited.waited_ms)));
            let message = format!(
                "the notification arrived later than the {} s that this run waits (`within`); Google allows {} s",
                seconds(within),
                seconds(limit_ms)
            );
            verdicts.warn(IN_TIME, proof, message);
        }
        _ => verdicts.pass(IN_TIME),
    }
}

/// From the act to the arrival of the notification that brought what was awaited; none if it cannot be told from others.
fn took_ms(case: &Case<'_>, wait: &Wait<'_>) -> Option<u64> {
    let id = wait.awaited.booking_id.as_str();
    let act = case
        .triggers()
        .filter(|(entry, _, trigger)| *entry < wait.entry && trigger.booking_id == id)
        .last();
    let (after, since_ms) = match act {
        // A person is asked at that moment, and acts when it suits them.
        Some((entry, at_ms, trigger)) if trigger.channel == "prompt" => (entry, at_ms.max(wait.began_ms())),
        Some((entry, at_ms, _)) => (entry, at_ms),
        None => return None,
    };
    let is_met = |copy: &Option<Value>| matcher::matches(&wait.awaited.until, copy.as_ref());
    let arrival = case.calls_about(id).find(|call| {
        let notification = call.notification;
        call.entry > after && !is_met(&notification.before) && is_met(&notification.after)
    })?;
    Some(arrival.at_ms.saturating_sub(since_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use outcome::Verdict;
    use serde_json::json;
    use transcript::{Fault, ReceivedCall};

    const REPORTED: RequirementId = RequirementId::declared("RTU-CANCEL-02");

    fn cancellation() -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
        patch(Some("status"), body, before, after)
    }

    fn awaiting(story: Story, met: bool) -> Story {
        let until = json!({ "status": "CANCELED" });
        story.wait(REPORTED, until, met, copy("CONFIRMED", None))
    }

    /// A cancellation that arrives so long after its trigger.
    fn after_ms(ms: u64) -> Story {
        // Each fact of a story takes ten milliseconds.
        let story = Story::arrival().trigger("merchant_cancel").after_ms(ms - 10);
        awaiting(story.notify(cancellation()), true)
    }

    #[test]
    fn five_minutes_are_allowed() {
        after_ms(10).judge(&RULE).passes(IN_TIME);
        after_ms(300_000).judge(&RULE).passes(IN_TIME);
        let verdict = after_ms(300_010).judge(&RULE);
        let found = verdict.fails(IN_TIME);
        assert_eq!(found.verdict, Verdict::Fail);
        assert_eq!(
            found.message,
            "the notification arrived 300.01 s after the act; Google allows 300 s"
        );
    }

    #[test]
    fn what_comes_after_the_wait_warns_and_is_not_missed() {
        let story = awaiting(Story::arrival().trigger("merchant_cancel"), false);
        let verdict = story.after(40).notify(cancellation()).judge_all();
        let found = verdict.warns(IN_TIME);
        assert_eq!(
            found.message,
            "the notification arrived later than the 30 s that this run waits (`within`); Google allows 300 s"
        );
        let story = awaiting(Story::arrival().trigger("merchant_cancel"), false);
        let verdict = story.after(301).notify(cancellation()).judge(&RULE);
        assert_eq!(verdict.fails(IN_TIME).verdict, Verdict::Fail);
    }

    #[test]
    fn what_came_without_an_act_of_ours_is_not_timed() {
        let story = awaiting(Story::arrival().after(400).notify(cancellation()), true);
        story.judge(&RULE).passes(IN_TIME);
    }

    #[test]
    fn a_fault_of_ours_gives_more_time() {
        let story = Story::arrival().trigger("merchant_cancel");
        let dropped = ReceivedCall {
            fault: Some(Fault::Dropped),
            after: Some(copy("CONFIRMED", None)),
            ..cancellation()
        };
        let story = story.notify(dropped).after(400).notify(cancellation());
        awaiting(story, true).judge(&RULE).passes(IN_TIME);
    }

    #[test]
    fn what_never_came_is_another_finding() {
        awaiting(Story::arrival().trigger("merchant_cancel"), false)
            .judge(&RULE)
            .says_nothing();
    }
}
