//! Field names of the wire model, as far as a scenario file uses them.

use super::matcher;
use crate::protocol::model::{Kind, Message, Model};
use serde_json::Value;

/// Dotted names in a value, or in the matchers of an expectation, that the message does not have.
pub(super) fn unknown_fields(model: &Model, message: &Message, value: &Value) -> Vec<String> {
    let Value::Object(fields) = value else {
        return Vec::new();
    };
    let mut unknown = Vec::new();
    for (name, value) in fields {
        if matcher::MATCHERS.contains(&name.as_str()) {
            let operands = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            unknown.extend(
                operands
                    .iter()
                    .flat_map(|operand| unknown_fields(model, message, operand)),
            );
            continue;
        }
        match message.field(name) {
            None => unknown.push(name.clone()),
            Some(field) => {
                if let Kind::Message(inner) = &field.kind
                    && let Some(inner) = model.message(inner)
                {
                    let items = value
                        .as_array()
                        .map_or(std::slice::from_ref(value), Vec::as_slice);
                    let below = items.iter().flat_map(|item| unknown_fields(model, inner, item));
                    unknown.extend(below.map(|below| format!("{name}.{below}")));
                }
            }
        }
    }
    unknown
}

/// The names of a message and of the messages directly in it, for suggestions.
pub(super) fn message_names(model: &Model, message: &Message) -> Vec<String> {
    let inner = message.fields.iter().filter_map(|field| match &field.kind {
        Kind::Message(name) => model.message(name),
        _ => None,
    });
    let all = std::iter::once(message).chain(inner);
    all.flat_map(|message| message.fields.iter().map(|field| field.name.clone()))
        .collect()
}
