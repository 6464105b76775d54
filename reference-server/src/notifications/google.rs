//! The notifier that talks to Google.

use super::line::GoogleLine;
use super::message::{OutboxMessage, Outgoing, Subject};
use super::notifier::{DeliveryError, Notifier};
use super::oauth::{TokenError, TokenSource};
use super::retry_after::retry_after;
use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode, Url};
use serde_json::Value;
use std::sync::Arc;

/// A mask reads better with its commas and dots.
const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b',');

/// More than any error of Google's.
const ERROR_BYTES: usize = 16 * 1024;

pub(crate) struct GoogleNotifier {
    base_url: String,
    line: Arc<dyn GoogleLine>,
    tokens: TokenSource,
}

impl GoogleNotifier {
    pub(crate) fn new(base_url: &str, line: Arc<dyn GoogleLine>, tokens: TokenSource) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            line,
            tokens,
        }
    }

    async fn send(&self, content: &Outgoing, token: &str) -> Result<Response, DeliveryError> {
        let method = Method::from_bytes(content.method.as_bytes()).map_err(|_| DeliveryError::GiveUp {
            reason: "not an HTTP method".to_owned(),
        })?;
        let url = Url::parse(&self.url(content)).map_err(|_| again("not a URL"))?;
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| again("not a token"))?;
        bearer.set_sensitive(true);
        let mut request = Request::new(method, url);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(content.body.to_string().into());
        let answered = self.line.call(request).await;
        answered.map_err(|error| again(&error.to_string()))
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
            return check_applied(&message.content, response).await;
        }
        let after = retry_after(&response);
        let reason = refusal(response).await;
        if worth_repeating(status) {
            return Err(DeliveryError::Again { reason, after });
        }
        Err(DeliveryError::GiveUp { reason })
    }
}

/// Status and words of an error, for whoever reads the outbox. The status alone decides what is done: the body may be
/// a page of some machine in between, or end in the middle.
async fn refusal(response: Response) -> String {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type");
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("nothing")
        .to_owned();
    let body = read_start(response).await;
    let message = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|body| Some(body.pointer("/error/message")?.as_str()?.to_owned()));
    match message {
        Some(message) => format!("status {status}: {message}"),
        None => format!("status {status} with {kind}"),
    }
}

/// As much of a body as an error is read of.
async fn read_start(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < ERROR_BYTES
        && let Ok(Some(piece)) = response.chunk().await
    {
        body.extend_from_slice(&piece);
    }
    body.truncate(ERROR_BYTES);
    body
}

/// The batch call is not atomic: what Google did not take is missing from its answer.
async fn check_applied(content: &Outgoing, response: Response) -> Result<(), DeliveryError> {
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

    use super::super::line::HttpLine;
    use super::*;
    use std::path::PathBuf;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    fn with_header(value: &str) -> Response {
        let response = axum::http::Response::builder()
            .status(429)
            .header("retry-after", value);
        Response::from(response.body("").unwrap())
    }

    fn refused(kind: &str, body: &'static str) -> Response {
        let response = axum::http::Response::builder()
            .status(503)
            .header("content-type", kind);
        Response::from(response.body(body).unwrap())
    }

    #[tokio::test]
    async fn the_outbox_says_in_googles_words_why_it_was_refused() {
        let json = refused("application/json", r#"{"error":{"message":"not today"}}"#);
        assert_eq!(refusal(json).await, "status 503: not today");
        let page = refused("text/html", "<html>");
        assert_eq!(refusal(page).await, "status 503 with text/html");
        let broken = refused("application/json", r#"{"error":{"mess"#);
        assert_eq!(refusal(broken).await, "status 503 with application/json");
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        assert_eq!(retry_after(&with_header("7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&with_header("soon")), None);
    }

    const SHORT: Duration = Duration::from_millis(100);

    /// What a call ends with when this comes back and then nothing, on a connection that stays open.
    async fn outcome(head: &'static [u8]) -> (String, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Who speaks before being asked is hung up on.
            stream.read_u8().await.unwrap();
            stream.write_all(head).await.unwrap();
            std::future::pending::<()>().await;
        });
        let line = Arc::new(HttpLine::within(SHORT).unwrap());
        let clock = Arc::new(crate::clock::SystemClock);
        let tokens = TokenSource::new(PathBuf::new(), line.clone(), clock);
        let notifier = GoogleNotifier::new(&base_url, line, tokens);
        let content = Outgoing {
            subject: Subject::Slot {
                merchant_id: "m".into(),
                service_id: "s".into(),
                start_sec: 0,
            },
            method: "POST".into(),
            path: "/".into(),
            query: Vec::new(),
            body: Value::Null,
        };
        let began = Instant::now();
        let ended = match notifier.send(&content, "token").await {
            Ok(response) => check_applied(&content, response).await,
            Err(error) => Err(error),
        };
        (ended.unwrap_err().to_string(), began.elapsed())
    }

    #[tokio::test]
    async fn an_answer_that_never_comes_is_given_up_and_asked_for_again() {
        let (error, took) = outcome(b"").await;
        assert!(error.ends_with("no answer in time"), "{error}");
        assert!(took >= SHORT);
    }

    #[tokio::test]
    async fn an_answer_that_never_ends_is_given_up_and_asked_for_again() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
        let (error, took) = outcome(head).await;
        assert!(error.ends_with("the answer cannot be read"), "{error}");
        assert!(took >= SHORT);
    }

    #[test]
    fn only_what_may_change_is_repeated() {
        let repeated = |code| worth_repeating(StatusCode::from_u16(code).unwrap());
        assert!([401, 408, 429, 500, 502, 503, 504].into_iter().all(repeated));
        assert!(![400, 403, 404, 412, 501].into_iter().any(repeated));
    }
}
