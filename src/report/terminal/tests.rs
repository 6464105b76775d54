//! The report for people, of runs that are made up.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::sample::Sample;
use outcome::{RunReport, RunVerdict, ScenarioReport};

const PLAIN: TerminalOptions = TerminalOptions {
    colour: false,
    all: false,
    brief: false,
    ci: false,
};

fn rendered(sample: &Sample, options: TerminalOptions) -> String {
    let material = Material {
        report: &sample.report,
        facts: &sample.facts,
        drifts: &sample.drifts,
        artefact: None,
    };
    render(&material, options)
}

/// A run in which nothing was found and every history is as accepted.
fn clean() -> Sample {
    let mut sample = Sample::new();
    let passed = sample.report.scenarios[0].clone();
    let scenarios: Vec<_> = (0..200)
        .map(|number| ScenarioReport {
            id: format!("create/number-{number}"),
            ..passed.clone()
        })
        .collect();
    sample.report = RunReport {
        verdict: RunVerdict::Conformant,
        counts: outcome::RunCounts {
            scenarios: scenarios.iter().map(|scenario| scenario.verdict).collect(),
            ..sample.report.counts
        },
        scenarios,
        findings: Vec::new(),
        findings_by_cause: Vec::new(),
        harness_errors: Vec::new(),
        snapshot_errors: Vec::new(),
        obsolete_snapshots: Vec::new(),
        waivers: Vec::new(),
        skipped: Vec::new(),
        ..sample.report
    };
    sample.drifts.clear();
    sample
}

#[test]
fn what_to_mend_comes_first_and_scenarios_that_passed_are_a_count() {
    let mut sample = Sample::new();
    sample.report.harness_errors.clear();
    let text = rendered(&sample, PLAIN);
    assert!(text.starts_with("what to mend first: 2 findings"), "{text}");
    assert!(!text.contains("create/passed"), "{text}");
    let table = text
        .split("the scenarios in which something was found")
        .nth(1)
        .unwrap();
    for line in ["create/failed", "create/changed"] {
        let line = table.lines().find(|shown| shown.contains(line)).unwrap();
        assert!(line.contains("BS-HEALTH-01"), "{line}");
    }
}

