//! HTTP to the target: a request is sent as it is, its answer is recorded within limits of size and time.

use super::clock::Clock;
use super::line::{self, Line, LineError, NoAnswer};
use super::weight::Weight;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::Method;
use protocol::limits::{Limits, count};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use transcript::{Credentials, HttpReply, Masker, Reply, Silence};

/// Bodies larger than this are not read on: no booking message comes near it.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What the JSON of an answer may hold: ten times what a list of a thousand bookings does.
const JSON_LIMITS: Limits = Limits {
    values: 100_000,
    text: 16 * 1024,
    depth: 100,
};

/// All that answers may weigh together which weigh more than usual.
const HEAVY_ANSWERS: usize = 32 * 1024 * 1024;

/// The whole answer has to be there this much after the time limit, whatever the line says of it.
const GRACE: Duration = Duration::from_millis(500);

/// Where and how the target is reached.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Base URL without a trailing slash.
    pub base_url: String,
    /// User and password of HTTP Basic authentication.
    pub basic: Option<(String, String)>,
    /// The longest wait for a whole answer.
    pub timeout: Duration,
}

/// A request as it will be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method that is meant, whatever verb and path say.
    pub method: Method,
    /// HTTP verb.
    pub verb: String,
    /// Path below the base URL.
    pub path: String,
    /// Headers besides authorization and content type.
    pub headers: Vec<(String, String)>,
    /// Credentials.
    pub credentials: Credentials,
    /// Body text.
    pub body: Option<String>,
}

/// What came back, with its times.
#[derive(Debug)]
pub struct Incoming {
    /// From the first byte sent to the last received, microseconds.
    pub took_us: u64,
    /// The reply.
    pub reply: Reply,
}

/// A client for one target.
pub struct Transport {
    line: Arc<dyn Line>,
    endpoint: Endpoint,
    masker: Masker,
    clock: Arc<dyn Clock>,
    weight: Weight,
}

impl Transport {
    /// Calls over the given line, or over the network.
    pub fn new(
        endpoint: Endpoint,
        masker: Masker,
        clock: Arc<dyn Clock>,
        line: Option<Arc<dyn Line>>,
    ) -> Result<Self, LineError> {
        let line = match line {
            Some(line) => line,
            None => Arc::new(line::to_server(endpoint.timeout)?),
        };
        Ok(Self {
            line,
            endpoint,
            masker,
            clock,
            weight: Weight::of(HEAVY_ANSWERS),
        })
    }

    /// The headers that a request will carry, secrets masked, for the record.
    pub fn recorded_headers(&self, outgoing: &Outgoing) -> Vec<(String, String)> {
        let all = self.headers(outgoing).into_iter();
        all.map(|(name, value)| {
            let shown = if name == "authorization" {
                mask_authorization(&value)
            } else {
                self.masker.mask(&value)
            };
            (name, shown)
        })
        .collect()
    }

    /// The message of a request for the record, secrets masked: a payment token may be one.
    pub fn recorded_message(&self, message: &Value) -> Value {
        self.masker.mask_json(message)
    }

