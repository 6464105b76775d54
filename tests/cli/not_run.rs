//! A run that does not come to its end leaves no verdict of an earlier one behind.
#![cfg(unix)]

use super::support::{Partner, err, exits, json, out, program, run};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const GREEN: &str = "yesterday: everything is conformant";

/// The reports of yesterday.
fn yesterday(folder: &Path) {
    for name in ["run.json", "junit.xml", "recording.json"] {
        std::fs::write(folder.join(name), GREEN).unwrap();
    }
}

const REPORTS: [&str; 6] = [
    "--report",
    "json=run.json",
    "--report=junit=junit.xml",
    "--report",
    "recording=recording.json",
    "--ci",
];

/// Every report says why there is no verdict.
#[track_caller]
fn assert_not_run(folder: &Path, exit_code: i32, words: &str) {
    let report = json(&folder.join("run.json"));
    assert_eq!(report["verdict"], "not_run", "{report}");
    assert_eq!(report["exit_code"], exit_code, "{report}");
    for name in ["run.json", "junit.xml", "recording.json"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(!text.contains(GREEN) && text.contains(words), "{name}: {text}");
    }
    let junit = std::fs::read_to_string(folder.join("junit.xml")).unwrap();
    assert!(junit.contains("errors=\"1\""), "{junit}");
}

#[test]
fn wrong_input_takes_the_reports_of_yesterday_away() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("broken.toml"), "[target]\nname = 5\n").unwrap();
    std::fs::write(folder.join("no.toml"), "[target\n").unwrap();
    std::fs::write(
        folder.join("secret.toml"),
        "[target]\nname = \"x\"\nbase_url = \"https://host.example\"\nauth = { user = { env = \"CONFORMANCE_NOT_SET\" }, \
         password = { env = \"CONFORMANCE_NOT_SET\" } }\n",
    )
    .unwrap();
    let cases: [(&[&str], i32, &str); 7] = [
        (&["--no-such-flag"], 2, "no-such-flag"),
        (&["no/such-scenario"], 2, "no scenario matches no/such-scenario"),
        (&["--jobs", "0"], 2, "--jobs 0"),
        (&["-c", "broken.toml"], 2, "broken.toml:2: "),
        (&["-c", "no.toml"], 2, "no.toml:1: "),
        (&["-c", "secret.toml"], 2, "CONFORMANCE_NOT_SET"),
        (&["-c", "gone.toml"], 2, "gone.toml cannot be read"),
    ];
    for (words, code, said) in cases {
        yesterday(folder);
        let arguments: Vec<&str> = ["run"].iter().chain(words).chain(&REPORTS).copied().collect();
        exits(folder, &arguments, code);
        assert_not_run(folder, code, said);
    }
}

#[test]
fn a_broken_config_names_reports_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "wrong.toml",
            "[run]\nreport = [\"json=run.json\"]\njobs = \"many\"\n",
        ),
        ("broken.toml", "[run]\nreport = [\"json=run.json\"]\n[target\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
        yesterday(folder.path());
        exits(folder.path(), &["run", "-c", name], 2);
        let report = json(&folder.path().join("run.json"));
        assert_eq!(report["verdict"], "not_run", "{name}");
    }
}

#[test]
fn a_target_that_is_down_and_a_port_that_is_taken_take_them_away_too() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    yesterday(folder.path());
    let listen = ["run", "health/serving", "--listen", &taken];
    let arguments: Vec<&str> = listen.iter().chain(&REPORTS).copied().collect();
    let output = exits(folder.path(), &arguments, 3);
    assert!(err(&output).contains(&taken), "{}", err(&output));
    assert_not_run(folder.path(), 3, &taken);
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "no folder").unwrap();
    yesterday(folder.path());
    let arguments = [
        "run",
        "health/serving",
        "--report",
        "json=run.json",
        "--report",
        "junit=file/j.xml",
    ];
    let output = exits(folder.path(), &arguments, 3);
    assert!(
        err(&output).contains("file/j.xml could not be kept"),
        "{}",
        err(&output)
    );
    assert!(!out(&output).contains("verdict"), "{}", out(&output));
    assert_eq!(json(&folder.path().join("run.json"))["exit_code"], 3);
}

#[test]
fn a_plan_alone_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    yesterday(folder.path());
    let arguments: Vec<&str> = ["run", "health/serving", "--dry-run"]
        .iter()
        .chain(&REPORTS)
        .copied()
        .collect();
    exits(folder.path(), &arguments, 0);
    assert_not_run(folder.path(), 0, "only the plan");
}

#[test]
fn a_device_gets_the_report_alone() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        folder.path(),
        &["run", "health/serving", "-q", "--report", "json=/dev/stdout"],
    );
    let text = out(&output);
    let (report, _) = text.split_once("\n}\n").unwrap();
    let report: Value = serde_json::from_str(&format!("{report}\n}}")).unwrap();
    assert_eq!(
        report["scenarios"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["id"] == "health/serving")
            .count(),
        1
    );
}

/// Sends a signal as soon as the run has said something or, with no line to wait for, as soon as its reports are begun.
fn signalled(folder: &Path, signal: &str, line: Option<&str>, arguments: &[&str]) -> Option<i32> {
    let mut process = program(folder)
        .args(arguments)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    match line {
        Some(words) => assert!(lines.any(|line| line.contains(words)), "no line says {words}"),
        None => wait_for_begun(&folder.join("run.json")),
    }
    let sent = Command::new("kill")
        .args([signal, &process.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    lines.for_each(drop);
    process.wait().unwrap().code()
}

/// The file system tells nobody when a file is there.
fn wait_for_begun(report: &Path) {
    while !std::fs::read_to_string(report).is_ok_and(|text| text.contains("under way")) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn a_run_that_is_killed_leaves_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    yesterday(folder.path());
    let arguments: Vec<&str> = ["run", "-v"].iter().chain(&REPORTS).copied().collect();
    let code = signalled(folder.path(), "-KILL", Some("waits for"), &arguments);
    assert_eq!(code, None);
    let report = json(&folder.path().join("run.json"));
    assert_eq!(
        (&report["verdict"], &report["exit_code"]),
        (&"not_run".into(), &Value::Null)
    );
    assert!(report["reason"].as_str().unwrap().contains("killed"), "{report}");
}

#[test]
fn interrupted_before_anything_was_sent_it_ends_with_130() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-INT", "-HUP", "-TERM"] {
        yesterday(folder.path());
        let arguments: Vec<&str> = ["run"].iter().chain(&REPORTS).copied().collect();
        assert_eq!(
            signalled(folder.path(), signal, None, &arguments),
            Some(130),
            "{signal}"
        );
        let report = json(&folder.path().join("run.json"));
        assert_eq!(report["exit_code"], 130, "{signal}");
        assert_ne!(report["verdict"], "conformant", "{signal}");
    }
}

#[test]
fn a_terminal_that_is_closed_is_an_interruption_with_clean_up() {
    let folder = tempfile::tempdir().unwrap();
    let _partner = Partner::start(folder.path());
    let arguments = ["run", "-c", "c.toml", "--ci", "-v", "--report", "json=run.json"];
    let code = signalled(folder.path(), "-HUP", Some("waits for"), &arguments);
    assert_eq!(code, Some(130));
    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["verdict"], "interrupted");
    assert_eq!(report["cleanup"]["leftovers"], serde_json::json!([]));
    assert_eq!(report["exit_reasons"][0]["kind"], "interrupted");
}
