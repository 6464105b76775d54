//! The same run again gives the same report.

use super::support::{Partner, differences, err, exits, json, out, without_varying};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_main_job_is_green_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let output = exits(folder.path(), &["run", "--ci"], 0);
    let text = out(&output);
    let last: Vec<&str> = text.lines().rev().take(14).collect();
    for word in [
        "target",
        "scenarios",
        "requirements",
        "notifications",
        "bookings",
        "verdict",
    ] {
        assert!(last.iter().any(|line| line.starts_with(word)), "{word}\n{text}");
    }
    assert!(
        last[1].contains("conformant") && !last[1].contains("not conformant"),
        "{text}"
    );
    assert!(text.lines().count() <= 40, "{text}");
    let shown = err(&output);
    for line in [shown.lines().next(), last.first().copied()] {
        assert!(
            line.is_some_and(|line| line.contains("the bundled reference partner")),
            "{shown}\n{text}"
        );
    }
    assert!(text.contains("none left standing"), "{text}");
    assert!(
        !folder.path().join("snapshots").exists(),
        "nothing to review, nothing written"
    );
}

#[test]
fn two_processes_two_runs_one_verdict() {
    // Three runs within a minute would be more calls than Google's quota allows one partner, who then waits.
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let partners = folders.each_ref().map(|folder| Partner::start(folder.path()));
    assert!(partners[0].base_url.starts_with("http://127.0.0.1:"));
    let run = |partner: usize, name: &str, jobs: &str| {
        let folder = folders[partner].path();
        let report = format!("json={name}");
        exits(
            folder,
            &["run", "-c", "c.toml", "--ci", "--jobs", jobs, "--report", &report],
            0,
        );
        let report = json(&folder.join(name));
        assert_eq!(report["cleanup"]["leftovers"], serde_json::json!([]));
        report
    };
    let reports = [
        run(0, "a.json", "16"),
        run(0, "b.json", "16"),
        run(1, "c.json", "1"),
    ];
    let timed: BTreeSet<String> = reports.iter().flat_map(timed).collect();
    let [first, second, narrow] = reports.map(|report| without_timed(without_varying(report), &timed));
    for other in [second, narrow] {
        assert_eq!(differences("", &first, &other), Vec::<String>::new());
    }
    assert_eq!(first["verdict"], "conformant");
}

/// The requirements of which the machine decides what is said: those about answers that took too long, and the one about a slot that was
/// looked up just before it was booked, which says nothing where something arrived in between.
fn timed(report: &Value) -> Vec<String> {
    let is_slow = |one: &&Value| one["message"].as_str().unwrap().contains("took too long");
    let slow = report["findings"].as_array().unwrap().iter().filter(is_slow);
    let slow = slow.map(|one| one["requirement"].as_str().unwrap().to_owned());
    slow.chain(["BS-BAL-17".to_owned()]).collect()
}

/// A report in which nothing is said of these requirements.
fn without_timed(mut report: Value, timed: &BTreeSet<String>) -> Value {
    let is_timed = |one: &Value| {
        let id = one["requirement"].as_str().or(one["id"].as_str());
        id.is_some_and(|id| timed.contains(id))
    };
    let keep = |list: &mut Value| list.as_array_mut().unwrap().retain(|one| !is_timed(one));
    for name in ["findings", "findings_by_cause", "requirements"] {
        keep(&mut report[name]);
    }
    for scenario in report["scenarios"].as_array_mut().unwrap() {
        keep(&mut scenario["judged"]);
    }
    report["counts"]["requirements"] = Value::Null;
    report
}
