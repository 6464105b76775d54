//! Wrong input: told at its place, with the next step, before anything is sent.

use super::support::{Partner, err, exits, out, program, run};
use serde_json::Value;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_broken_scenario_is_exit_2_with_its_place() {
    let folder = folder();
    std::fs::create_dir_all(folder.path().join("own/area")).unwrap();
    let text = "title: One\nsteps:\n  - call: CreateBoking\n";
    std::fs::write(folder.path().join("own/area/one.yaml"), text).unwrap();
    std::fs::write(folder.path().join("own/area/two.yaml"), "title: Two\nstep: []\n").unwrap();
    let text = err(&exits(folder.path(), &["run", "--scenarios", "own"], 2));
    assert!(
        text.contains("one.yaml:3:11") && text.contains("two.yaml:2:1"),
        "{text}"
    );
    assert!(text.contains("did you mean `CreateBooking`?"), "{text}");
}

#[test]
fn a_broken_config_is_exit_2_with_its_place() {
    let folder = folder();
    let text =
        "[target]\nbase_url = \"http://127.0.0.1:9\"\ntimout = \"3s\"\n[capabilities]\ndeposits = true\n";
    std::fs::write(folder.path().join("conformance.toml"), text).unwrap();
    let text = err(&exits(folder.path(), &["run"], 2));
    assert!(
        text.contains("conformance.toml:3:") && text.contains("conformance.toml:5:"),
        "{text}"
    );
    assert!(text.contains("timeout") && text.contains("deposit"), "{text}");
}

#[test]
fn a_filter_that_matches_nothing_is_exit_2() {
    let text = err(&exits(folder().path(), &["run", "nothing/here"], 2));
    assert!(text.contains("no scenario matches nothing/here"), "{text}");
}

#[test]
fn an_unknown_report_format_is_exit_2_and_names_the_known_ones() {
    let text = err(&exits(folder().path(), &["run", "--report", "pdf=x.pdf"], 2));
    assert!(text.contains("`pdf`") && text.contains("junit"), "{text}");
}

#[test]
fn an_unknown_flag_and_a_missing_target_are_exit_2() {
    exits(folder().path(), &["run", "--fast"], 2);
    exits(folder().path(), &["run", "--target", "ftp://host"], 2);
    let folder = folder();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let arguments = ["run", "--target", "http://127.0.0.1:9"];
    // A URL alone is enough, and nobody is there; who names feeds means to book.
    let text = err(&exits(folder.path(), &arguments, 3));
    assert!(text.contains("cannot be reached"), "{text}");
    let arguments = [&arguments[..], &["--feeds", "empty"]].concat();
    let text = err(&exits(folder.path(), &arguments, 2));
    assert!(text.contains("feed"), "{text}");
}

#[test]
fn help_is_no_mistake() {
    let text = out(&exits(folder().path(), &["--help"], 0));
    for command in [
        "run",
        "review",
        "pending",
        "accept",
        "reject",
        "serve",
        "reference",
        "feeds",
        "list",
        "explain",
        "doctor",
        "init",
        "waive",
        "schema",
    ] {
        assert!(text.contains(command), "{command}\n{text}");
    }
    exits(folder().path(), &["run", "--help"], 0);
}

#[test]
fn a_requirement_is_explained_by_either_id() {
    let folder = folder();
    let by_id = out(&exits(folder.path(), &["explain", "RTU-REFUND-01"], 0));
    let by_alias = out(&exits(folder.path(), &["explain", "PAY-DEP-07"], 0));
    assert_eq!(by_id, by_alias);
    assert!(
        by_id.contains("developers.google.com/") && by_id.contains("deposit/refund-before-cutoff"),
        "{by_id}"
    );
    let text = err(&exits(folder.path(), &["explain", "PAY-DEB-07"], 2));
    assert!(text.contains("did you mean PAY-DEP-07?"), "{text}");
}

