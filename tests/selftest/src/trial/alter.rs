//! A proxy between the two sides, which passes everything on as it is but for what it is told to change.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// More than any message.
const LIMIT: usize = 4 * 1024 * 1024;

/// A call on its way.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The verb.
    pub(crate) verb: String,
    /// Path and query.
    pub(crate) path: String,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// The body; null where there is none or it is no JSON.
    pub(crate) json: Value,
    /// How long the call is held before it is passed on.
    pub(crate) delay: Duration,
    /// True when the sender is told at once that all is well, whatever becomes of the call.
    pub(crate) is_taken_at_once: bool,
    /// What the right caller is answered instead.
    instead: Option<Answer>,
    /// The last part of the path as it came.
    method: String,
}

impl Call {
    /// The method as it was asked for, such as `CreateBooking`, whatever the call was changed to.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// Answers the right caller in place of the server, which does nothing; strangers get from it what they always get.
    pub(crate) fn answer_instead(&mut self, answer: Answer) {
        self.become_health_check();
        self.instead = Some(answer);
    }

    /// Asks the server for its health and for nothing else.
    pub(crate) fn become_health_check(&mut self) {
        "GET".clone_into(&mut self.verb);
        "/v3/HealthCheck".clone_into(&mut self.path);
        self.json = Value::Null;
    }

    /// A string of the body.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.json.pointer(pointer)?.as_str()
    }
}

/// An answer on its way back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// The body, where it is JSON.
    pub(crate) json: Value,
    /// What is sent in place of `json`, byte by byte.
    pub(crate) raw: Option<Vec<u8>>,
    /// How long the answer is held back.
    pub(crate) delay: Duration,
}

impl Answer {
    /// A JSON answer.
    pub(crate) fn json(status: u16, json: Value) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            status,
            headers,
            json,
            raw: None,
            delay: Duration::ZERO,
        }
    }

    /// An answer of any other type.
    pub(crate) fn text(status: u16, content_type: &'static str, text: &str) -> Self {
        let mut answer = Self::json(status, Value::Null);
        answer
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        answer.raw = Some(text.as_bytes().to_vec());
        answer
    }

    fn into_response(mut self) -> Response {
        for name in [
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
            header::CONNECTION,
        ] {
            self.headers.remove(name);
        }
        let status = StatusCode::from_u16(self.status).unwrap();
        let body = self.raw.unwrap_or_else(|| self.json.to_string().into_bytes());
        (status, self.headers, Body::from(body)).into_response()
    }
}

type OnCall = dyn Fn(&mut Call) -> Option<Answer> + Send + Sync;
type OnAnswer = dyn Fn(&Call, &mut Answer) + Send + Sync;

/// What is changed on the way.
pub(crate) struct Alter {
    /// Changes a call to the booking server, or answers it in its place.
    call: Box<OnCall>,
    /// Changes an answer of the booking server.
    answer: Box<OnAnswer>,
    /// Changes a call of the partner to Google, or answers it in Google's place.
    pub(crate) notification: Box<OnCall>,
}

impl Alter {
    /// Nothing is changed.
    pub(crate) fn nothing() -> Self {
        Self {
            call: Box::new(|_| None),
            answer: Box::new(|_, _| {}),
            notification: Box::new(|_| None),
        }
    }

    /// Changes calls to the booking server, or answers them in its place.
    pub(crate) fn calls(change: impl Fn(&mut Call) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Self {
            call: Box::new(change),
            ..Self::nothing()
        }
    }

    /// Changes answers of the booking server.
    pub(crate) fn answers(change: impl Fn(&Call, &mut Answer) + Send + Sync + 'static) -> Self {
        Self::nothing().and_answers(change)
    }

    /// Changes answers of the booking server, too.
    pub(crate) fn and_answers(self, change: impl Fn(&Call, &mut Answer) + Send + Sync + 'static) -> Self {
        Self {
            answer: Box::new(change),
            ..self
        }
    }

    /// The part that stands between Google and the booking server, and the one between the partner and Google.
    pub(super) fn halves(self) -> (Half, Half) {
        let to_partner = Half {
            call: self.call,
            answer: self.answer,
        };
        let to_google = Half {
            call: self.notification,
            answer: Box::new(|_, _| {}),
        };
        (to_partner, to_google)
    }
}

