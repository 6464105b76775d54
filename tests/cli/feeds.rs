//! Feed files judged alone.

use super::google::now_sec;
use super::support::{Partner, err, exits, out, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const SERVICES: &str = "services_feed_1893456000_001_of_001.json";

/// A merchant with one service and a slot thirty days ahead, exported just now.
fn write(folder: &Path) {
    let now = now_sec();
    let metadata = format!(
        r#""metadata":{{"processing_instruction":"PROCESS_AS_COMPLETE","total_shards":1,"generation_timestamp":{now}}}"#
    );
    let merchant = r#"{"merchant_id":"m","name":"Studio","category":"spa","telephone":"+12125550147",
        "url":"https://studio.example","geo":{"latitude":40.7,"longitude":-74.0,"address":{"country":"US"}}}"#;
    let service = r#"{"merchant_id":"m","service_id":"s","localized_service_name":{"value":"Cut"},
        "price":{"price_micros":30000000,"currency_code":"USD"}}"#;
    let start = now + 30 * 86_400;
    let slot = format!(
        r#"{{"merchant_id":"m","service_id":"s","start_sec":{start},"duration_sec":1800,"spots_total":1,"spots_open":1}}"#
    );
    let merchants = format!("{{{metadata},\"merchant\":[{merchant}]}}");
    let services = format!("{{{metadata},\n\"service\":[\n{service}\n]}}");
    let availability = format!("{{{metadata},\"service_availability\":[{{\"availability\":[{slot}]}}]}}");
    fs::write(
        folder.join("merchants_feed_1893456000_001_of_001.json"),
        merchants,
    )
    .unwrap();
    fs::write(folder.join(SERVICES), services).unwrap();
    fs::write(
        folder.join("availability_feed_1893456000_001_of_001.json"),
        availability,
    )
    .unwrap();
}

fn changed(folder: &Path, from: &str, to: &str) {
    let path = folder.join(SERVICES);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn right_feeds_are_conformant() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    let output = exits(dir.path(), &["feeds", "."], 0);
    let text = out(&output);
    assert!(
        text.contains("availability   availability_feed_1893456000_001_of_001.json, ")
            && text.contains("1 records, 1 slots, exported 20"),
        "{text}"
    );
    assert!(
        text.trim_end().ends_with("conformant") && !text.contains("not conformant"),
        "{text}"
    );
    assert_eq!(err(&output), "");
}

#[test]
fn a_finding_says_where_what_and_on_which_page() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    changed(dir.path(), "\"localized_service_name\":{\"value\":\"Cut\"},", "");
    let text = out(&exits(dir.path(), &["feeds", "."], 1));
    for part in [
        "fail          FEED-SVC-03",
        &format!("{SERVICES} service[0] localized_service_name"),
        "developers.google.com/",
        "conformance explain FEED-SVC-03",
        "verdict        not conformant",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let report: Value =
        serde_json::from_slice(&exits(dir.path(), &["feeds", ".", "--format", "json"], 1).stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(
        (&report["verdict"], &report["exit_code"]),
        (&"not_conformant".into(), &1.into())
    );
    assert_eq!(
        (&finding["requirement"], &finding["count"]),
        (&"FEED-SVC-03".into(), &1.into())
    );
    assert_eq!(finding["places"][0]["record"], "service[0]");
}

#[test]
fn a_should_counts_where_it_is_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    fs::rename(dir.path().join(SERVICES), dir.path().join("services.json")).unwrap();
    let text = out(&exits(dir.path(), &["feeds", "."], 0));
    assert!(text.contains("warn          FEED-FILE-06"), "{text}");
    let text = out(&exits(dir.path(), &["feeds", ".", "--strict"], 1));
    assert!(text.contains("fail          FEED-FILE-06"), "{text}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_the_next_step() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    changed(dir.path(), "\"price_micros\":30000000", "\"price_micros\":");
    let text = out(&exits(dir.path(), &["feeds", "."], 2));
    let place = format!("unreadable    {SERVICES}:4:33: service[0]: expected value (byte ");
    assert!(text.contains(&place) && text.contains("    next      "), "{text}");
    let text = out(&exits(dir.path(), &["feeds", "no-such-folder"], 2));
    assert!(
        text.contains("unreadable    cannot list the feed folder no-such-folder"),
        "{text}"
    );
    assert!(
        text.contains(" more: not everything was there to be read"),
        "{text}"
    );
}

