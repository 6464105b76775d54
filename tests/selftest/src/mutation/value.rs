//! What becomes of the value at one place.

use super::canonical::seconds;
use super::operator::Operator;
use super::place::Place;
use jiff::{SignedDuration, Timestamp};
use protocol::model::{Kind, Model};
use serde_json::{Value, json};

/// The value that an operator puts in the place of another one; none where it has nothing to do.
pub(crate) fn changed(operator: Operator, model: &Model, place: &Place, value: &Value) -> Option<Value> {
    match operator {
        Operator::Null => Some(Value::Null),
        Operator::OtherType if place.is_list => value.get(0).cloned(),
        Operator::OtherType => other_type(model, &place.kind, value),
        Operator::InList => (!place.is_list).then(|| json!([value])),
        Operator::Step if place.is_list => None,
        Operator::Step => step(model, &place.kind, value),
        Operator::EntryTwice | Operator::EntryLost | Operator::Emptied => list(operator, place, value),
        Operator::NumberForm => number_form(model, &place.kind, value),
        Operator::TimeForm => time_form(&place.kind, value),
        _ => None,
    }
}

fn other_type(model: &Model, kind: &Kind, value: &Value) -> Option<Value> {
    match kind {
        Kind::Bool => Some(json!(value.as_bool()?.to_string())),
        Kind::Int32 | Kind::Int64 | Kind::Double => Some(json!(true)),
        Kind::Enum(name) => {
            let number = model.enumeration(name)?.values.get(value.as_str()?)?;
            Some(json!(number))
        }
        Kind::Message(_) | Kind::Struct | Kind::StringMap | Kind::Empty => Some(json!(value.to_string())),
        _ => Some(
            value
                .as_str()?
                .parse::<i64>()
                .map_or(json!(7), |number| json!(number)),
        ),
    }
}

fn step(model: &Model, kind: &Kind, value: &Value) -> Option<Value> {
    match kind {
        Kind::Bool => Some(json!(!value.as_bool()?)),
        Kind::Int32 | Kind::Int64 => {
            let next = protocol::int64::read(value)?.checked_add(1)?;
            Some(if value.is_string() {
                json!(next.to_string())
            } else {
                json!(next)
            })
        }
        Kind::Double => Some(json!(value.as_f64()? + 1.0)),
        Kind::Enum(name) => {
            let names: Vec<_> = model.enumeration(name)?.names().collect();
            let at = names.iter().position(|name| value.as_str() == Some(name))?;
            Some(json!(names[(at + 1) % names.len()]))
        }
        Kind::Timestamp => {
            let time: Timestamp = value.as_str()?.parse().ok()?;
            let later = time.checked_add(SignedDuration::from_secs(1)).ok()?;
            Some(json!(later.to_string()))
        }
        Kind::Duration => Some(json!(format!("{}s", seconds(value.as_str()?)?.as_secs() + 1))),
        Kind::Message(_) | Kind::Struct | Kind::StringMap | Kind::Empty => None,
        _ => other_letter(value.as_str()?),
    }
}

fn other_letter(text: &str) -> Option<Value> {
    let last = text.chars().last()?;
    let other = if last == 'x' || last == '1' {
        '2'
    } else if last.is_ascii_digit() {
        '1'
    } else {
        'x'
    };
    Some(json!(format!("{}{other}", &text[..text.len() - last.len_utf8()])))
}

/// A mask is a list in one text.
fn list(operator: Operator, place: &Place, value: &Value) -> Option<Value> {
    if place.kind == Kind::FieldMask {
        let mask = value.as_str()?;
        return match operator {
            Operator::EntryLost => Some(json!(mask.rsplit_once(',')?.0)),
            Operator::Emptied => Some(json!("")),
            _ => None,
        };
    }
    let mut entries = value.as_array().filter(|_| place.is_list)?.clone();
    match operator {
        Operator::EntryTwice => entries.insert(0, entries.first()?.clone()),
        // A list of one that loses its last entry is an emptied one.
        Operator::EntryLost if entries.len() > 1 => entries.truncate(entries.len() - 1),
        Operator::EntryLost => return None,
        _ => entries.clear(),
    }
    Some(Value::Array(entries))
}

fn number_form(model: &Model, kind: &Kind, value: &Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Enum(name), Value::String(text)) => Some(json!(model.enumeration(name)?.values.get(text)?)),
        (Kind::Int32 | Kind::Int64 | Kind::Double, Value::Number(number)) => Some(json!(number.to_string())),
        (Kind::Int64, Value::String(text)) => Some(json!(text.parse::<i64>().ok()?)),
        _ => None,
    }
}

fn time_form(kind: &Kind, value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    match kind {
        Kind::Timestamp => Some(json!(format!("{}.000+00:00", text.strip_suffix('Z')?))),
        Kind::Duration => Some(json!(format!("{}.000s", text.strip_suffix('s')?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::model::v3;

    fn to(operator: Operator, kind: Kind, value: &Value) -> Option<Value> {
        let place = Place {
            pointer: String::new(),
            leaf: String::new(),
            kind,
            is_list: value.is_array(),
            is_entry: false,
        };
        changed(operator, v3(), &place, value)
    }

    #[test]
    fn a_step_is_the_smallest_one_and_keeps_the_form() {
        let status = || Kind::Enum("BookingStatus".into());
        let next = to(Operator::Step, status(), &json!("CONFIRMED"));
        assert!(next.is_some_and(|next| next != "CONFIRMED" && next.is_string()));
        for (kind, from, step) in [
            (Kind::Int64, json!("9"), json!("10")),
            (Kind::Int32, json!(9), json!(10)),
            (Kind::Bool, json!(true), json!(false)),
            (Kind::String, json!("abc"), json!("abx")),
            (Kind::String, json!("ab7"), json!("ab1")),
            (Kind::Duration, json!("900s"), json!("901s")),
            (
                Kind::Timestamp,
                json!("2030-01-01T08:00:00Z"),
                json!("2030-01-01T08:00:01Z"),
            ),
        ] {
            assert_eq!(to(Operator::Step, kind, &from), Some(step));
        }
    }

    #[test]
    fn other_types_are_such_that_no_parser_takes_for_the_same() {
        assert_eq!(
            to(Operator::OtherType, Kind::Bool, &json!(true)),
            Some(json!("true"))
        );
        assert_eq!(
            to(Operator::OtherType, Kind::String, &json!("12")),
            Some(json!(12))
        );
        assert_eq!(
            to(Operator::OtherType, Kind::Int64, &json!("12")),
            Some(json!(true))
        );
        assert_eq!(
            to(Operator::OtherType, Kind::Int32, &json!([{ "a": 1 }])),
            Some(json!({ "a": 1 }))
        );
    }

    #[test]
    fn lists_and_masks_lose_and_repeat_entries() {
        assert_eq!(
            to(Operator::EntryLost, Kind::Int32, &json!([1, 2])),
            Some(json!([1]))
        );
        assert_eq!(to(Operator::EntryLost, Kind::Int32, &json!([1])), None);
        assert_eq!(
            to(Operator::EntryTwice, Kind::Int32, &json!([1, 2])),
            Some(json!([1, 1, 2]))
        );
        assert_eq!(
            to(Operator::EntryLost, Kind::FieldMask, &json!("a,b.c")),
            Some(json!("a"))
        );
    }
}