/// What is changed in one direction.
pub(super) struct Half {
    call: Box<OnCall>,
    answer: Box<OnAnswer>,
}

/// What an alteration remembers from one exchange to the next.
pub(crate) struct Memory<T>(Arc<Mutex<HashMap<String, T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Memory<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Memory<T> {
    /// What was kept last.
    pub(crate) fn recall(&self, name: &str) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).cloned()
    }

    /// Keeps something.
    pub(crate) fn keep(&self, name: impl Into<String>, value: T) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(name.into(), value);
    }
}

/// A running proxy; it ends with `stop`.
pub(crate) struct Proxy {
    url: String,
    serving: JoinHandle<()>,
}

impl Proxy {
    /// Passes everything on to `target`, the beginning of a URL.
    pub(super) async fn start(target: String, half: Half) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let between = Arc::new(Between { target, client, half });
        let router = Router::new().fallback(move |request: Request| {
            let between = Arc::clone(&between);
            async move { between.pass(request).await }
        });
        let serving = tokio::spawn(async move {
            // `serve` has no error of its own.
            let _ = axum::serve(listener, router).await;
        });
        Self { url, serving }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Passes nothing on any more.
    pub(crate) fn stop(self) {
        self.serving.abort();
    }
}

struct Between {
    target: String,
    client: reqwest::Client,
    half: Half,
}

impl Between {
    async fn pass(self: Arc<Self>, request: Request) -> Response {
        let (mut call, sent) = read(request).await;
        let before = call.json.clone();
        if let Some(answer) = (self.half.call)(&mut call) {
            tokio::time::sleep(answer.delay).await;
            return answer.into_response();
        }
        let body = match &call.json {
            same if *same == before => sent,
            Value::Null => Bytes::new(),
            other => other.to_string().into(),
        };
        if call.is_taken_at_once {
            let answer = Answer::json(200, call.json.clone());
            tokio::spawn(async move { self.answer(call, body).await });
            return answer.into_response();
        }
        self.answer(call, body).await
    }

    async fn answer(&self, call: Call, body: Bytes) -> Response {
        tokio::time::sleep(call.delay).await;
        let Ok(mut answer) = self.hand_on(&call, body).await else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        if let Some(instead) = call.instead.clone().filter(|_| answer.status == 200) {
            answer = instead;
        }
        let (before, whole) = (answer.json.clone(), answer.raw.take());
        (self.half.answer)(&call, &mut answer);
        // What nobody changed goes on byte by byte.
        if answer.raw.is_none() && answer.json == before {
            answer.raw = whole;
        }
        tokio::time::sleep(answer.delay).await;
        answer.into_response()
    }

    async fn hand_on(&self, call: &Call, body: Bytes) -> Result<Answer, reqwest::Error> {
        let verb = reqwest::Method::from_bytes(call.verb.as_bytes()).unwrap();
        let sent = self.client.request(verb, format!("{}{}", self.target, call.path));
        let answer = sent.headers(call.headers.clone()).body(body).send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let raw = answer.bytes().await?.to_vec();
        Ok(Answer {
            status,
            headers,
            json: serde_json::from_slice(&raw).unwrap_or_default(),
            raw: Some(raw),
            delay: Duration::ZERO,
        })
    }
}

async fn read(request: Request) -> (Call, Bytes) {
    let (head, body) = request.into_parts();
    let Parts {
        method,
        uri,
        mut headers,
        ..
    } = head;
    for name in [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    let sent = to_bytes(body, LIMIT).await.unwrap_or_default();
    let path = uri.path_and_query().map_or("/", |target| target.as_str());
    let call = Call {
        verb: method.to_string(),
        path: path.to_owned(),
        headers,
        json: serde_json::from_slice(&sent).unwrap_or_default(),
        delay: Duration::ZERO,
        is_taken_at_once: false,
        instead: None,
        method: last_part(uri.path()).to_owned(),
    };
    (call, sent)
}

/// The last part of a path, such as `CreateBooking`.
pub(crate) fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}
