//! The one reader of proto3 JSON: what it accepts comes out in canonical form, what it refuses in Google's sentences.
//!
//! Canonical: lowerCamelCase names, int64 as strings, enum names, timestamps in UTC, nulls gone.

use crate::api::lint::Lint;
use crate::api::syntax;
use crate::api::violation::{self, Violation};
use base64::Engine as _;
use base64::engine::general_purpose;
use protocol::model::{Field, Kind, Label, Message, Model};
use protocol::time;
use serde_json::{Map, Number, Value};

/// An accepted body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    /// The message in canonical form.
    pub(crate) value: Map<String, Value>,
    /// What was let pass.
    pub(crate) lints: Vec<Lint>,
}

/// More violations than this are not listed, so that a hostile body cannot blow up the answer.
const LISTED: usize = 64;

/// Reads a body as a message of the model. `at` is the path of that message in the request (`booking`, or empty).
pub(crate) fn decode(model: &Model, message: &str, at: &str, body: &[u8]) -> Result<Decoded, Vec<Violation>> {
    let value = syntax::parse(body).map_err(|violation| vec![violation])?;
    let Value::Object(object) = value else {
        return Err(vec![violation::root_not_message()]);
    };
    decode_object(model, message, at, &object)
}

/// Reads a body that was parsed before, if it could be; without `parsed` it is read once more, to say what is wrong with it.
pub(crate) fn decode_parsed(
    model: &Model,
    message: &str,
    at: &str,
    (body, parsed): (&[u8], Option<&Value>),
) -> Result<Decoded, Vec<Violation>> {
    match parsed {
        Some(Value::Object(object)) => decode_object(model, message, at, object),
        _ => decode(model, message, at, body),
    }
}

/// Reads an object that is already parsed.
pub(crate) fn decode_object(
    model: &Model,
    message: &str,
    at: &str,
    object: &Map<String, Value>,
) -> Result<Decoded, Vec<Violation>> {
    let mut reader = Reader {
        model,
        violations: Vec::new(),
        lints: Vec::new(),
    };
    let value = reader.message(message, &FieldPath::Message(at), object);
    if reader.violations.is_empty() {
        Ok(Decoded {
            value,
            lints: reader.lints,
        })
    } else {
        reader.violations.truncate(LISTED);
        Err(reader.violations)
    }
}

/// Where a value stands. It is written out for a refusal only: most values are right.
#[derive(Clone, Copy)]
enum FieldPath<'a> {
    /// The message that the whole body is, as refusals call it.
    Message(&'a str),
    Field(&'a FieldPath<'a>, &'a str),
    Item(&'a FieldPath<'a>, usize),
}

impl FieldPath<'_> {
    fn text(&self) -> String {
        match self {
            Self::Message(name) | Self::Field(FieldPath::Message(""), name) => (*name).to_owned(),
            Self::Field(around, name) => format!("{}.{name}", around.text()),
            Self::Item(list, index) => format!("{}[{index}]", list.text()),
        }
    }

    /// The message that the value stands in; empty for the body itself.
    fn around(&self) -> String {
        match self {
            Self::Message(_) => String::new(),
            Self::Field(around, _) => around.text(),
            Self::Item(list, _) => list.around(),
        }
    }
}

struct Reader<'m> {
    model: &'m Model,
    violations: Vec<Violation>,
    lints: Vec<Lint>,
}

