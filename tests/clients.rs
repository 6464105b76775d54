//! What Google's own client libraries have sent, recorded byte for byte, is understood as it was then. Tokens alone are
//! replaced by those that the server issues anew. `.ci/clients` drives the libraries themselves.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use flate2::read::GzDecoder;
use google::UnknownBookings;
use google::server::{GoogleServer, Running, ServerConfig};
use jiff::Timestamp;
use scenario::{Scheduled, schedule};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One request and what became of it.
#[derive(Debug, Deserialize)]
struct RecordedRequest {
    at: String,
    request: String,
    status: u16,
    #[serde(default)]
    issued: Option<String>,
}

/// Where the server was when it was recorded: the assertions are made out to it.
const URL: &str = "http://127.0.0.1:18788";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

fn read_recording(name: &str) -> Vec<RecordedRequest> {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Google's side at the time of the recording, with the key and the faults of the recording.
async fn server(clock: &Arc<Mutex<Timestamp>>) -> Running {
    let clock = Arc::clone(clock);
    let config = ServerConfig {
        public_url: Some(URL.to_owned()),
        key_file: Some(folder().join("key.json")),
        unknown_bookings: UnknownBookings::Adopted,
        unknown_services: UnknownBookings::Adopted,
        clock: Arc::new(move || *clock.lock().unwrap()),
        ..ServerConfig::new("20002002")
    };
    let server = GoogleServer::start(config).await.unwrap();
    let text = std::fs::read_to_string(folder().join("faults.yaml")).unwrap();
    for Scheduled { aim, fault, times } in schedule("faults.yaml", &text).unwrap() {
        server
            .google()
            .change(|google| google.schedule(aim.clone(), fault.clone(), times));
    }
    server
}

/// Status and text of the answer to a request on a connection of its own.
async fn send(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let bytes: Vec<u8> = request.chars().map(|char| u8::try_from(char).unwrap()).collect();
    stream.write_all(&bytes).await.unwrap();
    let mut answer = Vec::new();
    let body_from = loop {
        let read = stream.read_buf(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n");
        match end {
            Some(end) => break end + 4,
            None => assert!(read > 0, "{}", String::from_utf8_lossy(&answer)),
        }
    };
    let head = String::from_utf8_lossy(&answer[..body_from]).to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let length: usize = length.parse().unwrap();
    while answer.len() < body_from + length {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = &answer[body_from..];
    if head.contains("content-encoding: gzip") {
        let mut text = String::new();
        GzDecoder::new(body).read_to_string(&mut text).unwrap();
        return (status, text);
    }
    (status, String::from_utf8_lossy(body).into_owned())
}

/// Sends a recording again, each request to be answered as it was then. How often a token was issued comes back.
async fn replay(name: &str, due: &[u16]) -> usize {
    let clock = Arc::new(Mutex::new(Timestamp::UNIX_EPOCH));
    let server = server(&clock).await;
    let mut tokens: Vec<(String, String)> = Vec::new();
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for (number, one) in read_recording(name).iter().enumerate() {
        *clock.lock().unwrap() = one.at.parse().unwrap();
        let mut request = one.request.clone();
        for (then, now) in &tokens {
            request = request.replace(then, now);
        }
        let (status, body) = send(server.address(), &request).await;
        assert_eq!(status, one.status, "request {number}\n{request}\n{body}");
        if let Some(then) = &one.issued {
            let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
            tokens.push((then.clone(), answer["access_token"].as_str().unwrap().to_owned()));
        }
        *statuses.entry(status).or_default() += 1;
    }
    let answered: Vec<u16> = statuses.keys().copied().collect();
    assert_eq!(answered, due, "{statuses:?}");
    server.shutdown().await;
    tokens.len()
}

#[tokio::test]
async fn google_s_python_libraries_are_answered_as_they_were() {
    let tokens = replay("python.jsonl", &[200, 400, 401, 403, 404, 429, 503]).await;
    assert!(
        tokens >= 6,
        "each library fetched a token, and one more for the revoked one"
    );
}

#[tokio::test]
async fn google_s_node_library_is_answered_as_it_was() {
    let tokens = replay("node.jsonl", &[200, 400, 401, 429, 503]).await;
    assert_eq!(
        tokens, 8,
        "each version fetched one for each of its three clients, and one for the first that was about to expire"
    );
    let to = |line: &str| {
        let requests = read_recording("node.jsonl");
        requests
            .iter()
            .filter(|one| one.request.starts_with(line))
            .count()
    };
    let endpoints = ["POST /oauth2/v4/token ", "POST /token "].map(to);
    assert_eq!(endpoints, [4, 4], "the older version asks the older endpoint");
}
