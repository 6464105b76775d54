//! Scenarios that ended early beside what is waived.

use super::*;
use crate::Suite;
use crate::testing::BUNDLE;
use domain::Basic;
use protocol::Method;
use std::collections::BTreeSet;
use transcript::{EarlyEnd, Entry, Phase, Silence, SkippedStep, StepPath};

/// The verdict on a scenario that failed and whose history ended like this, once its violation in entry 1 is waived.
fn after(facts: Vec<Fact>) -> (Verdict, Option<String>) {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let own = suite.scenarios().iter().find(|one| one.id == ID).unwrap();
    let entries = facts.into_iter().map(|fact| Entry {
        at_ms: 0,
        phase: Phase::Steps,
        fact,
    });
    let transcript = Transcript {
        scenario: ID.into(),
        entries: entries.collect(),
    };
    let capabilities = BTreeSet::new();
    let cases = [Case::new(own, &transcript, &capabilities, "p")];
    let mut scenarios = [scenario(ID, Verdict::Fail, &[(EXPECTED, Verdict::Fail)])];
    let waived = waivers(&[(EXPECTED, "")]);
    apply_all(&waived, &mut scenarios, &mut Judgement::default(), &cases);
    let [scenario] = scenarios;
    (scenario.verdict, scenario.reason)
}

#[test]
fn what_a_waived_violation_does_not_excuse_stays_not_testable() {
    let step = StepPath {
        step: 1,
        branch: None,
    };
    let quiet = || Fact::Quiet(transcript::Quiet { step, watched_ms: 1 });
    let stopped = |needs| {
        Fact::Stopped(EarlyEnd {
            no_slot: false,
            step: Some(step),
            reason: "`created` has no booking_id".into(),
            unreachable: false,
            needs,
        })
    };
    assert_eq!(after(vec![quiet(), quiet()]), (Verdict::Waived, None));
    let ended = after(vec![quiet(), quiet(), stopped(None)]);
    assert_eq!(ended.0, Verdict::Waived, "it could not go on after the violation");
    let before = after(vec![quiet(), stopped(None)]);
    assert_eq!(
        before.0,
        Verdict::NotTestable,
        "the violation came later than the end"
    );
    let list = Basic::Method(Method::ListBookings);
    assert_eq!(
        after(vec![quiet(), quiet(), stopped(Some(list))]).0,
        Verdict::NotTestable
    );
    let skipped = Fact::Skipped(SkippedStep { step, needs: list });
    let (verdict, reason) = after(vec![quiet(), quiet(), skipped]);
    assert_eq!(
        (verdict, reason.as_deref()),
        (Verdict::NotTestable, Some("needs ListBookings"))
    );
    // That no answer came may be what is waived; of another call it is not.
    let silent = || {
        Fact::Answer(Answer {
            call: 0,
            took_us: 1,
            lagged_us: 0,
            reply: Reply::Nothing {
                kind: Silence::Broken,
                detail: "reset".into(),
            },
        })
    };
    assert_eq!(after(vec![quiet(), silent(), stopped(None)]).0, Verdict::Waived);
    let (verdict, reason) = after(vec![quiet(), quiet(), silent(), stopped(None)]);
    assert_eq!(
        (verdict, reason.as_deref()),
        (Verdict::NotTestable, Some("no answer came: reset"))
    );
}
