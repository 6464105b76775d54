//! How much of what applies to a target was judged, and whether it is enough for a good word.

use super::plan::Plan;
use super::verdict::is_judged;
use catalogue::{Level, RequirementId, catalogue};
use domain::Capability;
use outcome::{Exercised, RequirementReport, ScenarioReport, Verdict};
use protocol::Method;
use std::collections::BTreeSet;
use transcript::Transcript;

/// The MUSTs that apply to a target, with those about which a whole run said nothing. Nothing is said when scenarios were left out by
/// the user's own wish.
pub(super) fn exercised(
    scenarios: &[ScenarioReport],
    requirements: &[RequirementReport],
    capabilities: &BTreeSet<Capability>,
) -> (Option<Exercised>, Vec<RequirementId>) {
    if scenarios.iter().any(|one| one.verdict == Verdict::NotRun) {
        return (None, Vec::new());
    }
    let musts = requirements.iter().filter(|one| one.level == Level::Must);
    let apply: Vec<_> = musts.filter(|one| applies(one, capabilities)).collect();
    let silent: Vec<_> = apply
        .iter()
        .filter(|one| !is_judged(one.verdict))
        .map(|one| one.id)
        .collect();
    let exercised = Exercised {
        apply: apply.len(),
        exercised: apply.len() - silent.len(),
    };
    (Some(exercised), silent)
}

/// What the target can do decides, or that it was judged. What nothing asks for applies to who does it. What its feeds or triggers never show applies all the same, and is not
/// exercised.
fn applies(requirement: &RequirementReport, capabilities: &BTreeSet<Capability>) -> bool {
    let row = catalogue().row(requirement.id);
    if row.only_if.is_some() {
        return is_judged(requirement.verdict);
    }
    let needed = row.capability.as_deref();
    let can = needed.is_none_or(|needed| {
        let mut names = needed.split(" or ");
        names.any(|name| capabilities.iter().any(|one| one.to_string() == name))
    });
    can || is_judged(requirement.verdict)
}

/// True when too little could be tested: a whole run in which nothing was booked, one that left out more than half of what applies
/// for want of a slot, or one in which nothing of what was asked for applies.
pub(super) fn is_hollow(plan: &Plan, scenarios: &[ScenarioReport], transcripts: &[Transcript]) -> bool {
    let is_whole = !scenarios.iter().any(|one| one.verdict == Verdict::NotRun);
    let books = plan
        .scenarios
        .iter()
        .any(|planned| planned.scenario.bookings() > 0);
    if is_whole && books && !transcripts.iter().any(has_booked) {
        return true;
    }
    // Basics run along with what was asked for.
    let own = plan.scenarios.iter().zip(scenarios);
    let own = own.filter(|(planned, _)| planned.scenario.basic.is_none());
    let asked: Vec<Verdict> = own
        .clone()
        .map(|(_, report)| report.verdict)
        .filter(|verdict| *verdict != Verdict::NotRun)
        .collect();
    let apply = asked
        .iter()
        .filter(|verdict| **verdict != Verdict::NotApplicable)
        .count();
    let not_now = own.filter(|(_, report)| report.not_now).count();
    not_now * 2 > apply || apply == 0 && !asked.is_empty()
}

