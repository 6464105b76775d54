//! From nothing to the first finding: a URL, credentials from the environment, a slot on the command line.

use super::small::{serve, told};
use super::support::{Partner, err, exits, json, out, program};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn with_credentials(folder: &Path, arguments: &[&str], user: &str, password: &str) -> Output {
    let mut command = program(folder);
    command
        .env("PARTNER_USER", user)
        .env("PARTNER_PASSWORD", password);
    command.args(arguments).output().unwrap()
}

/// The ids of the requirements with a verdict.
fn ids(run: &Value, verdict: &str) -> Vec<String> {
    let all = run["requirements"].as_array().unwrap().iter();
    let of = all.filter(|one| one["verdict"] == verdict);
    of.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_url_and_credentials_are_enough_for_a_right_server_and_nothing_is_booked() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let (user, password) = (partner.secret("user"), partner.secret("password"));
    let arguments = [
        "run",
        "--target",
        &partner.base_url,
        "--report",
        "json=run.json",
        "--listen",
        "127.0.0.1:0",
    ];
    let output = with_credentials(folder.path(), &arguments, user.trim(), password.trim());
    let shown = out(&output);
    assert_eq!(output.status.code(), Some(3), "{shown}{}", err(&output));
    assert!(err(&output).contains("at most 0 bookings"), "{}", err(&output));
    assert!(
        shown.contains("scenarios need feeds = \"FOLDER\" to [inventory]"),
        "{shown}"
    );
    assert!(shown.contains("[triggers.merchant_cancel]"), "{shown}");
    let run = json(&folder.path().join("run.json"));
    assert_eq!(ids(&run, "fail"), Vec::<String>::new(), "{shown}");
    let passed = ids(&run, "pass");
    for id in ["BS-HEALTH-01", "BS-AUTH-03", "BS-AUTH-04"] {
        assert!(passed.contains(&id.to_owned()), "{id} in {passed:?}");
    }
    // A server without these methods answers the same.
    for id in ["BS-UPDATE-20", "BS-STATUS-03", "BS-LIST-06", "BS-BAL-03"] {
        assert!(!passed.contains(&id.to_owned()), "{id} in {passed:?}");
    }
}

#[test]
fn without_credentials_a_server_that_asks_for_them_is_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked| {
        if asked.is_google() {
            told(200, "{}")
        } else {
            told(401, "{}")
        }
    });
    let output = exits(folder.path(), &["run", "--target", &url, "--ci"], 3);
    assert!(
        err(&output).contains("asks for credentials, and none are named"),
        "{}",
        err(&output)
    );
    assert!(
        err(&output).contains("PARTNER_USER and PARTNER_PASSWORD"),
        "{}",
        err(&output)
    );
    assert_eq!(out(&output), "");
}

#[test]
fn a_server_that_has_no_method_meets_nothing_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked| match (asked.is_google(), asked.path.as_str()) {
        (true, "/v3/HealthCheck") => told(200, "{}"),
        (true, _) => told(404, "{}"),
        (false, _) => told(401, "{}"),
    });
    let arguments = [
        "run",
        "--target",
        &url,
        "--report",
        "json=run.json",
        "--listen",
        "127.0.0.1:0",
    ];
    let output = with_credentials(folder.path(), &arguments, "google", "correct-horse");
    let run = json(&folder.path().join("run.json"));
    let methods = |id: &String| {
        ["BS-UPDATE", "BS-STATUS", "BS-LIST", "BS-BAL", "BS-CREATE"]
            .iter()
            .any(|area| id.starts_with(area))
    };
    let of_methods: Vec<String> = [ids(&run, "pass"), ids(&run, "fail")]
        .concat()
        .into_iter()
        .filter(methods)
        .collect();
    assert_eq!(of_methods, Vec::<String>::new(), "{}", out(&output));
    assert_eq!(output.status.code(), Some(3), "{}", out(&output));
}

#[test]
fn a_server_that_says_free_of_everything_is_found_by_its_url_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|asked| {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let Some(times) = body["slot_time"].as_array() else {
            return told(200, "{}");
        };
        let free = times
            .iter()
            .map(|time| serde_json::json!({ "slot_time": time, "available": true }));
        let free: Vec<Value> = free.collect();
        told(
            200,
            &serde_json::json!({ "slot_time_availability": free }).to_string(),
        )
    });
    let arguments = [
        "run",
        "--target",
        &url,
        "--report",
        "json=run.json",
        "--listen",
        "127.0.0.1:0",
        "--ci",
    ];
    let output = exits(folder.path(), &arguments, 1);
    let run = json(&folder.path().join("run.json"));
    let failed = ids(&run, "fail");
    assert!(
        failed.contains(&"BS-BAL-03".to_owned()) && failed.contains(&"BS-AUTH-04".to_owned()),
        "{failed:?}"
    );
    assert!(
        !out(&output).contains("wrong password was"),
        "none was sent: {}",
        out(&output)
    );
}

#[test]
fn a_finding_is_explained_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|_| told(200, "{}"));
    let arguments = [
        "run",
        "auth/health-check-without-credentials",
        "--target",
        &url,
        "--listen",
        "127.0.0.1:0",
    ];
    let report = ["--report", "json=run.json"];
    let shown = out(&exits(folder.path(), &[&arguments[..], &report].concat(), 1));
    assert!(shown.contains(" 1  BS-AUTH-04"), "{shown}");
    let explained = out(&exits(folder.path(), &["explain", "1", "--run", "run.json"], 0));
    assert!(
        explained.contains("curl -sS -i") && explained.contains("mounted outside"),
        "{explained}"
    );
    let none = err(&exits(folder.path(), &["explain", "2", "--run", "run.json"], 2));
    assert!(
        none.contains("has no finding 2") && none.contains("it has 1 finding"),
        "{none}"
    );
    let unknown = err(&exits(folder.path(), &["explain", "1"], 2));
    assert!(unknown.contains("--report json=run.json"), "{unknown}");
    let config = "[run]\nreport = [\"json=run.json\"]\n[target]\nbase_url = { env = \"NOT_SET\" }\n";
    std::fs::write(folder.path().join("conformance.toml"), config).unwrap();
    let explained = out(&exits(folder.path(), &["explain", "1"], 0));
    assert!(explained.contains("BS-AUTH-04"), "{explained}");
}

#[test]
fn a_slot_on_the_command_line_is_booked_and_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(|_| told(200, "{}"));
    let tomorrow = jiff::Timestamp::now().as_second() + 86_400;
    let slot = format!("m/s/{tomorrow}");
    let arguments = [
        "run",
        "basic/create",
        "--target",
        &url,
        "--slot",
        &slot,
        "--listen",
        "127.0.0.1:0",
        "--ci",
    ];
    let output = exits(
        folder.path(),
        &["run", "--target", &url, "--slot", &slot, "--dry-run"],
        0,
    );
    assert!(
        out(&output).contains("basic/create-booking") || out(&output).contains("m s "),
        "{}",
        out(&output)
    );
    let output = super::support::run(folder.path(), &[&arguments[..1], &arguments[2..]].concat());
    assert!(
        out(&output).contains(&format!("--slot {slot}")),
        "{}",
        out(&output)
    );
    let wrong = exits(
        folder.path(),
        &["run", "--target", &url, "--slot", "m/s/tomorrow"],
        2,
    );
    assert!(err(&wrong).contains("tomorrow is no time"), "{}", err(&wrong));
}
