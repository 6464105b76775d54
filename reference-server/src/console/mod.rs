//! The partner's own side: what merchants do in their calendar, and users on the partner's site.

mod actions;
mod lookups;
mod money;
mod save;
mod slots;
mod waitlists;

use crate::app::App;
use crate::error::ApiError;
use crate::http::{credentials, same_secret};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::Arc;

pub(crate) fn router(app: App, token: String) -> Router {
    let check = middleware::from_fn_with_state(Arc::new(token), require_bearer);
    Router::new()
        .route(
            "/console/bookings/{id}",
            get(lookups::booking).fallback(wrong_verb),
        )
        .route(
            "/console/bookings/{id}/ledger",
            get(lookups::ledger).fallback(wrong_verb),
        )
        .route(
            "/console/bookings/{id}/{action}",
            post(actions::act).fallback(wrong_verb),
        )
        .route("/console/slots/close", post(slots::close).fallback(wrong_verb))
        .route(
            "/console/waitlist-entries/{id}/{action}",
            post(waitlists::act).fallback(wrong_verb),
        )
        .route(
            "/console/waitlists/close_waitlist",
            post(waitlists::close).fallback(wrong_verb),
        )
        .route(
            "/console/waitlists/open_waitlist",
            post(waitlists::open).fallback(wrong_verb),
        )
        .route(
            "/console/users/{id}/marketing",
            get(lookups::marketing).fallback(wrong_verb),
        )
        .route(
            "/console/undeliverable",
            get(lookups::undeliverable).fallback(wrong_verb),
        )
        .route_layer(check)
        .with_state(app)
}

async fn require_bearer(
    State(token): State<Arc<String>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    match credentials(&request, "Bearer") {
        Some(given) if same_secret(given.as_bytes(), token.as_bytes()) => Ok(next.run(request).await),
        _ => Err(ApiError::Unauthorized {
            challenge: "Bearer realm=\"console\"",
        }),
    }
}

async fn wrong_verb() -> ApiError {
    ApiError::WrongVerb
}
