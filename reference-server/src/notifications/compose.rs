//! Composes messages: a booking's from the difference of before and after, a slot's from its name alone.

use super::message::{Outgoing, Subject};
use crate::booking::{Booking, Place};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// What needs no escape in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Who changed a booking. Google need not hear about its own changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Google,
    Partner,
}

/// Knows the partner's number at Google.
pub(crate) struct Composer {
    partner_id: String,
}

impl Composer {
    pub(crate) fn new(partner_id: &str) -> Self {
        Self {
            partner_id: partner_id.to_owned(),
        }
    }

    /// What a changed booking makes necessary.
    pub(crate) fn compose_change(
        &self,
        before: &Booking,
        after: &Booking,
        tell_booking: bool,
    ) -> Vec<Outgoing> {
        let mut messages = Vec::new();
        if tell_booking {
            messages.extend(self.booking(before, after));
        }
        if before.place != after.place || before.occupies != after.occupies {
            messages.push(self.slot(&before.place));
        }
        if before.place.start_sec != after.place.start_sec {
            messages.push(self.slot(&after.place));
        }
        messages
    }

    /// The availability of a place's slot changed.
    pub(crate) fn slot(&self, place: &Place) -> Outgoing {
        self.slot_at(&place.merchant_id, &place.service_id, place.start_sec)
    }

    pub(crate) fn slot_at(&self, merchant_id: &str, service_id: &str, start_sec: i64) -> Outgoing {
        Outgoing {
            subject: Subject::Slot {
                merchant_id: merchant_id.to_owned(),
                service_id: service_id.to_owned(),
                start_sec,
            },
            method: "POST".to_owned(),
            path: format!(
                "/v1alpha/inventory/partners/{}/availability:replace",
                self.partner()
            ),
            query: Vec::new(),
            body: Value::Null,
        }
    }

    fn booking(&self, before: &Booking, after: &Booking) -> Option<Outgoing> {
        let (mask, changed) = difference(before, after);
        if mask.is_empty() {
            return None;
        }
        let mut body = Map::new();
        body.insert(
            "name".to_owned(),
            json!(format!("partners/{}/bookings/{}", self.partner_id, after.id)),
        );
        body.insert("merchantId".to_owned(), json!(after.place.merchant_id));
        body.insert("serviceId".to_owned(), json!(after.place.service_id));
        body.extend(changed);
        Some(Outgoing {
            subject: Subject::Booking {
                booking_id: after.id.clone(),
            },
            method: "PATCH".to_owned(),
            path: format!(
                "/v1alpha/notification/partners/{}/bookings/{}",
                self.partner(),
                escape(&after.id)
            ),
            query: vec![("updateMask".to_owned(), mask.join(","))],
            body: Value::Object(body),
        })
    }

    fn partner(&self) -> String {
        escape(&self.partner_id)
    }
}

/// Names the cause of a failure; Google reads it with status FAILED only.
pub(crate) fn add_cause(messages: &mut [Outgoing], cause: &str) {
    let parameter = ("bookingFailure.cause".to_owned(), cause.to_owned());
    let bookings = messages
        .iter_mut()
        .filter(|message| matches!(message.subject, Subject::Booking { .. }));
    bookings.for_each(|message| message.query.push(parameter.clone()));
}

/// RFC 3339 in UTC, as Google's API wants times.
pub(crate) fn timestamp(sec: i64) -> String {
    Timestamp::from_second(sec).map_or_else(|_| String::new(), |time| time.to_string())
}

fn escape(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

/// Mask paths, and the fields that go with them. The transaction id rides along without a path of its own:
/// Google allows it in the body and not in the mask.
fn difference(before: &Booking, after: &Booking) -> (Vec<&'static str>, Map<String, Value>) {
    let mut mask = Vec::new();
    let mut body = Map::new();
    let mut add = |path: &'static str, field: &str, value: Value| {
        mask.push(path);
        body.insert(field.to_owned(), value);
    };
    if before.status != after.status {
        add("status", "status", json!(after.status.name()));
    }
    if before.slot.start_sec != after.slot.start_sec {
        add("startTime", "startTime", json!(timestamp(after.slot.start_sec)));
    }
    if before.slot.duration_sec != after.slot.duration_sec {
        add(
            "duration",
            "duration",
            json!(format!("{}s", after.slot.duration_sec)),
        );
    }
    if before.party_size() != after.party_size() {
        add(
            "partySize",
            "partySize",
            json!(after.party_size().unwrap_or(0).to_string()),
        );
    }
    if before.payment.prepayment_status != after.payment.prepayment_status {
        add(
            "paymentInformation.prepaymentStatus",
            "paymentInformation",
            payment(after),
        );
    }
    (mask, body)
}

fn payment(booking: &Booking) -> Value {
    let mut payment = json!({ "prepaymentStatus": booking.payment.prepayment_status.name() });
    if let Some(transaction_id) = &booking.payment.payment_transaction_id {
        payment["paymentTransactionId"] = json!(transaction_id);
    }
    payment
}
