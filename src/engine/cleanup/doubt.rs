//! CreateBookings of which it is not known what they made.

use super::legible::{self, Start};
use crate::request::BuiltRequest;
use protocol::spelling::to_proto_names;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::{MayStand, Reply, Silence, StandingKind};

/// A booking by its CreateBooking.
pub(super) fn standing(request: &Value, scenario: &str, booking_id: Option<&str>, why: &str) -> MayStand {
    let request = in_proto_names(request);
    let text = |pointer: &str| {
        let value = request.pointer(pointer);
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    MayStand {
        idempotency_token: text("/idempotency_token"),
        merchant_id: text("/slot/merchant_id"),
        service_id: text("/slot/service_id"),
        start_sec: start_sec(&request).unwrap_or_default(),
        user_id: text("/user_information/user_id"),
        booking_id: booking_id.map(ToOwned::to_owned),
        kind: StandingKind::Booking,
        scenario: scenario.to_owned(),
        why: why.to_owned(),
    }
}

/// A request in proto names: scenarios spell some in JSON names.
fn in_proto_names(request: &Value) -> Value {
    match Method::CreateBooking.request_message() {
        Some(message) => to_proto_names(&message, request).0,
        None => request.clone(),
    }
}

/// The start that a request asks for.
fn start(request: &Value) -> Option<Start> {
    request.pointer("/slot/start_sec").map(Start::of)
}

fn start_sec(request: &Value) -> Option<i64> {
    start(request)?.seconds()
}

/// A CreateBooking whose answer neither names its booking nor proves that there is none.
#[derive(Debug, Clone)]
pub(crate) struct Doubt {
    /// The request as it was sent.
    pub(super) built: BuiltRequest,
    /// Its message, in proto names.
    pub(super) request: Value,
    /// True when the scenario breaks the wire model on purpose.
    pub(super) breaks_model: bool,
    /// The id that a person can read in the answer.
    pub(super) legible: Option<String>,
    /// Why a booking may stand.
    pub(super) why: String,
}

impl Doubt {
    /// The doubt that an answer leaves, if it leaves any.
    pub(crate) fn left_by(built: &BuiltRequest, breaks_model: bool, reply: &Reply) -> Option<Self> {
        let Made::Unclear { legible, why } = Made::by(reply) else {
            return None;
        };
        let raw = || serde_json::from_str(built.outgoing.body.as_deref()?).ok();
        let request = in_proto_names(&built.message.clone().or_else(raw)?);
        // Without a slot there is nothing to book.
        request.get("slot").filter(|slot| slot.is_object())?;
        Some(Self {
            built: built.clone(),
            request,
            breaks_model,
            legible,
            why,
        })
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.request.get("idempotency_token")?.as_str()
    }

    pub(super) fn user_id(&self) -> Option<&str> {
        self.request.pointer("/user_information/user_id")?.as_str()
    }

    /// The start and the user that were asked for.
    pub(super) fn asked(&self) -> (Option<Start>, Option<String>) {
        (start(&self.request), self.user_id().map(ToOwned::to_owned))
    }

    /// When the slot that was asked for ends, epoch seconds.
    pub(super) fn end_sec(&self) -> Option<i64> {
        let length = self.request.pointer("/slot/duration_sec").and_then(int64::read);
        Some(start_sec(&self.request)?.saturating_add(length.unwrap_or(0)))
    }

    /// As [`is_met_by`], of its request.
    pub(super) fn is_met_by(&self, booking: &legible::NamedBooking) -> bool {
        is_met_by(&self.request, booking)
    }
}

/// True when a booking is of the slot and the user that a request asked for. A partner may list the bookings of others, too.
pub(super) fn is_met_by(request: &Value, booking: &legible::NamedBooking) -> bool {
    let asked = |pointer: &str| request.pointer(pointer).and_then(Value::as_str);
    let agrees = |named: &Option<String>, pointer: &str| {
        named.as_deref().is_none_or(|named| Some(named) == asked(pointer))
    };
    let start = start(request);
    start.is_some()
        && booking.start == start
        && agrees(&booking.merchant_id, "/slot/merchant_id")
        && agrees(&booking.service_id, "/slot/service_id")
        && agrees(&booking.user_id, "/user_information/user_id")
}

/// What the answer to a CreateBooking says of the booking.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// It names it, as Google reads it.
    Booked(String),
    /// It proves that nothing was booked.
    Nothing,
    /// It does neither.
    Unclear {
        /// The id that a person can read in it.
        legible: Option<String>,
        /// Why a booking may stand.
        why: String,
    },
}

