//! Bytes to message, as tolerant as proto3 JSON asks: either spelling of a name, `null` for absent, unknown
//! fields passed over.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads one message. `Err` holds nothing of the input: it goes into an answer.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let value: Value = serde_json::from_slice(body).map_err(|_| DecodeError::NotJson)?;
    if !value.is_object() {
        return Err(DecodeError::NotAnObject);
    }
    serde_json::from_value(normalise(value)).map_err(|_| DecodeError::WrongShape)
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the body is not JSON")]
    NotJson,
    #[error("the body is not a JSON object")]
    NotAnObject,
    #[error("a required field is missing or a field has the wrong type")]
    WrongShape,
}

fn normalise(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(normalise_members(members)),
        Value::Array(items) => Value::Array(items.into_iter().map(normalise).collect()),
        scalar => scalar,
    }
}

fn normalise_members(members: Map<String, Value>) -> Map<String, Value> {
    members
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (snake_case(&name), normalise(value)))
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::messages::{CreateBookingRequest, RequestedStatus, UpdateBookingRequest};

    const SMALLEST: &str = r#"{"slot":{"merchant_id":"m","service_id":"s","start_sec":"10","duration_sec":"5"},
        "user_information":{"user_id":"7203948571029384756"},"idempotency_token":"18446744073709551615"}"#;

    #[test]
    fn required_fields_are_enough() {
        let request: CreateBookingRequest = decode(SMALLEST.as_bytes()).unwrap();
        assert_eq!(request.slot.start_sec, 10);
        assert_eq!(request.idempotency_token, "18446744073709551615");
    }

    #[test]
    fn camel_case_nulls_and_unknown_fields_are_taken() {
        let body = r#"{"booking":{"bookingId":"b","status":null,"futureField":[1],
            "slot":{"startSec":10,"durationSec":"5","resources":{"partySize":4}}}}"#;
        let update = decode::<UpdateBookingRequest>(body.as_bytes()).unwrap().booking;
        assert_eq!(update.booking_id, "b");
        assert_eq!(update.status, RequestedStatus::BookingStatusUnspecified);
        assert_eq!(update.slot.unwrap().resources.unwrap().party_size, Some(4));
    }

    #[test]
    fn broken_bodies_are_told_apart() {
        let read = |body: &str| decode::<CreateBookingRequest>(body.as_bytes()).err();
        assert_eq!(read("{"), Some(DecodeError::NotJson));
        assert_eq!(read("[]"), Some(DecodeError::NotAnObject));
        assert_eq!(read("{}"), Some(DecodeError::WrongShape));
        assert_eq!(
            read(&SMALLEST.replace("\"10\"", "[]")),
            Some(DecodeError::WrongShape)
        );
    }
}
