//! Decorators of the reference partner's HTTP side: what goes wrong between Google and the handlers.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use protocol::Method;
use reference_server::{HttpDecorator, Seams};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// More than any booking message.
const LIMIT: usize = 4 * 1024 * 1024;

/// A request on its way to the server.
#[derive(Clone)]
pub(super) struct ReceivedCall {
    /// The method of the API, if the path is one of it.
    pub(super) method: Option<Method>,
    /// Verb, path and headers.
    pub(super) head: Parts,
    /// The JSON body; null when there is none.
    pub(super) body: Value,
}

/// An answer on its way back.
#[derive(Clone)]
pub(super) struct Reply {
    /// Status.
    pub(super) status: StatusCode,
    /// Headers.
    pub(super) headers: HeaderMap,
    /// The JSON body; null when there is none.
    pub(super) body: Value,
}

/// The server behind the layer; it can be asked more than once.
#[derive(Clone)]
pub(super) struct Server(Next);

impl Server {
    /// Lets the server answer.
    pub(super) async fn answer(&self, call: ReceivedCall) -> Reply {
        let body = match &call.body {
            Value::Null => Body::empty(),
            body => Body::from(body.to_string()),
        };
        let mut request = Request::from_parts(call.head, body);
        request.headers_mut().remove(header::CONTENT_LENGTH);
        let (head, body) = self.0.clone().run(request).await.into_parts();
        Reply {
            status: head.status,
            headers: head.headers,
            body: json(&to_bytes(body, LIMIT).await.unwrap_or_default()),
        }
    }
}

impl ReceivedCall {
    /// The same caller with another call.
    pub(super) fn instead(&self, method: Method, body: Value) -> Self {
        let mut head = self.head.clone();
        head.uri = Uri::try_from(method.path()).unwrap_or_default();
        head.method = axum::http::Method::from_bytes(method.verb().as_bytes()).unwrap_or_default();
        Self {
            method: Some(method),
            head,
            body,
        }
    }

    /// A string of the body.
    pub(super) fn text(&self, pointer: &str) -> Option<String> {
        text(&self.body, pointer)
    }
}

impl Reply {
    /// An answer with a status and a body of its own.
    pub(super) fn new(status: u16, body: Value) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            body,
        }
    }

    fn into_response(mut self) -> Response {
        self.headers.remove(header::CONTENT_LENGTH);
        let body = match &self.body {
            Value::Null => Body::empty(),
            body => Body::from(body.to_string()),
        };
        (self.status, self.headers, body).into_response()
    }
}

