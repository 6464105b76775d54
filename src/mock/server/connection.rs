//! The connections of Google's side: who may connect, how requests are read, how answers are written.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::guests::{self, Visit};
use super::{Shared, body};
use crate::mock::call::Draft;
use crate::mock::{Reply, Request, Response};

pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>, stop: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut stopped = stop.clone();
    loop {
        let next = async {
            let (stream, caller) = listener.accept().await?;
            let stay = shared.guests.admit(Some(caller.ip())).await;
            Ok::<_, std::io::Error>((stream, stay))
        };
        tokio::select! {
            _ = stopped.changed() => break,
            accepted = next => match accepted {
                Ok((stream, stay)) => {
                    let serve = serve(stream, Arc::clone(&shared), stop.clone());
                    connections.spawn(stay.host(serve));
                }
                // Out of descriptors, or the caller has gone: neither may end the server.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(shared.limits.grace, all).await;
}

async fn serve(stream: TcpStream, shared: Arc<Shared>, mut stop: watch::Receiver<()>) {
    let limits = shared.limits;
    let service = service_fn(move |request| respond(Arc::clone(&shared), request));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time);
    builder
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    // Who sends a notification and has nothing more to say may close its half: it counts, and is answered.
    builder.half_close(true);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks is the caller's affair: there is nobody left to answer.
    tokio::select! {
        ended = connection.as_mut() => guests::ended(&ended),
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
            // Read before the state is locked: whoever sends a lot holds up nobody else.
            let draft = Draft::new(request);
            match self.answer(|google, now| google.handle_draft(request, draft, now)) {
                Reply::Respond(response) => return Ok(response),
                Reply::Drop => return Err(HungUp),
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
struct HungUp;

async fn respond(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
    let (head, body) = request.into_parts();
    let visit = Visit::begin().await;
    let read = body::read(body, &shared.limits, &visit).await;
    visit.is_complete().await;
    let response = match read {
        Ok(body) => shared.settle(&convert(&head, body, (shared.clock)())).await?,
        Err(status) => refuse(&shared, &head, status),
    };
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

fn build(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut built = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        built = built.header(&**name, &**value);
    }
    built
        .body(Full::new(response.body))
        .expect("statuses and headers are our own")
}