#[test]
fn a_finding_has_the_answer_and_what_repeats_it() {
    let mut sample = Sample::new();
    sample
        .report
        .repeat_with(|scenario| format!("conformance run {}", scenario.unwrap_or("all")));
    sample.report.findings_by_cause[0].example.curl = Some("curl http://h".into());
    let text = rendered(&sample, PLAIN);
    for line in [
        "    answer    HTTP 500, text/html: ",
        "    curl      curl http://h\n",
        "    again     conformance run create/failed\n",
        "    explain   conformance explain BS-HEALTH-01   https://",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn nothing_of_a_stranger_acts_on_the_terminal() {
    let mut sample = Sample::new();
    sample.report.repeat_with(|_| "conformance run".into());
    for all in [false, true] {
        let text = rendered(&sample, TerminalOptions { all, ..PLAIN });
        let active = text.chars().find(|letter| outcome::text::is_active(*letter));
        assert_eq!(active, None, "{text:?}");
    }
}

#[test]
fn a_run_without_a_fault_is_short() {
    let text = rendered(&clean(), PLAIN);
    assert!(
        text.lines().count() <= 40 && text.contains("200 passed"),
        "{text}"
    );
    let all = rendered(&clean(), TerminalOptions { all: true, ..PLAIN });
    assert!(all.contains("create/number-199"), "{all}");
}

#[test]
fn what_was_not_tested_is_a_count_for_each_reason() {
    let mut sample = clean();
    let reasons = (0..60).map(|number| match number % 2 {
        0 => format!("needs a look-up, and {number} was not answered"),
        _ => "the target declares no deposits".to_owned(),
    });
    for (scenario, reason) in sample.report.scenarios.iter_mut().zip(reasons) {
        scenario.verdict = if reason.starts_with("needs") {
            Verdict::NotTestable
        } else {
            Verdict::NotApplicable
        };
        scenario.reason = Some(reason);
    }
    let text = rendered(&sample, PLAIN);
    let lines: Vec<_> = text.lines().skip(1).take(2).collect();
    assert!(
        lines[0].contains("  30  not_testable    needs a look-up"),
        "{text}"
    );
    assert!(
        lines[0].ends_with("create/number-0, create/number-2, …"),
        "{text}"
    );
    assert!(lines[1].contains("  30  not_applicable"), "{text}");
}

#[test]
fn many_scenarios_with_the_same_findings_are_one_row() {
    let mut sample = clean();
    let failed = Sample::new().report.scenarios[4].clone();
    let fail = |number: usize| ScenarioReport {
        id: format!("wire/number-{number}"),
        ..failed.clone()
    };
    sample.report.scenarios = (0..8).map(fail).collect();
    let text = rendered(&sample, PLAIN);
    assert_eq!(text.matches("\nfail ").count(), 8, "{text}");
    sample.report.scenarios = (0..9).map(fail).collect();
    let text = rendered(&sample, PLAIN);
    assert_eq!(text.matches("\nfail ").count(), 1, "{text}");
    assert!(text.contains("9 like wire/number-0 (-v lists them)"), "{text}");
    let all = rendered(&sample, TerminalOptions { all: true, ..PLAIN });
    assert_eq!(all.matches("\nfail ").count(), 9, "{all}");
}

#[test]
fn snapshots_are_counted_and_shown_only_where_nothing_else_is_wrong() {
    let mut sample = Sample::new();
    let text = rendered(&sample, PLAIN);
    assert!(text.contains("snapshots: 1 new, 1 changed\n"), "{text}");
    assert!(!text.contains("\n  +a<U+0000>"), "{text}");
    sample.report.verdict = RunVerdict::NeedsReview;
    assert!(rendered(&sample, PLAIN).contains("\n  +a<U+0000>"));
    sample.report.scenarios[2].verdict = Verdict::Fail;
    let text = rendered(&sample, PLAIN);
    assert!(
        text.contains("; 1 of them of failing scenarios, which accept leaves out"),
        "{text}"
    );
}

#[test]
fn the_way_to_accept_is_said_once_and_fits_where_the_run_was() {
    let mut sample = Sample::new();
    for verdict in [RunVerdict::NotConformant, RunVerdict::NeedsReview] {
        sample.report.verdict = verdict;
        for (ci, artefact, command) in [
            (false, None, "conformance review"),
            (true, None, "conformance accept --from DIR"),
            (true, Some("my out"), "conformance accept --from 'my out'"),
        ] {
            let material = Material {
                report: &sample.report,
                facts: &sample.facts,
                drifts: &sample.drifts,
                artefact: artefact.map(std::path::Path::new),
            };
            let text = render(&material, TerminalOptions { ci, ..PLAIN });
            assert_eq!(text.matches(command).count(), 1, "{text}");
            assert_eq!(
                text.contains("nothing is written into the snapshots folder"),
                ci,
                "{text}"
            );
        }
    }
    sample.report.scenarios.truncate(2);
    let text = rendered(&sample, PLAIN);
    assert!(text.contains("conformance accept --obsolete)"), "{text}");
}

#[test]
fn the_bundled_partner_is_named_as_that_in_the_last_line() {
    let mut sample = clean();
    assert!(!rendered(&sample, PLAIN).contains("bundled"));
    sample.report.target.kind = "reference".into();
    let text = rendered(&sample, PLAIN);
    assert!(
        text.lines()
            .last()
            .unwrap()
            .contains("this was the bundled reference partner"),
        "{text}"
    );
    let brief = rendered(&sample, TerminalOptions { brief: true, ..PLAIN });
    assert!(
        brief
            .lines()
            .next()
            .unwrap()
            .contains("the bundled reference partner"),
        "{brief}"
    );
}

#[test]
fn long_differences_are_cut_and_the_rest_is_named() {
    let mut sample = Sample::new();
    sample.report.verdict = RunVerdict::NeedsReview;
    let line = sample.drifts.iter().flat_map(|(_, lines)| lines).next().cloned();
    let many: Vec<_> = std::iter::repeat_n(line.unwrap(), 200).collect();
    sample.drifts = vec![("a/long".into(), many.clone()), ("a/other".into(), many)];
    let text = rendered(&sample, PLAIN);
    assert!(text.lines().count() < 200, "{text}");
    assert!(
        text.contains("not every difference is shown: -v shows them all"),
        "{text}"
    );
    let text = rendered(&sample, TerminalOptions { all: true, ..PLAIN });
    assert!(
        text.contains("a/other") && !text.contains("not every difference"),
        "{text}"
    );
}
