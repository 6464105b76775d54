//! What a run came to, and every reason why it is not green.

use super::exhausted;
use super::verdict::is_judged;
use outcome::{
    ExitReason, ReasonKind, RequirementReport, ScenarioReport, SnapshotStatus, Verdict, WaiverReport,
};

/// What a run came to, beside its scenarios.
#[derive(Debug, Default)]
pub(super) struct Sums<'s> {
    /// Messages of our own that broke the wire model.
    pub(super) harness_wrong: usize,
    /// Somebody stopped it.
    pub(super) interrupted: bool,
    /// What this machine had no more of.
    pub(super) exhausted: Option<&'s str>,
    /// What the partner or the set-up may have wrong.
    pub(super) either_side: &'s [String],
    /// Snapshots that are accepted but belong to nothing.
    pub(super) obsolete: &'s [String],
    /// Snapshots that could not be read or written.
    pub(super) snapshot_errors: &'s [String],
    /// How many bookings may stand at the partner that were to be cancelled.
    pub(super) standing: usize,
    /// The waivers of the config.
    pub(super) waivers: &'s [WaiverReport],
    /// Too little could be tested for a good word.
    pub(super) hollow: bool,
    /// What the findings of the run as a whole came to.
    pub(super) findings_of_run: Vec<Verdict>,
}

/// Everything that keeps the run from being green, in no order.
pub(super) fn reasons(
    scenarios: &[ScenarioReport],
    requirements: &[RequirementReport],
    sums: &Sums<'_>,
) -> Vec<ExitReason> {
    let number = |is: &dyn Fn(&ScenarioReport) -> bool| scenarios.iter().filter(|one| is(one)).count();
    let of_run = sums.findings_of_run.iter();
    let violated = of_run.filter(|verdict| **verdict == Verdict::Fail).count()
        + number(&|scenario| scenario.verdict == Verdict::Fail);
    let nothing = usize::from(!requirements.iter().any(|one| is_judged(one.verdict)));
    let waivers = sums.waivers.iter().filter(|waiver| waiver.status.needs_person());
    let first = |texts: &[String]| texts.first().cloned().unwrap_or_default();
    let counted = [
        (
            ReasonKind::HarnessWrong,
            sums.harness_wrong,
            "messages of the harness that broke the wire model".to_owned(),
        ),
        (
            ReasonKind::Interrupted,
            usize::from(sums.interrupted),
            "the run was stopped before its end".to_owned(),
        ),
        (
            ReasonKind::Violated,
            violated,
            "violations, in scenarios and in the run as a whole".to_owned(),
        ),
        (
            ReasonKind::Exhausted,
            usize::from(sums.exhausted.is_some()),
            sums.exhausted.map(exhausted::reason).unwrap_or_default(),
        ),
        (
            ReasonKind::EitherSide,
            sums.either_side.len(),
            sums.either_side.join("; "),
        ),
        (
            ReasonKind::Untested,
            number(&decides),
            "scenarios that could not be tested".to_owned(),
        ),
        (
            ReasonKind::NothingJudged,
            nothing,
            "no requirement was judged".to_owned(),
        ),
        (
            ReasonKind::TooLittleJudged,
            usize::from(sums.hollow),
            "too little could be tested for a verdict".to_owned(),
        ),
        (
            ReasonKind::LeftStanding,
            sums.standing,
            "made by the run, and may stand at the partner".to_owned(),
        ),
        (
            ReasonKind::SnapshotsUnusable,
            sums.snapshot_errors.len(),
            first(sums.snapshot_errors),
        ),
        (
            ReasonKind::SnapshotsWait,
            number(&is_unreviewed),
            "snapshots that are new or changed".to_owned(),
        ),
        (
            ReasonKind::SnapshotsObsolete,
            sums.obsolete.len(),
            format!(
                "snapshots that belong to no scenario ({})",
                sums.obsolete.join(", ")
            ),
        ),
        (
            ReasonKind::Waivers,
            waivers.count(),
            "waivers that are expired, stale or unknown".to_owned(),
        ),
    ];
    let held = counted.into_iter().filter(|(_, number, _)| *number > 0);
    held.map(|(kind, number, words)| ExitReason::new(kind, sentence(kind, number, &words)))
        .collect()
}

