//! A call to Google's side for programs.

use super::line::{CLIENT, CallOutcome, Shown, meant_by};
use outcome::Finding;
use serde_json::{Value, json};

/// Everything that is known of the call; credentials are masked.
pub(super) fn object(shown: &Shown<'_>) -> Value {
    let call = shown.call;
    let lints: Vec<Value> = call
        .lints
        .iter()
        .map(|lint| {
            let mut lint_json = json!(lint);
            lint_json["text"] = lint.to_string().into();
            lint_json
        })
        .collect();
    let findings: Vec<Value> = shown.findings.iter().map(finding_json).collect();
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
        "body": call.json.clone().map(without_people),
        "body_bytes": call.body_len,
        "credential": call.credential,
        "update_mask": call.update_mask,
        "booking_failure": call.booking_failure,
        "lints": lints,
        "findings": findings,
        "meant": meant_by(call),
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

/// People are no matter of a log.
fn without_people(mut message: Value) -> Value {
    match &mut message {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                *value = if [CLIENT, "client_information"].contains(&name.as_str()) {
                    "[masked]".into()
                } else {
                    without_people(value.take())
                };
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| *item = without_people(item.take())),
        _ => {}
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_masked_wherever_they_stand() {
        let message = json!({ "status": "CANCELED", "list": [{ "clientInformation": { "email": "a@b.example" } }],
            "client_information": { "given_name": "A" } });
        assert_eq!(
            without_people(message),
            json!({ "status": "CANCELED", "list": [{ "clientInformation": "[masked]" }], "client_information": "[masked]" })
        );
    }
}
