//! What a caller sees of each fault, on a socket.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::testing::{claims, copy, key, now, sign, token_form};
use crate::{BookingStatus, Oauth};
use domain::{Aim, CallKind, Fault};
use jiff::SignedDuration;
use serde_json::Value;
use std::io::ErrorKind;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const BOOKINGS: Aim = Aim::Kind(CallKind::Bookings);
const TOKEN: Aim = Aim::Kind(CallKind::Token);

/// Google's side with booking `b`, and a clock that stands still until somebody sets it.
async fn google(oauth: Oauth, faults: &[(Aim, Fault, u32)]) -> (Running, Arc<Mutex<Timestamp>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    std::fs::write(&path, key().to_json()).unwrap();
    let time = Arc::new(Mutex::new(now()));
    let clock = Arc::clone(&time);
    let config = ServerConfig {
        oauth,
        key_file: Some(path),
        clock: Arc::new(move || *clock.lock().unwrap()),
        ..ServerConfig::new("20")
    };
    let running = GoogleServer::start(config).await.unwrap();
    running.google().change(|google| {
        google.register(copy("b"));
        for (aim, fault, times) in faults {
            google.schedule(aim.clone(), fault.clone(), *times);
        }
    });
    (running, time)
}

async fn struck(fault: Fault) -> Running {
    google(Oauth::Off, &[(BOOKINGS, fault, 1)]).await.0
}

/// A connection on which a cancellation of booking `b` was sent.
async fn cancelling(running: &Running, bearer: &str) -> TcpStream {
    let body = r#"{"status":"CANCELED"}"#;
    let line = "PATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status";
    let credentials = format!("Authorization: Bearer {bearer}\r\nContent-Type: application/json");
    sent(running, line, &credentials, body).await
}

async fn sent(running: &Running, line: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n\r\n"
    );
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .await
        .unwrap();
    stream
}

/// Status, head and body of an answer that is complete.
async fn answer(mut stream: TcpStream) -> (u16, String, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len());
    assert!(head.contains(&length), "{head}");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_owned(), body.to_owned())
}

async fn cancel(running: &Running) -> (u16, String, String) {
    answer(cancelling(running, "").await).await
}

fn is_cancelled(running: &Running) -> bool {
    let status = running
        .google()
        .inspect(|google| google.booking("b").unwrap().status);
    status == BookingStatus::Canceled
}

