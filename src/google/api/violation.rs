//! The exact sentences with which the transcoding layer refuses input.

use serde_json::Value;

/// One entry of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Path of the field in proto names; empty for the root.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) description: String,
}

/// A field that does not exist, or that cannot start the way it does. `at` is the path of the message around it.
pub(crate) fn unknown_name(name: &str, at: &str, why: &str) -> Violation {
    let place = if at.is_empty() {
        String::new()
    } else {
        format!(" at '{at}'")
    };
    let description = format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: {why}");
    Violation {
        field: at.to_owned(),
        description,
    }
}

pub(crate) fn cannot_find(name: &str, at: &str) -> Violation {
    unknown_name(name, at, "Cannot find field.")
}

pub(crate) fn not_repeating(name: &str, at: &str) -> Violation {
    unknown_name(name, at, "Proto field is not repeating, cannot start list.")
}

pub(crate) fn root_not_message() -> Violation {
    unknown_name("", "", "Root element must be a message.")
}

pub(crate) fn cannot_bind(name: &str) -> Violation {
    let why = format!("Cannot bind query parameter. Field '{name}' could not be found in request message.");
    unknown_name(name, "", &why)
}

pub(crate) fn cannot_bind_message(name: &str) -> Violation {
    let why = format!(
        "Cannot bind query parameter. '{name}' is a message type. Parameters can only be bound to primitive types."
    );
    unknown_name(name, "", &why)
}

/// A value that is not of its field's type; `tail` is the value or what is wrong with it.
pub(crate) fn invalid_value(at: &str, kind: &str, tail: &str) -> Violation {
    Violation {
        field: at.to_owned(),
        description: format!("Invalid value at '{at}' ({kind}), {tail}"),
    }
}

pub(crate) fn invalid_scalar(at: &str, kind: &str, value: &Value) -> Violation {
    match value {
        Value::Object(_) => invalid_value(at, kind, "Starting an object on a scalar field"),
        value => invalid_value(at, kind, &value.to_string()),
    }
}

pub(crate) fn invalid_base64(at: &str, text: &str) -> Violation {
    invalid_value(
        at,
        "TYPE_BYTES",
        &format!("Base64 decoding failed for \"{text}\""),
    )
}

pub(crate) fn invalid_timestamp(at: &str, json_name: &str) -> Violation {
    let tail = format!("Field '{json_name}', Invalid time format: Failed to parse input");
    invalid_value(at, "type.googleapis.com/google.protobuf.Timestamp", &tail)
}

pub(crate) fn invalid_duration(at: &str, json_name: &str) -> Violation {
    let tail = format!("Field '{json_name}', Illegal duration format; duration must end with 's'");
    invalid_value(at, "type.googleapis.com/google.protobuf.Duration", &tail)
}

/// The body is no JSON: reason, the offending line, a caret below the place.
pub(crate) fn broken_json(reason: &str, line: &str, column: usize) -> Violation {
    let caret = format!("{}^", " ".repeat(column));
    let description = format!("Invalid JSON payload received. {reason}\n{line}\n{caret}");
    Violation {
        field: String::new(),
        description,
    }
}
