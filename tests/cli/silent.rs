//! A run to which nothing comes, and one with a proxy for Google's own hosts.

use super::support::{Partner, err, exits, json, out};
use std::path::Path;

/// With little patience, on a port that the partner does not call.
fn elsewhere(config: &Path) {
    let text = std::fs::read_to_string(config).unwrap();
    let lines = text.lines().map(|line| {
        let name = line.split('=').next().unwrap_or_default().trim();
        match name {
            "listen" => "listen = \"127.0.0.1:0\"".to_owned(),
            "public_url" => String::new(),
            "within" => "within = \"300ms\"".to_owned(),
            _ => line.to_owned(),
        }
    });
    std::fs::write(config, lines.collect::<Vec<_>>().join("\n")).unwrap();
}

#[test]
fn a_run_to_which_nothing_comes_says_so_and_what_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    elsewhere(&partner.config);
    let arguments = [
        "run",
        "basic/notification",
        "-c",
        "c.toml",
        "--snapshots",
        "kept",
        "--report",
        "json=run.json",
    ];
    let output = super::support::run(folder.path(), &arguments);
    assert_ne!(output.status.code(), Some(0));
    let text = out(&output);
    for words in [
        "0 received, and not even a request for a token",
        "GOOGLE_APPLICATION_CREDENTIALS=",
        "--proxy 127.0.0.1:8788",
        "hosts file",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let report = json(&folder.path().join("run.json"));
    let arrived = &report["notifications"];
    assert_eq!(
        (&arrived["received"], &arrived["token_requests"]),
        (&0.into(), &0.into())
    );
    assert_eq!(arrived["silence"]["connections"], 0, "{arrived}");
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
