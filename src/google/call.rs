//! The record of one call: what arrived, what Google's side made of it, what it answered.

use crate::api::encoding::plain_body;
use crate::api::error::ApiError;
use crate::api::lint::Lint;
use crate::api::query::Query;
use crate::api::routing::Route;
use crate::api::wire::Request;
use crate::faults::Strike;
use crate::state::booking::BookingCopy;
use bytes::Bytes;
use domain::Fault;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The field mask of a patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateMask {
    /// As sent, decoded; `None` when the parameter is missing.
    pub sent: Option<String>,
    /// The paths in lowerCamelCase; empty when there is no mask or when it was refused.
    pub paths: Vec<String>,
}

/// How a call proved who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "credential", rename_all = "snake_case")]
pub enum Credential {
    /// Nothing, or nothing that was looked at.
    None,
    /// An API key, which this API does not take.
    ApiKey,
    /// An access token of the token endpoint; the number tells tokens apart.
    AccessToken {
        /// Position among the issued tokens, from 1.
        number: u64,
    },
    /// A token signed by the service account itself.
    SelfSigned,
    /// Something that is not valid (any more).
    Invalid,
}

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
    /// Google's copy of the booking after the call.
    pub booking: Option<BookingCopy>,
}

/// What is found out about a call while it is answered.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) route: Route,
    pub(super) query: Query,
    pub(super) credential: Credential,
    /// The plain body, or what arrived if it could not be decompressed.
    pub(super) body: Bytes,
    /// Why it could not.
    pub(super) unreadable: Option<ApiError>,
    pub(super) json: Option<Value>,
    pub(super) decoded: Option<Value>,
    pub(super) update_mask: Option<UpdateMask>,
    pub(super) booking_failure: Option<Value>,
    pub(super) lints: Vec<Lint>,
    pub(super) fault: Option<Fault>,
    /// What will be done to the answer, if the call is taken.
    pub(super) strike: Option<Strike>,
    pub(super) message: Option<&'static str>,
}

const MASKED: &str = "[masked]";
const ASSERTION: &[u8] = b"assertion";
const KEPT: usize = 64 * 1024;
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "x-goog-api-key", "cookie"];
const SECRET_PARAMETERS: [&str; 3] = ["access_token", "oauth_token", "key"];

impl Draft {
    pub(super) fn new(request: &Request) -> Self {
        let (body, unreadable) = match plain_body(request) {
            Ok(body) => (body, None),
            Err(error) => (request.body.clone(), Some(error)),
        };
        Self {
            route: Route::of(&request.effective_method(), request.path()),
            query: Query::parse(request.raw_query()),
            credential: Credential::None,
            json: serde_json::from_slice(&body).ok(),
            body,
            unreadable,
            decoded: None,
            update_mask: None,
            booking_failure: None,
            lints: Vec::new(),
            fault: None,
            strike: None,
            message: None,
        }
    }

    /// The plain body, and what it is as JSON.
    pub(super) fn plain(&self) -> (&[u8], Option<&Value>) {
        (&self.body, self.json.as_ref())
    }

    // A token request that went to another path carries its assertion there.
    fn hides_assertion(&self) -> bool {
        self.route == Route::Unknown && self.body.windows(ASSERTION.len()).any(|part| part == ASSERTION)
    }

    pub(super) fn into_call(self, number: u64, request: &Request, now: Timestamp, answer: Answer) -> Call {
        let body = if self.hides_assertion() {
            masked_form(MASKED)
        } else {
            self.body
        };
        Call {
            number,
            at: request.at,
            answered_at: now + held(self.fault.as_ref()),
            method: request.method.clone(),
            target: masked_target(&request.target),
            headers: request.headers.iter().map(masked_header).collect(),
            body_len: body.len(),
            // A slice of a long body would keep the whole of it.
            body: if body.len() > KEPT {
                Bytes::copy_from_slice(&body[..KEPT])
            } else {
                body
            },
            json: self.json,
            decoded: self.decoded,
            route: self.route,
            credential: self.credential,
            update_mask: self.update_mask,
            booking_failure: self.booking_failure,
            lints: self.lints,
            fault: self.fault,
            answer,
            booking: None,
        }
    }
}

/// How much later than it was made an answer has been sent.
fn held(fault: Option<&Fault>) -> SignedDuration {
    let ms = fault.map_or(0, Fault::held_ms);
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// The answer without the tokens that it hands out.
pub(super) fn masked_tokens(mut body: Value) -> Value {
    for name in ["access_token", "id_token"] {
        if let Some(token) = body.get_mut(name) {
            *token = MASKED.into();
        }
    }
    body
}

/// A token request's body without the assertion.
pub(super) fn masked_form(grant_type: &str) -> Bytes {
    let grant: String = form_urlencoded::byte_serialize(grant_type.as_bytes()).collect();
    format!("grant_type={grant}&assertion={MASKED}").into()
}

fn masked_header((name, value): &(String, String)) -> (String, String) {
    if !SECRET_HEADERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
    {
        return (name.clone(), value.clone());
    }
    match value.split_once(' ') {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => {
            (name.clone(), format!("{scheme} {MASKED}"))
        }
        _ => (name.clone(), MASKED.to_owned()),
    }
}

fn masked_target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pairs: Vec<String> = query.split('&').map(masked_pair).collect();
    format!("{path}?{}", pairs.join("&"))
}

fn masked_pair(pair: &str) -> String {
    let secret = |name: &str| SECRET_PARAMETERS.contains(&name.strip_prefix('$').unwrap_or(name));
    match form_urlencoded::parse(pair.as_bytes()).next() {
        Some((name, _)) if secret(&name) => format!("{name}={MASKED}"),
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_masked_wherever_they_stand() {
        let header = |name: &str, value: &str| masked_header(&(name.to_owned(), value.to_owned())).1;
        assert_eq!(header("Authorization", "Bearer ya29.x"), "Bearer [masked]");
        assert_eq!(header("authorization", "ya29.x y"), "[masked]");
        assert_eq!(header("X-Goog-Api-Key", "k"), "[masked]");
        assert_eq!(header("User-Agent", "a b"), "a b");
        assert_eq!(
            masked_target("/p?updateMask=a%2Cb&access%5Ftoken=s&%24key=k&x=1"),
            "/p?updateMask=a%2Cb&access_token=[masked]&$key=[masked]&x=1"
        );
        assert_eq!(masked_target("/p"), "/p");
    }
}
