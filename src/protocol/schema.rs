//! JSON Schemas of the messages, made from the wire models, and the checking of bodies against them.
//!
//! Booking-server bodies (v3) are checked in proto names (snake_case), bodies of the Maps Booking API (v1alpha) in JSON
//! names (camelCase). `null` counts as absent, as proto3 JSON has it.

use super::model::{Enum, Field, Kind, Message, Model, v1alpha, v3};
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use jsonschema::{JsonType, Validator};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// What is wrong at a place of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// A name that the message does not have.
    Unknown,
    /// A required field is absent.
    Missing,
    /// The value has another type.
    Type,
    /// Not a value of the enum.
    Enum,
    /// An enum value given by its number.
    EnumNumber,
    /// Two members of a oneof are set.
    OneOf,
}

/// One place at which a body does not fit its message.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// JSON pointer; of the field itself, also when it is unknown or missing.
    pub pointer: String,
    /// The kind of mistake.
    pub fault: Fault,
    /// What would fit.
    pub expected: Value,
    /// What is there; null when nothing is.
    pub actual: Value,
}

/// The two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// The booking server.
    V3,
    /// The Maps Booking API.
    V1alpha,
}

impl Api {
    /// Its wire model.
    pub fn model(self) -> &'static Model {
        match self {
            Api::V3 => v3(),
            Api::V1alpha => v1alpha(),
        }
    }

    pub(super) fn name(self, field: &Field) -> &str {
        match self {
            Api::V3 => &field.name,
            Api::V1alpha => &field.json_name,
        }
    }
}

type Cache = Mutex<HashMap<(Api, String), Arc<Validator>>>;
static VALIDATORS: LazyLock<Cache> = LazyLock::new(Cache::default);
static REQUIRED: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("required.json")).expect("bundled, read by every test")
});

/// Every place at which `body` does not fit `message`; empty means that it fits.
pub fn validate(api: Api, message: &str, body: &Value) -> Vec<Violation> {
    let body = without_nulls(body);
    let validator = validator(api, message);
    let mut found: Vec<_> = validator
        .iter_errors(&body)
        .flat_map(|error| violations(&error))
        .collect();
    found.sort_by(|a, b| (&a.pointer, a.fault).cmp(&(&b.pointer, b.fault)));
    found.dedup();
    found
}

/// The JSON Schema of a message with everything that it refers to.
pub fn schema(api: Api, message: &str) -> Value {
    let definitions: Map<String, Value> = api
        .model()
        .messages()
        .map(|message| (message.name.clone(), definition(api, message)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/$defs/{message}"),
        "$defs": definitions,
    })
}

fn validator(api: Api, message: &str) -> Arc<Validator> {
    let mut cache = VALIDATORS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let entry = cache.entry((api, message.to_owned())).or_insert_with(|| {
        let validator = jsonschema::options().build(&schema(api, message));
        Arc::new(validator.expect("schemas come from the models, whose every message a test builds"))
    });
    Arc::clone(entry)
}

fn definition(api: Api, message: &Message) -> Value {
    let properties: Map<String, Value> = message
        .fields
        .iter()
        .map(|field| (api.name(field).to_owned(), property(api, field)))
        .collect();
    let mut definition = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if let (Api::V3, Some(required)) = (api, REQUIRED.get(&message.name)) {
        definition["required"] = json!(required);
    }
    let exclusive = exclusive_pairs(api, message);
    if !exclusive.is_empty() {
        definition["allOf"] = exclusive
            .iter()
            .map(|pair| json!({ "not": { "required": pair } }))
            .collect();
    }
    definition
}

fn exclusive_pairs(api: Api, message: &Message) -> Vec<[&str; 2]> {
    let mut pairs = Vec::new();
    for (index, first) in message
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.oneof.is_some())
    {
        let others = message.fields[index + 1..]
            .iter()
            .filter(|other| other.oneof == first.oneof);
        pairs.extend(others.map(|other| [api.name(first), api.name(other)]));
    }
    pairs
}

fn property(api: Api, field: &Field) -> Value {
    let one = kind(api, &field.kind);
    if field.is_repeated() {
        json!({ "type": "array", "items": one })
    } else {
        one
    }
}

