//! What the booking server and the console share of HTTP: reading bodies and comparing secrets.

use crate::error::ApiError;
use crate::limits::Limits;
use crate::messages::decode;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

const BODY_LIMIT: usize = 1024 * 1024;

/// A decoded JSON body.
pub(crate) struct Message<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Message<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let body = read(request).await?;
        // Nothing at all reads as a message with no field set.
        let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
        decode(body)
            .map(Message)
            .map_err(|error| ApiError::Invalid(error.to_string()))
    }
}

async fn read(request: Request) -> Result<Bytes, ApiError> {
    // Who hands requests to the router itself has set no limits.
    let time = request
        .extensions()
        .get::<Limits>()
        .copied()
        .unwrap_or_default()
        .body;
    let body = tokio::time::timeout(time, to_bytes(request.into_body(), BODY_LIMIT));
    body.await
        .map_err(|_| ApiError::TooSlow)?
        .map_err(|_| ApiError::TooLarge)
}

/// Compares in a time that does not depend on where the two differ.
pub(crate) fn same_secret(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// What follows the scheme in an `Authorization` header.
pub(crate) fn credentials<'a>(request: &'a Request, scheme: &str) -> Option<&'a str> {
    let header = request.headers().get("authorization")?.to_str().ok()?;
    let (name, value) = header.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then_some(value.trim())
}
