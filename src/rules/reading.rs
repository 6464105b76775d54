//! Readings of messages that several rules share.

use protocol::model::{v1alpha, v3};
use protocol::{Method, int64, pointer};
use serde_json::{Map, Value};
use transcript::Exchange;

/// The body of a 200 answer, if it is a JSON object.
pub(super) fn body<'t>(exchange: &Exchange<'t>) -> Option<&'t Map<String, Value>> {
    exchange.ok_json()?.as_object()
}

/// The booking in an answer to CreateBooking that reports no failure.
pub(super) fn created_booking<'t>(exchange: &Exchange<'t>) -> Option<&'t Value> {
    booking_in(exchange, Method::CreateBooking)
}

/// The booking in an answer to UpdateBooking that reports no failure.
pub(super) fn updated_booking<'t>(exchange: &Exchange<'t>) -> Option<&'t Value> {
    booking_in(exchange, Method::UpdateBooking)
}

fn booking_in<'t>(exchange: &Exchange<'t>, method: Method) -> Option<&'t Value> {
    let right = exchange.call.method == method && exchange.answer_value("/booking_failure").is_none();
    exchange
        .answer_value("/booking")
        .filter(|booking| right && booking.is_object())
}

/// The bookings of an answer, each with its pointer.
pub(super) fn bookings<'t>(exchange: &Exchange<'t>) -> Vec<(String, &'t Value)> {
    let one = exchange
        .answer_value("/booking")
        .map(|booking| ("/booking".to_owned(), booking));
    let listed = exchange.answer_value("/bookings").and_then(Value::as_array);
    let listed = listed
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, booking)| (format!("/bookings/{index}"), booking));
    one.into_iter()
        .chain(listed)
        .filter(|(_, booking)| booking.is_object())
        .collect()
}

/// The id of a booking, if it has one.
pub(super) fn id(booking: &Value) -> Option<&str> {
    text(booking, "/booking_id")
}

/// A string that is there and not empty; proto3 has no difference between an empty and an absent one.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    pointer::find(value, pointer)?
        .as_str()
        .filter(|text| !text.is_empty())
}

/// A value that is there; `null` counts as absent.
pub(super) fn set<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer::find(value, pointer).filter(|value| !value.is_null())
}

/// The number at a place, zero where proto3 left it out; none when the value there is no number.
pub(super) fn number(value: &Value, pointer: &str) -> Option<i64> {
    set(value, pointer).map_or(Some(0), int64::read)
}

/// The value of an enum of the notification API, by its name or by its number.
pub(super) fn api_name<'v>(enumeration: &str, message: &'v Value, pointer: &str) -> Option<&'v str> {
    let value = set(message, pointer)?;
    value
        .as_str()
        .or_else(|| v1alpha().enumeration(enumeration)?.by_number(value.as_i64()?))
}

/// What stands at a place of a message, as proto3 means it: the amount of money that is stated without one is zero, and money without
/// a currency has none.
pub(super) fn stated(value: &Value, pointer: &str) -> Option<Value> {
    let found = set(value, pointer).cloned();
    let (money, field) = pointer.rsplit_once('/')?;
    let is_money = set(value, money).is_some_and(Value::is_object);
    match field {
        "price_micros" if is_money => found.or(Some(Value::from("0"))),
        "currency_code"
            if number(value, &format!("{money}/price_micros")).is_some_and(|micros| micros != 0) =>
        {
            found.or_else(|| is_money.then(|| Value::from("")))
        }
        _ => found,
    }
}

/// True when an enum of the booking server has a value of this name.
pub(super) fn is_name_of(enumeration: &str, name: &str) -> bool {
    v3().enumeration(enumeration)
        .is_some_and(|known| known.contains(name))
}

/// The media type of a content-type header is JSON, whatever its parameters.
pub(super) fn is_json(content_type: Option<&str>) -> bool {
    let media = content_type.and_then(|header| header.split(';').next());
    media.is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

/// A value by its type alone, for people: the value itself stands in the evidence.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_content_type_do_not_matter() {
        assert!(is_json(Some("Application/JSON; charset=utf-8")));
        assert!(!is_json(Some("text/html")));
        assert!(!is_json(None));
    }
}
