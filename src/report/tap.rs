//! TAP 14: a test point for each scenario, and one for everything else that keeps the run from being green.

use super::cut::cut_line;
use super::issues::{Issue, Severity, issues};
use super::{Material, RenderError, Reporter};
use outcome::text::in_json;
use outcome::{Finding, NotRun, ScenarioReport, Verdict};
use serde_json::json;
use std::fmt::Write as _;

/// Format `tap`.
pub(super) struct Tap;

impl Reporter for Tap {
    fn format(&self) -> &'static str {
        "tap"
    }

    fn about(&self) -> &'static str {
        "TAP 14: a test point for each scenario, with diagnostics in YAML"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let scenarios = run.scenarios.iter().map(point);
        let mut points: Vec<String> = scenarios.collect::<Result<_, _>>()?;
        // What scenarios say is said; what only the run as a whole shows is not.
        let in_run = run
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail);
        for finding in in_run {
            points.push(red(
                &format!("the run as a whole: {}", finding.requirement),
                &[words(finding)],
            )?);
        }
        let others = issues(material);
        let others = others
            .iter()
            .filter(|issue| !issue.is_requirement && !is_scenario(issue));
        for issue in others {
            points.push(red(&issue.check, std::slice::from_ref(&issue.message))?);
        }
        let mut text = String::from("TAP version 14\n");
        let _ = writeln!(text, "1..{}", points.len());
        let name = cut_line(&run.target.name, 200);
        let _ = writeln!(
            text,
            "# target {name}, seed {}, exit code {}",
            run.seed, run.exit_code
        );
        for (number, point) in points.iter().enumerate() {
            let place = if point.starts_with("not ok") {
                "not ok".len()
            } else {
                "ok".len()
            };
            let (status, rest) = point.split_at(place);
            let _ = write!(text, "{status} {}{rest}", number + 1);
        }
        Ok(text)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let reason = cut_line(&not_run.reason, 1_000);
        Ok(format!(
            "TAP version 14\nBail out! {}: {reason}\n",
            not_run.verdict
        ))
    }
}

fn is_scenario(issue: &Issue) -> bool {
    let verdicts = [Verdict::NotTestable, Verdict::HarnessError];
    issue.severity != Severity::Error || verdicts.iter().any(|verdict| verdict.word() == issue.check)
}

/// A test point without its number, its diagnostics below it.
fn point(scenario: &ScenarioReport) -> Result<String, RenderError> {
    let name = description(&scenario.id);
    let reason = cut_line(scenario.reason.as_deref().unwrap_or_default(), 300);
    let skipped = |why: &str| {
        let why = description(&cut_line(why, 300));
        Ok(format!("ok - {name} # SKIP {}: {why}\n", scenario.verdict.word()))
    };
    match scenario.verdict {
        Verdict::Pass | Verdict::Warn | Verdict::Waived => Ok(format!("ok - {name}\n")),
        Verdict::Fail => {
            let failed = scenario.findings.iter();
            let failed = failed.filter(|finding| finding.verdict == Verdict::Fail);
            red(&scenario.id, &failed.map(words).collect::<Vec<_>>())
        }
        Verdict::NotTestable if scenario.not_now => skipped(&reason),
        Verdict::NotTestable | Verdict::HarnessError => {
            let words = format!("{}: {reason}", scenario.verdict.word());
            red(&scenario.id, &[words])
        }
        Verdict::NotApplicable | Verdict::NotRun | Verdict::Inconclusive => skipped(&reason),
    }
}

fn words(finding: &Finding) -> String {
    format!("{}: {}", finding.requirement, cut_line(&finding.message, 1_000))
}

fn red(name: &str, messages: &[String]) -> Result<String, RenderError> {
    let mut text = format!("not ok - {}\n  ---\n", description(&cut_line(name, 300)));
    // A text of JSON is one of YAML, and holds nothing that YAML would read as something else.
    let list = in_json(serde_json::to_string(&json!(messages))?);
    let _ = writeln!(text, "  messages: {list}\n  ...");
    Ok(text)
}

/// A number sign would begin a directive.
fn description(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}
