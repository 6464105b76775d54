//! The form in which the API answers: canonical values, defaults left out.

use crate::api::decoder::decode_object;
use protocol::model::{Field, Kind, v1alpha};
use serde_json::{Map, Value};

/// A message that our own code built is not what the API would send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("build a valid {message}: {reason}")]
pub struct OwnMessageError {
    /// Name of the message.
    pub message: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Checks that a message built by our own code is a valid answer of the v1alpha API in canonical form.
pub fn check_own(value: &Value, message: &str) -> Result<(), OwnMessageError> {
    let fail = |reason: String| OwnMessageError {
        message: message.to_owned(),
        reason,
    };
    if v1alpha().message(message).is_none() {
        return Err(fail("not a message of the API".to_owned()));
    }
    let object = value
        .as_object()
        .ok_or_else(|| fail("not an object".to_owned()))?;
    let decoded = decode_object(v1alpha(), message, "", object).map_err(|violations| {
        fail(
            violations
                .into_iter()
                .map(|v| v.description)
                .collect::<Vec<_>>()
                .join("; "),
        )
    })?;
    if without_defaults(message, &decoded.value) == *object {
        Ok(())
    } else {
        Err(fail("not in canonical form".to_owned()))
    }
}

/// The message as it is answered: fields that hold their default are left out.
pub(crate) fn without_defaults(message: &str, value: &Map<String, Value>) -> Map<String, Value> {
    let Some(message) = v1alpha().message(message) else {
        return value.clone();
    };
    let known = |(name, value): (&String, &Value)| Some((name.clone(), keep(message.field(name)?, value)?));
    value.iter().filter_map(known).collect()
}

fn keep(field: &Field, value: &Value) -> Option<Value> {
    match (&field.kind, value) {
        (_, Value::Array(items)) if items.is_empty() => None,
        (Kind::Message(name), Value::Array(items)) => {
            let inner = items
                .iter()
                .filter_map(Value::as_object)
                .map(|item| without_defaults(name, item).into());
            Some(Value::Array(inner.collect()))
        }
        (Kind::Message(name), Value::Object(object)) => Some(without_defaults(name, object).into()),
        (kind, value) if is_default(kind, value) => None,
        (_, value) => Some(value.clone()),
    }
}

fn is_default(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Enum(name) => {
            value.as_str()
                == v1alpha()
                    .enumeration(name)
                    .and_then(|values| values.default_name())
        }
        Kind::String | Kind::Bytes => value == "",
        Kind::Int64 => value == "0",
        Kind::Int32 | Kind::Double => value.as_f64() == Some(0.0),
        Kind::Bool => value == &Value::Bool(false),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    #[test]
    fn our_own_messages_must_be_canonical() {
        assert_eq!(
            check_own(&json!({"partySize":"2","status":"CANCELED"}), "Booking"),
            Ok(())
        );
        for wrong in [
            json!({"partySize":2}),
            json!({"party_size":"2"}),
            json!({"bookingId":"b"}),
            json!({"status":null}),
            json!({"partySize":"0"}),
            json!({"status":"BOOKING_STATUS_UNSPECIFIED"}),
            json!(1),
        ] {
            assert!(check_own(&wrong, "Booking").is_err(), "{wrong}");
        }
        assert_eq!(
            check_own(&json!({}), "Bookings").unwrap_err().to_string(),
            "build a valid Bookings: not a message of the API"
        );
    }
}
