//! A relay between the reference partner and Google's side: what a notifier has no hand in, such as headers.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// More than any notification.
const LIMIT: usize = 4 * 1024 * 1024;

/// A running relay; it ends with `stop`.
pub(super) struct HeaderProxy {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl HeaderProxy {
    /// Hands every call on to `google`, with another head.
    pub(super) async fn start(google: SocketAddr, edit: fn(&mut Parts)) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        // Google's side is never behind a proxy of the environment.
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.map_err(std::io::Error::other)?;
        let router = Router::new().fallback(move |request: Request| {
            let client = client.clone();
            async move {
                let handed_on = hand_on(&client, google, edit, request).await;
                handed_on.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
            }
        });
        let serving = tokio::spawn(async move {
            // `serve` has no error of its own.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, serving })
    }

    /// The URL at which the partner reaches the relay.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Hands nothing on any more.
    pub(super) fn stop(self) {
        self.serving.abort();
    }
}

async fn hand_on(
    client: &reqwest::Client,
    google: SocketAddr,
    edit: fn(&mut Parts),
    request: Request,
) -> Result<Response, reqwest::Error> {
    let (mut head, body) = request.into_parts();
    head.headers.remove(header::HOST);
    edit(&mut head);
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let body = to_bytes(body, LIMIT).await.unwrap_or_default();
    let sent = client
        .request(head.method, format!("http://{google}{target}"))
        .headers(head.headers)
        .body(body);
    let answer = sent.send().await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    Ok((status, headers, Body::from(answer.bytes().await?)).into_response())
}
