//! What is waived, which waivers somebody has to change, and what was left out: no run is called conformant without them.

use super::{TerminalOptions, counted, field, findings, first_few, heading, one_line};
use outcome::{CauseReport, RunReport, RunVerdict, SnapshotStatus, Verdict, WaiverReport};
use std::fmt::Write as _;

/// So many scenarios are named of what was left out.
const NAMED: usize = 3;

/// The waivers that need no change, each with what it waived.
pub(super) fn lines(text: &mut String, run: &RunReport, options: TerminalOptions) {
    let good: Vec<_> = run
        .waivers
        .iter()
        .filter(|waiver| !waiver.status.needs_person())
        .collect();
    if good.is_empty() {
        return;
    }
    let title = match run.waived() {
        0 => "what is waived: nothing".to_owned(),
        waived => format!("what is waived: {}", counted(waived, "violation")),
    };
    heading(text, &title, options);
    for waiver in good {
        let _ = writeln!(
            text,
            "    {}  {}  {}",
            options.bold(&subject(waiver)),
            one_line(&waiver.note),
            options.dim(&answered_for(waiver))
        );
        for cause in run.findings_by_cause.iter().filter(|cause| is_by(cause, waiver)) {
            field(text, "violated", &violation(cause), options);
        }
    }
}

/// True when a waived cause was seen where the waiver covers it.
fn is_by(cause: &CauseReport, waiver: &WaiverReport) -> bool {
    let mut scenarios = cause.scenarios.iter();
    let is_there = scenarios.any(|id| waiver.scenarios.contains(id)) || waiver.scenario.is_none();
    cause.verdict == Verdict::Waived && cause.requirement.as_str() == waiver.requirement && is_there
}

fn violation(cause: &CauseReport) -> String {
    format!("{}   {}", one_line(&cause.message), findings::places(cause))
}

/// The requirement, with the scenarios if it is not for all.
fn subject(waiver: &WaiverReport) -> String {
    let scenario = waiver.scenario.as_deref().map(one_line);
    let scenario = scenario.map(|glob| format!(" in {glob}")).unwrap_or_default();
    one_line(&waiver.requirement) + &scenario
}

/// Who answers for it, until when, and why.
fn answered_for(waiver: &WaiverReport) -> String {
    one_line(&format!(
        "({}, until {}: {}; {})",
        waiver.owner, waiver.expires, waiver.reason, waiver.place
    ))
}

/// A line for each waiver that somebody has to change.
pub(super) fn to_change(run: &RunReport) -> Vec<String> {
    words_of(run.waivers.iter().filter(|waiver| waiver.status.needs_person()))
}

/// Each waiver with its place, who answers for it, and what is wrong with it.
pub(super) fn words_of<'w>(waivers: impl Iterator<Item = &'w WaiverReport>) -> Vec<String> {
    waivers
        .map(|waiver| {
            let WaiverReport {
                place,
                note,
                owner,
                reason,
                expires,
                ..
            } = waiver;
            one_line(&format!(
                "{place}: {} {note} ({owner}, until {expires}: {reason})",
                subject(waiver)
            ))
        })
        .collect()
}

/// What was left out by `--not` and `[[skip]]`: a count, then a line for each wish.
pub(super) fn left_out(run: &RunReport) -> Vec<String> {
    let wishes = run.skipped.iter().filter(|skip| !skip.scenarios.is_empty());
    wishes
        .map(|skip| {
            let names = first_few(skip.scenarios.iter().map(String::as_str), NAMED);
            let scenarios = counted(skip.scenarios.len(), "scenario");
            one_line(&format!("{scenarios} {}: {names}", skip.words()))
        })
        .collect()
}

