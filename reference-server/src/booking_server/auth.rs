//! HTTP Basic authentication.

use crate::config::Credentials;
use crate::error::ApiError;
use crate::http::{credentials, same_secret};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

pub(super) async fn require_basic(
    State(expected): State<Arc<Credentials>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if is_authorized(&request, &expected) {
        return Ok(next.run(request).await);
    }
    Err(ApiError::Unauthorized {
        challenge: "Basic realm=\"booking server\", charset=\"UTF-8\"",
    })
}

fn is_authorized(request: &Request, expected: &Credentials) -> bool {
    let Some(given) = credentials(request, "Basic").and_then(|encoded| STANDARD.decode(encoded).ok()) else {
        return false;
    };
    let expected = format!("{}:{}", expected.user, expected.password);
    same_secret(&given, expected.as_bytes())
}
