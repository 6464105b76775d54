#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::tls::{patch, trusting};
use super::*;
use crate::UnknownBookings;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PRODUCTION: &str = "https://mapsbooking.googleapis.com";
const CONNECT: &str =
    "CONNECT mapsbooking.googleapis.com:443 HTTP/1.1\r\nHost: mapsbooking.googleapis.com:443\r\n";

fn proxied(oauth: Oauth) -> ServerConfig {
    ServerConfig {
        proxy: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        unknown_bookings: UnknownBookings::Adopted,
        ..config(oauth)
    }
}

fn client(running: &Running) -> reqwest::Client {
    let proxy = reqwest::Proxy::https(format!("http://{}", running.proxy().unwrap())).unwrap();
    trusting(running.authority().unwrap())
        .proxy(proxy)
        .build()
        .unwrap()
}

async fn is_answered(running: &Running) {
    let answer = patch(&client(running), PRODUCTION).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// What the proxy says to this, up to the end.
async fn said(running: &Running, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(running.proxy().unwrap()).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is closed while we still send may break, after the answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_client_that_knows_google_s_hosts_only_is_heard() {
    let running = launch(proxied(Oauth::Required)).await;
    let mut calls = running.subscribe();
    let client = client(&running);
    assert!(
        running.url().starts_with("http://"),
        "the server itself stays what it was"
    );
    for (url, aud) in [
        (
            "https://oauth2.googleapis.com/token",
            "https://oauth2.googleapis.com/token",
        ),
        (
            "https://www.googleapis.com/oauth2/v4/token",
            "https://www.googleapis.com/oauth2/v4/token",
        ),
        (
            "https://oauth2.googleapis.com/token",
            running.key().account().token_uri.as_str(),
        ),
    ] {
        let token = token_of(&running, &client, url, aud).await;
        for base_url in [PRODUCTION, "https://partnerdev-mapsbooking.googleapis.com"] {
            let answer = patch(&client, base_url).bearer_auth(&token).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{url} {base_url}");
        }
    }
    let mut numbers = Vec::new();
    while let Ok(call) = calls.try_recv() {
        numbers.push((call.number, call.answer.status));
    }
    assert_eq!(numbers, (1..=9).map(|number| (number, 200)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_built_from_the_discovery_document_stays_on_the_proxy() {
    let running = launch(proxied(Oauth::Off)).await;
    let root = |base_url: String| {
        let client = client(&running);
        async move {
            let url = format!("{base_url}/$discovery/rest?version=v1alpha");
            let document: Value = client.get(url).send().await.unwrap().json().await.unwrap();
            document["rootUrl"].as_str().unwrap().to_owned()
        }
    };
    for host in [PRODUCTION, "https://partnerdev-mapsbooking.googleapis.com"] {
        assert_eq!(root(host.to_owned()).await, format!("{host}/"));
    }
    let own = format!("{}/", running.url());
    assert_eq!(root("https://oauth2.googleapis.com".to_owned()).await, own);
    assert_eq!(root(running.url().to_owned()).await, own);
}

#[tokio::test]
async fn nothing_but_google_s_hosts_is_reached() {
    let running = launch(proxied(Oauth::Off)).await;
    let connect = |authority: &str| format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    let own = running.address().to_string();
    let cases = [
        connect("www.example.com:443"),
        connect(&own),
        connect("mapsbooking.googleapis.com:80"),
        connect("mapsbooking.googleapis.com.example:443"),
        format!("GET http://{own}/ HTTP/1.1\r\nHost: {own}\r\n\r\n"),
        "POST http://mapsbooking.googleapis.com/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
            .to_owned(),
        "GET / HTTP/1.1\r\nHost: mapsbooking.googleapis.com\r\n\r\n".to_owned(),
    ];
    for sent in cases {
        let answer = said(&running, sent.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{sent}\n{answer}");
        let named = ["mapsbooking.", "partnerdev-mapsbooking.", "oauth2."];
        assert!(
            named
                .iter()
                .all(|host| answer.contains(&format!("{host}googleapis.com"))),
            "{answer}"
        );
    }
    is_answered(&running).await;
}

#[tokio::test]
async fn a_head_that_is_too_long_or_never_ends_is_cut_off() {
    let limits = Limits {
        head_bytes: 8192,
        ..Limits::default()
    };
    let running = launch(ServerConfig {
        limits,
        ..proxied(Oauth::Off)
    })
    .await;
    let long = format!("{CONNECT}X-Long: {}\r\n\r\n", "a".repeat(100_000));
    let answer = said(&running, long.as_bytes()).await;
    assert!(!answer.contains(" 200 "), "{answer}");
    is_answered(&running).await;
    let limits = Limits {
        head_time: Duration::from_millis(1),
        ..limits
    };
    let hasty = launch(ServerConfig {
        limits,
        ..proxied(Oauth::Off)
    })
    .await;
    let closed = tokio::time::timeout(Duration::from_secs(10), said(&hasty, CONNECT.as_bytes())).await;
    assert!(!closed.unwrap().contains(" 200 "));
}

// The bytes that come with the head are the first of the tunnel.
#[tokio::test]
async fn what_is_no_tls_in_the_tunnel_ends_the_tunnel_alone() {
    let running = launch(proxied(Oauth::Off)).await;
    let answer = said(
        &running,
        format!("{CONNECT}\r\nGET / HTTP/1.1\r\n\r\n").as_bytes(),
    )
    .await;
    let (head, rest) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 Connection established\r\n"),
        "{head}"
    );
    assert!(!head.to_lowercase().contains("content-length"), "{head}");
    assert!(rest.starts_with('\u{15}'), "a TLS alert: {rest:?}");
    is_answered(&running).await;
}

#[tokio::test]
async fn tunnels_and_calls_share_one_cap() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let running = launch(ServerConfig {
        limits,
        ..proxied(Oauth::Off)
    })
    .await;
    let mut first = TcpStream::connect(running.proxy().unwrap()).await.unwrap();
    first
        .write_all(format!("{CONNECT}\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = [0; 12];
    first.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    let direct = reqwest::Client::builder().no_proxy().build().unwrap();
    let second = tokio::spawn(patch(&direct, running.url()).send());
    drop(first);
    assert_eq!(second.await.unwrap().unwrap().status(), 200);
    drop(direct);
    running.shutdown().await;
}
