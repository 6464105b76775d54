//! Google's side by itself.

use super::google::{JSON, Server, call, now_sec, token_form};
use super::support::{err, exits};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

const BOOKING: &str = "PATCH /v1alpha/notification/partners/20002002/bookings/b-1?updateMask=status";

/// An access token, got with the issued key file as Google's libraries do it.
fn token(key_file: &Path, token_url: &str, now_sec: u64) -> String {
    let key: Value = serde_json::from_str(&std::fs::read_to_string(key_file).unwrap()).unwrap();
    assert_eq!(key["token_uri"], token_url);
    let form = token_form(key_file, token_url, now_sec);
    let form_type = ("Content-Type", "application/x-www-form-urlencoded");
    let base_url = token_url.trim_end_matches("/token");
    let (status, answer) = call(base_url, "POST /token", &[form_type], &form);
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_partner_with_the_issued_key_is_heard_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(
        folder.path(),
        "127.0.0.1:0",
        &["--format", "json", "--key-file", "key.json"],
    );
    let opened = server.json();
    let base_url = opened["base_url"].as_str().unwrap().to_owned();
    assert_eq!(opened["known_bookings"], Value::Null);
    let key_file = folder.path().join("key.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&key_file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let token = token(&key_file, opened["token_url"].as_str().unwrap(), now_sec());
    assert_eq!(server.json()["route"]["method"], "token");

    let body = json!({ "name": "partners/20002002/bookings/b-1", "merchantId": "m", "serviceId": "s", "status": "CANCELED",
        "clientInformation": { "email": "guest@example.org" } });
    let body = &body.to_string();
    let (status, answer) = call(&base_url, BOOKING, &[JSON], body);
    assert_eq!(
        (status, &answer["error"]["status"]),
        (401, &json!("UNAUTHENTICATED"))
    );
    let refused = server.json();
    assert_eq!(
        (&refused["verdict"], &refused["booking"]),
        (&json!("refused"), &Value::Null)
    );

    // Somebody who says nothing; connections are taken in order, so it is counted before the next one is answered.
    drop(TcpStream::connect(base_url.trim_start_matches("http://")).unwrap());
    let bearer = format!("Bearer {token}");
    let (status, answer) = call(&base_url, BOOKING, &[JSON, ("Authorization", &bearer)], body);
    assert_eq!((status, &answer["status"]), (200, &json!("CANCELED")));
    let told = server.json();
    assert_eq!((&told["verdict"], &told["number"]), (&json!("noted"), &json!(3)));
    assert_eq!(told["update_mask"]["paths"], json!(["status"]));
    assert_eq!(told["booking"]["status"], "CANCELED");
    let log = told.to_string();
    assert!(
        !log.contains("guest@example.org") && !log.contains(&token),
        "{log}"
    );
    let (rest, code) = server.stop();
    let last: Value = serde_json::from_str(rest.last().unwrap()).unwrap();
    let traffic = json!({
        "connections": 4, "requests": 3, "silent": 1, "late": 0, "unreadable": 0, "displaced": 0,
    });
    let expected = json!({ "event": "stopped", "calls": 3, "traffic": traffic, "forgotten_services": 0,
        "violated": { "AUTH-01": 1 } });
    assert_eq!((last, code), (expected, Some(0)));
}

#[test]
fn people_read_what_was_told_and_why_it_was_refused() {
    let folder = tempfile::tempdir().unwrap();
    let list = r#"[{"name": "partners/20002002/bookings/b-1", "merchantId": "m", "serviceId": "s"}]"#;
    std::fs::write(folder.path().join("known.json"), list).unwrap();
    let server = Server::start(
        folder.path(),
        "127.0.0.1:0",
        &["--oauth", "off", "--bookings", "known.json"],
    );
    let opened: Vec<String> = (0..6).map(|_| server.line()).collect();
    let base_url = opened[0].rsplit(' ').next().unwrap().to_owned();
    assert!(
        opened[4].ends_with("1 is known, others are answered 404"),
        "{opened:?}"
    );
    let without_mask = BOOKING.split('?').next().unwrap();
    let told = |id: &str, field: &str, value: &str| {
        json!({ "name": format!("partners/20002002/bookings/{id}"), "merchantId": "m", "serviceId": "s", field: value }).to_string()
    };
    let cases = [
        (BOOKING, told("b-1", "status", "NO_SHOW"), 200),
        (BOOKING, told("b-1", "status", "CANCELLED"), 400),
        (without_mask, told("b-1", "partySize", "3"), 200),
        (
            &BOOKING.replace("b-1", "b-2"),
            told("b-2", "status", "CANCELED"),
            404,
        ),
    ];
    for (line, body, due) in cases {
        assert_eq!(call(&base_url, line, &[JSON], &body).0, due);
    }
    let (log, code) = server.stop();
    let after_the_time: Vec<&str> = log
        .iter()
        .map(|line| line.get(10..).unwrap_or_default())
        .collect();
    assert_eq!(after_the_time[0], "ok       PATCH  booking b-1  status=NO_SHOW");
    assert!(
        after_the_time[1].starts_with("refused  PATCH  booking b-1  400 Invalid value at 'booking.status'"),
        "{log:?}"
    );
    assert!(
        log[2].ends_with("RTU-CANCEL-04 fail  the status CANCELED is spelt with two L"),
        "{log:?}"
    );
    assert_eq!(after_the_time[3], "noted    PATCH  booking b-1  partySize=3");
    assert!(
        log[4].ends_with("REQ-03 warn  the notification has no updateMask"),
        "{log:?}"
    );
    assert_eq!(
        after_the_time[5],
        "refused  PATCH  booking b-2  404 Requested entity was not found."
    );
    assert_eq!((log[6].as_str(), code), ("stopped after 4 calls", Some(0)));
    assert_eq!(log[7], "  4 requests on 4 connections");
    let violated = "  violated: RTU-CANCEL-04 in 1 call; conformance explain RTU-CANCEL-04 says more";
    assert_eq!(log[8], violated);
}

/// Merchant `m` with the service `s`, and nothing to book.
fn write_feeds(folder: &Path) {
    let merchant = json!({ "merchant_id": "m", "name": "Harbour", "telephone": "+41 44 668 18 00",
        "category": "salon", "geo": { "address": { "street_address": "Quay 1", "locality": "Zurich",
        "region": "ZH", "country": "CH", "postal_code": "8001" } } });
    let service = json!({ "merchant_id": "m", "service_id": "s",
        "localized_service_name": { "value": "Cut" }, "type": "SERVICE_TYPE_SALON_OR_SPA" });
    let empty = json!({ "availability": [], "merchant_id": "m", "service_id": "s" });
    for (name, list, record) in [
        ("merchants", "merchant", merchant),
        ("services", "service", service),
        ("availability", "service_availability", empty),
    ] {
        let metadata = json!({ "processing_instruction": "PROCESS_AS_COMPLETE", "shard_number": 0,
            "total_shards": 1, "nonce": "1893400000", "generation_timestamp": 1_893_400_000 });
        let feed = json!({ "metadata": metadata, list: [record] });
        let file = folder.join(format!("{name}_feed_1893400000_001_of_001.json"));
        std::fs::write(file, feed.to_string()).unwrap();
    }
}

#[test]
fn merchants_and_services_are_those_of_the_feeds() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("feeds")).unwrap();
    write_feeds(&folder.path().join("feeds"));
    let config = "[notifications]\noauth = \"off\"\nmasks = \"strict\"\n[inventory]\nfeeds = \"feeds\"\n";
    std::fs::write(folder.path().join("conformance.toml"), config).unwrap();
    let server = Server::start(
        folder.path(),
        "127.0.0.1:0",
        &["--format", "json", "--quota", "8"],
    );
    let opened = server.json();
    assert_eq!(
        (&opened["known_services"], &opened["known_bookings"]),
        (&json!(1), &Value::Null)
    );
    let base_url = opened["base_url"].as_str().unwrap();
    let merchants = "/v1alpha/inventory/partners/20002002/merchants";
    for (line, body, due) in [
        (
            format!("PATCH {merchants}/m/services/s?updateMask=uriTemplate"),
            "{}",
            200,
        ),
        (
            format!("PATCH {merchants}/m/services/t?updateMask=uriTemplate"),
            "{}",
            404,
        ),
        (format!("POST {merchants}?merchantId=m"), "{}", 409),
        (format!("POST {merchants}/m/services?serviceId=t"), "{}", 200),
        (format!("DELETE {merchants}/m"), "", 200),
        (format!("PATCH {merchants}/m/services/t"), "{}", 404),
        (BOOKING.to_owned(), r#"{"status":"CANCELED"}"#, 200),
        (
            BOOKING.replace("?updateMask=status", ""),
            r#"{"status":"CANCELED"}"#,
            400,
        ),
        (BOOKING.to_owned(), r#"{"status":"CANCELED"}"#, 429),
    ] {
        let (status, answer) = call(base_url, &line, &[JSON], body);
        assert_eq!(status, due, "{line}: {answer}");
    }
    let (log, _) = server.stop();
    let made: Value = serde_json::from_str(&log[3]).unwrap();
    assert_eq!(
        made["route"],
        json!({ "method": "resource", "act": "create", "kind": "service", "partner": "20002002", "ids": ["m"] })
    );
}

#[test]
fn wrong_bookings_are_told_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let list =
        r#"[{"name": "bookings/b-1"}, {"name": "partners/20002002/bookings/b-2", "state": "CANCELED"}]"#;
    std::fs::write(folder.path().join("known.json"), list).unwrap();
    let output = exits(folder.path(), &["serve", "--bookings", "known.json"], 2);
    let text = err(&output);
    for words in ["known.json", "booking 1: its `name`", "booking 2: ", "state"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn who_is_asked_to_end_at_the_first_line_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let server = Server::start(folder.path(), "127.0.0.1:0", &[]);
        server.line();
        let (log, code) = server.stop();
        assert!(log.iter().any(|line| line == "stopped after 0 calls"), "{log:?}");
        assert_eq!(code, Some(0));
    }
}

