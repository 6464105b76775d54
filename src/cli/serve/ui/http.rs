//! The page on a socket.

use super::hub::{Subscription, Told};
use super::{Shared, access};
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use futures_util::Stream;
use futures_util::stream::unfold;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use report::watch;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// So many connections are served; others wait.
const CONNECTIONS: usize = 64;
/// A request's head has to be there within this time.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// A list of faults is not longer.
const LONGEST_LIST: usize = 64 * 1024;
/// A stream that says nothing says so as often.
const ALIVE: Duration = Duration::from_secs(15);
/// A pause after a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes connections until the task is aborted.
pub(super) async fn serve(listener: TcpListener, base: String, shared: Arc<Shared>) {
    let service = TowerToHyperService::new(router(&base, shared));
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        let connection = builder.serve_connection(TokioIo::new(stream), service.clone());
        connections.spawn(async move {
            // Who goes away has seen enough.
            let _ = connection.await;
            drop(permit);
        });
    }
}

fn router(base: &str, shared: Arc<Shared>) -> Router {
    let token = shared.about.token.clone();
    let guard = move |request: Request, next: Next| access::guard(token.clone(), request, next);
    Router::new()
        .route(&format!("{base}/"), get(page))
        .route(&format!("{base}/events"), get(events))
        .route(&format!("{base}/faults"), post(arm))
        .route(&format!("{base}/faults/{{number}}"), delete(disarm))
        .with_state(shared)
        .layer(middleware::from_fn(guard))
        .layer(middleware::from_fn(with_headers))
}

/// What holds for everything that is answered.
async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let shown = shared.hub.shown();
    let about = watch::WatchedServer {
        last_event: shown.last,
        ..shared.about.clone()
    };
    let page = watch::page(&about, &shown.calls, &shown.bookings, &shown.faults);
    (
        [(header::CONTENT_SECURITY_POLICY, watch::header_policy())],
        Html(page),
    )
        .into_response()
}

/// Where a reader begins.
#[derive(serde::Deserialize)]
struct Begin {
    #[serde(default)]
    after: u64,
}

/// A browser that was cut off says by itself what it has seen last.
async fn events(
    State(shared): State<Arc<Shared>>,
    Query(begin): Query<Begin>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let subscription = shared.hub.subscribe(last.unwrap_or(begin.after));
    let stream = unfold(Some(subscription), |left| async { next_event(left?).await });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}

/// The next event and what follows it. A reader that is too slow is cut off, comes back, and goes on where it was.
async fn next_event(mut left: Subscription) -> Option<(Result<Event, Infallible>, Option<Subscription>)> {
    if !left.is_continued {
        return Some((Ok(Event::default().event("reload").data("{}")), None));
    }
    let told = match left.waiting.pop_front() {
        Some(told) => told,
        None => left.later.recv().await.ok()?,
    };
    Some((Ok(event(&told)), Some(left)))
}

fn event(told: &Told) -> Event {
    let (name, data) = told.news.event();
    Event::default()
        .id(told.number.to_string())
        .event(name)
        .data(data.to_string())
}

async fn arm(
    State(shared): State<Arc<Shared>>,
    list: Result<String, axum::extract::rejection::StringRejection>,
) -> Response {
    let armed = match list {
        Ok(list) if list.len() > LONGEST_LIST => Err("This list of faults is too long.".to_owned()),
        Ok(list) => shared.arm(&list),
        Err(rejection) => Err(rejection.body_text()),
    };
    match armed {
        Ok(words) => (StatusCode::OK, words).into_response(),
        Err(words) => (StatusCode::BAD_REQUEST, words).into_response(),
    }
}

async fn disarm(State(shared): State<Arc<Shared>>, Path(number): Path<u64>) -> Response {
    match shared.disarm(number) {
        Some(words) => (StatusCode::OK, words).into_response(),
        None => (StatusCode::NOT_FOUND, "It is not armed any more.").into_response(),
    }
}
