//! A proxy for Google's own hosts, and for nothing else: who asks for one of them gets Google's side.

use super::config::Limits;
use super::http;
use super::socket::Socket;
use bytes::Bytes;
use domain::hosts;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::header::{CONNECTION, CONTENT_TYPE};
use hyper::http::{HeaderValue, Method, StatusCode, Uri};
use hyper::service::service_fn;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

type Response = hyper::Response<Full<Bytes>>;

/// The inside of the tunnel that the caller asked for, if it may have one; otherwise it has been told why not.
pub(super) async fn tunnel(stream: Socket, limits: Limits) -> Option<TokioIo<Upgraded>> {
    let granted: Arc<Mutex<Option<OnUpgrade>>> = Arc::default();
    let grant = Arc::clone(&granted);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let answer = if is_ours(&request) {
            let upgrade = hyper::upgrade::on(&mut request);
            *grant.lock().unwrap_or_else(PoisonError::into_inner) = Some(upgrade);
            tunnel_response()
        } else {
            refusal(&request)
        };
        std::future::ready(Ok::<_, Infallible>(answer))
    });
    let proxied = http::builder(limits).serve_connection(TokioIo::new(stream), service);
    proxied.with_upgrades().await.ok()?;
    let upgrade = granted.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    upgrade.await.ok().map(TokioIo::new)
}

fn is_ours<B>(request: &hyper::Request<B>) -> bool {
    let to_google = |uri: &Uri| {
        let host = uri.host()?;
        hosts::all().find(|known| known.eq_ignore_ascii_case(host))
    };
    request.method() == Method::CONNECT
        && request.uri().port_u16() == Some(443)
        && to_google(request.uri()).is_some()
}

fn tunnel_response() -> Response {
    let mut response = Response::default();
    let phrase = ReasonPhrase::from_static(b"Connection established");
    response.extensions_mut().insert(phrase);
    response
}

fn refusal<B>(request: &hyper::Request<B>) -> Response {
    let asked = if request.method() == Method::CONNECT {
        "Nothing else is reached"
    } else {
        "Plain HTTP is not passed on"
    };
    let all = hosts::all().collect::<Vec<_>>().join(", ");
    let text = format!("{asked} through this proxy: it opens tunnels (CONNECT) to port 443 of {all}.\n");
    let mut response = Response::new(text.into());
    *response.status_mut() = StatusCode::FORBIDDEN;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
