//! What is said of a value that is not of the type that is due, in the words of whoever wrote the feed.

use super::names::{Holds, Message};
use super::reference::{AVAILABILITY, MERCHANT, SERVICE};
use serde_json::Value;

/// Longer values are cut.
const SHOWN: usize = 40;

/// What is wrong with a value; none where nothing is.
pub(crate) fn wrong(value: &Value, holds: Holds) -> Option<String> {
    match holds {
        Holds::Anything | Holds::Names(_) => None,
        Holds::Integer => (!is_integer(value)).then(|| no_integer(value)),
        Holds::Text => (!value.is_string()).then(|| format!("must be one text; here is {}", shown(value))),
        Holds::Word => {
            let is_word = value.is_string() || value.is_number();
            (!is_word).then(|| format!("must be one word or number; here is {}", shown(value)))
        }
        Holds::Texts => {
            (!is_texts(value)).then(|| format!("must be a list of texts; here is {}", shown(value)))
        }
        Holds::One(message) => Some(no_message(value, message)),
        Holds::Many(message) => Some(format!(
            "must be a list of objects ({}); here is {}",
            message.name,
            shown(value)
        )),
    }
}

/// That an object was due.
pub(crate) fn no_message(value: &Value, message: &Message) -> String {
    let fields: Vec<_> = message.fields.iter().take(3).map(|(name, _)| *name).collect();
    let fields = fields.join(", ");
    format!(
        "must be one object ({}: {fields}); here is {}",
        message.name,
        shown(value)
    )
}

fn is_texts(value: &Value) -> bool {
    let items = value.as_array();
    items.is_some_and(|items| items.iter().all(Value::is_string))
}

fn is_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.is_i64()
                || number
                    .as_f64()
                    .is_some_and(|number| number.fract() == 0.0 && number.abs() < 9.0e15)
        }
        Value::String(digits) => digits.parse::<i64>().is_ok(),
        _ => false,
    }
}

fn no_integer(value: &Value) -> String {
    let here = shown(value);
    match value {
        Value::Object(members) if members.contains_key("seconds") => {
            format!("must be a number of seconds; here is {here}: write the number inside of it")
        }
        Value::String(text) if is_iso_time(text) => {
            format!("must be a number of seconds since 1970; here is {here}, a date as ISO 8601 writes it")
        }
        Value::Array(items) if items.len() == 1 => {
            format!("must be one whole number; here is {here}: write what is inside of it")
        }
        _ => format!("must be a whole number, as a number or as its digits; here is {here}"),
    }
}

/// True for `2026-12-01` and what may follow it.
fn is_iso_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    digits(0..4)
        && bytes.get(4) == Some(&b'-')
        && digits(5..7)
        && bytes.get(7) == Some(&b'-')
        && digits(8..10)
}

/// A value as it stands there, with its kind.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("the text {:?}", cut(text)),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
            "a list of objects".to_owned()
        }
        Value::Array(_) => format!("the list {}", cut(&value.to_string())),
        Value::Object(_) => format!("the object {}", cut(&value.to_string())),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['\u{2026}']).collect()
}

/// Whose field this is.
pub(crate) fn home(field: &str) -> Option<&'static str> {
    [AVAILABILITY, SERVICE, MERCHANT]
        .iter()
        .find(|message| message.field(field).is_some())
        .map(|message| message.name)
}

/// What a reader of JSON said, with what most likely stands where it found no value.
pub(crate) fn no_json(said: String, at: Option<&[u8]>) -> String {
    let at = at.unwrap_or_default();
    match said.as_str() {
        "key must be a string" if at.starts_with(b"}") => "trailing comma".to_owned(),
        "expected value" => cause(at).map_or(said, |words| format!("expected value: {words}")),
        _ => said,
    }
}

fn cause(at: &[u8]) -> Option<&'static str> {
    let table: [(&[&[u8]], &str); 5] = [
        (
            &[b"NaN", b"Infinity", b"-Infinity", b"nan", b"inf"],
            "NaN and infinity are no numbers of JSON: leave the field out",
        ),
        (
            &[b"None", b"undefined", b"nil"],
            "JSON says null for what is not there",
        ),
        (
            &[b"True", b"False"],
            "JSON writes true and false in small letters",
        ),
        (&[b"'"], "texts of JSON stand in double quotes"),
        (&[b"//", b"/*", b"#"], "JSON has no comments"),
    ];
    let found = table
        .iter()
        .find(|(starts, _)| starts.iter().any(|start| at.starts_with(start)));
    found.map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_values_are_told_in_words_of_the_feed() {
        let table = [
            (json!({ "seconds": 7 }), "write the number inside of it"),
            (json!("2026-12-01T18:00:00Z"), "ISO 8601"),
            (json!([7]), "write what is inside of it"),
            (json!("noon"), "the text \"noon\""),
            (json!(1.5), "here is 1.5"),
        ];
        for (value, words) in table {
            let said = wrong(&value, Holds::Integer).unwrap_or_default();
            assert!(said.contains(words), "{said}");
        }
        for right in [json!(7), json!("7"), json!(7.0), json!(-1)] {
            assert_eq!(wrong(&right, Holds::Integer), None, "{right}");
        }
        let rules = wrong(&json!([{ "a": 1 }]), Holds::One(&SERVICE)).unwrap_or_default();
        assert!(
            rules.starts_with("must be one object") && rules.ends_with("a list of objects"),
            "{rules}"
        );
    }
}
