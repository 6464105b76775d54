//! SARIF 2.1.0, for code scanning: a result for each thing that is wrong, waived ones suppressed.
//!
//! Written by hand and held against the schema in tests: the crate that has the types generates twenty thousand lines of them.

use super::issues::{Issue, Severity, issues};
use super::{Material, RenderError, Reporter};
use catalogue::{RequirementId, catalogue};
use outcome::NotRun;
use outcome::text::in_json;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

/// What this is, in the words of the standard.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Where the program is described.
const INFORMATION: &str = "https://developers.google.com/actions-center";

/// What a path of a file may not hold as it is.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Format `sarif`.
pub(super) struct Sarif;

impl Reporter for Sarif {
    fn format(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning: a result for each distinct finding, waived ones suppressed"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let run = material.report;
        let issues = issues(material);
        let mut rules: Vec<&Issue> = Vec::new();
        for issue in &issues {
            if !rules.iter().any(|known| known.check == issue.check) {
                rules.push(issue);
            }
        }
        let index = |issue: &Issue| rules.iter().position(|rule| rule.check == issue.check);
        let results: Vec<Value> = issues.iter().map(|issue| result(issue, index(issue))).collect();
        let invocation = json!({
            "executionSuccessful": true,
            "exitCode": run.exit_code,
            "exitCodeDescription": run.verdict.words(),
            "startTimeUtc": run.started_at,
        });
        let rules: Vec<Value> = rules.into_iter().map(rule).collect();
        let version = run.tool.version.as_str();
        let mut log = log(version, &rules, &results, &invocation);
        log["runs"][0]["properties"] = json!({
            "target": run.target,
            "seed": run.seed,
            "requirementSet": run.requirement_set,
        });
        text(&log)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let words = format!("{}: {}", not_run.verdict, not_run.reason);
        let mut invocation = json!({
            "executionSuccessful": false,
            "startTimeUtc": not_run.started_at,
            "toolExecutionNotifications": [{ "level": "error", "message": { "text": words } }],
        });
        if let Some(code) = not_run.exit_code {
            invocation["exitCode"] = json!(code);
        }
        text(&log(&not_run.tool.version, &[], &[], &invocation))
    }
}

fn text(log: &Value) -> Result<String, RenderError> {
    Ok(in_json(serde_json::to_string_pretty(log)?) + "\n")
}

fn log(version: &str, rules: &[Value], results: &[Value], invocation: &Value) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "conformance", "version": version, "informationUri": INFORMATION, "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        }],
    })
}

fn rule(issue: &Issue) -> Value {
    let requirement = RequirementId::parse(&issue.check).filter(|_| issue.is_requirement);
    let Some(id) = requirement else {
        return json!({ "id": issue.check, "defaultConfiguration": { "level": "error" } });
    };
    let row = catalogue().row(id);
    json!({
        "id": issue.check,
        "shortDescription": { "text": row.title },
        "helpUri": row.page(),
        "help": { "text": format!("{}: see {}, or run: conformance explain {}", row.title, row.page(), row.id) },
        "properties": { "level": row.level.word() },
    })
}

fn result(issue: &Issue, rule: Option<usize>) -> Value {
    let (file, line) = &issue.place;
    let logical = issue
        .scenarios
        .iter()
        .map(|id| json!({ "fullyQualifiedName": id, "kind": "member" }));
    let mut location = json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(file) },
        "region": { "startLine": line },
    } });
    let logical: Vec<Value> = logical.collect();
    if !logical.is_empty() {
        location["logicalLocations"] = json!(logical);
    }
    let mut result = json!({
        "ruleId": issue.check,
        "level": match issue.severity { Severity::Warning => "warning", _ => "error" },
        "kind": "fail",
        "message": { "text": issue.message },
        "locations": [location],
        "occurrenceCount": issue.count,
        "partialFingerprints": { "conformanceCause/v1": issue.fingerprint },
    });
    if let Some(index) = rule {
        result["ruleIndex"] = json!(index);
    }
    if let Some(again) = &issue.again {
        result["properties"] = json!({ "again": again });
    }
    if issue.severity == Severity::Waived {
        let justification = issue
            .waiver
            .as_deref()
            .unwrap_or("a waiver of the config covers it");
        result["suppressions"] =
            json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
    }
    result
}

/// A path as a reference of a URI: relative ones stay relative to where the program ran.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = utf8_percent_encode(&path, IN_PATH).to_string();
    if encoded.starts_with('/') {
        return format!("file://{encoded}");
    }
    // `c:x` would be a scheme.
    let first = encoded.split('/').next().unwrap_or_default();
    if first.contains(':') {
        format!("./{encoded}")
    } else {
        encoded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("my config.toml"), "my%20config.toml");
        assert_eq!(uri("/ci/c#1.toml"), "file:///ci/c%231.toml");
        assert_eq!(uri("a:b/c"), "./a:b/c");
    }
}