#[test]
fn the_feeds_of_the_bundled_partner_are_conformant() {
    let dir = tempfile::tempdir().unwrap();
    let _partner = Partner::start(dir.path());
    let output = exits(dir.path(), &["feeds", "feeds"], 0);
    let text = out(&output);
    assert!(!text.contains("warn ") && !text.contains("fail "), "{text}");
}

#[test]
fn an_export_is_held_against_the_one_of_the_day_before() {
    let dir = tempfile::tempdir().unwrap();
    for day in ["before", "now"] {
        fs::create_dir(dir.path().join(day)).unwrap();
        write(&dir.path().join(day));
    }
    let text = out(&exits(dir.path(), &["feeds", "now", "--before", "before"], 2));
    assert!(text.contains("hold the same export"), "{text}");
    for entry in fs::read_dir(dir.path().join("now")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (moment, yesterday) = (now_sec(), now_sec() - 86_400);
        fs::write(
            &path,
            text.replace("\"total_shards\":1", "\"nonce\":1,\"total_shards\":1"),
        )
        .unwrap();
        let old = dir.path().join("before").join(path.file_name().unwrap());
        let stamp = text.split("\"generation_timestamp\":").nth(1).unwrap();
        let stamp = &stamp[..moment.to_string().len()];
        fs::write(old, text.replace(stamp, &yesterday.to_string())).unwrap();
    }
    let text = out(&exits(dir.path(), &["feeds", "now", "--before", "before"], 1));
    for part in [
        "fail          FEED-FILE-05",
        "0 new, 1 kept, 0 gone",
        "before         before",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let json = exits(
        dir.path(),
        &["feeds", "now", "--before", "before", "--format", "json"],
        1,
    );
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&report["before"], &report["feeds"][0]["change"]["kept"]),
        (&"before".into(), &1.into())
    );
    let requirements = report["requirements"].as_array().unwrap();
    let open = requirements
        .iter()
        .find(|one| one["id"] == "FEED-AVL-13")
        .unwrap();
    assert_eq!(
        (&open["verdict"], open["reason"].is_string()),
        (&"not_testable".into(), true)
    );
}

#[test]
fn a_recording_that_is_none_is_wrong_input() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    fs::write(dir.path().join("x.txt"), "{}").unwrap();
    let text = err(&exits(dir.path(), &["feeds", ".", "--recording", "x.txt"], 2));
    assert!(
        text.contains("x.txt is no recording") && text.contains("report recording=FILE"),
        "{text}"
    );
}

/// The feeds as they are, said to be exported ten minutes later.
fn exported_later(feeds: &Path, after: &Path) {
    fs::create_dir(after).unwrap();
    for entry in fs::read_dir(feeds).unwrap() {
        let path = entry.unwrap().path();
        let mut feed: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let stamp = &mut feed["metadata"]["generation_timestamp"];
        let moment = stamp.as_i64().or_else(|| stamp.as_str()?.parse().ok()).unwrap();
        *stamp = (moment + 600).into();
        fs::write(after.join(path.file_name().unwrap()), feed.to_string()).unwrap();
    }
}

#[test]
fn bookings_that_a_run_kept_are_looked_for_in_an_export_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let _partner = Partner::start(dir.path());
    let ran = ["run", "-c", "c.toml", "basic/booking", "--report"];
    run(dir.path(), &[&ran[..], &["recording=cancelled.json"]].concat());
    let text = err(&exits(
        dir.path(),
        &["feeds", "feeds", "--recording", "cancelled.json"],
        2,
    ));
    assert!(
        text.contains("no booking stands") && text.contains("--keep-bookings"),
        "{text}"
    );
    run(
        dir.path(),
        &[&ran[..], &["recording=kept.json", "--keep-bookings"]].concat(),
    );
    exported_later(&dir.path().join("feeds"), &dir.path().join("after"));
    let text = out(&exits(
        dir.path(),
        &["feeds", "after", "--recording", "kept.json"],
        0,
    ));
    for part in [
        "warn          FEED-AVL-20",
        "stands in the recording; before it was",
        "0 shown",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    exits(
        dir.path(),
        &["feeds", "after", "--recording", "kept.json", "--strict"],
        1,
    );
}
