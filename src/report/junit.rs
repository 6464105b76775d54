//! JUnit XML, for CI systems: a test case per scenario, one per snapshot that waits, and one per finding of the run.

use super::cut::{cut, cut_line};
use super::{Material, RenderError, Reporter};
use chrono::{DateTime, FixedOffset};
use outcome::text::harmless;
use outcome::{
    ExitReason, Finding, NotRun, RunVerdict, ScenarioReport, SnapshotStatus, Verdict, WaiverReport,
};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The suite of histories that are not as accepted.
const SNAPSHOTS: &str = "snapshots";

/// The suite of what only all scenarios together show.
const RUN: &str = "the run as a whole";

/// The suite of what is waived in the config.
const WAIVERS: &str = "waivers";

/// The suite of every other reason for an exit code that is not 0.
const EXIT_CODE: &str = "the exit code";

/// Longer lines are cut, and so are longer attributes and texts; the recording has all.
const LONGEST_LINE: usize = 8_000;
const LONGEST_MESSAGE: usize = 1_000;
const LONGEST_TEXT: usize = 30_000;

/// Format `junit`.
pub(super) struct JUnit;

impl Reporter for JUnit {
    fn format(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML: test cases for scenarios, snapshots that wait, findings of the run, and waivers"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let mut report = Report::new(format!("conformance {}", run.target.name));
        report.set_time(Duration::from_millis(run.duration_ms));
        let began = began(&run.started_at);
        if let Some(began) = began {
            report.set_timestamp(began);
        }
        let mut areas: Vec<&str> = Vec::new();
        for area in run.scenarios.iter().map(|scenario| area(&scenario.id)) {
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
        for area in areas {
            let own = run.scenarios.iter();
            let own = own.filter(|scenario| self::area(&scenario.id) == area);
            add(&mut report, area, own.map(case));
        }
        for suite in &mut report.test_suites {
            suite.timestamp = began;
            suite.time = Some(suite.test_cases.iter().filter_map(|case| case.time).sum());
        }
        add(&mut report, SNAPSHOTS, run.scenarios.iter().filter_map(snapshot));
        add(&mut report, RUN, run.findings.iter().map(of_the_run));
        add(&mut report, WAIVERS, run.waivers.iter().map(waiver));
        let others = run.exit_reasons.iter();
        let others = others.filter(|reason| !reason.kind.is_listed_one_by_one());
        add(&mut report, EXIT_CODE, others.map(exit_reason));
        Ok(report.to_string()?)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let mut report = Report::new("conformance");
        let status = failure(NonSuccessKind::Error, not_run.verdict, &not_run.reason);
        let mut case = TestCase::new("the run came to no verdict", status);
        case.set_classname(EXIT_CODE);
        add(&mut report, EXIT_CODE, std::iter::once(case));
        Ok(report.to_string()?)
    }
}

/// What keeps the run from being green and is no scenario, snapshot or waiver by itself.
fn exit_reason(reason: &ExitReason) -> TestCase {
    let kind = match reason.kind.verdict() {
        RunVerdict::NeedsReview | RunVerdict::NotConformant => NonSuccessKind::Failure,
        _ => NonSuccessKind::Error,
    };
    let status = failure(kind, &format!("exit code {}", reason.exit_code), &reason.words);
    let mut case = TestCase::new(reason.kind.title(), status);
    case.set_classname(EXIT_CODE);
    case
}

/// A suite, unless it would be empty.
fn add(report: &mut Report, name: &str, cases: impl Iterator<Item = TestCase>) {
    let mut suite = TestSuite::new(name);
    suite.add_test_cases(cases);
    if !suite.test_cases.is_empty() {
        report.add_test_suite(suite);
    }
}

fn began(started_at: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(started_at).ok()
}

fn area(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

fn case(scenario: &ScenarioReport) -> TestCase {
    let mut case = TestCase::new(&scenario.id, status(scenario));
    case.set_time(Duration::from_millis(scenario.duration_ms));
    case.set_classname(area(&scenario.id));
    case.add_property(("title", cut_line(&scenario.title, 300).as_str()));
    let judged = scenario.judged.iter().map(|judged| judged.requirement.as_str());
    let judged = judged.collect::<Vec<_>>().join(", ");
    if !judged.is_empty() {
        case.add_property(("requirements", judged.as_str()));
    }
    let violated = scenario.findings.iter();
    let violated = violated.filter(|finding| finding.verdict == Verdict::Fail);
    for finding in violated {
        case.add_property(("violated", finding.requirement.as_str()));
    }
    let found = scenario.findings.iter();
    let remarks: Vec<_> = found.filter_map(remark).collect();
    if !remarks.is_empty() {
        case.set_system_out(remarks.join("\n"));
    }
    case
}

/// What was found and fails nothing.
fn remark(finding: &Finding) -> Option<String> {
    match finding.verdict {
        Verdict::Warn => Some(line(finding)),
        Verdict::Waived => Some(format!("waived: {}", line(finding))),
        _ => None,
    }
}

/// A waiver that somebody has to change fails by itself, and not as its scenarios.
fn waiver(waiver: &WaiverReport) -> TestCase {
    let WaiverReport {
        requirement,
        owner,
        reason,
        expires,
        note,
        ..
    } = waiver;
    let words = format!("{requirement}: {note} ({owner}, until {expires}: {reason})");
    let status = if waiver.status.needs_person() {
        failure(NonSuccessKind::Failure, waiver.status.word(), &words)
    } else {
        TestCaseStatus::success()
    };
    let name = cut_line(&format!("{requirement} at {}", waiver.place), 300);
    let mut case = TestCase::new(name, status);
    case.set_classname(WAIVERS);
    if !waiver.status.needs_person() {
        case.set_system_out(cut_line(&words, LONGEST_LINE));
    }
    case
}

fn status(scenario: &ScenarioReport) -> TestCaseStatus {
    let reason = scenario.reason.clone().unwrap_or_default();
    match scenario.verdict {
        Verdict::Fail => {
            let mut status = failure(NonSuccessKind::Failure, "fail", &failures(scenario));
            let mut failed = scenario.findings.iter();
            if let Some(first) = failed.find(|finding| finding.verdict == Verdict::Fail) {
                status.set_message(sentence(first));
            }
            status
        }
        Verdict::NotTestable if scenario.not_now => skipped(&reason),
        Verdict::NotTestable | Verdict::HarnessError => {
            failure(NonSuccessKind::Error, scenario.verdict.word(), &reason)
        }
        Verdict::NotApplicable | Verdict::NotRun | Verdict::Inconclusive => skipped(&reason),
        Verdict::Pass | Verdict::Warn | Verdict::Waived => TestCaseStatus::success(),
    }
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(cut_line(reason, LONGEST_MESSAGE));
    status
}

/// A history that waits for a person fails by itself, and not as its scenario.
fn snapshot(scenario: &ScenarioReport) -> Option<TestCase> {
    let what = match scenario.snapshot {
        SnapshotStatus::New => "its snapshot has not been accepted yet",
        SnapshotStatus::Changed => "its history is not as accepted",
        SnapshotStatus::Matched | SnapshotStatus::Rebound | SnapshotStatus::None => return None,
    };
    let mut case = TestCase::new(&scenario.id, failure(NonSuccessKind::Failure, "snapshot", what));
    case.set_classname(SNAPSHOTS);
    Some(case)
}

fn failures(scenario: &ScenarioReport) -> String {
    let failed = scenario
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail);
    failed.map(line).collect::<Vec<_>>().join("\n")
}

fn failure(kind: NonSuccessKind, what: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let message = cut(&harmless(message), LONGEST_TEXT);
    status.set_type(what);
    status.set_message(cut(message.lines().next().unwrap_or_default(), LONGEST_MESSAGE));
    status.set_description(&message);
    status
}

fn line(finding: &Finding) -> String {
    let place = finding
        .evidence
        .pointer
        .as_deref()
        .filter(|pointer| !pointer.is_empty());
    let place = place.map(|pointer| format!(" at {pointer}")).unwrap_or_default();
    let (expected, actual) = (&finding.evidence.expected, &finding.evidence.actual);
    let answer = finding.answer.as_ref();
    let answer = answer.map(|answer| format!("; HTTP {}: {}", answer.status, answer.body));
    let line = format!(
        "{}: {}{place} (expected {expected}, actual {actual}{})",
        finding.requirement,
        finding.message,
        answer.unwrap_or_default()
    );
    // What a stranger wrote makes no line of its own, and no file of megabytes.
    cut(&harmless(&line).replace('\n', " "), LONGEST_LINE)
}

/// What is wrong, as lists of failures show it.
fn sentence(finding: &Finding) -> String {
    format!(
        "{}: {}",
        finding.requirement,
        cut_line(&finding.message, LONGEST_MESSAGE)
    )
}

fn of_the_run(finding: &Finding) -> TestCase {
    let status = match finding.verdict {
        Verdict::Fail => failure(NonSuccessKind::Failure, "fail", &line(finding)),
        _ => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(finding.requirement.as_str(), status);
    case.set_classname(RUN);
    if let Some(remark) = remark(finding) {
        case.set_system_out(remark);
    }
    case
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::sample::Sample;

    fn rendered() -> String {
        let sample = Sample::new();
        let material = Material {
            report: &sample.report,
            facts: &sample.facts,
            drifts: &sample.drifts,
            artefact: None,
        };
        JUnit.render(&material).unwrap()
    }

    /// The text of a suite.
    fn suite(name: &str) -> String {
        let all = rendered();
        let start = all.split(&format!("<testsuite name=\"{name}\"")).nth(1).unwrap();
        start.split("</testsuite>").next().unwrap().to_owned()
    }

    /// The text of a test case in a suite.
    fn case(suite: &str, name: &str) -> String {
        let start = suite.split(&format!("<testcase name=\"{name}\"")).nth(1).unwrap();
        start.split("<testcase").next().unwrap().to_owned()
    }

    #[test]
    fn a_scenario_that_passed_is_no_failure_whatever_its_snapshot_is() {
        let create = suite("create");
        for name in ["create/new", "create/changed", "create/passed"] {
            assert!(!case(&create, name).contains("<failure"), "{create}");
        }
        assert!(case(&create, "create/failed").contains("<failure"));
        let waiting = suite("snapshots");
        for name in ["create/new", "create/changed"] {
            assert!(case(&waiting, name).contains("type=\"snapshot\""), "{waiting}");
        }
        assert!(!waiting.contains("create/passed") && !waiting.contains("create/rebound"));
    }

    #[test]
    fn what_was_found_in_the_run_as_a_whole_is_a_suite_of_its_own() {
        let run = suite("the run as a whole");
        assert_eq!(run.matches("<testcase").count(), 2, "{run}");
        assert_eq!(run.matches("<failure").count(), 1, "{run}");
    }

    #[test]
    fn what_no_scenario_snapshot_or_waiver_says_keeps_the_run_red_by_itself() {
        let exit = suite("the exit code");
        assert_eq!(exit.matches("<testcase").count(), 1, "{exit}");
        assert!(
            case(&exit, "snapshots are obsolete").contains("type=\"exit code 4\""),
            "{exit}"
        );
    }

    #[test]
    fn what_is_waived_is_no_failure_but_named() {
        let waived = case(&suite("create"), "create/waived");
        assert!(
            !waived.contains("<failure") && waived.contains("waived: BS-HEALTH-01"),
            "{waived}"
        );
        let waivers = suite("waivers");
        let used = case(&waivers, "BS-HEALTH-01 at c.toml:2");
        assert!(!used.contains("<failure"), "{used}");
        for words in ["the owner", "until 2030-01-31", "waived 1 finding"] {
            assert!(used.contains(words), "{used}");
        }
        for status in ["expired", "stale", "unknown"] {
            assert!(waivers.contains(&format!("type=\"{status}\"")), "{waivers}");
        }
    }
}
