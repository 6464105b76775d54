//! The notifier that talks to Google.

use super::oauth::{TokenError, TokenSource};
use super::{DeliveryError, Notifier, OutboxMessage, Outgoing, Subject};
use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use std::error::Error;
use std::io;
use std::time::Duration;

/// A mask reads better with its commas and dots.
const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b',');

pub(crate) struct GoogleNotifier {
    base_url: String,
    http: reqwest::Client,
    tokens: TokenSource,
}

impl GoogleNotifier {
    pub(crate) fn new(base_url: &str, http: reqwest::Client, tokens: TokenSource) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            http,
            tokens,
        }
    }

    async fn send(&self, content: &Outgoing, token: &str) -> Result<Response, DeliveryError> {
        let method = Method::from_bytes(content.method.as_bytes()).map_err(|_| DeliveryError::GiveUp {
            reason: "not an HTTP method".to_owned(),
        })?;
        let request = self
            .http
            .request(method, self.url(content))
            .bearer_auth(token)
            .json(&content.body);
        request.send().await.map_err(|error| again(silence(&error)))
    }

    fn url(&self, content: &Outgoing) -> String {
        let escaped = |text: &str| utf8_percent_encode(text, PARAMETER).to_string();
        let query: Vec<_> = content
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.base_url, content.path, query.join("&"))
    }

    async fn attempt(&self, content: &Outgoing) -> Result<Response, DeliveryError> {
        let token = self.tokens.token().await?;
        let response = self.send(content, &token).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        // A token can end before its time: one fresh token, one more try.
        self.tokens.reject(&token).await;
        self.send(content, &self.tokens.token().await?).await
    }
}

#[async_trait]
impl Notifier for GoogleNotifier {
    async fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        let response = self.attempt(&message.content).await?;
        let status = response.status();
        if status.is_success() {
            return applied(&message.content, response).await;
        }
        let reason = format!("status {}", status.as_u16());
        if worth_repeating(status) {
            return Err(DeliveryError::Again {
                reason,
                after: retry_after(&response),
            });
        }
        Err(DeliveryError::GiveUp { reason })
    }
}

/// The batch call is not atomic: what Google did not take is missing from its answer.
async fn applied(content: &Outgoing, response: Response) -> Result<(), DeliveryError> {
    let Subject::Slot { service_id, .. } = &content.subject else {
        return Ok(());
    };
    let answer: Value = response
        .json()
        .await
        .map_err(|_| again("the answer cannot be read"))?;
    let entries = answer
        .get("extendedServiceAvailability")
        .and_then(Value::as_array);
    let taken = entries.is_some_and(|entries| entries.iter().any(|entry| entry["serviceId"] == **service_id));
    if taken {
        Ok(())
    } else {
        Err(again("the slot is missing from the answer"))
    }
}

/// Why no answer came, for whoever reads the outbox.
fn silence(error: &reqwest::Error) -> &'static str {
    let mut source = Some(error as &(dyn Error + 'static));
    while let Some(cause) = source {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::ConnectionReset) {
            return "connection reset";
        }
        source = cause.source();
    }
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "no answer"
    }
}

fn worth_repeating(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
        || matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::CONFLICT
                | StatusCode::TOO_MANY_REQUESTS
        )
}

pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

fn again(reason: &str) -> DeliveryError {
    DeliveryError::Again {
        reason: reason.to_owned(),
        after: None,
    }
}

impl From<TokenError> for DeliveryError {
    fn from(error: TokenError) -> Self {
        let reason = error.to_string();
        let after = match error {
            TokenError::Refused { after, .. } => after,
            TokenError::Later(left) => Some(left),
            _ => None,
        };
        Self::Again { reason, after }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn with_header(value: &str) -> Response {
        let response = axum::http::Response::builder()
            .status(429)
            .header("retry-after", value);
        Response::from(response.body("").unwrap())
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        assert_eq!(retry_after(&with_header("7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&with_header("soon")), None);
    }

    #[test]
    fn only_what_may_change_is_repeated() {
        let repeated = |code| worth_repeating(StatusCode::from_u16(code).unwrap());
        assert!([401, 408, 429, 500, 502, 503, 504].into_iter().all(repeated));
        assert!(![400, 403, 404, 412, 501].into_iter().any(repeated));
    }
}
