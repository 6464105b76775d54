//! Who may see the page and who may change something: no page of another origin, and no name that somebody else's server gives to this machine.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::IpAddr;

/// The header that carries the token of the page.
const TOKEN: &str = "x-conformance-token";

const HOST: &str = "This page is opened by an address in digits or by localhost, and by no other name.";
const ORIGIN: &str = "A page of another address asked for this, and only this page may.";
const NO_TOKEN: &str = "The token of this page is missing or old: load the page again.";

/// A text that nobody guesses.
pub(super) fn secret() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// Lets through what this page asks for, and says why not of anything else.
pub(super) async fn guard(token: String, request: Request, next: Next) -> Response {
    match refusal(request.method(), request.headers(), &token) {
        Some(why) => (StatusCode::FORBIDDEN, format!("{why}\n")).into_response(),
        None => next.run(request).await,
    }
}

fn refusal(method: &Method, headers: &HeaderMap, token: &str) -> Option<&'static str> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST.as_str()).unwrap_or_default();
    // Another name may be anybody's, who points it here to be of one origin with this page.
    if !is_this_machine(host) {
        return Some(HOST);
    }
    let is_foreign = |origin: &str| origin.strip_prefix("http://") != Some(host);
    if text(header::ORIGIN.as_str()).is_some_and(is_foreign) {
        return Some(ORIGIN);
    }
    // Where a browser names no origin it still says whose page asks; a link that leads here is nobody's harm.
    let site = text("sec-fetch-site").unwrap_or("none");
    if !matches!(site, "same-origin" | "none") && text("sec-fetch-mode") != Some("navigate") {
        return Some(ORIGIN);
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    (!reads && !text(TOKEN).is_some_and(|shown| is_same(shown, token))).then_some(NO_TOKEN)
}

/// True for an address or `localhost`, with a port or without.
fn is_this_machine(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        let inside = rest.split(']').next().unwrap_or_default();
        return inside.parse::<IpAddr>().is_ok();
    }
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost" || name.parse::<IpAddr>().is_ok()
}

/// Takes as long whatever the difference is.
fn is_same(shown: &str, token: &str) -> bool {
    let pairs = shown.bytes().zip(token.bytes());
    let differences = pairs.fold(0, |sum, (one, other)| sum | (one ^ other));
    shown.len() == token.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asks(method: &Method, headers: &[(&'static str, &'static str)]) -> Option<&'static str> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        refusal(method, &map, "0123")
    }

    #[test]
    fn the_page_is_read_by_its_address_alone() {
        for host in [
            "127.0.0.1:8789",
            "localhost:8789",
            "localhost",
            "[::1]:8789",
            "192.0.2.7:80",
        ] {
            assert_eq!(asks(&Method::GET, &[("host", host)]), None, "{host}");
        }
        for host in [
            "evil.example:8789",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "[evil]",
            "",
        ] {
            assert_eq!(asks(&Method::GET, &[("host", host)]), Some(HOST), "{host}");
        }
        assert_eq!(asks(&Method::GET, &[]), Some(HOST));
    }

    #[test]
    fn another_origin_gets_nothing_and_changes_nothing() {
        let host = ("host", "127.0.0.1:8789");
        let token = ("x-conformance-token", "0123");
        for origin in [
            "http://evil.example",
            "null",
            "https://127.0.0.1:8789",
            "http://127.0.0.1:9",
        ] {
            assert_eq!(
                asks(&Method::POST, &[host, token, ("origin", origin)]),
                Some(ORIGIN)
            );
            assert_eq!(asks(&Method::GET, &[host, ("origin", origin)]), Some(ORIGIN));
        }
        let site = |site| ("sec-fetch-site", site);
        assert_eq!(asks(&Method::GET, &[host, site("cross-site")]), Some(ORIGIN));
        assert_eq!(asks(&Method::GET, &[host, site("same-site")]), Some(ORIGIN));
        assert_eq!(asks(&Method::GET, &[host, site("same-origin")]), None);
        let link = ("sec-fetch-mode", "navigate");
        assert_eq!(asks(&Method::GET, &[host, site("cross-site"), link]), None);
        let own = ("origin", "http://127.0.0.1:8789");
        assert_eq!(asks(&Method::POST, &[host, own, token]), None);
        for wrong in ["", "012", "01234", "0124"] {
            let shown = ("x-conformance-token", wrong);
            assert_eq!(asks(&Method::DELETE, &[host, own, shown]), Some(NO_TOKEN));
        }
        assert_eq!(asks(&Method::POST, &[host, own]), Some(NO_TOKEN));
        assert_eq!((secret().len(), secret() == secret()), (32, false));
    }
}
