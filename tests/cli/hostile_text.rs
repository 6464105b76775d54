//! What a target writes into its answers acts on nobody's terminal and forges no line of a report.
#![cfg(unix)]

use super::support::{err, out, program, unpacked};
use serde_json::{Value, json};
use std::path::Path;
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Clears the screen, sets a title, writes a green verdict into a line of its own, goes back, ends strings, turns the direction of letters.
const ACTIVE: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\n\rverdict        \u{1b}[1;32mconformant\u{1b}[0m\u{0}\u{9b}2J\u{202e}";

/// A server that works a little, and has such texts wherever text can be.
fn answer(request: &Request) -> ResponseTemplate {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let json = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    match request.url.path().rsplit('/').next().unwrap_or_default() {
        "HealthCheck" => ResponseTemplate::new(200),
        "BatchAvailabilityLookup" => {
            let slots = body["slot_time"].as_array().cloned().unwrap_or_default();
            let slots = slots.into_iter();
            let slots: Vec<Value> = slots
                .map(|slot| json!({ "slot_time": slot, "available": true, ACTIVE: ACTIVE }))
                .collect();
            json(json!({ "slot_time_availability": slots, ACTIVE: { ACTIVE: ACTIVE } }))
        }
        "CreateBooking" => {
            let token = body["idempotency_token"].as_str().unwrap_or_default().to_owned();
            let id = format!("{ACTIVE}{token}");
            let (slot, user) = (&body["slot"], &body["user_information"]);
            json(
                json!({ "booking": { "booking_id": id, "slot": slot, "user_information": user, "status": ACTIVE, ACTIVE: 5 } }),
            )
        }
        "UpdateBooking" => ResponseTemplate::new(409).set_body_raw(ACTIVE, "text/plain"),
        "GetBookingStatus" => json(json!({ "booking_id": ACTIVE, "booking_status": ACTIVE })),
        _ => json(json!({ "booking_failure": { "cause": ACTIVE, "description": ACTIVE } })),
    }
}

fn config(folder: &Path, base_url: &str) {
    let start = jiff::Timestamp::now().as_second() / 3600 * 3600 + 86_400;
    let slots = (0..30).map(|number| {
        let start = start + number * 3600;
        format!("[[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = {start}\nduration_sec = 1800\nspots = 1\n")
    });
    let text = format!(
        "[target]\nname = \"hostile\"\nbase_url = \"{base_url}\"\n\
         [notifications]\nlisten = \"127.0.0.1:0\"\nquiet = \"50ms\"\nwithin = \"200ms\"\n\
         [triggers.merchant_cancel]\ncommand = [\"printf\", '\\033[2J{{booking_id}}']\n"
    );
    std::fs::write(folder.join("c.toml"), text + &slots.collect::<String>()).unwrap();
}

#[test]
fn nothing_of_it_acts() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        server
    });
    let folder = tempfile::tempdir().unwrap();
    config(folder.path(), &server.uri());
    let arguments = [
        "run",
        "-c",
        "c.toml",
        "-v",
        "--report",
        "json=run.json",
        "--report",
        "junit=j.xml",
        "--report",
        "recording=r.json",
    ];
    let output = program(folder.path()).args(arguments).output().unwrap();
    let (text, said) = (out(&output), err(&output));
    assert_eq!(output.status.code(), Some(1), "{text}{said}");
    assert!(
        text.contains("<U+001B>"),
        "none of it was shown, so that nothing was tried\n{text}"
    );
    let file = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    for (name, text) in [
        ("output", text.clone()),
        ("errors", said),
        ("json", file("run.json")),
        ("junit", file("j.xml")),
        ("recording", unpacked(&folder.path().join("r.json"))),
    ] {
        let active = text
            .chars()
            .find(|letter| letter.is_control() && !matches!(letter, '\n' | '\t') || *letter == '\u{202e}');
        assert_eq!(active, None, "{name}: {text}");
    }
    let forged = text.lines().filter(|line| line.starts_with("verdict")).count();
    assert_eq!(forged, 1, "{text}");
    drop(runtime);
}

#[test]
fn credentials_in_an_address_are_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let output = super::support::exits(
        folder.path(),
        &[
            "run",
            "--target",
            "http://google:s3cretword@host.example/x",
            "--report",
            "json=run.json",
        ],
        2,
    );
    let all = [
        out(&output),
        err(&output),
        std::fs::read_to_string(folder.path().join("run.json")).unwrap(),
    ]
    .concat();
    assert!(
        all.contains("has credentials in the URL") && !all.contains("s3cretword"),
        "{all}"
    );
}
