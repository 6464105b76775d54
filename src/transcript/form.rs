//! Whether an answer has the form that is due: a 2xx with the message of its method, so that Google can read it.

mod waitlist;

use super::{HttpReply, Reply};
use protocol::model::v3;
use protocol::{Method, pointer};
use serde_json::Value;

/// The first way in which an answer falls short of the form that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// No answer came: the reason in words.
    Nothing(String),
    /// Another status than a 2xx.
    Status(u16),
    /// A body that is no JSON.
    NotJson,
    /// JSON, but no object.
    NotAnObject,
    /// A field without which Google cannot read the answer is absent, or has another type.
    Field {
        /// JSON pointer into the body.
        pointer: String,
        /// What is due there, for people.
        due: &'static str,
    },
    /// A booking, or an entry of a waitlist, was refused in the words of the interface, with this cause.
    Refused(String),
}

/// How the answer to a well-formed call falls short; none if it has the form that is due.
pub fn shortfall(method: Method, reply: &Reply) -> Option<Shortfall> {
    let reply = match reply {
        Reply::Nothing { detail, .. } => return Some(Shortfall::Nothing(detail.clone())),
        Reply::Http(reply) => reply,
    };
    if !reply.is_success() {
        return Some(Shortfall::Status(reply.status));
    }
    // Nobody reads the body of a HealthCheck, and what is due after a DeleteWaitlistEntry is nothing.
    if matches!(method, Method::HealthCheck | Method::DeleteWaitlistEntry) {
        return None;
    }
    let Some(message) = reply.message() else {
        return Some(Shortfall::NotJson);
    };
    if !message.is_object() {
        return Some(Shortfall::NotAnObject);
    }
    match method {
        // Who leaves out what is due says so by it; a rule reads that.
        Method::HealthCheck | Method::SetMarketingPreference => None,
        Method::BatchAvailabilityLookup => lookup(reply, message),
        Method::CreateBooking => refused(message)
            .or_else(|| booking(message))
            .or_else(|| id(message)),
        Method::UpdateBooking => refused(message).or_else(|| booking(message)),
        Method::GetBookingStatus => wants(message, "/booking_status", "a booking status", Value::is_string),
        Method::ListBookings => {
            let listed = |value: &Value| value.is_array() || value.is_null();
            let bookings = message.get("bookings").unwrap_or(&Value::Null);
            let due = "a list of bookings";
            (!listed(bookings)).then(|| field("/bookings", due))
        }
        Method::CheckOrderFulfillability => {
            let due = "whether the order can be fulfilled";
            wants(message, "/fulfillability", due, Value::is_object)
        }
        Method::CreateOrder => {
            let is_there = |name: &str| message.get(name).is_some_and(Value::is_object);
            let is_read = is_there("order") || is_there("order_failure");
            (!is_read).then(|| field("/order", "an order or an order failure"))
        }
        Method::ListOrders => {
            let listed = message
                .get("order")
                .is_none_or(|list| list.is_array() || list.is_null());
            (!listed).then(|| field("/order", "a list of orders"))
        }
        method => waitlist::shortfall(method, message),
    }
}

/// True for an answer by which a method shows that it is there. A read method that is answered 501 is not offered, and nothing is
/// wrong with that.
pub fn shows_method(method: Method, reply: &Reply) -> bool {
    let short = shortfall(method, reply);
    let reads = matches!(method, Method::GetBookingStatus | Method::ListBookings);
    short.is_none() || reads && short == Some(Shortfall::Status(501))
}

fn field(pointer: impl Into<String>, due: &'static str) -> Shortfall {
    Shortfall::Field {
        pointer: pointer.into(),
        due,
    }
}

fn wants(message: &Value, pointer: &str, due: &'static str, is_due: fn(&Value) -> bool) -> Option<Shortfall> {
    let is_there = pointer::find(message, pointer).is_some_and(is_due);
    (!is_there).then(|| field(pointer, due))
}

fn refused(message: &Value) -> Option<Shortfall> {
    refused_by(message, "booking_failure")
}

/// The cause of the failure of that name.
fn refused_by(message: &Value, name: &str) -> Option<Shortfall> {
    let failure = message.get(name).filter(|failure| failure.is_object())?;
    let cause = failure.get("cause").map(|cause| match cause {
        Value::String(cause) => cause.clone(),
        other => other.to_string(),
    });
    Some(Shortfall::Refused(cause.unwrap_or_else(|| "no cause".to_owned())))
}

fn booking(message: &Value) -> Option<Shortfall> {
    wants(message, "/booking", "a booking", Value::is_object)
}

/// Without an id that can be read, nobody can speak of the booking again.
fn id(message: &Value) -> Option<Shortfall> {
    let is_text = |id: &Value| id.as_str().is_some_and(|text| !text.is_empty());
    wants(message, "/booking/booking_id", "a text", is_text)
}

