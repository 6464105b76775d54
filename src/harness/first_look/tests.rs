use super::*;
use catalogue::{Level, RequirementId};
use outcome::Evidence;
use serde_json::{Value, json};

/// A call that was answered, one that was not, and a call of the partner.
fn history() -> Transcript {
    let call = |entry: usize| {
        json!({ "call": { "method": "CreateBooking", "verb": "POST", "path": format!("/v3/CreateBooking?{entry}"),
            "headers": [], "credentials": "valid", "body": {}, "breaks_model": false } })
    };
    let answer = |call: usize, reply: Value| json!({ "answer": { "call": call, "took_us": 5, "lagged_us": 0, "reply": reply } });
    let http = json!({ "http": { "status": 501, "headers": [], "body": "no", "json": null } });
    let nothing = json!({ "nothing": { "kind": "timeout", "detail": "nothing came" } });
    let told = json!({ "notification": { "subject": { "booking": { "partner": "1", "booking_id": "b" } },
        "verb": "PATCH", "target": "/", "headers": [], "raw": "", "mask": null, "booking_failure": {},
        "lints": [], "status": 200, "answer": null, "before": null, "after": null } });
    let facts = [call(0), answer(0, http), call(2), answer(2, nothing), told];
    let entry = |fact: &Value| json!({ "at_ms": 0, "phase": "steps", "fact": fact });
    let entries: Vec<Value> = facts.iter().map(entry).collect();
    serde_json::from_value(json!({ "scenario": "a/b", "entries": entries })).expect("the stored form")
}

fn finding(entry: Option<usize>, pointer: Option<&str>) -> Finding {
    let evidence = Evidence {
        entry,
        pointer: pointer.map(str::to_owned),
        ..Evidence::default()
    };
    Finding {
        requirement: RequirementId::declared("BS-CREATE-04"),
        level: Level::Must,
        verdict: Verdict::Fail,
        message: "the sentence of the rule".to_owned(),
        evidence,
        answer: None,
        basic: false,
        repeated: None,
    }
}

#[test]
fn a_look_tells_the_exchange_and_no_requirement() {
    let history = history();
    for (entry, pointer, seen) in [
        (Some(1), None, Some("CreateBooking was answered HTTP 501")),
        (
            Some(1),
            Some("/booking/status"),
            Some("CreateBooking was answered HTTP 501, at /booking/status"),
        ),
        (Some(3), None, Some("CreateBooking was not answered")),
        (
            Some(4),
            Some("/status\u{1b}[2J"),
            Some("PATCH to Google's API, at /status<U+001B>[2J"),
        ),
        (None, None, None),
        (Some(9), None, None),
    ] {
        assert_eq!(what_was_seen(&history, &finding(entry, pointer)).as_deref(), seen);
    }
}
