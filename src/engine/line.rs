//! The line to the partner: one request goes out, one answer comes back. Over the network, unless a run brings its own.

use reqwest::{Request, Response};
use std::time::Duration;
use transcript::Silence;

/// How the partner is called. What a request says of its time limit holds for the whole answer: a body that is not there by
/// then, or ends early, is an error of the body.
#[async_trait::async_trait]
pub trait Line: Send + Sync {
    /// Sends a request; returns with the head of its answer.
    async fn call(&self, request: Request) -> Result<Response, NoAnswer>;
}

/// No answer came.
#[derive(Debug, Clone)]
pub struct NoAnswer {
    /// What happened instead.
    pub kind: Silence,
    /// In a few words.
    pub summary: String,
    /// With everything that is known of why.
    pub detail: String,
}

/// The line to the booking server over the network, which follows no redirect, uses no proxy and repeats nothing.
pub(super) fn to_server(patience: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        // Sooner than the whole patience ends: to have no connection is another thing than to have no answer.
        .connect_timeout((patience * 9 / 10).min(Duration::from_secs(10)))
        // Nagle's algorithm would hold small requests back, which would count as the target's time.
        .tcp_nodelay(true)
        .user_agent("Google-conformance-harness")
        .build()
}

/// The line to the partner's test interface, which is not the booking server.
pub(super) fn to_test_interface() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().no_proxy().build()
}

#[async_trait::async_trait]
impl Line for reqwest::Client {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        self.execute(request).await.map_err(NoAnswer::from)
    }
}

/// The kind of a missing answer, with the whole chain of causes: the top error hides the reason.
impl From<reqwest::Error> for NoAnswer {
    fn from(error: reqwest::Error) -> Self {
        let mut detail = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            let text = error.to_string();
            if !detail.contains(&text) {
                detail = if detail.is_empty() {
                    text
                } else {
                    format!("{detail}: {text}")
                };
            }
            cause = error.source();
        }
        let lower = detail.to_ascii_lowercase();
        let tls = ["certificate", "tls", "handshake"]
            .iter()
            .any(|word| lower.contains(word));
        // What was sent before the connection was cut may have been carried out.
        let cut = lower.contains("close_notify");
        let kind = match () {
            () if error.is_timeout() && !error.is_connect() => Silence::Timeout,
            () if cut => Silence::Broken,
            () if tls => Silence::Tls,
            () if error.is_connect() => Silence::Unreachable,
            () => Silence::Broken,
        };
        Self {
            kind,
            summary: error.to_string(),
            detail,
        }
    }
}
