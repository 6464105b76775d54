//! The two spellings of a field's name: proto names (`snake_case`), in which the booking server's messages are read, and
//! JSON names (lowerCamelCase), in which those of the Maps Booking API are. Either is accepted on the wire.

use super::model::{Kind, Message};
use super::schema::Api;
use serde_json::Value;

/// The body with every known camelCase name of the message replaced by its proto name, and the pointers where that
/// was necessary.
pub fn to_proto_names(message: &str, body: &Value) -> (Value, Vec<String>) {
    in_names_of(Api::V3, message, body)
}

/// The body with every known `snake_case` name of the message replaced by its JSON name, and the pointers where that
/// was necessary.
pub fn to_json_names(message: &str, body: &Value) -> (Value, Vec<String>) {
    in_names_of(Api::V1alpha, message, body)
}

/// A name or a path of names in lowerCamelCase.
pub fn to_json_path(path: &str) -> String {
    let mut upper = false;
    let mut name = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '_' => upper = true,
            letter if upper => {
                name.extend(letter.to_uppercase());
                upper = false;
            }
            letter => name.push(letter),
        }
    }
    name
}

fn in_names_of(api: Api, message: &str, body: &Value) -> (Value, Vec<String>) {
    let mut renamed = Vec::new();
    let message = api.model().message(message);
    let body = rename(api, message, body, "", &mut renamed);
    (body, renamed)
}

fn rename(api: Api, message: Option<&Message>, value: &Value, at: &str, renamed: &mut Vec<String>) -> Value {
    match value {
        Value::Array(items) => {
            let each = items
                .iter()
                .enumerate()
                .map(|(i, item)| rename(api, message, item, &format!("{at}/{i}"), renamed));
            Value::Array(each.collect())
        }
        Value::Object(fields) => {
            let each = fields.iter().map(|(key, value)| {
                let field = message.and_then(|message| message.field(key));
                let name = field.map_or(key.as_str(), |field| api.name(field));
                let place = format!("{at}/{name}");
                if name != key {
                    renamed.push(place.clone());
                }
                let inner = field.and_then(|field| match &field.kind {
                    Kind::Message(name) => api.model().message(name),
                    _ => None,
                });
                (
                    name.to_owned(),
                    if inner.is_some() {
                        rename(api, inner, value, &place, renamed)
                    } else {
                        value.clone()
                    },
                )
            });
            Value::Object(each.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn camel_case_is_read_and_reported() {
        let (body, renamed) = to_proto_names(
            "CreateBookingResponse",
            &json!({ "booking": { "bookingId": "b", "slot": { "startSec": "5" }, "other": 1 } }),
        );
        assert_eq!(
            body,
            json!({ "booking": { "booking_id": "b", "slot": { "start_sec": "5" }, "other": 1 } })
        );
        assert_eq!(renamed, ["/booking/booking_id", "/booking/slot/start_sec"]);
    }

    #[test]
    fn snake_case_is_read_and_reported() {
        let body =
            json!({ "merchant_id": "m", "payment_information": { "prepayment_status": "X" }, "odd_one": 1 });
        let (body, renamed) = to_json_names("Booking", &body);
        assert_eq!(
            body,
            json!({ "merchantId": "m", "paymentInformation": { "prepaymentStatus": "X" }, "odd_one": 1 })
        );
        let places = [
            "/merchantId",
            "/paymentInformation",
            "/paymentInformation/prepaymentStatus",
        ];
        assert_eq!(renamed, places);
    }

    #[test]
    fn paths_are_read_in_either_spelling() {
        let path = "paymentInformation.prepaymentStatus";
        assert_eq!(to_json_path("payment_information.prepayment_status"), path);
        assert_eq!(to_json_path("startTime"), "startTime");
    }
}
