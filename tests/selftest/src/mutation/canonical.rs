//! What a message means: two bodies with one meaning are equal by proto3 JSON, however they are written.

use super::area::Area;
use super::place::{BODY, QUERY};
use jiff::{SignedDuration, Timestamp};
use protocol::int64;
use protocol::model::{Field, Kind, Message, Model, v1alpha};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The meaning of a message, in a form of its own: proto names, defaults left out, numbers as text.
pub(crate) fn meaning(area: Area, message: &Value) -> Value {
    let model = area.api().model();
    let described = area.message().and_then(|name| model.message(&name));
    let Some(described) = described else {
        return message.clone();
    };
    if !area.is_notification() {
        return of_message(model, described, message);
    }
    let mut whole = message.clone();
    whole[BODY] = of_message(model, described, &message[BODY]);
    if let Some(mask) = message[QUERY].get("updateMask") {
        whole[QUERY]["updateMask"] = of_kind(model, &Kind::FieldMask, mask);
    }
    whole
}

fn of_message(model: &Model, message: &Message, value: &Value) -> Value {
    let Some(fields) = value.as_object() else {
        return value.clone();
    };
    let mut meant = Map::new();
    for (name, value) in fields {
        match message.field(name) {
            None => {
                meant.insert(format!("?{name}"), value.clone());
            }
            Some(field) if is_default(model, field, value) => {}
            Some(field) => {
                meant.insert(field.name.clone(), of_field(model, field, value));
            }
        }
    }
    Value::Object(meant)
}

fn of_field(model: &Model, field: &Field, value: &Value) -> Value {
    match value.as_array().filter(|_| field.is_repeated()) {
        Some(entries) => entries
            .iter()
            .map(|entry| of_kind(model, &field.kind, entry))
            .collect(),
        None if field.is_repeated() && is_lenient(model) => json!([of_kind(model, &field.kind, value)]),
        None if field.is_repeated() => json!({ "no list": value }),
        None => of_kind(model, &field.kind, value),
    }
}

/// What is no value of its kind stays as it is, marked so that it equals nothing that is one.
fn of_kind(model: &Model, kind: &Kind, value: &Value) -> Value {
    let wrong = || json!({ "no value": value });
    let text = value.as_str();
    match kind {
        Kind::Message(name) => match model.message(name) {
            Some(message) if value.is_object() => of_message(model, message, value),
            _ => wrong(),
        },
        Kind::Int32 | Kind::Int64 => {
            int64::read(value).map_or_else(wrong, |number| Value::from(number.to_string()))
        }
        Kind::Double => {
            let number = value.as_f64().or_else(|| text?.parse().ok());
            number.map_or_else(wrong, |number| Value::from(number.to_string()))
        }
        Kind::Bool if value.is_boolean() => value.clone(),
        Kind::String | Kind::Bytes | Kind::Enum(_) if value.is_string() => value.clone(),
        Kind::Enum(name) => {
            let number = value.as_i64().filter(|_| is_lenient(model));
            let name = number.and_then(|number| model.enumeration(name)?.by_number(number));
            name.map_or_else(wrong, Value::from)
        }
        Kind::Timestamp => {
            let time = text.and_then(|text| text.parse::<Timestamp>().ok());
            time.map_or_else(wrong, |time| Value::from(time.to_string()))
        }
        Kind::Duration => {
            let length = text.and_then(seconds);
            length.map_or_else(wrong, |length| Value::from(length.as_nanos().to_string()))
        }
        Kind::FieldMask => text.map_or_else(wrong, |mask| {
            let paths: BTreeSet<_> = mask.split(',').map(protocol::spelling::to_json_path).collect();
            Value::from(paths.into_iter().collect::<Vec<_>>())
        }),
        Kind::Struct | Kind::StringMap | Kind::Empty => value.clone(),
        _ => wrong(),
    }
}

/// Google's API takes an enum by its number and one entry for its list, too; of how it reads answers nothing says so.
fn is_lenient(model: &Model) -> bool {
    std::ptr::eq(model, v1alpha())
}

/// A length of time in the form of proto3 JSON.
pub(crate) fn seconds(text: &str) -> Option<SignedDuration> {
    let number = text.strip_suffix('s')?.parse::<f64>().ok()?;
    SignedDuration::try_from_secs_f64(number).ok()
}

