//! HTTP on one connection: how requests are read, how answers are written.

use super::body;
use super::config::{Limits, within};
use super::connections::{self, ActiveRequest, InConnection};
use super::paced_body::PacedBody;
use super::shared::Shared;
use super::socket::EndingCell;
use crate::api::draft::Draft;
use crate::api::encoding::compress;
use crate::{Ending, Reply, Request, Response};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

/// How connections are read, whoever they are with.
pub(super) fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time);
    builder
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    // Who sends a notification and has nothing more to say may close its half: it counts, and is answered.
    builder.half_close(true);
    builder
}

/// Requests that one connection of HTTP/2 may have under way.
const STREAMS: u32 = 32;

/// What a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    Http1,
    Http2,
}

/// Serves a connection to its end.
pub(super) async fn serve<S>(
    stream: S,
    spoken: Spoken,
    ending: EndingCell,
    shared: Arc<Shared>,
    stop: watch::Receiver<()>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match spoken {
        Spoken::Http1 => serve_as(&builder(shared.limits), stream, ending, shared, stop).await,
        Spoken::Http2 => serve_streams(stream, ending, shared, stop).await,
    }
}

/// Serves a connection of HTTP/2. What a fault does to a connection strikes all of its requests.
async fn serve_streams<S>(stream: S, ending: EndingCell, shared: Arc<Shared>, mut stop: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut builder = http2::Builder::new(InConnection::current());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(shared.limits.head_bytes).unwrap_or(u32::MAX));
    let cell = ending.clone();
    let service = service_fn(move |request| respond(Arc::clone(&shared), cell.clone(), request));
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => connections::note_end(&ended),
        () = ending.is_set() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Serves a connection that is read so.
pub(super) async fn serve_as<S>(
    builder: &http1::Builder,
    stream: S,
    ending: EndingCell,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<()>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(move |request| respond(Arc::clone(&shared), ending.clone(), request));
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks is the caller's affair: there is nobody left to answer.
    tokio::select! {
        ended = connection.as_mut() => connections::note_end(&ended),
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

impl Shared {
    async fn settle(&self, request: &Request) -> Result<Response, HungUp> {
        loop {
            // Enlisted before the state is looked at, so that no change falls between the two.
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            // Read before the state is locked: whoever sends a lot holds up nobody else.
            let draft = Draft::new(request);
            match self.answer(|google, now| google.handle_draft(request, draft, now)) {
                Reply::Respond(response) => return Ok(compress(response, request)),
                Reply::Drop(ending) => return Err(HungUp(ending)),
                Reply::Hold { until } => {
                    let left = Duration::try_from(until.duration_since(self.clock.now())).unwrap_or_default();
                    // Either way the request is handed in again, so it does not matter which of the two came first.
                    let _ = within(&*self.clock, left, changed).await;
                }
            }
        }
    }
}

/// The connection is closed without an answer, because a fault wants it so.
#[derive(Debug, thiserror::Error)]
#[error("no answer is given")]
struct HungUp(Ending);

async fn respond(
    shared: Arc<Shared>,
    ending: EndingCell,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Sent>, HungUp> {
    let (head, body) = request.into_parts();
    let active = ActiveRequest::begin().await;
    let read = body::read(body, &shared, &active).await;
    active.complete().await;
    let response = match read {
        Ok(body) => shared
            .settle(&convert(&head, body, shared.clock.now()))
            .await
            .inspect_err(|HungUp(how)| ending.set(*how))?,
        Err(status) => refuse(&shared, &head, status),
    };
    if !response.pace.wait.is_zero() {
        shared.clock.sleep(response.pace.wait).await;
    }
    Ok(build(response, &shared))
}

fn refuse(shared: &Shared, head: &hyper::http::request::Parts, status: u16) -> Response {
    shared.answer(|google, now| google.refuse(&convert(head, Bytes::new(), now), status, now))
}

fn convert(head: &hyper::http::request::Parts, body: Bytes, at: Timestamp) -> Request {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let host = head
        .uri
        .authority()
        .filter(|_| !head.headers.contains_key("host"));
    let host = host.map(|host| ("host".to_owned(), host.to_string()));
    let sent = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value.as_bytes())));
    Request {
        method: head.method.to_string(),
        target: head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        // HTTP/2 names the host elsewhere.
        headers: host.into_iter().chain(sent).collect(),
        body,
        at,
    }
}

/// The body of an answer: at one go, or piece by piece.
type Sent = Either<Full<Bytes>, PacedBody>;

fn build(response: Response, shared: &Shared) -> hyper::Response<Sent> {
    let mut built = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        built = built.header(&**name, &**value);
    }
    let body = match response.pace.body {
        Duration::ZERO => Either::Left(Full::new(response.body)),
        time => Either::Right(PacedBody::over(time, response.body, Arc::clone(&shared.clock))),
    };
    built.body(body).expect("statuses and headers are our own")
}