impl Reader<'_> {
    fn message(&mut self, name: &str, at: &FieldPath<'_>, object: &Map<String, Value>) -> Map<String, Value> {
        let mut out = Map::with_capacity(object.len());
        let Some(message) = self.model.message(name) else {
            return out;
        };
        for (key, value) in object {
            match message.field(key) {
                None if self.violations.len() >= LISTED => {}
                None => self.refuse(violation::cannot_find(key, &at.text())),
                Some(_) if value.is_null() => {}
                Some(field) => self.member(message, field, at, (key, value), &mut out),
            }
        }
        out
    }

    fn member(
        &mut self,
        message: &Message,
        field: &Field,
        at: &FieldPath<'_>,
        (key, value): (&str, &Value),
        out: &mut Map<String, Value>,
    ) {
        if out.contains_key(&field.json_name) {
            return self.refuse(violation::unknown_name(key, &at.text(), "Field is already set."));
        }
        if let Some(group) = taken_oneof(message, field, out) {
            let tail = format!(
                "oneof field '{group}' is already set. Cannot set '{}'",
                field.json_name
            );
            return self.refuse(violation::invalid_value(&at.text(), "oneof", &tail));
        }
        if let Some(value) = self.labelled(field, at, (key, value)) {
            out.insert(field.json_name.clone(), value);
        }
    }

    fn labelled(&mut self, field: &Field, at: &FieldPath<'_>, (key, value): (&str, &Value)) -> Option<Value> {
        let path = &FieldPath::Field(at, &field.name);
        match (field.label, value) {
            (Label::Repeated, Value::Array(items)) => Some(self.list(field, path, items)),
            (Label::Repeated, single) => {
                self.lints.push(Lint::SingleForList { field: path.text() });
                self.single(field, path, single)
                    .map(|value| Value::Array(vec![value]))
            }
            (_, Value::Array(_)) if field.kind != Kind::Struct => {
                self.refuse(violation::not_repeating(key, &at.text()));
                None
            }
            (_, single) => self.single(field, path, single),
        }
    }

    fn list(&mut self, field: &Field, path: &FieldPath<'_>, items: &[Value]) -> Value {
        let read = |(index, item): (usize, &Value)| self.single(field, &FieldPath::Item(path, index), item);
        Value::Array(items.iter().enumerate().filter_map(read).collect())
    }

    fn single(&mut self, field: &Field, path: &FieldPath<'_>, value: &Value) -> Option<Value> {
        let read = match &field.kind {
            Kind::Message(name) => return self.sub_message(name, path, value),
            Kind::Enum(name) if !value.is_object() => return self.enum_name(name, path, value),
            Kind::StringMap | Kind::Struct | Kind::Empty => object(&field.kind, path, value),
            _ if value.is_object() => Err(violation::object_on_scalar(&path.around(), &field.name)),
            Kind::Timestamp => timestamp(value)
                .ok_or_else(|| violation::invalid_timestamp(&path.text(), &field.json_name, value)),
            Kind::Duration => duration(value)
                .ok_or_else(|| violation::invalid_duration(&path.text(), &field.json_name, value)),
            Kind::Bytes => bytes(path, value),
            scalar => {
                let (name, read) = read_scalar(scalar, value);
                read.ok_or_else(|| violation::invalid_scalar(&path.text(), name, value))
            }
        };
        read.map_err(|violation| self.refuse(violation)).ok()
    }

    fn sub_message(&mut self, name: &str, path: &FieldPath<'_>, value: &Value) -> Option<Value> {
        if let Value::Object(object) = value {
            return Some(Value::Object(self.message(name, path, object)));
        }
        let kind = self.type_url(name);
        self.refuse(violation::invalid_scalar(&path.text(), &kind, value));
        None
    }

    fn enum_name(&mut self, name: &str, path: &FieldPath<'_>, value: &Value) -> Option<Value> {
        let values = self.model.enumeration(name)?;
        let known = match value {
            Value::String(text) if values.contains(text) => Some(text.as_str()),
            Value::Number(number) => {
                self.lints.push(Lint::EnumNumber { field: path.text() });
                number.as_i64().and_then(|number| values.by_number(number))
            }
            _ => None,
        };
        if known.is_none() {
            let kind = self.type_url(name);
            self.refuse(violation::invalid_scalar(&path.text(), &kind, value));
        }
        known.map(Value::from)
    }

    fn type_url(&self, name: &str) -> String {
        format!("type.googleapis.com/{}.{name}", self.model.package)
    }

    fn refuse(&mut self, violation: Violation) {
        if self.violations.len() < LISTED {
            self.violations.push(violation);
        }
    }
}

fn taken_oneof(message: &Message, field: &Field, out: &Map<String, Value>) -> Option<String> {
    let group = field.oneof.as_ref()?;
    let taken = |other: &&Field| other.oneof.as_ref() == Some(group) && out.contains_key(&other.json_name);
    message.fields.iter().find(taken).map(|_| group.clone())
}

fn timestamp(value: &Value) -> Option<Value> {
    let time = time::parse_timestamp(value.as_str()?).ok()?;
    Some(time::format_timestamp(time).into())
}

fn duration(value: &Value) -> Option<Value> {
    let length = time::parse_duration(value.as_str()?).ok()?;
    Some(time::format_duration(length).into())
}

fn object(kind: &Kind, path: &FieldPath<'_>, value: &Value) -> Result<Value, Violation> {
    let Value::Object(object) = value else {
        return Err(violation::invalid_value(
            &path.text(),
            "type.googleapis.com/google.protobuf.Struct",
            &value.to_string(),
        ));
    };
    let mut entries = object.iter();
    match entries.find(|(_, value)| *kind == Kind::StringMap && !value.is_string()) {
        Some((key, value)) if value.is_object() => Err(violation::object_on_scalar(&path.text(), key)),
        Some((_, value)) => Err(violation::invalid_scalar(&path.text(), "TYPE_STRING", value)),
        None => Ok(value.clone()),
    }
}

fn bytes(path: &FieldPath<'_>, value: &Value) -> Result<Value, Violation> {
    let Some(text) = value.as_str() else {
        return Err(violation::invalid_scalar(&path.text(), "TYPE_BYTES", value));
    };
    let plain = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    match general_purpose::STANDARD_NO_PAD.decode(plain) {
        Ok(bytes) => Ok(general_purpose::STANDARD.encode(bytes).into()),
        Err(_) => Err(violation::invalid_base64(&path.text(), text)),
    }
}

fn read_scalar(kind: &Kind, value: &Value) -> (&'static str, Option<Value>) {
    match kind {
        Kind::Bool => ("TYPE_BOOL", boolean(value).map(Value::Bool)),
        Kind::Int32 => (
            "TYPE_INT32",
            integer(value)
                .and_then(|number| i32::try_from(number).ok())
                .map(Value::from),
        ),
        Kind::Int64 => (
            "TYPE_INT64",
            integer(value).map(|number| number.to_string().into()),
        ),
        Kind::Double => ("TYPE_DOUBLE", double(value)),
        _ => ("TYPE_STRING", value.as_str().map(Value::from)),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number)),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

// `2.0` and `2e0` are integers on the wire as long as a double holds them exactly.
fn whole(number: &Number) -> Option<i64> {
    let float = number.as_f64()?;
    (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
}

fn double(value: &Value) -> Option<Value> {
    let float = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Number::from_f64(float).map(Value::Number)
}

#[cfg(test)]
mod tests;
