//! A run to which nothing comes, and one with a proxy for Google's own hosts.

use super::support::{Partner, err, exits, json, out};
use serde_json::{Value, json};
use std::path::Path;

/// With little patience, on a port that the partner does not call. By the key file it would find its way to the tokens all the same.
fn elsewhere(config: &Path, key_file: &str) {
    let text = std::fs::read_to_string(config).unwrap();
    let lines = text.lines().map(|line| {
        let name = line.split('=').next().unwrap_or_default().trim();
        match name {
            "listen" => "listen = \"127.0.0.1:0\"".to_owned(),
            "public_url" => String::new(),
            "key_file" => format!("key_file = \"{key_file}\""),
            "within" => "within = \"300ms\"".to_owned(),
            _ => line.to_owned(),
        }
    });
    std::fs::write(config, lines.collect::<Vec<_>>().join("\n")).unwrap();
}

/// What a run says whose key file this is, and its report of what arrived.
fn silent_run(key_file: &str) -> (String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    elsewhere(&partner.config, key_file);
    let wanted = ["--snapshots", "kept", "--report", "json=run.json"];
    let arguments = [&["run", "basic/notification", "-c", "c.toml"][..], &wanted].concat();
    // Nobody can tell from here whose fault it is.
    let output = exits(folder.path(), &arguments, 3);
    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["exit_reasons"][0]["kind"], "either_side", "{report}");
    let words = report["exit_reasons"][0]["words"].as_str().unwrap();
    assert!(
        words.contains("either your server sends none, or what it sends goes elsewhere"),
        "{words}"
    );
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
    (out(&output), report["notifications"].clone())
}

#[test]
fn a_run_to_which_nothing_comes_says_so_and_what_to_look_at() {
    let (text, arrived) = silent_run("another-key.json");
    for words in [
        "0 received, and not even a request for a token",
        "GOOGLE_APPLICATION_CREDENTIALS=",
        "--proxy 127.0.0.1:8788",
        "hosts file",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert_eq!(
        (&arrived["received"], &arrived["token_requests"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(arrived["silence"]["connections"], 0, "{arrived}");
}

#[test]
fn a_password_that_nothing_takes_is_nobody_s_fault_for_sure() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    std::fs::write(
        partner.config.with_extension("secrets").join("password"),
        "not-that-one",
    )
    .unwrap();
    let wanted = ["--snapshots", "kept", "--report", "json=run.json", "--ci"];
    let output = exits(
        folder.path(),
        &[&["run", "-c", "c.toml"][..], &wanted].concat(),
        3,
    );
    let text = out(&output);
    let words = "your server answered 401 to every call that bore the user name and password of this run: either they are not those";
    assert!(text.contains(words), "{text}");
    assert!(!text.contains("BS-AUTH-01  MUST"), "{text}");
    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["exit_reasons"][0]["kind"], "either_side", "{report}");
    assert_eq!(report["findings_by_cause"], json!([]), "{report}");
}

#[test]
fn who_asks_for_tokens_only_calls_the_api_elsewhere() {
    let (text, arrived) = silent_run("google-key.json");
    assert!(
        text.contains("0 received, though a token was asked for"),
        "{text}"
    );
    assert_ne!(arrived["token_requests"], 0, "{arrived}");
}

#[test]
fn a_run_is_a_proxy_for_google_s_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let arguments = [
        "run",
        "lifecycle/merchant-cancels",
        "-c",
        "c.toml",
        "--snapshots",
        "kept",
    ];
    let plain = exits(folder.path(), &arguments, 0);
    assert!(!err(&plain).contains("HTTPS_PROXY"), "{}", err(&plain));
    assert!(!out(&plain).contains("not even a request"), "{}", out(&plain));
    let flags = ["--proxy", "127.0.0.1:0", "--ca-file", "own.pem"];
    let output = exits(folder.path(), &[&arguments[..], &flags].concat(), 0);
    let told = err(&output);
    assert!(told.contains("HTTPS_PROXY=http://127.0.0.1:"), "{told}");
    assert!(told.contains("/own.pem"), "{told}");
    let made = std::fs::read_to_string(folder.path().join("own.pem")).unwrap();
    assert!(made.starts_with("-----BEGIN CERTIFICATE-----"), "{made}");

    let alone = exits(folder.path(), &[&arguments[..], &flags[2..]].concat(), 2);
    assert!(
        err(&alone).contains("--ca-file is of no use without a proxy"),
        "{}",
        err(&alone)
    );
    drop(partner);
}