#[test]
fn a_requirement_is_explained_by_an_accepted_and_a_rejected_exchange() {
    let folder = folder();
    let text = out(&exits(folder.path(), &["explain", "PAY-COM-10"], 0));
    let parts = [
        "  accepted  in ",
        "  rejected  ",
        "\"price_micros\": ",
        "  finding   ",
        "  expected  ",
    ];
    assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    assert!(text.lines().count() <= 60, "{text}");
    let page = out(&exits(
        folder.path(),
        &["explain", "PAY-COM-10", "--format", "markdown"],
        0,
    ));
    assert!(
        page.starts_with("# PAY-COM-10\n") && page.contains("**rejected**: "),
        "{page}"
    );
    let json = out(&exits(
        folder.path(),
        &["explain", "PAY-COM-10", "--format", "json"],
        0,
    ));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["id"], "PAY-COM-10");
    let example = |part: &str| json["example"][part].as_str().unwrap_or_default().to_owned();
    assert!(example("accepted").contains("HTTP 200") && example("rejected") != example("accepted"));
}

#[test]
fn what_runs_is_counted_by_what_a_server_offers_and_the_rest_says_what_to_add() {
    let folder = folder();
    let target = ["list", "scenarios", "--target", "http://127.0.0.1:9/none"];
    let text = out(&exits(folder.path(), &target, 0));
    assert!(text.contains("\n  prepayment               0 of "), "{text}");
    assert!(
        text.contains("not_testable    neither feeds nor slots are named: add feeds = \"FOLDER\""),
        "{text}"
    );
    let json = out(&exits(
        folder.path(),
        &[&target[..], &["--format", "json"]].concat(),
        0,
    ));
    let json: Value = serde_json::from_str(&json).unwrap();
    let first = &json["lacking"][0];
    assert!(first["add"].as_str().unwrap().starts_with("feeds = "), "{first}");
    let lacking = json["lacking"].as_array().unwrap().iter();
    let open: usize = lacking
        .map(|lack| lack["scenarios"].as_array().unwrap().len())
        .sum();
    let all = json["scenarios"].as_array().unwrap();
    assert_eq!(open, all.iter().filter(|one| one["runs"] == false).count());
}

#[test]
fn lists_are_there_for_people_and_programs() {
    let folder = folder();
    let text = out(&exits(
        folder.path(),
        &["list", "requirements", "--format", "json"],
        0,
    ));
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    for row in rows.as_array().unwrap() {
        let judged = !row["judged_by"].as_array().unwrap().is_empty();
        match (row["owner"].as_str().unwrap(), row["level"].as_str().unwrap()) {
            ("google", _) => assert!(row["held_by"].is_string() != row["reason"].is_object(), "{row}"),
            (_, "may") => {}
            _ => assert!(judged != row["reason"].is_object(), "{row}"),
        }
        assert!(
            row["title"].is_string() && row["source"].as_str().unwrap().contains('/'),
            "{row}"
        );
    }
    let text = out(&exits(folder.path(), &["list", "requirements"], 0));
    let counts = format!("{} requirements: ", rows.as_array().unwrap().len());
    assert!(text.contains(&counts) && text.contains("digest "), "{text}");
    let text = out(&exits(folder.path(), &["list", "scenarios"], 0));
    assert!(
        text.contains("runs           deposit/refund-before-cutoff"),
        "{text}"
    );
    assert!(text.contains("scenarios run, with"), "{text}");
}

#[test]
fn a_dry_run_shows_the_plan_and_sends_nothing() {
    let folder = folder();
    let text = out(&exits(folder.path(), &["run", "--dry-run", "health/**"], 0));
    assert!(
        text.contains("runs           health/serving") && text.contains("not_run"),
        "{text}"
    );
    assert!(!text.contains("verdict"), "{text}");
    assert!(run(folder.path(), &["pending"]).status.code() == Some(2));
}

/// A config with a target at an address and one slot.
fn config(folder: &Path, base_url: &str, start_sec: i64) {
    let text = format!(
        "[target]\nbase_url = \"{base_url}\"\n[[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\n\
         start_sec = {start_sec}\nduration_sec = 1800\n"
    );
    std::fs::write(folder.join("c.toml"), text).unwrap();
}

fn tomorrow() -> i64 {
    jiff::Timestamp::now().as_second() + 86_400
}

