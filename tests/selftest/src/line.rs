//! Lines inside of the process: HTTP as it is, on connections that are two buffers, in the time of a row.

use super::virtual_time::{VirtualClock, Wait};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body as Served;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{self, HeaderValue, header};
use engine::Line;
use google::server::Entrance;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use reference_server::GoogleLine;
use reqwest::{Body, Request, Response};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tower_service::Service as _;
use transcript::Silence;

/// How long a message is on its way.
const WAY: Duration = Duration::from_millis(1);
/// What is under way on one connection in one direction, bytes.
const BUFFER: usize = 64 * 1024;
/// As long as the partner waits for Google over the network.
const GOOGLES_TIME: Duration = Duration::from_secs(15);

/// The line to the partner.
pub(super) struct PartnerLine {
    pub(super) clock: VirtualClock,
    pub(super) router: Router,
}

#[async_trait]
impl Line for PartnerLine {
    async fn call(&self, request: Request) -> Result<Response, engine::NoAnswer> {
        let limit = request.timeout().copied().unwrap_or(Duration::MAX);
        let answered = exchange(&self.clock, || Some(serve(self)), request, limit).await;
        answered.map_err(|none| {
            let kind = match none {
                None => Silence::Timeout,
                Some(_) => Silence::Broken,
            };
            let summary = none.unwrap_or("operation timed out").to_owned();
            engine::NoAnswer {
                kind,
                detail: summary.clone(),
                summary,
            }
        })
    }
}

/// The client's end of a connection to the partner.
fn serve(line: &PartnerLine) -> DuplexStream {
    let (theirs, ours) = tokio::io::duplex(BUFFER);
    let (router, clock) = (line.router.clone(), line.clock.clone());
    tokio::spawn(async move {
        let service = service_fn(move |request: http::Request<Incoming>| {
            let (mut router, clock) = (router.clone(), clock.clone());
            async move {
                let mut response = router.call(request.map(Served::new)).await?;
                response.headers_mut().insert(header::DATE, date(&clock));
                Ok::<_, std::convert::Infallible>(response)
            }
        });
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.auto_date_header(false);
        // A connection that breaks is seen by the client.
        let _ = builder.serve_connection(TokioIo::new(ours), service).await;
    });
    theirs
}

/// By the row's clock: the one of the library is the machine's.
fn date(clock: &VirtualClock) -> HeaderValue {
    let now = Timestamp::from_second(clock.now_sec()).unwrap_or_default();
    let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// The partner's line to Google, which comes up after the partner.
#[derive(Clone)]
pub(super) struct LineToGoogle {
    pub(super) clock: VirtualClock,
    pub(super) entrance: Arc<OnceLock<Entrance>>,
}

#[async_trait]
impl GoogleLine for LineToGoogle {
    async fn call(&self, request: Request) -> Result<Response, reference_server::NoAnswer> {
        let connect = || self.entrance.get().map(Entrance::connect);
        let answered = exchange(&self.clock, connect, request, GOOGLES_TIME).await;
        answered.map_err(|none| match none {
            None => reference_server::NoAnswer::Late,
            Some(RESET) => reference_server::NoAnswer::Reset,
            Some(_) => reference_server::NoAnswer::Ended,
        })
    }
}

/// One request and the head of its answer; none in place of an error where it took too long.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    clock: &VirtualClock,
    connect: impl FnOnce() -> Option<S>,
    request: Request,
    limit: Duration,
) -> Result<Response, Option<&'static str>> {
    let limit = limit.min(Duration::from_secs(100_000));
    let request = into_http(request).ok_or(Some("the request cannot be sent"))?;
    let mut over = clock.wait(limit);
    let answered = async {
        clock.wait(WAY).await;
        let stream = TokioIo::new(connect().ok_or(Some("nobody is there"))?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
            .await
            .map_err(|error| Some(broken(&error)))?;
        // Ends with the answer's body, or when nobody wants it any more.
        tokio::spawn(connection);
        let answer = sender
            .send_request(request)
            .await
            .map_err(|error| Some(broken(&error)))?;
        clock.wait(WAY).await;
        Ok::<_, Option<&'static str>>(answer)
    };
    let answer = tokio::select! {
        biased;
        answered = answered => answered?,
        () = &mut over => return Err(None),
    };
    Ok(answer.map(|body| Body::wrap(InTime { body, over })).into())
}

const RESET: &str = "the connection was reset";

/// How a connection ended that brought no answer.
fn broken(error: &hyper::Error) -> &'static str {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    let is_reset = cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset);
    if is_reset {
        RESET
    } else {
        "the connection ended before there was an answer"
    }
}

/// A body that has to be there before a wait is over.
struct InTime {
    body: Incoming,
    over: Wait,
}

impl http_body::Body for InTime {
    type Data = hyper::body::Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let over = Pin::new(&mut self.over).poll(context);
        over.map(|()| Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The request as it stands on a connection: the path alone, with the headers that every client adds.
pub(super) fn into_http(request: Request) -> Option<http::Request<Body>> {
    let mut request = http::Request::<Body>::try_from(request).ok()?;
    let authority = request.uri().authority()?.as_str().to_owned();
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(path.unwrap_or(PathAndQuery::from_static("/")));
    let headers = request.headers_mut();
    let host = HeaderValue::try_from(authority).ok()?;
    headers.entry(header::HOST).or_insert(host);
    headers
        .entry(header::ACCEPT)
        .or_insert(HeaderValue::from_static("*/*"));
    Some(request)
}

/// The other way round.
pub(super) fn from_http(origin: &str, request: http::Request<Body>) -> Option<Request> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = format!("{origin}{path}").parse().ok()?;
    Request::try_from(http::Request::from_parts(head, body)).ok()
}
