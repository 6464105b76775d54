//! Slots that are named without feeds: nobody says how they are paid, or how many spots they have.

use super::support::{Partner, err, json, out, program};
use serde_json::{Value, json};
use std::path::Path;

/// Starts of a service's slots, epoch seconds, from the feeds that the partner has written: some of the next days.
fn starts(folder: &Path, service: (&str, &str)) -> Vec<i64> {
    let files = std::fs::read_dir(folder.join("feeds")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let of_slots = files.filter(|path| path.to_string_lossy().contains("availability"));
    let mut starts: Vec<i64> = of_slots
        .flat_map(|path| {
            let feed: Value = json(&path);
            let lists = feed["service_availability"].as_array().unwrap().clone();
            lists
                .iter()
                .flat_map(|list| list["availability"].as_array().unwrap().clone())
                .collect::<Vec<_>>()
        })
        .filter(|slot| {
            (slot["merchant_id"].as_str(), slot["service_id"].as_str()) == (Some(service.0), Some(service.1))
        })
        .map(|slot| slot["start_sec"].as_i64().unwrap())
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts.into_iter().skip(20).step_by(10).take(6).collect()
}

/// A run with such slots and no feeds, of these scenarios.
fn run_named(service: (&str, &str, &str), scenarios: &[&str]) -> (String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let (merchant, id, length) = service;
    let elsewhere = tempfile::tempdir().unwrap();
    let listen = "[notifications]\nlisten = \"127.0.0.1:0\"\n";
    std::fs::write(elsewhere.path().join("conformance.toml"), listen).unwrap();
    let mut run = program(elsewhere.path());
    run.args([
        "run",
        "--target",
        &partner.base_url,
        "--ci",
        "--report",
        "json=run.json",
    ]);
    run.args(scenarios);
    for start in starts(folder.path(), (merchant, id)) {
        run.args(["--slot", &format!("{merchant}/{id}/{start}/{length}")]);
    }
    run.env("PARTNER_USER", partner.secret("user").trim());
    run.env("PARTNER_PASSWORD", partner.secret("password").trim());
    let output = run.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}{}", out(&output), err(&output));
    (
        out(&output) + &err(&output),
        json(&elsewhere.path().join("run.json")),
    )
}

#[test]
fn a_slot_that_needs_a_card_is_no_fault_of_who_asks_for_one() {
    let (said, report) = run_named(("old-bistro", "table", "90m"), &["basic/booking"]);
    let words = "a booking of old-bistro/table that is paid on arrival was refused with PAYMENT_ERROR, and no feed says how its slots are paid";
    assert!(said.contains(words), "{said}");
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
}

#[test]
fn a_slot_with_several_spots_may_be_booked_more_than_once() {
    let service = ("north-studio", "spin-class", "45m");
    let (said, report) = run_named(service, &["lifecycle/taken-slot", "lookup/after-booking"]);
    let words = "slots of north-studio/spin-class are still on offer, or are booked once more, when they have been booked once";
    assert!(said.contains(words), "{said}");
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
}
