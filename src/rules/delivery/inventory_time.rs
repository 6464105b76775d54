//! OPS-07

use super::seconds;
use crate::thresholds::INVENTORY_UPDATE;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, inventory};
use catalogue::RequirementId;
use transcript::{Entry, Fact, SlotWait};

const IN_TIME: RequirementId = RequirementId::declared("OPS-07");

pub(crate) static RULE: Rule = Rule {
    name: "delivery/inventory-time",
    requirements: &[IN_TIME],
    manual: "An inventory update should arrive within five minutes of the act that changed the slot. The time runs from our \
             last booking, change or trigger before the wait for it to the first update that speaks of the slot. What \
             never came is another finding, and what a fault of ours has struck is not timed.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    if !case.sends_inventory() {
        return;
    }
    for (entry, fact) in case.transcript.entries.iter().enumerate() {
        if let Fact::AwaitedSlot(awaited) = &fact.fact {
            judge_one(case, entry, awaited, verdicts);
        }
    }
}

fn judge_one(case: &Case<'_>, entry: usize, awaited: &SlotWait, verdicts: &mut Verdicts) {
    let Some(took_ms) = took_ms(case, entry, awaited) else {
        return;
    };
    let limit_ms = INVENTORY_UPDATE.within_ms;
    verdicts.check(IN_TIME, took_ms <= limit_ms, || {
        let (took, limit) = (seconds(took_ms), seconds(limit_ms));
        let proof = Proof {
            entry: Some(entry),
            ..Proof::default()
        };
        let proof = proof
            .expected(format!("within {limit} s"))
            .actual(format!("after {took} s"));
        let message = format!("the inventory update arrived {took} s after the act; Google allows {limit} s");
        (proof, message)
    });
}

fn took_ms(case: &Case<'_>, wait: usize, awaited: &SlotWait) -> Option<u64> {
    let before = case.transcript.entries.get(..wait)?;
    let act = before.iter().rposition(|entry| is_act(before, entry))?;
    // A person who is asked acts when it suits them, so nobody knows when the time begins.
    if matches!(&before[act].fact, Fact::Trigger(trigger) if trigger.channel == "prompt") {
        return None;
    }
    let began = began(before, act);
    let arrival = case
        .partner_calls()
        .find(|call| call.entry > began && inventory::speaks_of(call.notification, &awaited.slot))?;
    let is_struck = case
        .partner_calls()
        .any(|call| call.entry > began && call.entry <= arrival.entry && call.notification.fault.is_some());
    (!is_struck).then(|| arrival.at_ms.saturating_sub(before[act].at_ms))
}

/// An update may overtake the answer to the call that brought it about.
fn began(entries: &[Entry], act: usize) -> usize {
    match &entries[act].fact {
        Fact::Answer(answer) => answer.call,
        _ => act,
    }
}

/// The answer to a call that changes bookings, or a trigger that worked.
fn is_act(entries: &[Entry], entry: &Entry) -> bool {
    match &entry.fact {
        Fact::Answer(answer) => {
            let call = entries.get(answer.call).map(|entry| &entry.fact);
            matches!(call, Some(Fact::Call(call)) if call.method.mutates())
        }
        Fact::Trigger(trigger) => trigger.failure.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, booking, inventory_update};
    use domain::Capability;
    use serde_json::json;
    use transcript::{Fault, ReceivedCall};

    fn booked() -> Story {
        Story::arrival().create(booking())
    }

    fn update(fault: Option<Fault>) -> ReceivedCall {
        let one = json!([{ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s" }]);
        let sent = inventory_update(START, json!({ "availability": one }));
        ReceivedCall { fault, ..sent }
    }

    fn after_ms(ms: u64) -> Story {
        let story = booked().after_ms(ms - 10).notify(update(None));
        story.wait_for_slot(true)
    }

    #[test]
    fn five_minutes_are_allowed() {
        after_ms(300_000).judge(&RULE).passes(IN_TIME);
        let verdict = after_ms(301_000).judge(&RULE);
        assert_eq!(
            verdict.warns(IN_TIME).message,
            "the inventory update arrived 301 s after the act; Google allows 300 s"
        );
        let silent = after_ms(301_000).without(Capability::AvailabilityRtu);
        silent.judge(&RULE).says_nothing();
    }

    #[test]
    fn the_time_runs_from_the_last_act() {
        let story = booked()
            .after(600)
            .trigger("merchant_cancel")
            .notify(update(None));
        story.wait_for_slot(true).judge(&RULE).passes(IN_TIME);
    }

    #[test]
    fn what_never_came_or_was_struck_is_not_timed() {
        booked().wait_for_slot(false).judge(&RULE).says_nothing();
        let struck = booked().notify(update(Some(Fault::Dropped))).after(400);
        let story = struck.notify(update(None)).wait_for_slot(true);
        story.judge(&RULE).says_nothing();
        // Whichever of the two is filed first.
        let struck = booked().notify(update(Some(Fault::Dropped))).overtaking();
        let story = struck.after(400).notify(update(None)).wait_for_slot(true);
        story.judge(&RULE).says_nothing();
        let early = booked().notify(update(None)).overtaking();
        early.wait_for_slot(true).judge(&RULE).passes(IN_TIME);
    }
}
