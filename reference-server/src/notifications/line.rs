//! The line to Google: one request goes out, one answer comes back.

use async_trait::async_trait;
use reqwest::{Request, Response};
use std::error::Error;
use std::io;
use std::time::Duration;

/// For a whole call: whoever answers later, or byte by byte for longer, has not answered.
pub(super) const CALL_TIME: Duration = Duration::from_secs(15);

/// How Google is called. A body that takes too long or ends early is an error of the answer's body.
#[async_trait]
pub trait GoogleLine: Send + Sync {
    /// Sends a request; returns with the head of its answer.
    async fn call(&self, request: Request) -> Result<Response, NoAnswer>;
}

/// Why no answer came, for whoever reads the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Google's side reset the connection.
    #[error("connection reset")]
    Reset,
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// Nobody is there.
    #[error("no connection")]
    NoConnection,
    /// The connection ended otherwise.
    #[error("no answer")]
    Ended,
}

/// The line over the network.
#[derive(Debug, Clone)]
pub struct HttpLine(reqwest::Client);

impl HttpLine {
    /// A client that is never behind a proxy of the environment, and never redirects.
    pub fn new() -> Result<Self, reqwest::Error> {
        Self::within(CALL_TIME)
    }

    pub(super) fn within(call_time: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(call_time)
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait]
impl GoogleLine for HttpLine {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        self.0.execute(request).await.map_err(|error| describe(&error))
    }
}

fn describe(error: &reqwest::Error) -> NoAnswer {
    let mut source = Some(error as &(dyn Error + 'static));
    while let Some(cause) = source {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::ConnectionReset) {
            return NoAnswer::Reset;
        }
        source = cause.source();
    }
    if error.is_timeout() {
        NoAnswer::Late
    } else if error.is_connect() {
        NoAnswer::NoConnection
    } else {
        NoAnswer::Ended
    }
}
