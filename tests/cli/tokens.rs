//! Card tokens of the config: the reference partner's gateway takes each token once, which is right.

use super::support::{Partner, err, json, out, program};
use serde_json::{Value, json};

/// Scenarios whose slots are paid in advance.
const PAID: [&str; 3] = [
    "cancellation/full-refund-by-google",
    "cancellation/full-refund-at-partner",
    "amounts/no-decimals",
];

/// A run whose config names this card token, or none: its exit code, what it said and its report.
fn run_with(token: Option<&str>) -> (Option<i32>, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let config = std::fs::read_to_string(&partner.config).unwrap();
    let line = token
        .map(|token| format!("token = \"{token}\"\n"))
        .unwrap_or_default();
    let lines = config.lines().map(|written| {
        if written.starts_with("token = ") {
            line.clone()
        } else {
            format!("{written}\n")
        }
    });
    std::fs::write(&partner.config, lines.collect::<String>()).unwrap();
    let mut run = program(folder.path());
    run.args(["run", "-c", "c.toml", "--ci", "--report", "json=run.json"]);
    let output = run.args(PAID).output().unwrap();
    let report = json(&folder.path().join("run.json"));
    (output.status.code(), out(&output) + &err(&output), report)
}

fn assert_nobody_is_blamed(result: (Option<i32>, String, Value), words: &str) {
    let (code, said, report) = result;
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains(words) && said.contains("tok_test_{fresh}"),
        "{said}"
    );
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
}

#[test]
fn a_gateway_that_takes_each_token_once_is_right() {
    let words = "its card token had paid for another booking before: either your gateway takes each token once, or your server refuses";
    assert_nobody_is_blamed(run_with(None), words);
    assert_nobody_is_blamed(run_with(Some("tok_once")), words);
    let (code, said, report) = run_with(Some("tok_{fresh}"));
    assert_eq!(code, Some(0), "{said}{report}");
}

#[test]
fn a_server_that_refuses_every_card_is_found() {
    for token in ["tok_declined", "tok_declined_{fresh}"] {
        let (code, said, report) = run_with(Some(token));
        assert_eq!(code, Some(1), "{said}");
        let first = &report["findings_by_cause"][0];
        assert_eq!(first["requirement"], "BS-CREATE-01", "{report}");
    }
}