/// The word of the verdict. A run that left something out does not say "conformant" alone, and what is waived is counted.
pub(super) fn verdict_words(run: &RunReport) -> String {
    let of = |verdict| run.counts.scenarios.of(verdict);
    let total = run.counts.scenarios.total();
    let mut words = run.verdict.words().to_owned();
    if run.verdict == RunVerdict::Conformant && of(Verdict::NotRun) > 0 {
        let without = [Verdict::NotRun, Verdict::NotApplicable, Verdict::NotTestable];
        let ran = total - without.into_iter().map(of).sum::<usize>();
        words = format!("conformant in what ran: {ran} of {total}");
    }
    match run.waived() {
        0 => words,
        waived => format!("{words}, {} waived", counted(waived, "violation")),
    }
}

/// What a person has to look at, of a run that needs one.
pub(super) fn what_to_review(run: &RunReport, of_snapshots: impl FnOnce() -> String) -> Vec<String> {
    let waits = |status| matches!(status, SnapshotStatus::New | SnapshotStatus::Changed);
    let has_snapshots = run.scenarios.iter().any(|scenario| waits(scenario.snapshot));
    let mut steps = Vec::new();
    if has_snapshots || !run.obsolete_snapshots.is_empty() {
        steps.push(of_snapshots());
    }
    let wrong = to_change(run).len();
    if wrong > 0 {
        steps.push(format!(
            "change {} in the config, then run it again",
            counted(wrong, "waiver")
        ));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    const PLAIN: TerminalOptions = TerminalOptions {
        colour: false,
        all: false,
        brief: false,
        ci: false,
    };

    /// A run with so many scenarios of each verdict.
    fn words(verdict: RunVerdict, scenarios: &[Verdict]) -> String {
        let mut run = Sample::new().report;
        run.findings_by_cause.clear();
        run.verdict = verdict;
        run.counts.scenarios = scenarios.iter().copied().collect();
        verdict_words(&run)
    }

    #[test]
    fn a_run_that_left_something_out_never_says_the_bare_word() {
        use Verdict::{Inconclusive, NotApplicable, NotRun, NotTestable, Pass, Waived, Warn};
        let whole = [Pass, Warn, NotApplicable];
        assert_eq!(words(RunVerdict::Conformant, &whole), "conformant");
        let part = [
            Pass,
            Warn,
            Waived,
            Inconclusive,
            NotRun,
            NotApplicable,
            NotTestable,
        ];
        assert_eq!(
            words(RunVerdict::Conformant, &part),
            "conformant in what ran: 4 of 7"
        );
        assert_eq!(words(RunVerdict::NotConformant, &part), "not conformant");
    }

    #[test]
    fn what_is_waived_is_counted_beside_the_word_and_listed() {
        let mut run = Sample::new().report;
        run.verdict = RunVerdict::Conformant;
        run.counts.scenarios = [Verdict::Waived].into_iter().collect();
        assert_eq!(verdict_words(&run), "conformant, 1 violation waived");
        let mut text = String::new();
        lines(&mut text, &run, PLAIN);
        assert!(text.starts_with("what is waived: 1 violation\n"), "{text}");
        assert!(
            text.contains("BS-HEALTH-01  waived 1 finding  (the owner, until 2030-01-31: "),
            "{text}"
        );
        assert!(text.contains("; c.toml:2)\n    violated  "), "{text}");
        assert!(
            text.contains("in create/waived\n") && text.contains("  unused  "),
            "{text}"
        );
        assert!(!text.contains("expired"), "{text}");
    }

    #[test]
    fn a_waiver_that_somebody_has_to_change_stands_at_its_line() {
        let run = Sample::new().report;
        let told = to_change(&run);
        let starts = [
            "c.toml:6: BS-HEALTH-01 expired (the owner, until",
            "c.toml:8: BS-HEALTH-01 in ",
            "c.toml:10: BS-HEALTH-01 unknown",
        ];
        assert_eq!(told.len(), 3);
        assert!(
            told.iter()
                .zip(starts)
                .all(|(line, start)| line.starts_with(start)),
            "{told:?}"
        );
        assert_eq!(what_to_review(&run, || "review".to_owned()).len(), 2);
    }

    #[test]
    fn what_was_left_out_is_counted_with_its_reason() {
        let told = left_out(&Sample::new().report);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with("1 scenario ") && told[0].ends_with(": create/left-out"),
            "{told:?}"
        );
    }
}