fn has_booked(transcript: &Transcript) -> bool {
    let mut exchanges = transcript.exchanges();
    exchanges.any(|exchange| {
        let made = match exchange.call.method {
            Method::CreateBooking => "/booking/booking_id",
            Method::CreateWaitlistEntry => "/waitlist_entry_id",
            Method::CreateOrder => "/order/order_id",
            _ => return false,
        };
        exchange.answer_text(made).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Decision;
    use crate::verdict::requirements;
    use outcome::{Judged, SnapshotStatus};

    fn report(verdict: Verdict, not_now: bool) -> ScenarioReport {
        ScenarioReport {
            id: "a/b".into(),
            title: String::new(),
            verdict,
            reason: None,
            not_now,
            duration_ms: 0,
            waits_ms: 0,
            snapshot: SnapshotStatus::None,
            findings: Vec::new(),
            judged: vec![Judged {
                requirement: RequirementId::declared("BS-CREATE-04"),
                verdict,
            }],
        }
    }

    fn silent(verdict: Verdict) -> (Option<Exercised>, Vec<RequirementId>) {
        let scenarios = [report(verdict, false)];
        exercised(&scenarios, &requirements(&scenarios, &[]), &BTreeSet::new())
    }

    #[test]
    fn a_must_that_applies_and_about_which_a_whole_run_says_nothing_is_named() {
        let id = RequirementId::declared("BS-CREATE-04");
        assert!(!silent(Verdict::Pass).1.contains(&id));
        let (_, all) = silent(Verdict::NotTestable);
        assert!(all.contains(&id) && all.iter().all(|id| catalogue().row(*id).level == Level::Must));
        assert!(silent(Verdict::NotRun).1.is_empty(), "a filter left it out");
        assert!(
            silent(Verdict::NotApplicable).1.contains(&id),
            "its feeds do not show it"
        );
    }

    #[test]
    fn what_applies_does_not_depend_on_what_was_judged() {
        let count = |verdict| silent(verdict).0.unwrap_or_default();
        let (judged, open) = (count(Verdict::Pass), count(Verdict::NotTestable));
        assert_eq!((judged.apply, judged.exercised), (open.apply, open.exercised + 1));
        assert_eq!(count(Verdict::NotApplicable), open);
        // Who pushes no records need not know how.
        assert!(
            !silent(Verdict::Pass)
                .1
                .contains(&RequirementId::declared("INV-21"))
        );
        // What needs a deposit is nothing to a target that takes none.
        let deposit = RequirementId::declared("PAY-DEP-06");
        assert!(!silent(Verdict::Pass).1.contains(&deposit));
    }

    #[test]
    fn every_capability_of_a_row_is_one_that_a_target_can_have() {
        let known: Vec<String> = Capability::ALL.iter().map(ToString::to_string).collect();
        let named = catalogue().rows().filter_map(|row| row.capability.as_deref());
        let unknown: Vec<_> = named
            .flat_map(|names| names.split(" or "))
            .filter(|name| !known.iter().any(|one| one == name))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    fn planned(basic: Option<domain::Basic>) -> crate::plan::Planned {
        let scenario = scenario::Scenario {
            id: "a/b".into(),
            source: String::new(),
            title: String::new(),
            serves: Vec::new(),
            basic,
            slots: indexmap::IndexMap::new(),
            waitlist: None,
            page: 0,
            steps: Vec::new(),
        };
        crate::plan::Planned {
            scenario,
            decision: Decision::Skip(Verdict::NotTestable, String::new()),
            not_now: false,
            unshown: BTreeSet::new(),
        }
    }

    #[test]
    fn a_run_that_left_out_more_than_half_is_hollow() {
        let basic = Some(domain::Basic::Method(Method::HealthCheck));
        let hollow = |reports: &[(Option<domain::Basic>, Verdict, bool)]| {
            let scenarios: Vec<_> = reports
                .iter()
                .map(|(_, verdict, not_now)| report(*verdict, *not_now))
                .collect();
            let plan = Plan {
                skipped: Vec::new(),
                scenarios: reports.iter().map(|(basic, ..)| planned(*basic)).collect(),
                capabilities: BTreeSet::new(),
                seed: 1,
            };
            is_hollow(&plan, &scenarios, &[])
        };
        let (done, open) = ((None, Verdict::Pass, false), (None, Verdict::NotTestable, true));
        assert!(!hollow(&[done, open]));
        assert!(hollow(&[done, open, open]));
        assert!(
            hollow(&[(basic, Verdict::Pass, false), open]),
            "a basic only ran along"
        );
        let never = (None, Verdict::NotApplicable, false);
        assert!(!hollow(&[done, never]));
        assert!(hollow(&[(basic, Verdict::Pass, false), never]));
        assert!(!hollow(&[
            (basic, Verdict::Pass, false),
            (None, Verdict::NotRun, false)
        ]));
    }
}
