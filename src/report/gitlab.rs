//! GitLab's code quality report: a JSON list of what is wrong, with fingerprints by which a merge request shows what is new.

use super::cut::{cut_line, fingerprint};
use super::issues::{Issue, Severity, issues};
use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use outcome::text::in_json;
use serde_json::{Value, json};

/// Format `gitlab`.
pub(super) struct GitLab;

impl Reporter for GitLab {
    fn format(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab's code quality report, for what a merge request breaks and fixes"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let target = &material.report.target.name;
        let issues = issues(material);
        let all: Vec<Value> = issues.iter().map(|issue| entry(target, issue)).collect();
        text(&json!(all))
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let words = format!("{}: {}", not_run.verdict, cut_line(&not_run.reason, 1_000));
        text(&json!([{
            "description": words,
            "check_name": not_run.verdict,
            "fingerprint": fingerprint(&[not_run.verdict, &not_run.reason]),
            "severity": "blocker",
            "location": { "path": "conformance.toml", "lines": { "begin": 1 } },
        }]))
    }
}

fn text(list: &Value) -> Result<String, RenderError> {
    Ok(in_json(serde_json::to_string_pretty(list)?) + "\n")
}

fn entry(target: &str, issue: &Issue) -> Value {
    let severity = match (issue.severity, issue.basic) {
        (Severity::Error, true) => "blocker",
        (Severity::Error, false) => "critical",
        (Severity::Warning, _) => "minor",
        (Severity::Waived, _) => "info",
    };
    let waived = match &issue.waiver {
        Some(waiver) => format!(" (waived: {waiver})"),
        None => String::new(),
    };
    let (path, line) = &issue.place;
    json!({
        "description": format!("{}: {}{waived}", issue.check, issue.message),
        "check_name": issue.check,
        // One project may test several targets.
        "fingerprint": fingerprint(&[target, &issue.fingerprint]),
        "severity": severity,
        "location": { "path": path, "lines": { "begin": line } },
        "categories": ["Compatibility"],
        "target": target,
        "scenarios": issue.scenarios,
    })
}