#[test]
fn a_named_config_without_a_target_never_tests_the_bundled_partner() {
    let folder = folder();
    std::fs::write(folder.path().join("c.toml"), "[run]\nseed = 2\n").unwrap();
    for command in [
        &["run", "-c", "c.toml"][..],
        &["list", "scenarios", "-c", "c.toml"],
    ] {
        let output = exits(folder.path(), command, 2);
        let text = err(&output);
        assert!(
            text.contains("c.toml has no [target]") && text.contains("base_url"),
            "{text}"
        );
        assert_eq!(out(&output), "");
    }
    exits(folder.path(), &["list", "requirements", "-c", "c.toml"], 0);
}

#[test]
fn an_empty_config_is_told_as_that() {
    let folder = folder();
    std::fs::write(folder.path().join("conformance.toml"), "# nothing yet\n").unwrap();
    for command in [&["run"][..], &["run", "-c", "conformance.toml"]] {
        let text = err(&exits(folder.path(), command, 2));
        assert!(
            text.contains("conformance.toml is empty") && text.contains("[target]"),
            "{text}"
        );
    }
}

#[test]
fn an_empty_secret_is_named() {
    let folder = folder();
    let text = "[target]\nbase_url = \"http://127.0.0.1:9\"\n\
                auth = { user = { env = \"PARTNER_USER\" }, password = { env = \"PARTNER_PASSWORD\" } }\n";
    std::fs::write(folder.path().join("c.toml"), text).unwrap();
    let output = program(folder.path())
        .args(["run", "-c", "c.toml"])
        .envs([("PARTNER_USER", "google"), ("PARTNER_PASSWORD", "")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = err(&output);
    assert!(
        text.contains("target.auth.password") && text.contains("PARTNER_PASSWORD is empty"),
        "{text}"
    );
}

#[test]
fn a_base_url_that_ends_with_the_version_is_told_without_it() {
    let folder = folder();
    config(folder.path(), "https://host.example/google/v3", tomorrow());
    let text = err(&exits(folder.path(), &["run", "-c", "c.toml"], 2));
    assert!(
        text.contains("c.toml:2:") && text.contains("\"https://host.example/google\""),
        "{text}"
    );
    for url in ["https://host.example/v3/", "https://host.example/v3/HealthCheck"] {
        let text = err(&exits(folder.path(), &["run", "--target", url], 2));
        assert!(text.contains("--target https://host.example;"), "{text}");
    }
}

#[test]
fn slots_that_are_all_over_are_told_with_the_last_one() {
    let folder = folder();
    config(folder.path(), "http://127.0.0.1:9", 1_700_000_000);
    let text = err(&exits(folder.path(), &["run", "-c", "c.toml"], 2));
    assert!(
        text.contains("2023-11-14T22:13:20Z") && text.contains("feeds"),
        "{text}"
    );
}

/// What a run against an address says, in a second and in one sentence.
fn unreachable(folder: &Path, base_url: &str) -> String {
    config(folder, base_url, tomorrow());
    let began = Instant::now();
    let output = exits(folder, &["run", "-c", "c.toml"], 3);
    // The machine may be busy; what is ruled out is a wait for each scenario.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let text = err(&output);
    assert!(out(&output).is_empty() && text.contains(base_url), "{text}");
    assert!(
        text.matches("cannot be reached").count() == 1 && text.lines().count() <= 6,
        "{text}"
    );
    text
}

#[test]
fn a_target_that_is_not_there_is_one_sentence() {
    let folder = folder();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = unreachable(folder.path(), &format!("http://{closed}"));
    assert!(
        text.to_lowercase().contains("refused") && text.contains("base_url"),
        "{text}"
    );
    unreachable(folder.path(), "http://no-such-host.invalid");
}

#[test]
fn a_target_without_proper_tls_is_one_sentence() {
    let folder = folder();
    let partner = Partner::start(folder.path());
    let address = partner.base_url.replace("http://", "https://");
    let text = unreachable(folder.path(), &address);
    assert!(text.contains("over TLS"), "{text}");
}
