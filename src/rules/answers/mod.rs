//! Rules about the form of every answer.

pub(super) mod content_type;
pub(super) mod enum_names;
pub(super) mod field_names;
pub(super) mod seconds;
pub(super) mod wire_types;

use super::{Rule, reading};
use protocol::schema::{Api, Fault, Violation, validate};
use transcript::Exchange;

/// The rules about the types of values: what else is found at such a value rests on it.
pub(super) static OF_VALUES: [&Rule; 3] = [&enum_names::RULE, &seconds::RULE, &wire_types::RULE];

/// True for one of them.
pub(super) fn is_of_values(rule: &Rule) -> bool {
    OF_VALUES.iter().any(|one| one.name == rule.name)
}

/// Where the JSON object of a 200 answer does not fit its message, for one kind of mistake.
fn faults(exchange: &Exchange<'_>, fault: Fault) -> Vec<Violation> {
    let (Some(message), Some(body)) = (exchange.call.method.response_message(), reading::body(exchange))
    else {
        return Vec::new();
    };
    let mut all = validate(Api::V3, &message, &serde_json::Value::Object(body.clone()));
    all.retain(|violation| violation.fault == fault);
    all
}

/// The field that a pointer names.
fn field(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}