/// Entries that can be matched, and of which `available` is read. It may be left out where it is false, but not where another field
/// stands in its place.
fn lookup(reply: &HttpReply, message: &Value) -> Option<Shortfall> {
    let list = "/slot_time_availability";
    let entries = pointer::find(message, list).and_then(Value::as_array);
    let Some(entries) = entries.filter(|entries| !entries.is_empty()) else {
        return Some(field(list, "an entry for each slot that was asked for"));
    };
    entries.iter().enumerate().find_map(|(place, entry)| {
        let at = |name: &str| format!("{list}/{place}/{name}");
        if !entry.get("slot_time").is_some_and(Value::is_object) {
            return Some(field(at("slot_time"), "the slot as it was asked for"));
        }
        let is_read = match entry.get("available") {
            Some(Value::Bool(_)) => true,
            Some(_) => false,
            None => !has_unknown(entry),
        };
        let place = reply.renamed_pointers().is_empty();
        (!is_read && place).then(|| field(at("available"), "true or false"))
    })
}

/// True when an entry has fields that the interface does not know.
fn has_unknown(entry: &Value) -> bool {
    let known = v3().message("SlotTimeAvailability");
    let fields = entry.as_object().into_iter().flatten();
    known.is_some_and(|known| fields.into_iter().any(|(name, _)| known.field(name).is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn short(method: Method, status: u16, body: &str) -> Option<Shortfall> {
        let reply = HttpReply::new(method, status, Vec::new(), body.to_owned());
        shortfall(method, &Reply::Http(reply))
    }

    fn lookup_of(entry: &Value) -> Option<Shortfall> {
        let body = json!({ "slot_time_availability": [entry] }).to_string();
        short(Method::BatchAvailabilityLookup, 200, &body)
    }

    #[test]
    fn a_refusal_a_page_and_a_list_are_told_apart() {
        let create = |status, body| short(Method::CreateBooking, status, body);
        assert_eq!(create(422, "{}"), Some(Shortfall::Status(422)));
        assert_eq!(create(200, "<html>"), Some(Shortfall::NotJson));
        assert_eq!(create(200, "[]"), Some(Shortfall::NotAnObject));
        let failure = r#"{"booking_failure": {"cause": "SLOT_UNAVAILABLE"}}"#;
        assert_eq!(
            create(200, failure),
            Some(Shortfall::Refused("SLOT_UNAVAILABLE".into()))
        );
    }

    #[test]
    fn every_2xx_with_a_booking_that_has_an_id_is_well() {
        let create = |status, body| short(Method::CreateBooking, status, body);
        assert_eq!(create(201, r#"{"booking": {"booking_id": "b"}}"#), None);
        let due = |pointer: &str| Some(field(pointer, "a text"));
        assert_eq!(
            create(200, r#"{"booking": {"booking_id": 17}}"#),
            due("/booking/booking_id")
        );
        assert_eq!(
            create(200, r#"{"booking": {"booking_id": ""}}"#),
            due("/booking/booking_id")
        );
    }

    #[test]
    fn a_read_method_may_be_absent_and_no_other() {
        let shows = |method, status| {
            let reply = HttpReply::new(method, status, Vec::new(), "{}".to_owned());
            shows_method(method, &Reply::Http(reply))
        };
        assert!(shows(Method::GetBookingStatus, 501) && shows(Method::ListBookings, 501));
        assert!(!shows(Method::GetBookingStatus, 404) && !shows(Method::CreateBooking, 501));
        assert!(shows(Method::HealthCheck, 200));
    }

    #[test]
    fn available_may_be_left_out_but_not_replaced() {
        let asked = json!({ "service_id": "s" });
        assert_eq!(lookup_of(&json!({ "slot_time": asked, "available": true })), None);
        assert_eq!(lookup_of(&json!({ "slot_time": asked })), None);
        let due = Some(field("/slot_time_availability/0/available", "true or false"));
        assert_eq!(
            lookup_of(&json!({ "slot_time": asked, "available": "true" })),
            due
        );
        assert_eq!(
            lookup_of(&json!({ "slot_time": asked, "count_available": 1 })),
            due
        );
    }

    #[test]
    fn an_empty_list_of_bookings_may_be_left_out_and_one_of_slots_may_not() {
        assert_eq!(short(Method::ListBookings, 200, "{}"), None);
        assert!(short(Method::ListBookings, 200, r#"{"bookings": "none"}"#).is_some());
        assert!(short(Method::BatchAvailabilityLookup, 200, "{}").is_some());
        assert_eq!(short(Method::HealthCheck, 204, ""), None);
    }
}
