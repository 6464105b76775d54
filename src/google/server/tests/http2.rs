//! Clients that speak HTTP/2, over TLS and without it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::tls::{patch, trusting};
use super::*;
use crate::UnknownBookings;
use domain::{Aim, CallKind, Fault};
use futures_of_requests::all;
use reqwest::Version;

/// Many requests at the same time.
mod futures_of_requests {
    use reqwest::{RequestBuilder, Response};

    pub(super) async fn all(requests: Vec<RequestBuilder>) -> Vec<Response> {
        let tasks: Vec<_> = requests.into_iter().map(|one| tokio::spawn(one.send())).collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap().unwrap());
        }
        answers
    }
}

fn adopting(config: ServerConfig) -> ServerConfig {
    ServerConfig {
        unknown_bookings: UnknownBookings::Adopted,
        ..config
    }
}

/// A client that begins with HTTP/2 without asking.
fn knowing() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge();
    client.build().unwrap()
}

#[tokio::test]
async fn requests_lie_side_by_side_on_one_connection() {
    let running = launch(adopting(config(Oauth::Off))).await;
    let google = running.google();
    let client = knowing();
    // The connection is there before the others ask for it.
    let first = patch(&client, running.url()).send().await.unwrap();
    assert_eq!((first.status().as_u16(), first.version()), (200, Version::HTTP_2));
    let many = (0..50).map(|_| patch(&client, running.url())).collect();
    for answer in all(many).await {
        assert_eq!(
            (answer.status().as_u16(), answer.version()),
            (200, Version::HTTP_2)
        );
        let booking: Value = answer.json().await.unwrap();
        assert_eq!(booking["status"], "CANCELED");
    }
    drop(client);
    running.shutdown().await;
    let traffic = google.traffic();
    assert_eq!(
        (traffic.connections, traffic.requests, traffic.silent),
        (1, 51, 0)
    );
}

#[tokio::test]
async fn over_tls_and_through_the_proxy_it_is_agreed_on() {
    let running = launch(adopting(ServerConfig {
        tls: Some(Tls::Local),
        proxy: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        ..config(Oauth::Off)
    }))
    .await;
    let direct = trusting(running.authority().unwrap()).build().unwrap();
    let proxy = reqwest::Proxy::https(format!("http://{}", running.proxy().unwrap())).unwrap();
    let proxied = trusting(running.authority().unwrap())
        .proxy(proxy)
        .build()
        .unwrap();
    let host = "https://mapsbooking.googleapis.com";
    for (client, base_url) in [(&direct, running.url()), (&proxied, host)] {
        let answer = patch(client, base_url).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.version()),
            (200, Version::HTTP_2)
        );
    }
    // The name that was asked for is no header of HTTP/2.
    let described = proxied
        .get(format!("{host}/$discovery/rest?version=v1alpha"))
        .send();
    let described: Value = described.await.unwrap().json().await.unwrap();
    assert_eq!(described["rootUrl"], format!("{host}/"));
    let old = trusting(running.authority().unwrap())
        .http1_only()
        .build()
        .unwrap();
    let answer = patch(&old, running.url()).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (200, Version::HTTP_11)
    );
}

#[tokio::test]
async fn a_method_that_begins_like_the_preface_is_a_method_of_http_1() {
    let running = launch(config(Oauth::Off)).await;
    for method in ["P", "PR", "PROPFIND", "PATCH"] {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        let request = format!("{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        // Piece by piece, so that the first look sees one letter alone.
        for byte in request.as_bytes() {
            stream.write_all(&[*byte]).await.unwrap();
        }
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{method}: {answer}");
    }
}

#[tokio::test]
async fn a_fault_of_the_connection_ends_it_and_the_next_one_is_served() {
    let running = launch(adopting(config(Oauth::Off))).await;
    let faults = [Fault::Reset, Fault::Noise, Fault::Dropped];
    for fault in faults {
        let client = knowing();
        let aim = Aim::Kind(CallKind::Bookings);
        running
            .google()
            .change(|google| google.schedule(aim, fault.clone(), 1));
        assert!(patch(&client, running.url()).send().await.is_err(), "{fault}");
        let again = patch(&client, running.url()).send().await.unwrap();
        assert_eq!(again.status(), 200, "{fault}");
    }
}

#[tokio::test]
async fn an_idle_connection_gives_its_place_to_another() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let running = launch(adopting(ServerConfig {
        limits,
        ..config(Oauth::Off)
    }))
    .await;
    let (idle, next) = (knowing(), knowing());
    assert_eq!(patch(&idle, running.url()).send().await.unwrap().status(), 200);
    assert_eq!(patch(&next, running.url()).send().await.unwrap().status(), 200);
    assert_eq!(running.google().traffic().displaced, 1);
    let again = patch(&idle, running.url()).send().await.unwrap();
    assert_eq!(again.status(), 200, "it connects once more");
}
