//! Fields of which only a look is taken. They are JSON values, so that a wrong type is a problem of the record and no unreadable file.

use serde_json::Value;

/// The member of an object, unless it is absent or `null`.
pub(crate) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|value| !value.is_null())
}

/// A text that is not blank.
pub(crate) fn filled_text(value: Option<&Value>) -> Option<&str> {
    value?.as_str().filter(|text| !text.trim().is_empty())
}
