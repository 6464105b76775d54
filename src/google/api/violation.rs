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

/// A parameter that is none: `missing` is the first segment of its name that the messages do not have.
pub(crate) fn cannot_bind(name: &str, missing: &str) -> Violation {
    let why =
        format!("Cannot bind query parameter. Field '{missing}' could not be found in request message.");
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
    invalid_value(at, kind, &value.to_string())
}

/// An object where the field `name` of the message `around` is no message: the place is the message's, and left out at the root.
pub(crate) fn object_on_scalar(around: &str, name: &str) -> Violation {
    let place = if around.is_empty() {
        String::new()
    } else {
        format!(" at '{around}'")
    };
    Violation {
        field: around.to_owned(),
        description: format!("Invalid value{place} ({name}), Starting an object on a scalar field"),
    }
}

pub(crate) fn invalid_base64(at: &str, text: &str) -> Violation {
    invalid_value(
        at,
        "TYPE_BYTES",
        &format!("Base64 decoding failed for \"{text}\""),
    )
}

/// A text without `Z` or an offset is refused for that, whatever else is wrong with it.
pub(crate) fn invalid_timestamp(at: &str, json_name: &str, value: &Value) -> Violation {
    let why = match value.as_str() {
        None => format!("Invalid data type for timestamp, value is {value}"),
        Some(text) if !has_zone(text) => {
            "Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset."
                .to_owned()
        }
        Some(_) => "Invalid time format: Failed to parse input".to_owned(),
    };
    let tail = format!("Field '{json_name}', {why}");
    invalid_value(at, "type.googleapis.com/google.protobuf.Timestamp", &tail)
}

/// The zone stands behind the time: the hyphens of the date are no offset.
fn has_zone(text: &str) -> bool {
    let time = text.split_once('T').map_or("", |(_, time)| time);
    text.ends_with('Z') || time.contains(['+', '-'])
}

pub(crate) fn invalid_duration(at: &str, json_name: &str, value: &Value) -> Violation {
    let why = match value.as_str() {
        None => format!("Invalid data type for duration, value is {value}"),
        Some(text) => duration_fault(text).to_owned(),
    };
    let tail = format!("Field '{json_name}', {why}");
    invalid_value(at, "type.googleapis.com/google.protobuf.Duration", &tail)
}

fn duration_fault(text: &str) -> &'static str {
    let Some(number) = text.strip_suffix('s') else {
        return "Illegal duration format; duration must end with 's'";
    };
    let number = number.strip_prefix('-').unwrap_or(number);
    let (seconds, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match () {
        () if !is_number(seconds) => "Invalid duration format, failed to parse seconds",
        () if !is_number(fraction) => "Invalid duration format, failed to parse nano seconds",
        () => "Duration value exceeds limits",
    }
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
