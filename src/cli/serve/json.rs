//! A call to Google's side for programs.

use super::line::{CallOutcome, Shown};
use outcome::Finding;
use serde_json::{Value, json};

/// Everything that may be shown of the call.
pub(super) fn object(shown: &Shown<'_>) -> Value {
    let call = shown.shown.call();
    let lints: Vec<Value> = call
        .lints
        .iter()
        .map(|lint| {
            let mut lint_json = json!(lint);
            lint_json["text"] = lint.to_string().into();
            lint_json
        })
        .collect();
    let findings: Vec<Value> = shown.shown.findings().iter().map(finding_json).collect();
    json!({
        "event": "call",
        "number": call.number,
        "at": call.at.to_string(),
        "answered_at": call.answered_at.to_string(),
        "verdict": CallOutcome::of(shown).word(),
        "route": call.route,
        "method": call.method,
        "target": call.target,
        "headers": call.headers,
        "body": call.json,
        "body_bytes": call.body_len,
        "credential": call.credential,
        "update_mask": call.update_mask,
        "booking_failure": call.booking_failure,
        "lints": lints,
        "findings": findings,
        "meant": shown.shown.meant(),
        "fault": call.fault,
        "status": call.answer.status,
        "answer": call.answer.body,
        "booking": call.booking,
    })
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "requirement": finding.requirement.as_str(),
        "level": finding.level.word(),
        "verdict": finding.verdict.word(),
        "message": finding.message,
        "pointer": finding.evidence.pointer,
        "expected": finding.evidence.expected,
        "actual": finding.evidence.actual,
    })
}
