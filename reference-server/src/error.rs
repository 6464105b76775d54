//! Errors that leave the server as HTTP status codes. Business failures are not among them.

use crate::gateway::{Challenge, GatewayError};
use crate::inventory::NoSuchSlot;
use crate::messages::{BookingAnswer, BookingFailure, Cause, ThreeDs1Parameters};
use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request has no answer in its own message. The texts go out; they name nothing internal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("{0}")]
    Invalid(String),
    #[error("credentials are missing or wrong")]
    Unauthorized { challenge: &'static str },
    #[error("{0}")]
    NotFound(&'static str),
    #[error("this method is called with another verb")]
    WrongVerb,
    #[error("{0}")]
    Refused(&'static str),
    #[error("the request took too long to arrive")]
    TooSlow,
    #[error("the request is too large")]
    TooLarge,
    #[error("this server does not offer the method")]
    NotOffered,
    #[error("temporarily unavailable, try again")]
    Unavailable,
    #[error("internal error")]
    Internal,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized { .. } => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::WrongVerb => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotOffered => StatusCode::NOT_IMPLEMENTED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.to_string() }));
        let mut response = (self.status(), body).into_response();
        if let Self::Unauthorized { challenge } = self {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable | StoreError::Sql(_) => Self::Unavailable,
            StoreError::Document(_) => Self::Internal,
        }
    }
}

impl From<NoSuchSlot> for ApiError {
    fn from(error: NoSuchSlot) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// A handler stops either with a business failure (HTTP 200) or with an error.
pub(crate) enum Stop {
    Business(BookingFailure),
    Error(ApiError),
}

impl Stop {
    pub(crate) fn because(cause: Cause, description: &'static str) -> Self {
        Self::Business(BookingFailure::new(cause, description))
    }

    /// The failure as an answer; an error stays one.
    pub(crate) fn into_answer(self) -> Result<BookingAnswer, ApiError> {
        match self {
            Self::Business(failure) => Ok(BookingAnswer::failed(failure)),
            Self::Error(error) => Err(error),
        }
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Error(error.into())
    }
}

impl From<NoSuchSlot> for Stop {
    fn from(error: NoSuchSlot) -> Self {
        Self::Error(error.into())
    }
}

impl From<GatewayError> for Stop {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Declined => Self::because(Cause::PaymentErrorCardDeclined, "the card was declined"),
            GatewayError::Challenged(challenge) => {
                Self::Business(BookingFailure::challenge((*challenge).into()))
            }
            GatewayError::TokenUsed => {
                Self::because(Cause::PaymentError, "the payment token was used before")
            }
            GatewayError::Refused => Self::because(Cause::PaymentError, "the payment was refused"),
            GatewayError::Unavailable => Self::Error(ApiError::Unavailable),
        }
    }
}

impl From<Challenge> for ThreeDs1Parameters {
    fn from(challenge: Challenge) -> Self {
        Self {
            acs_url: challenge.acs_url,
            pa_req: challenge.pa_req,
            transaction_id: challenge.transaction_id,
            md_merchant_data: challenge.merchant_data,
        }
    }
}