/// The claims of the testing key, made out to this server, are taken at the testing time only.
async fn ask_for_token(running: &Running) -> (u16, Value) {
    let mut claims = claims();
    claims["aud"] = "https://oauth2.googleapis.com/token".into();
    let form = token_form(&sign(&claims));
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let (status, _, body) = answer(sent(running, "POST /token", kind, &form).await).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn statuses_come_in_their_order() {
    let status = |status| Fault::Answer {
        status,
        body: None,
        retry_after_sec: Some(7),
    };
    let row = [429, 503, 500].map(|code| (BOOKINGS, status(code), 1));
    let (running, _) = google(Oauth::Off, &row).await;
    for due in [429, 503, 500] {
        let (status, head, _) = cancel(&running).await;
        assert_eq!(status, due);
        assert!(head.contains("retry-after: 7"), "{head}");
    }
    assert!(!is_cancelled(&running));
    assert_eq!(cancel(&running).await.0, 200);
}

#[tokio::test]
async fn a_connection_is_closed_without_an_answer() {
    let running = struck(Fault::Dropped).await;
    let mut nothing = Vec::new();
    let mut stream = cancelling(&running, "").await;
    assert_eq!(stream.read_to_end(&mut nothing).await.unwrap(), 0);
    assert!(!is_cancelled(&running));
}

#[tokio::test]
async fn a_connection_is_reset_without_an_answer() {
    let running = struck(Fault::Reset).await;
    let mut nothing = Vec::new();
    let mut stream = cancelling(&running, "").await;
    let error = stream.read_to_end(&mut nothing).await.unwrap_err();
    assert_eq!((error.kind(), nothing.len()), (ErrorKind::ConnectionReset, 0));
    assert!(!is_cancelled(&running));
    assert_eq!(cancel(&running).await.0, 200);
}

#[tokio::test]
async fn what_comes_back_is_no_http() {
    let running = struck(Fault::Noise).await;
    let mut noise = Vec::new();
    let mut stream = cancelling(&running, "").await;
    stream.read_to_end(&mut noise).await.unwrap();
    assert!(!noise.is_empty() && !noise.starts_with(b"HTTP"), "{noise:?}");
    assert!(!is_cancelled(&running));
}

#[tokio::test]
async fn what_is_told_is_stored_and_the_answer_is_lost() {
    let running = struck(Fault::Lost).await;
    let mut calls = running.subscribe();
    let mut nothing = Vec::new();
    let mut stream = cancelling(&running, "").await;
    assert_eq!(stream.read_to_end(&mut nothing).await.unwrap(), 0);
    assert!(is_cancelled(&running));
    let call = calls.recv().await.unwrap();
    assert_eq!((call.answer.status, &call.fault), (0, &Some(Fault::Lost)));
    assert_eq!(call.answer.body.as_ref().unwrap()["status"], "CANCELED");
    assert_eq!(cancel(&running).await.0, 200, "the repetition is taken as usual");
}

#[tokio::test]
async fn an_answer_is_cut_off_in_the_middle_of_its_json() {
    let running = struck(Fault::Cut).await;
    let (status, head, body) = cancel(&running).await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(serde_json::from_str::<Value>(&body).is_err() && body.starts_with('{'));
    assert!(is_cancelled(&running));
}

#[tokio::test]
async fn an_answer_comes_late_and_what_was_told_is_stored_before() {
    let running = struck(Fault::Delayed { ms: 400 }).await;
    let mut calls = running.subscribe();
    let began = Instant::now();
    let stream = cancelling(&running, "").await;
    let call = calls.recv().await.unwrap();
    assert!(is_cancelled(&running));
    let held = call.answered_at.duration_since(call.at);
    assert_eq!(held, SignedDuration::from_millis(400));
    assert_eq!(answer(stream).await.0, 200);
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn an_answer_comes_in_small_pieces() {
    let running = struck(Fault::Slow { ms: 400 }).await;
    let began = Instant::now();
    let mut stream = cancelling(&running, "").await;
    let mut first = [0; 16];
    stream.read_exact(&mut first).await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("}\n"), "{rest}");
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn the_token_endpoint_fails_and_recovers_and_the_assertion_is_not_kept() {
    let status = |status| Fault::Answer {
        status,
        body: None,
        retry_after_sec: None,
    };
    let faults = [(TOKEN, status(503), 1), (Aim::Any, status(500), 1)];
    let (running, _) = google(Oauth::Required, &faults).await;
    let mut calls = running.subscribe();
    for (due, word) in [(503, "temporarily_unavailable"), (500, "internal_failure")] {
        let (status, body) = ask_for_token(&running).await;
        assert_eq!((status, &body["error"]), (due, &word.into()));
        let call = calls.recv().await.unwrap();
        assert!(call.body.ends_with(b"assertion=[masked]"), "{call:?}");
    }
    assert_eq!(ask_for_token(&running).await.0, 200);
}

#[tokio::test]
async fn a_token_lives_as_long_as_a_fault_lets_it() {
    let faults = [(TOKEN, Fault::Expiring { sec: 9 }, 1)];
    let (running, time) = google(Oauth::Required, &faults).await;
    let (_, body) = ask_for_token(&running).await;
    assert_eq!(body["expires_in"], 9);
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(answer(cancelling(&running, token).await).await.0, 200);
    *time.lock().unwrap() = now() + SignedDuration::from_secs(9);
    let (status, _, refusal) = answer(cancelling(&running, token).await).await;
    assert_eq!(status, 401);
    assert!(refusal.contains("ACCESS_TOKEN_EXPIRED"), "{refusal}");
    let (_, usual) = ask_for_token(&running).await;
    assert_eq!(usual["expires_in"], 3599);
}

#[tokio::test]
async fn a_token_answer_may_lack_the_token_once() {
    let (running, _) = google(Oauth::Required, &[(TOKEN, Fault::Withheld, 1)]).await;
    let mut calls = running.subscribe();
    let (status, body) = ask_for_token(&running).await;
    assert_eq!((status, &body["expires_in"]), (200, &3599.into()));
    assert!(body.get("access_token").is_none(), "{body}");
    assert_eq!(calls.recv().await.unwrap().fault, Some(Fault::Withheld));
    let (_, body) = ask_for_token(&running).await;
    assert!(body["access_token"].is_string(), "{body}");
}

#[tokio::test]
async fn a_fault_that_stores_waits_for_a_call_that_is_taken() {
    let running = struck(Fault::Lost).await;
    let line = "PATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status";
    let kind = "Content-Type: application/json";
    let wrong = sent(&running, line, kind, r#"{"status":"CANCELLED"}"#).await;
    assert_eq!(answer(wrong).await.0, 400);
    let mut nothing = Vec::new();
    let mut stream = cancelling(&running, "").await;
    assert_eq!(stream.read_to_end(&mut nothing).await.unwrap(), 0);
}