    /// Sends and receives.
    pub async fn send(&self, outgoing: &Outgoing) -> Incoming {
        let began = self.clock.elapsed_us();
        let limit = self.endpoint.timeout;
        let late = || format!("no whole answer within {} s", limit.as_secs_f64());
        let reply = tokio::select! {
            biased;
            reply = self.exchange(outgoing) => reply,
            () = self.clock.sleep(limit + GRACE) => Err((Silence::Timeout, late())),
        };
        let reply = match reply {
            Ok(reply) => Reply::Http(reply),
            Err((kind, detail)) => Reply::Nothing {
                kind,
                detail: self.masker.mask(&detail),
            },
        };
        Incoming {
            took_us: self.clock.elapsed_us() - began,
            reply,
        }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<HttpReply, (Silence, String)> {
        let url = format!("{}{}", self.endpoint.base_url, outgoing.path);
        let verb = reqwest::Method::from_bytes(outgoing.verb.as_bytes())
            .map_err(|error| (Silence::Broken, error.to_string()))?;
        let url = reqwest::Url::parse(&url).map_err(|error| (Silence::Broken, error.to_string()))?;
        let mut request = reqwest::Request::new(verb, url);
        *request.headers_mut() = header_map(&self.headers(outgoing));
        *request.body_mut() = outgoing.body.clone().map(Into::into);
        *request.timeout_mut() = Some(self.endpoint.timeout);
        let silence = |none: NoAnswer| (none.kind, none.detail);
        let mut response = self.line.call(request).await.map_err(silence)?;
        let status = response.status().as_u16();
        let headers = received_headers(response.headers());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| silence(error.into()))? {
            if bytes.len() + chunk.len() > BODY_LIMIT {
                return Err((
                    Silence::TooLarge,
                    format!("the body is larger than {BODY_LIMIT} bytes"),
                ));
            }
            bytes.extend_from_slice(&chunk);
        }
        let (headers, body) = self.recorded_answer(&headers, &String::from_utf8_lossy(&bytes));
        self.hold(&headers, &body)?;
        Ok(HttpReply::new(outgoing.method, status, headers, body))
    }

    /// Refuses what would fill the memory, before a tree is made of it.
    fn hold(&self, headers: &[(String, String)], body: &str) -> Result<(), (Silence, String)> {
        let too_large = |why: String| (Silence::TooLarge, why);
        let values = count(body, &JSON_LIMITS);
        let values = values.map_err(|excess| too_large(format!("the body cannot be kept: {excess}")))?;
        let head: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if self.weight.add(head + body.len(), values.unwrap_or(0)) {
            return Ok(());
        }
        let all = HEAVY_ANSWERS / 1024 / 1024;
        Err(too_large(format!(
            "the answers of this run would weigh more than {all} MiB"
        )))
    }

    fn headers(&self, outgoing: &Outgoing) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        if outgoing.body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        headers.extend(
            self.authorization(outgoing.credentials)
                .map(|value| ("authorization".to_owned(), value)),
        );
        for (name, value) in &outgoing.headers {
            let name = name.to_ascii_lowercase();
            headers.retain(|(known, _)| *known != name);
            headers.push((name, value.clone()));
        }
        headers
    }

    fn authorization(&self, credentials: Credentials) -> Option<String> {
        let (user, password) = self.endpoint.basic.as_ref()?;
        let basic =
            |user: &str, password: &str| format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        match credentials {
            Credentials::Valid => Some(basic(user, password)),
            Credentials::Wrong => Some(basic(user, "not-the-password")),
            Credentials::WrongUser => Some(basic("not-the-user", password)),
            Credentials::Malformed => Some("Basic %%%".to_owned()),
            Credentials::None => None,
        }
    }

    /// Headers and body for the record, secrets masked.
    fn recorded_answer(&self, headers: &[(String, String)], body: &str) -> (Vec<(String, String)>, String) {
        let texts = headers
            .iter()
            .flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        let texts: Vec<&str> = std::iter::once(body).chain(texts).collect();
        let mut shown = self.masker.mask_all(&texts).into_iter();
        let mut next = || shown.next().unwrap_or_default();
        let body = next();
        let headers = headers.iter().map(|_| (next(), next()));
        (headers.collect(), body)
    }
}

/// Characters. What is longer is cut: no header that means something is.
const LONGEST_HEADER: usize = 512;

fn received_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        match text.char_indices().nth(LONGEST_HEADER) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.into_owned(),
        }
    };
    let all = headers.iter().take(200);
    all.map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let pairs = headers.iter().filter_map(|(name, value)| {
        Some((
            HeaderName::from_bytes(name.as_bytes()).ok()?,
            HeaderValue::from_str(value).ok()?,
        ))
    });
    pairs.collect()
}

fn mask_authorization(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    format!("{scheme} [masked]")
}
