//! Ctrl-C in the middle of a run.
#![cfg(unix)]

use super::support::{Partner, histories, json, program};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn an_interrupted_run_cancels_what_it_booked_and_still_reports() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let arguments = [
        "run",
        "-c",
        "c.toml",
        "--ci",
        "-v",
        "--report",
        "json=run.json",
        "--report",
        "recording=r.json",
    ];
    let mut run = program(folder.path())
        .args(arguments)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(run.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    // A scenario that waits has booked; three of them waiting are three creates.
    let mut waiting = lines.filter(|line| line.contains("waits for"));
    let booked = ["no-show/", "deposit/", "idempotency/same-token-later"];
    let seen = waiting
        .by_ref()
        .filter(|line| booked.iter().any(|id| line.contains(id)))
        .take(3)
        .count();
    assert_eq!(seen, 3);
    assert!(
        Command::new("kill")
            .args(["-INT", &run.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    waiting.for_each(drop);
    assert_eq!(run.wait().unwrap().code(), Some(130));

    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["verdict"], "interrupted");
    assert_eq!(report["cleanup"]["leftovers"], serde_json::json!([]));
    let ids = booked_ids(&histories(&folder.path().join("r.json")));
    assert!(ids.len() >= 3, "{ids:?}");
    for id in ids {
        let status = status(&partner, &id);
        assert!(
            !["CONFIRMED", "PENDING_MERCHANT_CONFIRMATION"].contains(&status.as_str()),
            "{id} is {status}"
        );
    }
}

fn booked_ids(recorded: &Value) -> Vec<String> {
    let transcripts = recorded.as_array().unwrap().iter();
    let entries = transcripts.flat_map(|one| one["entries"].as_array().unwrap());
    let answers =
        entries.filter_map(|entry| entry.pointer("/fact/answer/reply/http/json/booking/booking_id"));
    let mut ids: Vec<String> = answers.map(|id| id.as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Asked of the partner itself, after the run.
fn status(partner: &Partner, id: &str) -> String {
    let answer = partner.ask("GetBookingStatus", &serde_json::json!({ "booking_id": id }));
    answer["booking_status"].as_str().unwrap().to_owned()
}
