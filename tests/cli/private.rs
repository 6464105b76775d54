//! What `serve` shows of people whom nobody asked to write about, and of secrets that nobody told it of.

use super::google::{JSON, Server, call};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;

/// A guest, and the key of somebody else's interface.
const PRIVATE: [&str; 8] = [
    "Annelise",
    "Oberholzer",
    "+41446681800",
    "41446681800",
    "annelise.oberholzer@example.org",
    "Seestrasse 44",
    "hk_9fQ2zP77abXw",
    "0446681800",
];

const BOOKINGS: &str = "/v1alpha/notification/partners/20002002/bookings";

/// Verb and target, headers, body.
type Sent = (String, Vec<(&'static str, &'static str)>, String);

fn add(calls: &mut Vec<Sent>, line: String, body: &Value) {
    calls.push((line, vec![JSON], body.to_string()));
}

fn booking(field: &str, value: &Value) -> Value {
    json!({ "name": "partners/20002002/bookings/b-1", "merchantId": "m-1", "serviceId": "s-1", "status": "CANCELED", field: value })
}

fn patch() -> String {
    format!("PATCH {BOOKINGS}/b-1?updateMask=status")
}

fn calls() -> Vec<Sent> {
    let mut calls: Vec<Sent> = Vec::new();
    for text in PRIVATE {
        add_in_fields(&mut calls, text);
        let quoted = text.replace(' ', "%20").replace('+', "%2B");
        add_in_places(&mut calls, text, &quoted);
        add_elsewhere(&mut calls, text, &quoted);
    }
    calls
}

fn add_in_fields(calls: &mut Vec<Sent>, text: &str) {
    // In fields of its own, in others, in unknown ones, as a name of a field, and where a value is refused or remarked on.
    add(
        calls,
        patch(),
        &booking(
            "clientInformation",
            &json!({ "givenName": text, "telephone": text, "nickname": text }),
        ),
    );
    add(calls, patch(), &booking("guestName", &json!(text)));
    add(calls, patch(), &booking(text, &json!(1)));
    for field in [
        "status",
        "startTime",
        "duration",
        "partySize",
        "merchantId",
        "serviceId",
        "name",
    ] {
        add(calls, patch(), &booking(field, &json!(text)));
        add(
            calls,
            format!("PATCH {BOOKINGS}/b-1?updateMask={field}"),
            &booking(field, &json!(text)),
        );
    }
    add(
        calls,
        patch(),
        &booking(
            "paymentInformation",
            &json!({ "paymentTransactionId": text, "prepaymentStatus": text }),
        ),
    );
}

/// In paths and queries.
fn add_in_places(calls: &mut Vec<Sent>, text: &str, quoted: &str) {
    add(
        calls,
        format!("PATCH {BOOKINGS}/{quoted}?updateMask=status"),
        &booking("status", &json!("CANCELED")),
    );
    add(
        calls,
        format!("PATCH {BOOKINGS}/b-1?updateMask={quoted}"),
        &booking("status", &json!("CANCELED")),
    );
    add(
        calls,
        format!("PATCH {BOOKINGS}/b-1?{quoted}=1&updateMask=status"),
        &booking("status", &json!("CANCELED")),
    );
    add(
        calls,
        format!("PATCH {BOOKINGS}/b-1?updateMask=status&bookingFailure.description={quoted}"),
        &booking("status", &json!("FAILED")),
    );
    add(
        calls,
        format!("POST /hooks/{quoted}/bookings/{quoted}?for={quoted}"),
        &json!({ "guest": text }),
    );
    add(
        calls,
        format!("PATCH /v1/notification/partners/20002002/bookings/{quoted}"),
        &json!({}),
    );
    add(
        calls,
        format!("PATCH /v1alpha/notification/partners/{quoted}/bookings/b-1"),
        &json!({}),
    );
    add(
        calls,
        format!("POST /v1alpha/inventory/partners/20002002/merchants?merchantId={quoted}"),
        &json!({ "name": text }),
    );
    add(
        calls,
        "POST /v1alpha/inventory/partners/20002002/availability:replace".to_owned(),
        &json!({ "extendedServiceAvailability": [{ "merchantId": text, "serviceId": text, "availability": [{ "startTime": text, "confirmationMode": text }] }] }),
    );
}

fn add_elsewhere(calls: &mut Vec<Sent>, text: &'static str, quoted: &str) {
    let form = vec![("Content-Type", "application/x-www-form-urlencoded")];
    calls.push((
        "POST /token".to_owned(),
        form,
        format!("grant_type={quoted}&assertion={quoted}&{quoted}=1"),
    ));
    // In broken JSON, and in headers.
    calls.push((
        patch(),
        vec![JSON],
        format!("{{\"status\": \"CANCELED\", \"guest\": {text}"),
    ));
    calls.push((
        patch(),
        vec![
            ("Content-Type", text),
            ("X-Guest", text),
            ("User-Agent", text),
            ("Accept", text),
        ],
        booking("status", &json!("NO_SHOW")).to_string(),
    ));
    add(
        calls,
        format!("PATCH {BOOKINGS}/b-1?updateMask=status"),
        &json!([text]),
    );
}