/// What a layer remembers between exchanges.
#[derive(Clone)]
pub(super) struct Memory<T>(Arc<Mutex<BTreeMap<String, T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl Memory<isize> {
    /// Counts up or down; what it was before comes back.
    pub(super) fn add(&self, name: impl Into<String>, number: isize) -> isize {
        let mut counts = self.lock();
        let count = counts.entry(name.into()).or_insert(0);
        *count += number;
        *count - number
    }
}

impl<T: Clone> Memory<T> {
    /// What was kept under a name last.
    pub(super) fn recall(&self, name: &str) -> Option<T> {
        self.lock().get(name).cloned()
    }

    /// Keeps something; what was there before comes back.
    pub(super) fn keep(&self, name: impl Into<String>, value: T) -> Option<T> {
        self.lock().insert(name.into(), value)
    }

    /// Keeps something unless there is something already; what is there then comes back.
    pub(super) fn first(&self, name: impl Into<String>, value: T) -> T {
        self.lock().entry(name.into()).or_insert(value).clone()
    }

    /// Everything that is kept.
    pub(super) fn all(&self) -> Vec<T> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A string in a message.
pub(super) fn text(message: &Value, pointer: &str) -> Option<String> {
    message.pointer(pointer)?.as_str().map(ToOwned::to_owned)
}

fn json(bytes: &Bytes) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// A reference partner behind a layer that sees every exchange; calls that are not of the API pass by.
pub(super) fn layer<F, A>(handle: F) -> Seams
where
    F: Fn(ReceivedCall, Server) -> A + Send + Sync + 'static,
    A: Future<Output = Reply> + Send + 'static,
{
    handled(Arc::new(move |call, server| handle(call, server).boxed()))
}

type Handler = Arc<dyn Fn(ReceivedCall, Server) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Not generic, like all that puts layers around a router: hundreds of rows have one layer each, and the router's types
/// would be compiled anew for each.
fn handled(handle: Handler) -> Seams {
    around(Arc::new(move |request, next| {
        let handle = Arc::clone(&handle);
        let answered = async move {
            let call = read_call(request).await;
            let server = Server(next);
            match call.method {
                Some(_) => handle(call, server).await.into_response(),
                None => server.answer(call).await.into_response(),
            }
        };
        answered.boxed()
    }))
}

type Around = Arc<dyn Fn(Request, Next) -> BoxFuture<'static, Response> + Send + Sync>;

/// As a fallback the whole router stands behind the layer, so that a call can become another call.
fn around(around: Around) -> Seams {
    let decorate = move |inner: Router| {
        let around = Arc::clone(&around);
        let layer = from_fn(move |request: Request, next: Next| around(request, next));
        Router::new().fallback_service(inner).layer(layer)
    };
    Seams {
        http: Some(Arc::new(decorate)),
        ..Seams::default()
    }
}

/// Changes the head of calls of the API before they are routed, or answers them once the credentials were seen.
pub(super) fn paths(edit: impl Fn(&mut Parts) -> Option<Reply> + Send + Sync + 'static) -> Seams {
    let edit = Arc::new(edit);
    around(Arc::new(move |request, next| {
        let edit = Arc::clone(&edit);
        let answered = async move {
            let (mut head, body) = request.into_parts();
            match edit(&mut head) {
                Some(reply) => answer_to_strangers(head, next)
                    .await
                    .unwrap_or_else(|| reply.into_response()),
                None => next.run(Request::from_parts(head, body)).await,
            }
        };
        answered.boxed()
    }))
}

/// The answer to a caller whose credentials are not the right ones.
async fn answer_to_strangers(mut head: Parts, next: Next) -> Option<Response> {
    head.method = axum::http::Method::GET;
    head.uri = Uri::from_static("/v3/HealthCheck");
    head.headers.remove(header::CONTENT_LENGTH);
    let answer = next.run(Request::from_parts(head, Body::empty())).await;
    (answer.status() == StatusCode::UNAUTHORIZED).then_some(answer)
}

/// Tells the path of every call, whatever it is.
pub(super) fn watched(tell: impl Fn(&str) + Send + Sync + 'static) -> HttpDecorator {
    tell_paths(Arc::new(tell))
}

fn tell_paths(tell: Arc<dyn Fn(&str) + Send + Sync>) -> HttpDecorator {
    Arc::new(move |inner: Router| {
        let tell = Arc::clone(&tell);
        inner.layer(from_fn(move |request: Request, next: Next| {
            tell(request.uri().path());
            next.run(request)
        }))
    })
}

async fn read_call(request: Request) -> ReceivedCall {
    let (head, body) = request.into_parts();
    let name = head.uri.path().trim_start_matches("/v3/").trim_end_matches('/');
    ReceivedCall {
        method: Method::ALL.into_iter().find(|method| method.name() == name),
        body: json(&to_bytes(body, LIMIT).await.unwrap_or_default()),
        head,
    }
}

/// Every call, those of the console included, takes longer before and after its work.
pub(super) fn slow(before: Duration, after: Duration) -> Seams {
    let decorate = move |inner: Router| {
        inner.layer(from_fn(move |request: Request, next: Next| async move {
            crate::time::sleep(before).await;
            let response = next.run(request).await;
            crate::time::sleep(after).await;
            response
        }))
    };
    Seams {
        http: Some(Arc::new(decorate)),
        ..Seams::default()
    }
}

/// Changes any answer, whatever its status.
pub(super) fn replies(edit: impl Fn(&ReceivedCall, &mut Reply) + Send + Sync + 'static) -> Seams {
    replied(Arc::new(edit))
}

type Edit = Arc<dyn Fn(&ReceivedCall, &mut Reply) + Send + Sync>;

fn replied(edit: Edit) -> Seams {
    layer(move |call, server| {
        let edit = Arc::clone(&edit);
        async move {
            let mut reply = server.answer(call.clone()).await;
            edit(&call, &mut reply);
            reply
        }
    })
}

/// Changes the 200 answers of one method; the request comes first.
pub(super) fn answers(method: Method, edit: impl Fn(&Value, &mut Value) + Send + Sync + 'static) -> Seams {
    replies(move |call, reply| {
        if call.method == Some(method) && reply.status == StatusCode::OK {
            edit(&call.body, &mut reply.body);
        }
    })
}

/// Changes the bookings in new answers of CreateBooking.
pub(super) fn created(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Seams {
    answers(Method::CreateBooking, move |_, answer| {
        if let Some(booking) = answer.get_mut("booking") {
            edit(booking);
        }
    })
}

/// Changes a part of the bookings in answers of CreateBooking, where that part is.
pub(super) fn created_part(
    pointer: &'static str,
    edit: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Seams {
    created(move |booking| {
        if let Some(part) = booking.pointer_mut(pointer) {
            edit(part);
        }
    })
}

/// Longer than requests of one moment lie apart.
const MOMENT: Duration = Duration::from_millis(60);

/// What becomes of users who are refused while others ask for the same slot.
pub(super) fn in_a_race(edit: fn(&ReceivedCall, &mut Reply)) -> Seams {
    let under_way: Memory<isize> = Memory::default();
    layer(move |call, server| {
        let under_way = under_way.clone();
        async move {
            if call.method != Some(Method::CreateBooking) {
                return server.answer(call).await;
            }
            let slot = &call.body["slot"];
            let name = format!(
                "{} {} {}",
                slot["service_id"], slot["start_sec"], slot["resources"]
            );
            let others = under_way.add(name.clone(), 1);
            crate::time::sleep(MOMENT).await;
            let mut reply = server.answer(call.clone()).await;
            under_way.add(name.clone(), -1);
            if others > 0 && reply.status == 200 && reply.body.get("booking").is_none() {
                edit(&call, &mut reply);
            }
            reply
        }
    })
}

/// Refuses whatever a user books at a time at which they hold something of the merchant already.
pub(super) fn overlaps_refused(cause: &'static str) -> Seams {
    let held: Memory<()> = Memory::default();
    layer(move |call, server| {
        let held = held.clone();
        async move {
            if call.method != Some(Method::CreateBooking) {
                return server.answer(call).await;
            }
            let slot = &call.body["slot"];
            let user = call.text("/user_information/user_id").unwrap_or_default();
            let time = format!("{user} {} {}", slot["merchant_id"], slot["start_sec"]);
            let place = format!("{time} {} {}", slot["service_id"], slot["resources"]);
            if held.recall(&time).is_some() && held.recall(&place).is_none() {
                let failure = serde_json::json!({ "cause": cause, "description": "no" });
                return Reply::new(200, serde_json::json!({ "booking_failure": failure }));
            }
            let reply = server.answer(call).await;
            if reply.body.get("booking").is_some() {
                held.keep(time, ());
                held.keep(place, ());
            }
            reply
        }
    })
}

/// Takes a field out of the message at a pointer; what stood there comes back.
pub(super) fn take(message: &mut Value, pointer: &str, name: &str) -> Option<Value> {
    message.pointer_mut(pointer)?.as_object_mut()?.shift_remove(name)
}

/// Gives a field of the message at a pointer another name.
pub(super) fn rename(message: &mut Value, pointer: &str, [from, to]: [&str; 2]) {
    if let Some(value) = take(message, pointer, from)
        && let Some(parent) = message.pointer_mut(pointer)
    {
        parent[to] = value;
    }
}

/// Sets a value that is there.
pub(super) fn set(message: &mut Value, pointer: &str, value: impl Into<Value>) {
    if let Some(place) = message.pointer_mut(pointer) {
        *place = value.into();
    }
}
