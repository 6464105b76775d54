//! What a run against a broken server says, tried as its reader would try it.
#![cfg(unix)]

use super::support::{err, histories, json, out, program};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const WORDS: &str = "the kitchen is \u{1b}[31mclosed";

/// A server that answers every call in the same way, as long as the runtime lives.
fn broken() -> (Runtime, MockServer) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(503).set_body_raw(WORDS, "text/plain");
        Mock::given(any()).respond_with(answer).mount(&server).await;
        server
    });
    (runtime, server)
}

fn write_config(folder: &Path, base_url: &str) {
    let start = jiff::Timestamp::now().as_second() + 86_400;
    let text = format!(
        "[target]\nname = \"broken\"\nbase_url = \"{base_url}\"\n\
         auth = {{ user = {{ env = \"PARTNER_USER\" }}, password = {{ env = \"PARTNER_PASSWORD\" }} }}\n\
         [notifications]\nlisten = \"127.0.0.1:0\"\nquiet = \"50ms\"\nwithin = \"200ms\"\n"
    );
    // Enough for everybody: nobody waits for another's slot.
    let slots = (0..20).map(|number| {
        let start = start + number * 3600;
        format!(
            "[[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = {start}\n\
             duration_sec = 1800\nspots = 5\n"
        )
    });
    let text = text + &slots.collect::<String>();
    std::fs::write(folder.join("my target.toml"), text).unwrap();
}

fn with_secrets(command: &mut Command) -> Output {
    command
        .env("PARTNER_USER", "google user")
        .env("PARTNER_PASSWORD", "s3cret-password")
        .output()
        .unwrap()
}

/// The value of the first line of that name below a finding.
fn field<'t>(text: &'t str, name: &str) -> &'t str {
    let start = format!("    {name:<8}  ");
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(start.as_str()));
    lines.next().unwrap_or_else(|| panic!("no {name}\n{text}"))
}

#[test]
fn the_version_is_a_number_and_its_long_form_says_what_the_rules_are_worth() {
    let folder = tempfile::tempdir().unwrap();
    let said = |flag| out(&program(folder.path()).arg(flag).output().unwrap());
    let number = concat!("conformance ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(said("-V"), number);
    let long = said("--version");
    assert!(long.starts_with(number), "{long}");
    assert!(
        long.contains("\nrequirements: set ") && long.contains("\nself-test"),
        "{long}"
    );
}

#[test]
fn a_broken_server_is_told_what_to_mend_first_and_how_to_see_it_again() {
    let (_runtime, server) = broken();
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), &server.uri());
    let arguments = [
        "run",
        "health/serving",
        "auth/**",
        "-c",
        "my target.toml",
        "--report",
        "json=run.json",
    ];
    let output = with_secrets(program(folder.path()).args(arguments));
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", err(&output));
    assert!(text.starts_with("what to mend first: "), "{text}");
    assert!(
        text.contains("    answer    HTTP 503, text/plain: the kitchen is <U+001B>[31mclosed\n"),
        "{text}"
    );
    assert!(
        !text.contains("bundled") && !text.contains("s3cret-password"),
        "{text}"
    );

    // The command line repeats target and scenario: the same scenario is judged again in the same way.
    let again = field(&text, "again");
    assert!(
        again.contains("--config 'my target.toml'") && again.ends_with("--seed 1"),
        "{again}"
    );
    let script = format!(
        "conformance() {{ '{}' \"$@\"; }}; {again}",
        env!("CARGO_BIN_EXE_conformance")
    );
    let mut shell = Command::new("bash");
    let repeated = with_secrets(
        shell
            .args(["-c", &script])
            .current_dir(folder.path())
            .env_remove("CI"),
    );
    assert_eq!(repeated.status.code(), Some(1), "{again}\n{}", err(&repeated));
    for name in ["answer", "curl"] {
        assert_eq!(field(&text, name), field(&out(&repeated), name));
    }

    let report = json(&folder.path().join("run.json"));
    assert_eq!(report["format"], 2);
    assert_eq!(
        report["self_test"],
        serde_json::to_value(harness::self_test()).unwrap()
    );
    let began = report["started_at"]
        .as_str()
        .unwrap()
        .parse::<jiff::Timestamp>()
        .unwrap();
    assert!(jiff::Timestamp::now().duration_since(began).as_secs() < 120);
    let first = &report["findings_by_cause"][0];
    assert_eq!(first["example"]["again"], again);
    assert_eq!(first["example"]["answer"]["status"], 503);
    assert!(
        first["source"].as_str().unwrap().starts_with("https://"),
        "{first}"
    );
    let requirement = report["requirements"].as_array().unwrap().iter();
    let mut requirement = requirement.filter(|one| one["id"] == first["requirement"]);
    assert_eq!(requirement.next().unwrap()["title"], first["title"]);
}

#[test]
fn what_everything_hangs_on_stands_first() {
    let (_runtime, server) = broken();
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), &server.uri());
    let arguments = ["run", "-c", "my target.toml", "--ci", "--report", "json=run.json"];
    let output = with_secrets(program(folder.path()).args(arguments));
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", err(&output));
    assert!(text.lines().count() < 100, "{text}");
    let report = json(&folder.path().join("run.json"));
    let causes = report["findings_by_cause"].as_array().unwrap();
    assert!(causes.len() <= 5, "{text}");
    let blocks = causes[0]["blocks"].as_u64().unwrap();
    assert!(causes[0]["basic"] == true && blocks > 20, "{text}");
    let words = format!("basic; {blocks} scenarios could not be tested for it; ");
    assert!(text.lines().nth(1).unwrap().contains(&words), "{text}");
}

#[test]
fn the_curl_line_is_the_call_that_was_made() {
    let (_runtime, server) = broken();
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), &server.uri());
    let arguments = [
        "run",
        "lifecycle/unknown-booking",
        "-c",
        "my target.toml",
        "--report",
        "json=run.json",
        "--report",
        "recording=r.json",
        "-q",
    ];
    with_secrets(program(folder.path()).args(arguments));
    let report = json(&folder.path().join("run.json"));
    let example = &report["findings_by_cause"][0]["example"];
    let line = example["curl"].as_str().unwrap();
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}; {line}");
    let words = out(&with_secrets(Command::new("bash").args(["-c", &script])));
    let words: Vec<&str> = words.split_terminator('\0').collect();
    let call = call_of(&histories(&folder.path().join("r.json")), example);
    let url = format!("{}{}", server.uri(), call["path"].as_str().unwrap());
    for word in [
        url.as_str(),
        "google user:s3cret-password",
        "content-type: application/json",
    ] {
        assert!(words.contains(&word), "{word}: {words:?}");
    }
    let sent: Value = serde_json::from_str(words.last().unwrap()).unwrap();
    assert_eq!(sent, call["body"]);
    assert!(!line.contains("s3cret-password"), "{line}");
}

/// The call behind the answer in which an example was seen.
fn call_of(recorded: &Value, example: &Value) -> Value {
    let transcripts = recorded.as_array().unwrap();
    let transcript = transcripts
        .iter()
        .find(|one| one["scenario"] == example["scenario"])
        .unwrap();
    let entries = transcript["entries"].as_array().unwrap();
    let answer = &entries[usize::try_from(example["entry"].as_u64().unwrap()).unwrap()]["fact"]["answer"];
    entries[usize::try_from(answer["call"].as_u64().unwrap()).unwrap()]["fact"]["call"].clone()
}
