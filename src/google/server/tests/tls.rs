#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::UnknownBookings;
use crate::auth::keys::pem;
use crate::server::authority::{Authority, Leaf};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn local() -> ServerConfig {
    ServerConfig {
        tls: Some(Tls::Local),
        ..config(Oauth::Off)
    }
}

/// A client that trusts this authority and no other.
pub(super) fn trusting(ca: &str) -> reqwest::ClientBuilder {
    let ca = reqwest::Certificate::from_pem(ca.as_bytes()).unwrap();
    reqwest::Client::builder().no_proxy().tls_certs_only([ca])
}

pub(super) fn patch(client: &reqwest::Client, base_url: &str) -> reqwest::RequestBuilder {
    let url = format!("{base_url}/v1alpha/notification/partners/20/bookings/b?updateMask=status");
    client
        .patch(url)
        .header("content-type", "application/json")
        .body(BODY)
}

async fn is_answered(running: &Running) {
    let client = trusting(running.authority().unwrap()).build().unwrap();
    let answer = patch(&client, running.url()).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn a_partner_that_trusts_the_authority_is_heard() {
    let running = launch(ServerConfig {
        tls: Some(Tls::Local),
        unknown_bookings: UnknownBookings::Adopted,
        ..config(Oauth::Required)
    })
    .await;
    assert_eq!(running.url(), format!("https://{}", running.address()));
    let token_url = format!("{}/token", running.url());
    assert_eq!(running.key().account().token_uri, token_url);
    let client = trusting(running.authority().unwrap()).build().unwrap();
    let token = token_of(&running, &client, &token_url, &token_url).await;
    let by_name = running.url().replace("127.0.0.1", "localhost");
    for base_url in [running.url(), &by_name] {
        let answer = patch(&client, base_url).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    }
    let stranger = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(patch(&stranger, running.url()).send().await.is_err());
    let again = patch(&client, running.url()).bearer_auth(&token).send().await;
    assert_eq!(again.unwrap().status(), 200);
}

#[tokio::test]
async fn the_authority_signs_for_the_host_that_the_partner_calls() {
    let running = launch(ServerConfig {
        public_url: Some("https://google.partner.example/side".to_owned()),
        ..local()
    })
    .await;
    let client = trusting(running.authority().unwrap())
        .resolve("google.partner.example", running.address())
        .build()
        .unwrap();
    let port = running.address().port();
    let base_url = format!("https://google.partner.example:{port}");
    let answer = patch(&client, &base_url).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}

fn signed() -> (Authority, Leaf) {
    let names = ["127.0.0.1".to_owned()];
    let authority = Authority::generate(&names, Timestamp::now()).unwrap();
    let leaf = authority.sign(&names, Timestamp::now()).unwrap();
    (authority, leaf)
}

fn kept(folder: &Path, leaf: &Leaf) -> (PathBuf, PathBuf) {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&cert, pem("CERTIFICATE", &leaf.chain[0])).unwrap();
    std::fs::write(&key, pem("PRIVATE KEY", leaf.key.secret_der())).unwrap();
    (cert, key)
}

#[tokio::test]
async fn a_partner_that_trusts_the_given_certificate_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, leaf) = signed();
    let (cert, key) = kept(folder.path(), &leaf);
    for proxy in [None, Some(SocketAddr::from(([127, 0, 0, 1], 0)))] {
        let (cert, key) = (cert.clone(), key.clone());
        let running = launch(ServerConfig {
            tls: Some(Tls::Files { cert, key }),
            proxy,
            ..config(Oauth::Off)
        })
        .await;
        assert_eq!(
            running.authority().is_some(),
            proxy.is_some(),
            "behind the proxy only"
        );
        let client = trusting(&authority.pem()).build().unwrap();
        let answer = patch(&client, running.url()).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
}

