//! The record of one call: what arrived, what Google's side made of it, what it answered.

use crate::api::credential::Credential;
use crate::api::draft::Draft;
use crate::api::lint::Lint;
use crate::api::mask::UpdateMask;
use crate::api::redaction::{MASKED, redact_form, redact_header, redact_target};
use crate::api::routing::Route;
use crate::api::wire::Request;
use crate::state::booking::BookingCopy;
use bytes::Bytes;
use domain::Fault;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longer bodies are recorded up to here.
const LONGEST_BODY: usize = 64 * 1024;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status code; zero when the connection was closed without an answer.
    pub status: u16,
    /// The body, if it is JSON; tokens are masked. Where what was told is stored and the answer got lost, the lost one.
    pub body: Option<Value>,
    /// Name of the API message that the body is, when the call succeeded.
    pub message: Option<String>,
}

/// One answered call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Position among all calls, from 1.
    pub number: u64,
    /// When the request had been read.
    pub at: Timestamp,
    /// When its answer was complete; later than `at` when the call was held or a fault kept the answer back.
    pub answered_at: Timestamp,
    /// HTTP method, as sent.
    pub method: String,
    /// Path and query as sent, credentials masked.
    pub target: String,
    /// Headers as sent, credentials masked.
    pub headers: Vec<(String, String)>,
    /// The start of the body, decoded if it was compressed; assertions masked.
    pub body: Bytes,
    /// Length of the whole body in bytes.
    pub body_len: usize,
    /// The body as JSON, if it parses, accepted or not; for a token request its form, with header and claims of the assertion.
    pub json: Option<Value>,
    /// The body in canonical form (lowerCamelCase, int64 as text), if the API accepts it.
    pub decoded: Option<Value>,
    /// What the call addresses.
    pub route: Route,
    /// Who called.
    pub credential: Credential,
    /// The mask of a patch whose query could be read.
    pub update_mask: Option<UpdateMask>,
    /// `bookingFailure` of the query.
    pub booking_failure: Option<Value>,
    /// What was let pass.
    pub lints: Vec<Lint>,
    /// What went wrong on purpose, if anything did.
    pub fault: Option<Fault>,
    /// What was answered.
    pub answer: Answer,
    /// Google's copy of the booking before the call; none when the call made it known.
    pub before: Option<BookingCopy>,
    /// Google's copy of the booking after the call.
    pub booking: Option<BookingCopy>,
}

impl Call {
    /// The record of a call that has been answered.
    pub(crate) fn new(number: u64, draft: Draft, request: &Request, now: Timestamp, answer: Answer) -> Self {
        let body = if draft.hides_assertion() {
            redact_form(MASKED)
        } else {
            draft.body
        };
        Self {
            number,
            at: request.at,
            answered_at: now + delay(draft.fault.as_ref()),
            method: request.method.clone(),
            target: redact_target(&request.target),
            headers: request.headers.iter().map(redact_header).collect(),
            body_len: body.len(),
            // A slice of a long body would keep the whole of it.
            body: if body.len() > LONGEST_BODY {
                Bytes::copy_from_slice(&body[..LONGEST_BODY])
            } else {
                body
            },
            json: draft.json,
            decoded: draft.decoded,
            route: draft.route,
            credential: draft.credential,
            update_mask: draft.update_mask,
            booking_failure: draft.booking_failure,
            lints: draft.lints,
            fault: draft.fault,
            answer,
            before: None,
            booking: None,
        }
    }
}

/// How much later than it was made an answer has been sent.
fn delay(fault: Option<&Fault>) -> SignedDuration {
    let ms = fault.map_or(0, Fault::held_ms);
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}