/// True for what means the same as nothing. A member of a oneof is set whatever its value is.
pub(crate) fn is_default(model: &Model, field: &Field, value: &Value) -> bool {
    if value.is_null() {
        return true;
    }
    if field.is_repeated() {
        return value.as_array().is_some_and(Vec::is_empty);
    }
    if field.oneof.is_some() {
        return false;
    }
    match &field.kind {
        Kind::String | Kind::Bytes | Kind::FieldMask => value.as_str() == Some(""),
        Kind::Bool => value.as_bool() == Some(false),
        Kind::Int32 | Kind::Int64 => int64::read(value) == Some(0),
        Kind::Double => value.as_f64() == Some(0.0),
        Kind::StringMap => value.as_object().is_some_and(Map::is_empty),
        Kind::Enum(name) => {
            let default = model.enumeration(name).and_then(|values| values.default_name());
            default.is_some() && value.as_str() == default
        }
        _ => false,
    }
}

/// The default of a field written out; none for messages, whose presence means something.
pub(crate) fn default_of(model: &Model, field: &Field) -> Option<Value> {
    if field.oneof.is_some() {
        return None;
    }
    if field.is_repeated() {
        return Some(json!([]));
    }
    Some(match &field.kind {
        Kind::String | Kind::Bytes => json!(""),
        Kind::Bool => json!(false),
        Kind::Int32 | Kind::Double => json!(0),
        Kind::Int64 => json!("0"),
        Kind::Enum(name) => json!(model.enumeration(name)?.default_name()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Method;

    const CREATED: Area = Area::Answer(Method::CreateBooking, 200);

    fn is_same(area: Area, one: &Value, other: &Value) -> bool {
        meaning(area, one) == meaning(area, other)
    }

    #[test]
    fn ways_of_writing_are_no_differences() {
        let written =
            json!({ "booking": { "slot": { "start_sec": "5", "service_id": "a" }, "booking_id": "" } });
        let other =
            json!({ "booking_failure": null, "booking": { "slot": { "serviceId": "a", "startSec": 5 } } });
        assert!(is_same(CREATED, &written, &other));
        let time = |text: &str, length: &str| json!({ "body": { "startTime": text, "duration": length }, "query": {} });
        let one = time("2030-01-01T08:00:00Z", "900s");
        assert!(is_same(
            Area::Booking,
            &one,
            &time("2030-01-01T09:00:00.000+01:00", "900.0s")
        ));
        assert!(!is_same(
            Area::Booking,
            &one,
            &time("2030-01-01T08:00:00Z", "901s")
        ));
    }

    #[test]
    fn a_message_that_is_empty_is_there_and_another_type_is_another_value() {
        assert!(!is_same(CREATED, &json!({ "booking": {} }), &json!({})));
        let flag = |value: Value| json!({ "slot_time_availability": [{ "available": value }] });
        let looked_up = Area::Answer(Method::BatchAvailabilityLookup, 200);
        assert!(!is_same(looked_up, &flag(json!("true")), &flag(json!(true))));
        assert!(is_same(
            looked_up,
            &flag(json!(false)),
            &json!({ "slot_time_availability": [{}] })
        ));
        let status = |value: Value| json!({ "booking": { "status": value } });
        assert!(!is_same(CREATED, &status(json!(1)), &status(json!("CONFIRMED"))));
        let entry = json!({ "merchantId": "m" });
        let update = |list: &Value| json!({ "body": { "extendedServiceAvailability": list }, "query": {} });
        assert!(is_same(
            Area::Inventory,
            &update(&entry),
            &update(&json!([entry]))
        ));
        let told = |value: Value| json!({ "body": { "status": value }, "query": {} });
        assert!(is_same(Area::Booking, &told(json!(1)), &told(json!("CONFIRMED"))));
    }

    #[test]
    fn masks_are_sets_of_paths() {
        let mask = |text: &str| json!({ "body": {}, "query": { "updateMask": text } });
        assert!(is_same(
            Area::Booking,
            &mask("status,startTime"),
            &mask("start_time,status,status")
        ));
        assert!(!is_same(Area::Booking, &mask("status"), &mask("startTime")));
    }
}
