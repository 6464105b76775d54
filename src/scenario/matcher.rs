//! The subset match behind `expect` and `until`, by meaning: int64 as string or number, absent as default.
//!
//! Matchers stand as one-key objects in place of a value:
//! `{$one_of: [..]}`, `{$not: value}`, `{$present: true}`, `{$absent: true}`, `{$number: true}`, `{$contains: value}`,
//! `{$lacks: value}`.

use protocol::int64;
use serde_json::{Map, Value, json};

/// A place at which a value is not as expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// JSON pointer.
    pub pointer: String,
    /// What would have been right.
    pub expected: Value,
    /// What is there; null when nothing is.
    pub actual: Value,
}

/// The matchers' names.
pub(crate) const MATCHERS: [&str; 7] = [
    "$one_of",
    "$not",
    "$present",
    "$absent",
    "$number",
    "$contains",
    "$lacks",
];

/// Every place at which `actual` is not as `expected` says; empty means it matches.
pub fn mismatches(expected: &Value, actual: Option<&Value>) -> Vec<Mismatch> {
    let mut found = Vec::new();
    compare(expected, actual.filter(|value| !value.is_null()), "", &mut found);
    found
}

/// True when `actual` is as `expected` says.
pub fn matches(expected: &Value, actual: Option<&Value>) -> bool {
    mismatches(expected, actual).is_empty()
}

fn compare(expected: &Value, actual: Option<&Value>, at: &str, found: &mut Vec<Mismatch>) {
    let right = match expected {
        Value::Object(fields) => match matcher(fields) {
            Some((name, operand)) => meets(name, operand, actual),
            None => return compare_fields(fields, actual, at, found),
        },
        scalar => equal(scalar, actual),
    };
    if !right {
        let actual = actual.cloned().unwrap_or(Value::Null);
        found.push(Mismatch {
            pointer: at.to_owned(),
            expected: expected.clone(),
            actual,
        });
    }
}

fn compare_fields(fields: &Map<String, Value>, actual: Option<&Value>, at: &str, found: &mut Vec<Mismatch>) {
    for (name, expected) in fields {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        let field = actual
            .and_then(|value| value.get(name))
            .filter(|value| !value.is_null());
        compare(expected, field, &place, found);
    }
}

/// What is expected, for people: values as they are, and matchers in words.
pub fn describe(expected: &Value) -> Value {
    if has_matcher(expected) {
        Value::String(words(expected))
    } else {
        expected.clone()
    }
}

fn has_matcher(value: &Value) -> bool {
    match value {
        Value::Object(fields) => matcher(fields).is_some() || fields.values().any(has_matcher),
        Value::Array(items) => items.iter().any(has_matcher),
        _ => false,
    }
}

fn words(value: &Value) -> String {
    let Value::Object(fields) = value else {
        return value.to_string();
    };
    let all = |operand: &Value, between: &str| {
        let items = operand.as_array().map_or(&[][..], Vec::as_slice);
        items.iter().map(words).collect::<Vec<_>>().join(between)
    };
    let holds = |operand: &Value| operand == &json!(true);
    match matcher(fields) {
        Some(("$one_of", operand)) => all(operand, " or "),
        Some(("$not", operand)) => format!("anything but {}", words(operand)),
        Some(("$contains", operand)) => format!("a list with {}", words(operand)),
        Some(("$lacks", Value::Object(any))) if any.is_empty() => "an empty list".to_owned(),
        Some(("$lacks", operand)) => format!("a list without {}", words(operand)),
        Some(("$present", operand)) if holds(operand) => "any value".to_owned(),
        Some(("$absent", operand)) if holds(operand) => "no value".to_owned(),
        Some(("$present", _)) => "no value".to_owned(),
        Some(("$absent", _)) => "any value".to_owned(),
        Some((_, operand)) if holds(operand) => "a number".to_owned(),
        Some(_) => "no number".to_owned(),
        None => {
            let each = fields
                .iter()
                .map(|(name, value)| format!("\"{name}\": {}", words(value)));
            format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
        }
    }
}

fn matcher(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, operand) = fields.iter().next().filter(|_| fields.len() == 1)?;
    MATCHERS
        .contains(&name.as_str())
        .then_some((name.as_str(), operand))
}

