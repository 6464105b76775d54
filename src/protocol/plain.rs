//! The plain form of a message: as a proto3 printer writes it, which leaves out every field that has its default value.

use super::int64;
use super::model::{Field, Kind, Message, Model, v3};
use serde_json::{Map, Value, json};

/// Removes from a booking server's message, in proto names, what a proto3 printer does not write: empty texts and lists, zeros,
/// `false`, and enum values with the number 0. A message that is there stays, however little it holds, and so does a member of a oneof.
pub fn leave_out_defaults(message: &str, value: &mut Value) {
    if let Some(message) = v3().message(message) {
        trim(v3(), message, value);
    }
}

fn trim(model: &Model, message: &Message, value: &mut Value) {
    let Value::Object(fields) = value else {
        return;
    };
    let is_written = |name: &String, value: &mut Value| {
        let field = message.field(name);
        field.is_none_or(|field| !is_default(model, field, value))
    };
    fields.retain(is_written);
    for (name, value) in fields {
        let Some(Kind::Message(inner)) = message.field(name).map(|field| &field.kind) else {
            continue;
        };
        let Some(inner) = model.message(inner) else {
            continue;
        };
        match value {
            Value::Array(entries) => entries.iter_mut().for_each(|entry| trim(model, inner, entry)),
            one => trim(model, inner, one),
        }
    }
}

/// True for a value that means the same as no field at all.
pub fn is_default(model: &Model, field: &Field, value: &Value) -> bool {
    if value.is_null() || field.is_repeated() {
        return value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    }
    if field.oneof.is_some() {
        return false;
    }
    match &field.kind {
        Kind::String | Kind::Bytes => value.as_str() == Some(""),
        Kind::Bool => value.as_bool() == Some(false),
        Kind::Int32 | Kind::Int64 => int64::read(value) == Some(0),
        Kind::Double => value.as_f64() == Some(0.0),
        Kind::StringMap => value.as_object().is_some_and(Map::is_empty),
        Kind::Enum(name) => {
            let default = model.enumeration(name).and_then(|values| values.default_name());
            default.is_some() && default == value.as_str()
        }
        Kind::Message(_)
        | Kind::Timestamp
        | Kind::Duration
        | Kind::FieldMask
        | Kind::Empty
        | Kind::Struct => false,
    }
}

/// The default value of a field, written out; none for messages and members of a oneof, whose presence means something.
pub fn default_value(model: &Model, field: &Field) -> Option<Value> {
    if field.is_repeated() {
        return Some(json!([]));
    }
    match &field.kind {
        _ if field.oneof.is_some() => None,
        Kind::String | Kind::Bytes => Some(json!("")),
        Kind::Bool => Some(json!(false)),
        Kind::Int32 | Kind::Double => Some(json!(0)),
        Kind::Int64 => Some(json!("0")),
        Kind::StringMap => Some(json!({})),
        Kind::Enum(name) => Some(json!(model.enumeration(name)?.default_name()?)),
        Kind::Message(_)
        | Kind::Timestamp
        | Kind::Duration
        | Kind::FieldMask
        | Kind::Empty
        | Kind::Struct => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(message: &str, mut value: Value) -> Value {
        leave_out_defaults(message, &mut value);
        value
    }

    #[test]
    fn defaults_are_left_out_at_every_depth() {
        let deposit = json!({ "deposit": { "price_micros": "0", "currency_code": "EUR" }, "min_advance_cancellation_sec": "0",
            "deposit_type": "FIXED_RATE_DEFAULT" });
        let resources = json!({ "staff_id": "", "party_size": 0 });
        let slot = json!({ "start_sec": 0, "resources": resources, "confirmation_mode": "CONFIRMATION_MODE_UNSPECIFIED" });
        let sent = json!({ "slot": slot, "payment_information": { "deposit": deposit }, "offer_id": null });
        let written = json!({ "slot": { "resources": {} }, "payment_information": { "deposit": { "deposit": { "currency_code": "EUR" } } } });
        assert_eq!(plain("CreateBookingRequest", sent), written);
        let page =
            json!({ "slot_time": [{ "service_id": "a", "duration_sec": "0" }, {}], "merchant_id": "" });
        let written = json!({ "slot_time": [{ "service_id": "a" }, {}] });
        assert_eq!(plain("BatchAvailabilityLookupRequest", page), written);
    }

    #[test]
    fn what_is_written_out_is_left_out() {
        let mut written = 0;
        for message in v3().messages() {
            for field in &message.fields {
                if let Some(value) = default_value(v3(), field) {
                    assert!(is_default(v3(), field, &value), "{}.{}", message.name, field.name);
                    written += 1;
                }
            }
        }
        assert!(written > 100);
    }

    #[test]
    fn what_is_set_stays() {
        let set = json!({ "user_information": { "user_id": "1" }, "user_to_receive_marketing": true });
        assert_eq!(plain("SetMarketingPreferenceRequest", set.clone()), set);
        let marked = json!({ "confirmation_mode": "CONFIRMATION_MODE_SYNCHRONOUS", "of_no_model": "" });
        assert_eq!(plain("Slot", marked.clone()), marked);
        let chosen = json!({ "user_id": "" });
        assert_eq!(
            plain("ListOrdersRequest", chosen.clone()),
            chosen,
            "a member of a oneof"
        );
        let parameters = json!({ "tokenization_parameter": { "gateway": "" }, "payment_country_code": "" });
        let kept = json!({ "tokenization_parameter": { "gateway": "" } });
        assert_eq!(plain("TokenizationConfig", parameters), kept, "what a map holds");
    }
}
