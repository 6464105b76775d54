//! Callers who send nothing, half a head or half a body: each is closed in time, and none keeps a right request out.

use crate::partner::{Partner, at, request};
use reference_server::Limits;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const SOON: Duration = Duration::from_millis(300);
const LATE: Duration = Duration::from_secs(20);
const HALF_HEAD: &[u8] = b"GET /v3/HealthCheck HTTP/1.1\r\nhost: a\r\nx: ";
const NOTHING: &[u8] = b"";

async fn limited(limits: Limits) -> Partner {
    Partner::with(|config| config.limits = limits).await
}

async fn connect(partner: &Partner, sends: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(partner.server.address()).await.unwrap();
    stream.write_all(sends).await.unwrap();
    stream
}

/// What comes until the server closes the connection. A reset is a close as well.
async fn read_to_close(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let closed = timeout(LATE, stream.read_to_end(&mut bytes)).await;
    assert!(closed.is_ok(), "still open");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// False when it was closed or anything came.
async fn is_open(stream: &mut TcpStream) -> bool {
    timeout(Duration::from_millis(1), stream.read_u8()).await.is_err()
}

fn posted(length: usize) -> String {
    format!(
        "POST /v3/ListBookings HTTP/1.1\r\nhost: a\r\nauthorization: Basic Z29vZ2xlOnMzOmNyZXQ=\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn right_requests_are_answered_beside_many_that_send_nothing() {
    let limits = Limits {
        connections: 40,
        ..Limits::default()
    };
    for sends in [NOTHING, HALF_HEAD] {
        let partner = limited(limits).await;
        let mut silent = Vec::new();
        for _ in 0..200 {
            silent.push(connect(&partner, sends).await);
        }
        partner.book(request("harbour-salon/cut", at(30), "u")).await;
        let mut open = 0;
        for stream in &mut silent {
            open += usize::from(is_open(stream).await);
        }
        // The oldest made room; who came last may still bring a request.
        assert!((1..=limits.connections).contains(&open), "{open} are open");
        assert!(is_open(silent.last_mut().unwrap()).await);
    }
}

#[tokio::test]
async fn a_request_under_way_is_not_closed_for_others() {
    let partner = limited(Limits {
        connections: 3,
        ..Limits::default()
    })
    .await;
    let mut slow = connect(&partner, posted(15).as_bytes()).await;
    // The head has to be read before the others come.
    tokio::time::sleep(SOON).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(connect(&partner, NOTHING).await);
    }
    tokio::time::sleep(SOON).await;
    slow.write_all(br#"{"user_id":"u"}"#).await.unwrap();
    let mut answer = [0; 12];
    timeout(LATE, slow.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn who_sends_no_whole_head_is_closed_in_time() {
    let partner = limited(Limits {
        head: SOON,
        ..Limits::default()
    })
    .await;
    for sends in [NOTHING, HALF_HEAD, b"PRI * HTTP/2.0\r\n"] {
        assert_eq!(read_to_close(&mut connect(&partner, sends).await).await, "");
    }
    // One byte after another is no way around it.
    let mut slow = connect(&partner, HALF_HEAD).await;
    for _ in 0..20 {
        tokio::time::sleep(SOON / 4).await;
        let _ = slow.write_all(b"x").await;
    }
    assert!(!is_open(&mut slow).await);
}

#[tokio::test]
async fn a_connection_waits_for_its_next_request_for_another_time() {
    let partner = limited(Limits {
        head: SOON,
        idle: SOON * 6,
        ..Limits::default()
    })
    .await;
    let mut kept = connect(&partner, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    tokio::time::sleep(SOON * 3).await;
    kept.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    let answers = read_to_close(&mut kept).await;
    assert_eq!(answers.matches("HTTP/1.1 401").count(), 2, "{answers}");
}

#[tokio::test]
async fn half_a_body_is_answered_in_time() {
    let partner = limited(Limits {
        body: SOON,
        ..Limits::default()
    })
    .await;
    let mut half = connect(&partner, posted(15).as_bytes()).await;
    half.write_all(br#"{"user"#).await.unwrap();
    let mut answer = [0; 12];
    timeout(LATE, half.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn what_takes_too_long_is_answered_all_the_same() {
    let partner = Partner::with(|config| {
        config.limits.answer = SOON;
        config.seams.http = Some(std::sync::Arc::new(|router| {
            router.route("/stuck", axum::routing::get(std::future::pending::<()>))
        }));
    })
    .await;
    let mut stuck = connect(&partner, b"GET /stuck HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let mut answer = [0; 12];
    timeout(LATE, stuck.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
}

#[tokio::test]
async fn answers_that_nobody_takes_do_not_hold_a_connection() {
    let partner = limited(Limits {
        answer: SOON,
        idle: SOON,
        ..Limits::default()
    })
    .await;
    let mut greedy = connect(&partner, NOTHING).await;
    let requests = "GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1000);
    // The server reads no more once nobody reads what it writes.
    let refused = async { while greedy.write_all(requests.as_bytes()).await.is_ok() {} };
    assert!(timeout(LATE, refused).await.is_ok(), "still open");
}

#[tokio::test]
async fn a_server_ends_beside_callers_who_send_nothing() {
    let partner = Partner::start().await;
    let _silent = [
        connect(&partner, NOTHING).await,
        connect(&partner, HALF_HEAD).await,
    ];
    partner.book(request("harbour-salon/cut", at(30), "u")).await;
    timeout(Duration::from_secs(10), partner.server.shutdown())
        .await
        .unwrap();
}
