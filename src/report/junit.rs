//! JUnit XML: one test case per scenario, for CI systems.

use super::{Material, RenderError, Reporter};
use outcome::{Finding, ScenarioReport, SnapshotStatus, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// Format `junit`.
pub(super) struct JUnit;

impl Reporter for JUnit {
    fn format(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML, one test case per scenario"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let mut report = Report::new(format!("conformance {}", run.target.name));
        report.set_time(Duration::from_millis(run.duration_ms));
        let mut areas: Vec<&str> = run.scenarios.iter().map(|scenario| area(&scenario.id)).collect();
        areas.dedup();
        for area in areas {
            let mut suite = TestSuite::new(area);
            let own = run
                .scenarios
                .iter()
                .filter(|scenario| self::area(&scenario.id) == area);
            suite.add_test_cases(own.map(case));
            report.add_test_suite(suite);
        }
        if !run.findings.is_empty() {
            let mut suite = TestSuite::new("run");
            suite.add_test_cases(run.findings.iter().map(of_the_run));
            report.add_test_suite(suite);
        }
        Ok(report.to_string()?)
    }
}

fn area(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

fn case(scenario: &ScenarioReport) -> TestCase {
    let mut case = TestCase::new(&scenario.id, status(scenario));
    case.set_time(Duration::from_millis(scenario.duration_ms));
    case.set_classname(area(&scenario.id));
    let warnings: Vec<_> = scenario
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Warn)
        .map(line)
        .collect();
    if !warnings.is_empty() {
        case.set_system_out(warnings.join("\n"));
    }
    case
}

fn status(scenario: &ScenarioReport) -> TestCaseStatus {
    let reason = scenario.reason.clone().unwrap_or_default();
    match scenario.verdict {
        Verdict::Fail => failure(NonSuccessKind::Failure, "fail", &failures(scenario)),
        Verdict::NotTestable | Verdict::HarnessError => {
            failure(NonSuccessKind::Error, scenario.verdict.word(), &reason)
        }
        Verdict::NotApplicable | Verdict::NotRun | Verdict::Inconclusive => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(reason);
            skipped
        }
        Verdict::Pass | Verdict::Warn | Verdict::Waived => match scenario.snapshot {
            SnapshotStatus::New => failure(
                NonSuccessKind::Failure,
                "snapshot",
                "its snapshot has not been accepted yet",
            ),
            SnapshotStatus::Changed => failure(
                NonSuccessKind::Failure,
                "snapshot",
                "its history is not as accepted",
            ),
            _ => TestCaseStatus::success(),
        },
    }
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
    status.set_type(what);
    status.set_message(message.lines().next().unwrap_or_default());
    status.set_description(message);
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
    format!(
        "{}: {}{place} (expected {expected}, actual {actual})",
        finding.requirement, finding.message
    )
}

fn of_the_run(finding: &Finding) -> TestCase {
    let status = match finding.verdict {
        Verdict::Fail => failure(NonSuccessKind::Failure, "fail", &line(finding)),
        _ => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(finding.requirement.as_str(), status);
    if finding.verdict != Verdict::Fail {
        case.set_system_out(line(finding));
    }
    case
}
