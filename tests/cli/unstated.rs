//! Slots that are named without feeds: nobody says how they are paid, or how many spots they have.

use super::support::{Partner, err, json, out, program};
use serde_json::{Value, json};
use std::fmt::Write as _;
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

/// How a run is told of slots.
enum Named<'n> {
    /// By `--slot`, which says no more of them.
    ByFlag,
    /// In the config, with these lines about each.
    InConfig(&'n str),
}

/// The folder of a config that lists these slots, or none of them.
fn set_up(service: Service<'_>, starts: &[i64], named: &Named<'_>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut config = "[notifications]\nlisten = \"127.0.0.1:0\"\n".to_owned();
    let Service(merchant, id, minutes) = service;
    if let Named::InConfig(more) = named {
        for start in starts {
            let _ = writeln!(
                config,
                "[[inventory.slots]]\nmerchant_id = \"{merchant}\"\nservice_id = \"{id}\"\nstart_sec = {start}\n\
                 duration_sec = {}\n{more}",
                minutes * 60
            );
        }
    }
    std::fs::write(folder.path().join("conformance.toml"), config).unwrap();
    folder
}

/// Merchant, service, and minutes of a slot.
#[derive(Clone, Copy)]
struct Service<'n>(&'n str, &'n str, i64);

/// A run with such slots and no feeds, of these scenarios: its exit code, what it said and its report.
fn run_named(service: Service<'_>, named: &Named<'_>, scenarios: &[&str]) -> (Option<i32>, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let Service(merchant, id, minutes) = service;
    let starts = starts(folder.path(), (merchant, id));
    let elsewhere = set_up(service, &starts, named);
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
    if matches!(named, Named::ByFlag) {
        for start in starts {
            run.args(["--slot", &format!("{merchant}/{id}/{start}/{minutes}m")]);
        }
    }
    run.env("PARTNER_USER", partner.secret("user").trim());
    run.env("PARTNER_PASSWORD", partner.secret("password").trim());
    let output = run.output().unwrap();
    let report = json(&elsewhere.path().join("run.json"));
    (output.status.code(), out(&output) + &err(&output), report)
}

const TABLE: Service<'_> = Service("old-bistro", "table", 90);
const CLASS: Service<'_> = Service("north-studio", "spin-class", 45);
const BOOKED_ONCE: [&str; 2] = ["lifecycle/taken-slot", "lookup/after-booking"];
const NOBODY_SAYS_SPOTS: &str = "slots of north-studio/spin-class are still on offer, or are booked once more, when they have been booked once";

/// Nobody is blamed, and the one sentence is said.
fn assert_either_side(result: (Option<i32>, String, Value), words: &str) {
    let (code, said, report) = result;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains(words), "{said}");
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
}

fn violated(report: &Value) -> Vec<&str> {
    let causes = report["findings_by_cause"].as_array().unwrap().iter();
    let mut all: Vec<_> = causes
        .map(|cause| cause["requirement"].as_str().unwrap())
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn a_slot_that_needs_a_card_is_no_fault_of_who_asks_for_one() {
    let words = "a booking of old-bistro/table that is paid on arrival was refused with PAYMENT_ERROR, and neither a feed nor the config \
                 says how its slots are paid";
    assert_either_side(run_named(TABLE, &Named::ByFlag, &["basic/booking"]), words);
    let spots_alone = run_named(TABLE, &Named::InConfig("spots = 1"), &["basic/booking"]);
    assert_either_side(spots_alone, words);
}

#[test]
fn a_slot_that_is_said_to_be_paid_on_arrival_may_not_be_refused_without_a_card() {
    let stated = Named::InConfig("payment = \"arrival\"");
    let (code, said, report) = run_named(TABLE, &stated, &["basic/booking"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(violated(&report), ["BS-CREATE-01"], "{report}");
}

#[test]
fn a_slot_with_several_spots_may_be_booked_more_than_once() {
    let by_flag = run_named(CLASS, &Named::ByFlag, &BOOKED_ONCE);
    assert_either_side(by_flag, NOBODY_SAYS_SPOTS);
    let payment_alone = Named::InConfig("payment = \"arrival\"");
    assert_either_side(run_named(CLASS, &payment_alone, &BOOKED_ONCE), NOBODY_SAYS_SPOTS);
}

#[test]
fn a_slot_that_is_said_to_have_one_spot_may_not_be_booked_twice() {
    let (code, said, report) = run_named(CLASS, &Named::InConfig("spots = 1"), &BOOKED_ONCE);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(violated(&report), ["BS-BAL-06", "BS-CREATE-08"], "{report}");
    assert!(!said.contains(NOBODY_SAYS_SPOTS), "{said}");
}