fn kind(api: Api, kind: &Kind) -> Value {
    match kind {
        Kind::String | Kind::Bytes | Kind::FieldMask => json!({ "type": "string" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int32 => json!({ "type": "integer" }),
        Kind::Int64 => json!({ "type": ["string", "integer"], "pattern": "^-?[0-9]+$" }),
        Kind::Double => json!({ "type": "number" }),
        Kind::Timestamp => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T" }),
        Kind::Duration => json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,9})?s$" }),
        Kind::Empty | Kind::Struct => json!({ "type": "object" }),
        Kind::StringMap => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Message(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        Kind::Enum(name) => {
            let names: Vec<_> = api
                .model()
                .enumeration(name)
                .into_iter()
                .flat_map(Enum::names)
                .collect();
            json!({ "enum": names })
        }
    }
}

fn violations(error: &ValidationError<'_>) -> Vec<Violation> {
    let at = error.instance_path().to_string();
    let actual = error.instance().clone().into_owned();
    let one = |fault, pointer: String, expected: Value, actual: Value| {
        vec![Violation {
            pointer,
            fault,
            expected,
            actual,
        }]
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Violation {
                pointer: format!("{at}/{name}"),
                fault: Fault::Unknown,
                expected: Value::Null,
                actual: actual.get(name).cloned().unwrap_or(Value::Null),
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            one(
                Fault::Missing,
                format!("{at}/{name}"),
                json!("present"),
                Value::Null,
            )
        }
        ValidationErrorKind::Enum { options } => {
            let fault = if actual.is_number() {
                Fault::EnumNumber
            } else {
                Fault::Enum
            };
            one(fault, at, options.as_ref().clone(), actual)
        }
        ValidationErrorKind::Not { schema } => one(
            Fault::OneOf,
            at,
            json!({ "not_both": schema["required"] }),
            actual,
        ),
        ValidationErrorKind::Type { kind } => one(Fault::Type, at, json!(type_words(kind)), actual),
        ValidationErrorKind::Pattern { pattern } => one(Fault::Type, at, json!(pattern), actual),
        _ => one(Fault::Type, at, json!(error.to_string()), actual),
    }
}

/// The types that would be right, for people.
fn type_words(kind: &TypeKind) -> String {
    let word = |kind| match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
    };
    match kind {
        TypeKind::Single(kind) => word(*kind).to_owned(),
        TypeKind::Multiple(kinds) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, field)| !field.is_null());
            Value::Object(
                kept.map(|(name, field)| (name.clone(), without_nulls(field)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn every_message_has_a_schema_that_builds() {
        for api in [Api::V3, Api::V1alpha] {
            let text = serde_json::to_string(&schema(api, "Booking")).unwrap();
            assert!(text.contains("additionalProperties"));
            for message in api.model().messages() {
                validator(api, &message.name);
            }
        }
        for (message, fields) in REQUIRED.iter() {
            let message = v3().message(message).unwrap();
            assert!(
                fields.iter().all(|field| message.field(field).is_some()),
                "{}",
                message.name
            );
        }
    }

    fn faults(message: &str, body: &Value) -> Vec<(String, Fault)> {
        validate(Api::V3, message, body)
            .into_iter()
            .map(|v| (v.pointer, v.fault))
            .collect()
    }

    #[test]
    fn each_mistake_is_named_at_its_place() {
        let body = json!({ "booking": { "booking_id": "b", "status": "CANCELLED", "colour": 1,
            "slot": { "start_sec": "2030-01-01T00:00:00Z", "duration_sec": 60, "party": null },
            "payment_information": { "payment_option_id": "a", "user_payment_option_id": "b", "prepayment_status": 1 } },
            "booking_failure": {} });
        let found = faults("CreateBookingResponse", &body);
        assert_eq!(
            found,
            [
                ("/booking/colour".into(), Fault::Unknown),
                ("/booking/payment_information".into(), Fault::OneOf),
                (
                    "/booking/payment_information/prepayment_status".into(),
                    Fault::EnumNumber
                ),
                ("/booking/slot/start_sec".into(), Fault::Type),
                ("/booking/status".into(), Fault::Enum),
                ("/booking_failure/cause".into(), Fault::Missing),
            ]
        );
    }

    #[test]
    fn both_forms_of_int64_fit() {
        for length in [json!("60"), json!(60)] {
            let body = json!({ "slot_time_availability": [{ "slot_time": { "duration_sec": length } }] });
            assert_eq!(faults("BatchAvailabilityLookupResponse", &body), []);
        }
    }

    #[test]
    fn the_notification_api_is_checked_in_its_own_names() {
        let body = json!({ "name": "partners/1/bookings/b", "startTime": 5, "booking_id": "b" });
        let found: Vec<_> = validate(Api::V1alpha, "Booking", &body)
            .into_iter()
            .map(|v| v.pointer)
            .collect();
        assert_eq!(found, ["/booking_id", "/startTime"]);
    }
}
