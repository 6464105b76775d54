//! The connections of Google's side: who may connect, how requests are read, how answers are written.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::doors::{Doors, enter};
use super::line::Line;
use super::trickle::Trickle;
use super::{Limits, Shared};
use crate::mock::{Ending, Reply, Request, Response};

pub(super) async fn accept(doors: Doors, shared: Arc<Shared>, stop: watch::Receiver<()>) {
    let permits = Arc::new(Semaphore::new(shared.limits.connections));
    let mut connections = JoinSet::new();
    let mut stopped = stop.clone();
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, doors.accept().await)
        };
        tokio::select! {
            _ = stopped.changed() => break,
            (permit, accepted) = next => match accepted {
                Ok((stream, door)) => {
                    let serve = enter(stream, door, Arc::clone(&shared), stop.clone());
                    connections.spawn(async move { let _permit = permit; serve.await });
                }
                // Out of descriptors, or the caller has gone: neither may end the server.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
        }
        while connections.try_join_next().is_some() {}
    }
    drop(doors);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(shared.limits.grace, all).await;
}

/// How connections are read, whoever they are with.
pub(super) fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time);
    builder
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    builder
}

pub(super) async fn serve<S>(stream: S, line: Line, shared: Arc<Shared>, mut stop: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let builder = builder(shared.limits);
    let service = service_fn(move |request| respond(Arc::clone(&shared), line.clone(), request));
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks is the caller's affair: there is nobody left to answer.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

impl Shared {
    async fn settle(&self, request: &Request) -> Result<Response, HungUp> {
        let mut changed = self.changed.subscribe();
        loop {
            changed.borrow_and_update();
            match self.answer(|google, now| google.handle(request, now)) {
                Reply::Respond(response) => return Ok(response),
                Reply::Drop(ending) => return Err(HungUp(ending)),
                Reply::Hold { until } => {
                    let left = Duration::try_from(until.duration_since((self.clock)())).unwrap_or_default();
                    // Either way the request is handed in again, so it does not matter which of the two came first.
                    let _ = tokio::time::timeout(left, changed.changed()).await;
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
    line: Line,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Sent>, HungUp> {
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(
        shared.limits.body_time,
        Limited::new(body, shared.limits.body_bytes).collect(),
    );
    let response = match body.await {
        Ok(Ok(body)) => shared
            .settle(&convert(&head, body.to_bytes(), (shared.clock)()))
            .await
            .inspect_err(|HungUp(ending)| line.end_with(*ending))?,
        Ok(Err(error)) if error.is::<LengthLimitError>() => refuse(&shared, &head, 413),
        Ok(Err(_)) => refuse(&shared, &head, 400),
        Err(_) => refuse(&shared, &head, 408),
    };
    if !response.pace.wait.is_zero() {
        tokio::time::sleep(response.pace.wait).await;
    }
    Ok(build(response))
}

fn refuse(shared: &Shared, head: &hyper::http::request::Parts, status: u16) -> Response {
    shared.answer(|google, now| google.refuse(&convert(head, Bytes::new(), now), status, now))
}

fn convert(head: &hyper::http::request::Parts, body: Bytes, at: Timestamp) -> Request {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    Request {
        method: head.method.to_string(),
        target: head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body,
        at,
    }
}

/// The body of an answer: at one go, or piece by piece.
type Sent = Either<Full<Bytes>, Trickle>;

fn build(response: Response) -> hyper::Response<Sent> {
    let mut built = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        built = built.header(name, value);
    }
    let body = match response.pace.trickle {
        Duration::ZERO => Either::Left(Full::new(response.body)),
        time => Either::Right(Trickle::over(time, response.body)),
    };
    built.body(body).expect("statuses and headers are our own")
}