impl Made {
    pub(super) fn by(reply: &Reply) -> Self {
        let unclear = |why: &str| Self::Unclear {
            legible: None,
            why: why.to_owned(),
        };
        let reply = match reply {
            Reply::Http(reply) => reply,
            Reply::Nothing { kind, .. } => {
                return match kind {
                    Silence::Unreachable | Silence::Tls | Silence::Exhausted => Self::Nothing,
                    Silence::Timeout => unclear("CreateBooking was not answered in time"),
                    Silence::Broken => unclear("the connection broke before CreateBooking was answered"),
                    Silence::TooLarge => unclear("the answer to CreateBooking was too large to be read"),
                };
            }
        };
        let id = reply
            .message()
            .and_then(|message| message.pointer("/booking/booking_id"));
        if let Some(id) = id.and_then(Value::as_str).filter(|id| !id.is_empty()) {
            return Self::Booked(id.to_owned());
        }
        let status = reply.status;
        if let Some(id) = legible::booking_id_in(&reply.body) {
            return Self::Unclear {
                why: format!(
                    "Google cannot read the booking_id in the answer to CreateBooking (HTTP {status})"
                ),
                legible: Some(id),
            };
        }
        if is_refused(status) || legible::has_failure(&reply.body) {
            return Self::Nothing;
        }
        unclear(&if reply.is_success() {
            format!(
                "the answer to CreateBooking (HTTP {status}) has neither a booking_id nor a booking_failure"
            )
        } else {
            format!("CreateBooking was answered with HTTP {status}")
        })
    }
}

/// True when the status says that nothing came of a request. A proxy answers 408 whatever has become of it; who answers 501
/// has no such method.
pub(super) fn is_refused(status: u16) -> bool {
    (400..500).contains(&status) && status != 408 || status == 501
}

#[cfg(test)]
mod tests {
    use super::*;
    use transcript::HttpReply;

    fn by(status: u16, body: &str) -> Made {
        let reply = HttpReply::new(Method::CreateBooking, status, Vec::new(), body.to_owned());
        Made::by(&Reply::Http(reply))
    }

    fn silent(kind: Silence) -> Made {
        Made::by(&Reply::Nothing {
            kind,
            detail: String::new(),
        })
    }

    fn legible(made: &Made) -> Option<&str> {
        match made {
            Made::Unclear { legible, .. } => legible.as_deref(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_booking_is_known_by_an_id_as_google_reads_it() {
        let made = by(200, r#"{"booking":{"booking_id":"b"}}"#);
        assert_eq!(made, Made::Booked("b".to_owned()));
    }

    #[test]
    fn a_refusal_proves_that_nothing_was_booked() {
        let failure = r#"{"booking_failure":{"cause":"SLOT_UNAVAILABLE"}}"#;
        for (status, body) in [
            (400, ""),
            (404, "<html>no</html>"),
            (409, "{}"),
            (501, "not implemented"),
            (200, failure),
            (500, failure),
        ] {
            assert_eq!(by(status, body), Made::Nothing, "{status} {body}");
        }
        assert_eq!(silent(Silence::Unreachable), Made::Nothing);
    }

    #[test]
    fn all_else_leaves_a_doubt() {
        for (status, body) in [
            (500, ""),
            (503, "<html>"),
            (302, ""),
            (408, ""),
            (200, ""),
            (200, "{}"),
            (200, r#"{"booking":{"booking_id":""}}"#),
            (200, r#"{"booking_failure":{}}"#),
        ] {
            assert_eq!(legible(&by(status, body)), None, "{status} {body}");
        }
        for kind in [Silence::Timeout, Silence::Broken, Silence::TooLarge] {
            assert_eq!(legible(&silent(kind)), None);
        }
        assert_eq!(legible(&by(200, r#"{"booking":{"booking_id":7}}"#)), Some("7"));
        assert_eq!(
            legible(&by(400, r#"{"data":{"booking":{"booking_id":"b"}}}"#)),
            Some("b")
        );
    }
}