#[test]
fn faults_strike_as_they_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let list = "- { booking: b-1, fault: { answer: 503, retry_after: 7 } }\n- { booking: b-1, fault: { drop: true } }\n\
                - { any: true, fault: { delay: 5ms } }\n";
    std::fs::write(folder.path().join("faults.yaml"), list).unwrap();
    let server = Server::start(
        folder.path(),
        "127.0.0.1:0",
        &["--oauth", "off", "--faults", "faults.yaml"],
    );
    let base_url = server.line().rsplit(' ').next().unwrap().to_owned();
    let body = r#"{"status":"CANCELED"}"#;
    let (status, answer) = call(&base_url, BOOKING, &[JSON], body);
    assert_eq!((status, &answer["error"]["status"]), (503, &json!("UNAVAILABLE")));
    let mut dropped = TcpStream::connect(base_url.trim_start_matches("http://")).unwrap();
    let length = body.len();
    write!(
        dropped,
        "{BOOKING} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut nothing = Vec::new();
    dropped.read_to_end(&mut nothing).unwrap();
    assert_eq!(nothing, b"");
    assert_eq!(call(&base_url, BOOKING, &[JSON], body).0, 200);
    let (log, code) = server.stop();
    assert!(
        log.iter()
            .any(|line| line.contains("refused  PATCH  booking b-1  503")),
        "{log:?}"
    );
    assert!(
        log.iter()
            .any(|line| line.ends_with("the connection was closed without an answer")),
        "{log:?}"
    );
    let late = "status=CANCELED  (stored, answered after 5 ms)";
    assert!(log.iter().any(|line| line.ends_with(late)), "{log:?}");
    assert_eq!(code, Some(0));
    let wrong = "- { booking: b-1, fault: { answer: 200 } }\n";
    std::fs::write(folder.path().join("faults.yaml"), wrong).unwrap();
    let output = exits(folder.path(), &["serve", "--faults", "faults.yaml"], 2);
    assert!(err(&output).contains("from 400 to 599"), "{}", err(&output));
}