#[tokio::test]
async fn wrong_files_are_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = kept(folder.path(), &signed().1);
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let (other_cert, _) = kept(&other, &signed().1);
    let missing = folder.path().join("missing.pem");
    let words = folder.path().join("words.pem");
    std::fs::write(&words, "secret").unwrap();
    let cases = [
        (&missing, &key, "read ", "missing.pem: "),
        (&cert, &missing, "read ", "missing.pem: "),
        (&words, &key, "words.pem", " holds no certificate in PEM form"),
        (&key, &key, "key.pem", " holds no certificate in PEM form"),
        (&cert, &words, "words.pem", " holds no private key in PEM form"),
        (&cert, &cert, "cert.pem", " holds no private key in PEM form"),
        (
            &other_cert,
            &key,
            "key.pem",
            " cannot be used together: the key is that of another certificate",
        ),
    ];
    for (cert, key, file, wrong) in cases {
        let tls = Some(Tls::Files {
            cert: cert.clone(),
            key: key.clone(),
        });
        let config = ServerConfig {
            tls,
            ..config(Oauth::Off)
        };
        let error = GoogleServer::bind(config).await.err().unwrap();
        assert!(matches!(error, StartError::Tls(_)), "{error}");
        let text = error.to_string();
        assert!(
            text.contains(file) && text.contains(wrong) && !text.contains("secret"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_certificate_whose_time_is_over_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = kept(folder.path(), &signed().1);
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(24 * 1000);
    let config = ServerConfig {
        tls: Some(Tls::Files { cert, key }),
        clock: Arc::new(move || later),
        ..config(Oauth::Off)
    };
    let text = GoogleServer::bind(config).await.err().unwrap().to_string();
    assert!(
        text.contains("cert.pem is valid from ") && text.ends_with(", and not now"),
        "{text}"
    );
}

#[tokio::test]
async fn who_speaks_plain_http_is_told_and_the_others_are_served() {
    let running = launch(local()).await;
    let mut plain = TcpStream::connect(running.address()).await.unwrap();
    plain
        .write_all(b"POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        .await
        .unwrap();
    plain.shutdown().await.unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 400 ") && answer.ends_with("Write https:// in the URL.\n"),
        "{answer}"
    );
    is_answered(&running).await;
}

#[tokio::test]
async fn a_broken_handshake_ends_nothing_but_itself() {
    let running = launch(local()).await;
    for bytes in [&[22, 3, 1, 0, 5, 9, 9, 9, 9, 9][..], &[0; 100], &[22]] {
        let mut broken = TcpStream::connect(running.address()).await.unwrap();
        broken.write_all(bytes).await.unwrap();
        broken.shutdown().await.unwrap();
        let mut rest = Vec::new();
        // What comes back is an alert, or nothing at all.
        let _ = broken.read_to_end(&mut rest).await;
    }
    is_answered(&running).await;
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut_off() {
    for sent in [&[][..], &[22, 3, 1]] {
        let limits = Limits {
            head_time: Duration::from_millis(1),
            ..Limits::default()
        };
        let running = launch(ServerConfig { limits, ..local() }).await;
        let mut silent = TcpStream::connect(running.address()).await.unwrap();
        silent.write_all(sent).await.unwrap();
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), silent.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "the connection was left open");
    }
}

#[tokio::test]
async fn a_handshake_counts_as_a_connection() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let running = launch(ServerConfig { limits, ..local() }).await;
    let first = TcpStream::connect(running.address()).await.unwrap();
    let client = trusting(running.authority().unwrap()).build().unwrap();
    let second = tokio::spawn(patch(&client, running.url()).send());
    drop(first);
    assert_eq!(second.await.unwrap().unwrap().status(), 404);
}

#[tokio::test]
async fn a_handshake_under_way_does_not_hold_up_the_end() {
    let limits = Limits {
        head_time: Duration::from_secs(3600),
        grace: Duration::from_secs(3600),
        ..Limits::default()
    };
    let running = launch(ServerConfig { limits, ..local() }).await;
    let half = TcpStream::connect(running.address()).await.unwrap();
    is_answered(&running).await;
    running.shutdown().await;
    drop(half);
}
