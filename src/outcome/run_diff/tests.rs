#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;
use serde_json::{Value, json};

const ID: &str = "BS-CREATE-04";

/// A run of one scenario in which one requirement came to this.
fn run(verdict: &str, messages: &[&str]) -> Value {
    let findings: Vec<_> = messages
        .iter()
        .map(|message| json!({ "requirement": ID, "verdict": verdict, "message": message }))
        .collect();
    json!({
        "format": 2, "started_at": "2026-11-30T05:00:00Z", "verdict": "not_conformant", "exit_code": 1,
        "exit_reasons": [], "requirement_set": { "id": "2026-11", "digest": "0" }, "findings": [],
        "requirements": [{ "id": ID, "verdict": verdict }],
        "scenarios": [{ "id": "create/plain", "verdict": verdict, "findings": findings,
            "judged": [{ "requirement": ID, "verdict": verdict }] }],
    })
}

fn read(run: &Value) -> RunSummary {
    RunSummary::read(&run.to_string()).unwrap()
}

fn diff(before: &Value, after: &Value) -> RunDiff {
    RunDiff::new(&read(before), &read(after))
}

/// How many there are of each sort: broken, fixed, new, gone, reworded.
fn counts(before: &Value, after: &Value) -> [usize; 5] {
    let diff = diff(before, after);
    [&diff.broken, &diff.fixed, &diff.new, &diff.gone, &diff.reworded].map(Vec::len)
}

#[test]
fn a_run_does_not_differ_from_itself() {
    for verdict in ["pass", "fail", "warn", "waived", "not_testable", "not_run"] {
        let run = run(verdict, &["the status is 500"]);
        assert!(diff(&run, &run).is_empty(), "{verdict}");
    }
}

#[test]
fn each_change_is_of_one_sort() {
    let of = |verdict: &str| match verdict {
        "fail" | "warn" | "waived" => run(verdict, &["it is wrong"]),
        other => run(other, &[]),
    };
    for (before, after, due) in [
        ("pass", "fail", [1, 0, 0, 0, 0]),
        ("pass", "warn", [1, 0, 0, 0, 0]),
        ("waived", "fail", [1, 0, 0, 0, 0]),
        ("fail", "pass", [0, 1, 0, 0, 0]),
        ("fail", "waived", [0, 1, 0, 0, 0]),
        ("not_run", "fail", [0, 0, 1, 0, 0]),
        ("not_testable", "fail", [0, 0, 1, 0, 0]),
        ("fail", "not_run", [0, 0, 0, 1, 0]),
        ("fail", "not_testable", [0, 0, 0, 1, 0]),
        ("not_run", "pass", [0; 5]),
        ("pass", "not_run", [0; 5]),
        ("pass", "not_applicable", [0; 5]),
    ] {
        assert_eq!(counts(&of(before), &of(after)), due, "{before} to {after}");
    }
}

#[test]
fn what_was_met_and_cannot_be_tested_any_more_is_broken_once() {
    let diff = diff(&run("pass", &[]), &run("not_testable", &[]));
    let places: Vec<_> = diff
        .broken
        .iter()
        .map(|change| change.scenario.as_deref())
        .collect();
    assert_eq!(places, [Some("create/plain")]);
}

#[test]
fn other_values_are_the_same_words_and_another_sentence_is_not() {
    let one = run("fail", &["the status is \"500\""]);
    let same = run("fail", &["the status is \"503\""]);
    assert!(diff(&one, &same).is_empty());
    let other = run("fail", &["the body is empty"]);
    let changed = diff(&one, &other);
    assert_eq!(changed.reworded.len(), 1);
    let change = &changed.reworded[0];
    assert_eq!(change.message.as_deref(), Some("the body is empty"));
    assert_eq!(change.was.as_deref(), Some("the status is \"500\""));
}

#[test]
fn what_only_the_run_as_a_whole_shows_is_compared_too() {
    let mut before = run("pass", &[]);
    let after = {
        let mut after = before.clone();
        after["findings"] = json!([{ "requirement": ID, "verdict": "fail", "message": "ids repeat",
            "evidence": { "scenario": "create/plain" } }]);
        after["requirements"][0]["verdict"] = json!("fail");
        after
    };
    assert_eq!(counts(&before, &after), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&after, &before), [0, 1, 0, 0, 0]);
    assert_eq!(read(&after).failed(), ["create/plain"]);
    assert!(read(&before).failed().is_empty());
    before["exit_reasons"] =
        json!([{ "kind": "left_standing", "exit_code": 3, "words": "2 bookings may stand" }]);
    assert_eq!(counts(&run("pass", &[]), &before), [1, 0, 0, 0, 0]);
    before["exit_reasons"][0]["kind"] = json!("snapshots_wait");
    assert_eq!(counts(&run("pass", &[]), &before), [0, 0, 1, 0, 0]);
}

#[test]
fn a_run_of_another_requirement_set_is_read() {
    let mut older = run("fail", &["it is wrong"]);
    older["scenarios"][0]["judged"][0]["requirement"] = json!("BS-GONE-99");
    older["scenarios"][0]["findings"][0]["requirement"] = json!("BS-GONE-99");
    older["requirements"][0]["id"] = json!("BS-GONE-99");
    assert_eq!(
        counts(&older, &run("pass", &[]))[3],
        1,
        "nobody knows whether it is met"
    );
    let mut later = older.clone();
    later["format"] = json!(9);
    assert!(
        RunSummary::read(&later.to_string())
            .unwrap_err()
            .contains("format 9")
    );
}