/// With its number, where the reason is something of which there are several.
fn sentence(kind: ReasonKind, number: usize, words: &str) -> String {
    use ReasonKind::{EitherSide, Exhausted, Interrupted, NothingJudged, SnapshotsUnusable, TooLittleJudged};
    match kind {
        EitherSide | Exhausted | Interrupted | NothingJudged | TooLittleJudged => words.to_owned(),
        SnapshotsUnusable if number == 1 => words.to_owned(),
        SnapshotsUnusable => format!("{words}; and {} more", number - 1),
        _ => format!("{words}: {number}"),
    }
}

/// True when a scenario could not be tested for something that can be added or mended, and not for want of a slot at this moment.
fn decides(scenario: &ScenarioReport) -> bool {
    scenario.verdict == Verdict::NotTestable && !scenario.not_now
}

fn is_unreviewed(scenario: &ScenarioReport) -> bool {
    matches!(scenario.snapshot, SnapshotStatus::New | SnapshotStatus::Changed)
}

#[cfg(test)]
mod tests {
    use super::super::verdict::requirements;
    use super::*;
    use catalogue::RequirementId;
    use outcome::{Judged, verdict_of};

    fn report(verdict: Verdict, snapshot: SnapshotStatus) -> ScenarioReport {
        ScenarioReport {
            id: "a/b".into(),
            title: String::new(),
            verdict,
            reason: None,
            duration_ms: 0,
            not_now: false,
            waits_ms: 0,
            snapshot,
            findings: Vec::new(),
            judged: vec![Judged {
                requirement: RequirementId::declared("BS-CREATE-04"),
                verdict,
            }],
        }
    }

    fn verdict(scenarios: &[ScenarioReport], harness_wrong: bool, interrupted: bool) -> u8 {
        let sums = Sums {
            harness_wrong: usize::from(harness_wrong),
            interrupted,
            ..Sums::default()
        };
        exit_code(scenarios, &sums)
    }

    fn exit_code(scenarios: &[ScenarioReport], sums: &Sums<'_>) -> u8 {
        let judged = requirements(scenarios, &[]);
        verdict_of(&mut reasons(scenarios, &judged, sums)).exit_code()
    }

    #[test]
    fn a_booking_that_may_stand_is_never_green() {
        let code = |verdict| {
            let sums = Sums {
                standing: 1,
                ..Sums::default()
            };
            exit_code(&[report(verdict, SnapshotStatus::New)], &sums)
        };
        assert_eq!((code(Verdict::Pass), code(Verdict::Fail)), (3, 1));
    }

    #[test]
    fn when_several_hold_the_graver_one_counts() {
        use SnapshotStatus::{Changed, Matched};
        let (good, bad) = (report(Verdict::Pass, Matched), report(Verdict::Fail, Changed));
        let (open, drifted) = (
            report(Verdict::NotTestable, Matched),
            report(Verdict::Pass, Changed),
        );
        assert_eq!(verdict(std::slice::from_ref(&good), false, false), 0);
        assert_eq!(verdict(&[good.clone(), drifted.clone()], false, false), 4);
        assert_eq!(verdict(&[open.clone(), drifted.clone()], false, false), 3);
        assert_eq!(verdict(&[bad.clone(), open, drifted], false, false), 1);
        assert_eq!(verdict(std::slice::from_ref(&bad), false, true), 130);
        assert_eq!(verdict(&[bad], true, true), 70);
    }

    #[test]
    fn what_cannot_be_tested_at_this_moment_does_not_decide() {
        let scenarios = |not_now| {
            let open = ScenarioReport {
                not_now,
                ..report(Verdict::NotTestable, SnapshotStatus::None)
            };
            [report(Verdict::Pass, SnapshotStatus::Matched), open]
        };
        let (now, ever) = (
            verdict(&scenarios(true), false, false),
            verdict(&scenarios(false), false, false),
        );
        assert_eq!((now, ever), (0, 3));
    }

    #[test]
    fn a_run_that_judged_nothing_is_not_green() {
        assert_eq!(verdict(&[], false, false), 3);
        assert_eq!(
            verdict(
                &[report(Verdict::NotApplicable, SnapshotStatus::None)],
                false,
                false
            ),
            3
        );
    }
}
