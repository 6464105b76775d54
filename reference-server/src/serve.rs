//! Requests from sockets to the router and back.

use crate::connections::{Connections, Seat};
use crate::error::ApiError;
use crate::limits::Limits;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower_service::Service as _;

/// A head that is larger is refused. Google's take less than one of these kilobytes.
const HEAD_BYTES: usize = 64 * 1024;
/// Requests that one connection of HTTP/2 may have under way.
const STREAMS: u32 = 32;
/// Before another try where the system has refused a connection.
const PAUSE: Duration = Duration::from_millis(20);

/// Serves until it is asked to stop, and then until nothing is under way.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<()>,
) {
    let connections = Connections::new(limits);
    let mut serving = JoinSet::new();
    for number in 0.. {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections, number) => accepted,
            // A dropped sender means the same: nobody holds the server any more.
            _ = stop.changed() => break,
        };
        if let Some((stream, seat)) = accepted {
            serving.spawn(hold(stream, router.clone(), limits, seat, stop.clone()));
        }
        while serving.try_join_next().is_some() {}
    }
    drop(listener);
    while serving.join_next().await.is_some() {}
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Connections>,
    number: u64,
) -> Option<(TcpStream, Seat)> {
    match listener.accept().await {
        Ok((stream, _)) => {
            let seat = connections.admit(number).await?;
            // An answer is one write, and is not to wait for a second one.
            let _ = stream.set_nodelay(true);
            Some((stream, seat))
        }
        Err(error) => {
            if !is_of_caller(error.kind()) {
                connections.shrink().await;
                tokio::time::sleep(PAUSE).await;
            }
            None
        }
    }
}

/// A connection that broke before it was accepted says nothing about the server.
fn is_of_caller(error: ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

async fn hold(stream: TcpStream, router: Router, limits: Limits, seat: Seat, mut stop: watch::Receiver<()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_BYTES as u32);
    let seat = Arc::new(seat);
    let of_requests = Arc::clone(&seat);
    let service =
        service_fn(move |request| respond(router.clone(), limits, Arc::clone(&of_requests), request));
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks is the caller's affair: there is nobody left to answer.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = seat.is_over() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = seat.is_over() => {}
    }
}

async fn respond(
    mut router: Router,
    limits: Limits,
    seat: Arc<Seat>,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let under_way = seat.begin();
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(limits);
    let response = match tokio::time::timeout(limits.answer, router.call(request)).await {
        Ok(Ok(response)) => response,
        Err(_) => ApiError::Unavailable.into_response(),
    };
    // The body goes when HTTP has taken it, and `under_way` with it.
    let note_end = move |frame| {
        let _ = &under_way;
        frame
    };
    Ok(response.map(|body| Body::new(body.map_frame(note_end))))
}
