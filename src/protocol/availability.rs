//! What an entry of a look-up says of its slot beside the one field that Google reads.

use super::int64;
use serde_json::Value;

/// Parts of the names under which booking servers say how free a slot is.
const NAMED: [&str; 6] = ["avail", "spots", "seats", "free", "open", "bookable"];

/// Texts by which they say that it is.
const FREE: [&str; 7] = ["AVAILABLE", "TRUE", "YES", "OPEN", "FREE", "BOOKABLE", "OK"];

/// The field, other than `available`, by which an entry without that field says that its slot is free.
///
/// Google reads `available` alone, and a field that is absent is `false`.
pub fn free_in_other_words(entry: &Value) -> Option<(&str, &Value)> {
    let fields = entry.as_object()?;
    if fields.get("available").is_some_and(|value| !value.is_null()) {
        return None;
    }
    let said = fields
        .iter()
        .find(|(name, value)| is_other_word(name) && says_free(value));
    said.map(|(name, value)| (name.as_str(), value))
}

/// True for the name of a field, other than `available`, under which booking servers say how free a slot is.
pub fn is_other_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_label = name.ends_with("tag") || name.ends_with("id");
    name != "available" && !is_label && NAMED.iter().any(|part| name.contains(part))
}

fn says_free(value: &Value) -> bool {
    match value {
        Value::Bool(free) => *free,
        Value::String(text) if FREE.contains(&text.to_ascii_uppercase().as_str()) => true,
        value => int64::read(value).is_some_and(|count| (1..10_000).contains(&count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn name(entry: &Value) -> Option<&str> {
        free_in_other_words(entry).map(|(name, _)| name)
    }

    #[test]
    fn counts_enums_and_texts_are_other_words() {
        assert_eq!(name(&json!({ "count_available": 1 })), Some("count_available"));
        assert_eq!(
            name(&json!({ "availability": "AVAILABLE", "spots_open": 2 })),
            Some("availability")
        );
        assert_eq!(
            name(&json!({ "available": null, "is_free": true })),
            Some("is_free")
        );
    }

    #[test]
    fn who_says_it_in_the_right_words_or_says_no_has_none() {
        assert_eq!(name(&json!({ "available": true, "spots_open": 2 })), None);
        assert_eq!(name(&json!({ "available": false, "spots_open": 2 })), None);
        assert_eq!(
            name(&json!({ "spots_open": 0, "availability": "UNAVAILABLE" })),
            None
        );
        assert_eq!(
            name(&json!({ "slot_time": { "availability_tag": "t" }, "note": "open" })),
            None
        );
        assert_eq!(name(&json!({ "availability_tag": "1" })), None);
    }
}
