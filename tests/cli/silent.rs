//! A run to which nothing comes, and one with a proxy for Google's own hosts.

use super::support::{Partner, err, exits, json, out, run};
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
    let output = run(folder.path(), &arguments);
    assert_ne!(output.status.code(), Some(0));
    let report = json(&folder.path().join("run.json"));
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
