#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod connections;
mod faults;
mod http2;
mod proxy;
mod tls;

use super::*;
use crate::testing::{copy, gzip, key, sign_with, token_form};
use crate::{BookingStatus, Google, Lint, Oauth, Route};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

pub(super) const BODY: &str = r#"{"status":"CANCELED"}"#;

pub(super) fn config(oauth: Oauth) -> ServerConfig {
    ServerConfig {
        oauth,
        ..ServerConfig::new("20")
    }
}

// With a key from a file, since making one takes a second without optimisation.
pub(super) async fn bind(config: ServerConfig) -> BoundServer {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    std::fs::write(&path, key().to_json()).unwrap();
    let config = ServerConfig {
        key_file: Some(path),
        ..config
    };
    GoogleServer::bind(config).await.unwrap()
}

pub(super) async fn launch(config: ServerConfig) -> Running {
    bind(config).await.serve()
}

pub(super) async fn start(oauth: Oauth) -> Running {
    let running = launch(config(oauth)).await;
    running.google().change(|google| google.register(copy("b")));
    running
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn patch(running: &Running, id: &str) -> reqwest::RequestBuilder {
    let url = format!(
        "{}/v1alpha/notification/partners/20/bookings/{id}?updateMask=status",
        running.url()
    );
    client()
        .patch(url)
        .header("content-type", "application/json")
        .body(BODY)
}

async fn token(running: &Running) -> String {
    let url = running.key().account().token_uri.clone();
    token_of(running, &client(), &url, &url).await
}

/// An access token of the endpoint at `url` for an assertion with this audience.
pub(super) async fn token_of(running: &Running, client: &reqwest::Client, url: &str, aud: &str) -> String {
    let now = Timestamp::now().as_second();
    let account = running.key().account();
    let claims = json!({
        "iss": account.client_email, "scope": "https://www.googleapis.com/auth/mapsbooking",
        "aud": aud, "iat": now, "exp": now + 3600,
    });
    let form = token_form(&sign_with(running.key(), &json!({ "alg": "RS256" }), &claims));
    let request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer: Value = request.body(form).send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn who_calls_before_the_server_is_ready_meets_it_ready() {
    let bound = bind(config(Oauth::Off)).await;
    let mut early = TcpStream::connect(bound.running().address()).await.unwrap();
    let line = "PATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status HTTP/1.1";
    let length = BODY.len();
    let request = format!("{line}\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{BODY}");
    early.write_all(request.as_bytes()).await.unwrap();
    bound
        .running()
        .google()
        .change(|google| google.register(copy("b")));
    let mut watch = bound.running().watch(1);
    let running = bound.serve();
    let mut answer = String::new();
    early.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(watch.next().await.unwrap().answer.status, 200);
    running.shutdown().await;
}

#[tokio::test]
async fn a_partner_gets_a_token_and_delivers_a_notification() {
    let running = start(Oauth::Required).await;
    let mut calls = running.subscribe();
    assert_eq!(patch(&running, "b").send().await.unwrap().status(), 401);
    let token = token(&running).await;
    let answer = patch(&running, "b").bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["server"], "ESF");
    assert!(answer.headers().contains_key("date"));
    let booking: Value = answer.json().await.unwrap();
    assert_eq!(booking["status"], "CANCELED");
    let mut numbers = Vec::new();
    while let Ok(call) = calls.try_recv() {
        numbers.push((call.number, call.answer.status));
    }
    assert_eq!(numbers, [(1, 401), (2, 200), (3, 200)]);
    let status = running
        .google()
        .inspect(|google| google.booking("b").unwrap().status);
    assert_eq!(status, BookingStatus::Canceled);
    running.shutdown().await;
}

#[tokio::test]
async fn compressed_bodies_and_overridden_methods_arrive() {
    let running = start(Oauth::Off).await;
    let mut calls = running.subscribe();
    let url = format!(
        "{}/v1alpha/notification/partners/20/bookings/b?updateMask=status",
        running.url()
    );
    let request = client()
        .post(url)
        .header("x-http-method-override", "PATCH")
        .header("content-encoding", "gzip");
    assert_eq!(
        request.body(gzip(BODY.as_bytes())).send().await.unwrap().status(),
        200
    );
    let call = calls.recv().await.unwrap();
    assert_eq!((call.method.as_str(), &call.body[..]), ("POST", BODY.as_bytes()));
    assert_eq!(call.lints, [Lint::ContentType { sent: None }]);
}

#[tokio::test]
async fn a_half_open_connection_does_not_stop_the_others() {
    let running = start(Oauth::Off).await;
    let mut half = TcpStream::connect(running.address()).await.unwrap();
    half.write_all(b"PATCH /v1alpha/notification/partners/20/bookings/b HTTP/1.1\r\nHost: x\r\nContent-Le")
        .await
        .unwrap();
    let mut body_missing = TcpStream::connect(running.address()).await.unwrap();
    body_missing
        .write_all(b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na")
        .await
        .unwrap();
    assert_eq!(patch(&running, "b").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let limits = Limits {
        head_time: Duration::from_millis(1),
        ..Limits::default()
    };
    let running = launch(ServerConfig {
        limits,
        ..config(Oauth::Off)
    })
    .await;
    let mut half = TcpStream::connect(running.address()).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost").await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(10), half.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the connection was left open");
}

#[tokio::test]
async fn a_body_beyond_the_limit_or_the_time_is_refused_and_recorded() {
    let limits = Limits {
        body_bytes: 10,
        body_time: Duration::from_millis(1),
        ..Limits::default()
    };
    let running = launch(ServerConfig {
        limits,
        ..config(Oauth::Off)
    })
    .await;
    let mut calls = running.subscribe();
    assert_eq!(patch(&running, "b").send().await.unwrap().status(), 413);
    let mut slow = TcpStream::connect(running.address()).await.unwrap();
    slow.write_all(b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na")
        .await
        .unwrap();
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    let (first, second) = (calls.recv().await.unwrap(), calls.recv().await.unwrap());
    assert_eq!((first.answer.status, second.answer.status), (413, 408));
    assert_eq!(second.route, Route::Token);
}

/// A clock, and a tick for each time that it is read: the test need not guess how long a request takes.
fn ticking_clock() -> (Arc<dyn Clock>, mpsc::UnboundedReceiver<()>) {
    let (sender, ticks) = mpsc::unbounded_channel();
    let clock = move || {
        sender.send(()).unwrap_or_default();
        Timestamp::now()
    };
    (Arc::new(clock), ticks)
}

/// Arrival, first look, time left: after the third tick the request is held.
async fn wait_until_held(ticks: &mut mpsc::UnboundedReceiver<()>) {
    for _ in 0..3 {
        ticks.recv().await.unwrap();
    }
}

/// The CreateBooking that is open is answered with the booking "b".
fn make_booking(google: &Handle) {
    google.change(|google| {
        google.register(copy("b"));
        google.close_create();
    });
}

#[tokio::test]
async fn a_notification_that_overtakes_its_booking_waits_for_it() {
    let (clock, mut ticks) = ticking_clock();
    let running = launch(ServerConfig {
        clock,
        ..config(Oauth::Off)
    })
    .await;
    let google = running.google();
    google.change(Google::open_create);
    let sent = tokio::spawn(patch(&running, "b").send());
    wait_until_held(&mut ticks).await;
    make_booking(&google);
    assert_eq!(sent.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn the_key_file_names_the_public_url() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    std::fs::write(&path, key().to_json()).unwrap();
    let config = ServerConfig {
        public_url: Some("https://google.partner.example/".to_owned()),
        key_file: Some(path.clone()),
        ..config(Oauth::Required)
    };
    let running = GoogleServer::start(config).await.unwrap();
    assert_eq!(running.url(), "https://google.partner.example");
    assert_eq!(
        running.key().account().token_uri,
        "https://google.partner.example/token"
    );
    assert!(
        std::fs::read_to_string(path)
            .unwrap()
            .contains("https://google.partner.example/token")
    );
}

#[tokio::test]
async fn after_shutdown_nobody_listens() {
    let running = start(Oauth::Off).await;
    let address = running.address();
    let idle = TcpStream::connect(address).await.unwrap();
    running.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let running = start(Oauth::Off).await;
    let config = ServerConfig {
        listen: running.address(),
        ..config(Oauth::Off)
    };
    let error = GoogleServer::start(config).await.err().unwrap().to_string();
    assert!(
        error.starts_with(&format!("listen on {}: ", running.address())),
        "{error}"
    );
}