fn log_of(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let server = Server::start(folder, "127.0.0.1:0", arguments);
    let first = server.line();
    let base_url = first
        .split(['"', ' '])
        .find(|word| word.starts_with("http://"))
        .unwrap()
        .to_owned();
    for (line, headers, body) in calls() {
        call(&base_url, &line, &headers, &body);
    }
    let (log, code) = server.stop();
    assert_eq!(code, Some(0));
    log
}

fn shown(log: &[String]) -> Vec<&str> {
    let is_shown = |text: &&&str| log.iter().any(|line| line.contains(**text));
    PRIVATE.iter().filter(is_shown).copied().collect()
}

fn lines_with(log: &[String], texts: &[&str]) -> String {
    let lines = log
        .iter()
        .filter(|line| texts.iter().any(|text| line.contains(text)));
    lines.take(12).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn neither_form_of_the_log_shows_people_or_keys_by_itself() {
    for form in ["text", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of(
            folder.path(),
            &["--oauth", "off", "--quota", "0", "--format", form],
        );
        let found = shown(&log);
        assert!(
            found.is_empty(),
            "{form}: {found:?}\n{}",
            lines_with(&log, &found)
        );
        let words = ["booking", "CANCELED", "[masked"];
        assert!(
            words
                .iter()
                .all(|word| log.iter().any(|line| line.contains(word))),
            "{log:?}"
        );
    }
}

#[test]
fn the_page_shows_no_more_than_the_log() {
    let watched = super::ui::watched("127.0.0.1:0", &["--quota", "0"]);
    let calls = calls();
    for (line, headers, body) in &calls {
        call(&watched.google, line, headers, body);
        // In the log: what is shown of it stands in the page, too.
        watched.server.line();
    }
    let page = vec![watched.page()];
    assert!(page[0].matches("<details class=\"call\"").count() == calls.len().min(300));
    let found = shown(&page);
    assert!(found.is_empty(), "{found:?}");
    assert!(page[0].contains("[masked, "));
}

#[test]
fn whoever_asks_for_bodies_is_warned_and_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_of(
        folder.path(),
        &[
            "--oauth",
            "off",
            "--quota",
            "0",
            "--format",
            "json",
            "--show-bodies",
        ],
    );
    assert_eq!(shown(&log), PRIVATE);
    let mut process = super::support::program(folder.path())
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--show-bodies",
            "--format",
            "json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut opened = String::new();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    output.read_line(&mut opened).unwrap();
    process.kill().unwrap();
    let said = process.wait_with_output().unwrap().stderr;
    assert!(opened.contains("\"shows_bodies\":true"), "{opened}");
    assert!(String::from_utf8_lossy(&said).contains("warning: this log shows"));
}

/// Escapes, a line of its own that looks like one of ours, and marks that turn the direction of writing.
const ACTIVE: &str =
    "\u{1b}[2J\u{1b}[32mgreen\u{1b}[0m\n12:00:00  ok       PATCH  forged\r\u{9b}2J\u{202e}\u{7}";

#[test]
fn nothing_that_a_stranger_sends_acts_on_the_terminal_or_forges_a_line() {
    for extra in [&[][..], &["--show-bodies"][..]] {
        let folder = tempfile::tempdir().unwrap();
        let arguments = [&["--quota", "0", "--oauth", "off"], extra].concat();
        let server = Server::start(folder.path(), "127.0.0.1:0", &arguments);
        let address = server.line().rsplit("http://").next().unwrap().to_owned();
        let escaped: Vec<String> = ACTIVE.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let escaped = escaped.concat();
        let raw = ACTIVE.replace(['\n', '\r'], "");
        // A header with control characters is refused by whoever reads it.
        let header: String = ACTIVE
            .chars()
            .filter(|letter| !letter.is_ascii_control())
            .collect();
        let body = json!({ "name": ACTIVE, "status": ACTIVE, ACTIVE: ACTIVE }).to_string();
        let sent = [
            (
                format!("PATCH {BOOKINGS}/{escaped}?updateMask={escaped}"),
                body.clone(),
            ),
            (format!("PATCH /{escaped}?{escaped}={escaped}"), body.clone()),
            (format!("PATCH {BOOKINGS}/b-1?updateMask=status"), body),
            (format!("{raw} /x"), String::new()),
            (format!("GET /{raw}"), String::new()),
            ("POST /token".to_owned(), format!("grant_type={escaped}")),
        ];
        for (line, body) in &sent {
            let mut stream = TcpStream::connect(&address).unwrap();
            let length = body.len();
            let head = format!(
                "{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Is: {header}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(body.as_bytes()).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        }
        let (log, _) = server.stop();
        let calls = log
            .iter()
            .filter(|line| line.contains("PATCH") || line.contains("POST"));
        assert!(calls.count() >= 4, "{log:?}");
        let is_shown = log
            .iter()
            .any(|line| line.contains("<U+001B>[2J<U+001B>[32mgreen"));
        assert_eq!(is_shown, !extra.is_empty(), "{log:?}");
        for line in &log {
            let active = line
                .chars()
                .find(|letter| letter.is_control() || matches!(*letter, '\u{202e}' | '\u{9b}'));
            assert_eq!(active, None, "{line:?}");
            assert!(!line.starts_with("12:00:00  ok       PATCH  forged"), "{line}");
        }
    }
}