fn meets(name: &str, operand: &Value, actual: Option<&Value>) -> bool {
    let items = || {
        actual
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    match name {
        "$one_of" => operand
            .as_array()
            .is_some_and(|all| all.iter().any(|one| matches(one, actual))),
        "$not" => !matches(operand, actual),
        "$present" => actual.is_some() == (operand == &json!(true)),
        "$absent" => actual.is_none() == (operand == &json!(true)),
        "$number" => actual.is_some_and(reads_as_number) == (operand == &json!(true)),
        "$contains" => items().iter().any(|item| matches(operand, Some(item))),
        _ => !items().iter().any(|item| matches(operand, Some(item))),
    }
}

/// A number, or text that is one, in whatever notation.
fn reads_as_number(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok())
}

/// Equal by meaning: `"5"` is `5`, and what proto3 leaves out is the default.
pub fn equal(expected: &Value, actual: Option<&Value>) -> bool {
    let Some(actual) = actual else {
        return is_default(expected);
    };
    if expected == actual {
        return true;
    }
    // Two strings are compared as text: an id such as "007" is not the number 7.
    let one_is_a_number = expected.is_number() || actual.is_number();
    one_is_a_number && int64::read(expected).is_some() && int64::read(expected) == int64::read(actual)
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_told_in_words_and_values_as_they_are() {
        assert_eq!(
            describe(&json!({ "status": "CONFIRMED" })),
            json!({ "status": "CONFIRMED" })
        );
        let listed =
            json!({ "$contains": { "booking_id": "b-1", "status": { "$one_of": ["CANCELED", "FAILED"] } } });
        assert_eq!(
            describe(&listed),
            r#"a list with {"booking_id": "b-1", "status": "CANCELED" or "FAILED"}"#
        );
        assert_eq!(
            describe(&json!({ "$not": "CONFIRMED" })),
            r#"anything but "CONFIRMED""#
        );
        assert_eq!(describe(&json!({ "$absent": true })), "no value");
        assert_eq!(describe(&json!({ "$lacks": {} })), "an empty list");
    }

    #[test]
    fn what_reads_as_a_number_is_told_from_text() {
        let number = json!({ "$number": true });
        for value in [json!(7), json!("7"), json!("8.7e26")] {
            assert!(matches(&number, Some(&value)), "{value}");
        }
        assert!(!matches(&number, Some(&json!("customer-17"))) && !matches(&number, None));
    }

    #[test]
    fn a_subset_matches_by_meaning() {
        let actual = json!({ "booking": { "slot": { "start_sec": 5, "tag": "x" }, "status": "CONFIRMED" } });
        assert!(matches(
            &json!({ "booking": { "slot": { "start_sec": "5" } } }),
            Some(&actual)
        ));
        assert!(matches(
            &json!({ "booking_failure": { "$absent": true } }),
            Some(&actual)
        ));
        let wrong = mismatches(
            &json!({ "booking": { "status": { "$one_of": ["CANCELED", "NO_SHOW"] } } }),
            Some(&actual),
        );
        assert_eq!(wrong[0].pointer, "/booking/status");
        assert_eq!(wrong[0].actual, json!("CONFIRMED"));
    }

    #[test]
    fn what_proto3_leaves_out_is_the_default() {
        assert!(matches(&json!({ "available": false }), Some(&json!({}))));
        assert!(!matches(&json!({ "available": true }), Some(&json!({}))));
        assert!(matches(
            &json!({ "bookings": { "$lacks": { "booking_id": "b" } } }),
            Some(&json!({}))
        ));
    }

    #[test]
    fn lists_are_searched() {
        let actual =
            json!({ "bookings": [{ "booking_id": "a" }, { "booking_id": "b", "status": "CONFIRMED" }] });
        assert!(matches(
            &json!({ "bookings": { "$contains": { "booking_id": "b" } } }),
            Some(&actual)
        ));
        assert!(!matches(
            &json!({ "bookings": { "$lacks": { "booking_id": "b" } } }),
            Some(&actual)
        ));
        assert!(matches(&json!({ "status": { "$not": "X" } }), Some(&json!({}))));
    }

    #[test]
    fn an_id_is_not_a_number() {
        assert!(!equal(&json!("007"), Some(&json!("7"))));
        assert!(equal(&json!("abc"), Some(&json!("abc"))));
    }
}
