//! The JSON form of a wire model.

use super::{Enum, Field, Kind, Label, Message, Model};
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The wire model could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not JSON, or not of the form of a wire model.
    #[error("read the wire model: {0}")]
    Form(#[from] serde_json::Error),
    /// A field's type is neither a scalar nor a name that the model defines.
    #[error("field {message}.{field} has the unknown type `{unknown}`")]
    UnknownType {
        /// Message that declares the field.
        message: String,
        /// Proto name of the field.
        field: String,
        /// The type as written.
        unknown: String,
    },
    /// Two fields of one message share a name or a number.
    #[error("message {message} declares `{name}` twice")]
    Duplicate {
        /// Message that declares both.
        message: String,
        /// The proto name, JSON name or number that occurs twice.
        name: String,
    },
}

impl Model {
    /// Reads a model from its JSON form.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let raw: RawModel = serde_json::from_str(text)?;
        let enums: IndexMap<String, Enum> = raw
            .enums
            .into_iter()
            .map(|(name, values)| (name.clone(), Enum { name, values }))
            .collect();
        let names: BTreeSet<String> = raw.messages.keys().cloned().collect();
        let mut messages = IndexMap::new();
        for (name, message) in raw.messages {
            let message = build_message(name, message, &names, &enums)?;
            messages.insert(message.name.clone(), message);
        }
        Ok(Self {
            package: raw.package,
            messages,
            enums,
        })
    }
}

#[derive(Deserialize)]
struct RawModel {
    package: String,
    messages: IndexMap<String, RawMessage>,
    enums: IndexMap<String, IndexMap<String, i32>>,
}

#[derive(Deserialize)]
struct RawMessage {
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
struct RawField {
    name: String,
    json_name: String,
    number: u32,
    #[serde(rename = "type")]
    kind: String,
    label: Label,
    oneof: Option<String>,
    #[serde(default)]
    deprecated: bool,
}

fn build_message(
    name: String,
    raw: RawMessage,
    messages: &BTreeSet<String>,
    enums: &IndexMap<String, Enum>,
) -> Result<Message, ModelError> {
    let mut names = BTreeSet::new();
    let mut fields = Vec::with_capacity(raw.fields.len());
    for field in raw.fields {
        check_unique(&name, &field, &mut names)?;
        fields.push(build_field(&name, field, messages, enums)?);
    }
    Ok(Message { name, fields })
}

fn check_unique(message: &str, field: &RawField, others: &mut BTreeSet<String>) -> Result<(), ModelError> {
    let names = BTreeSet::from([
        field.name.clone(),
        field.json_name.clone(),
        field.number.to_string(),
    ]);
    for name in names {
        if !others.insert(name.clone()) {
            return Err(ModelError::Duplicate {
                message: message.to_owned(),
                name,
            });
        }
    }
    Ok(())
}

fn build_field(
    message: &str,
    raw: RawField,
    messages: &BTreeSet<String>,
    enums: &IndexMap<String, Enum>,
) -> Result<Field, ModelError> {
    let Some(kind) = resolve(&raw.kind, messages, enums) else {
        return Err(ModelError::UnknownType {
            message: message.to_owned(),
            field: raw.name,
            unknown: raw.kind,
        });
    };
    Ok(Field {
        name: raw.name,
        json_name: raw.json_name,
        number: raw.number,
        kind,
        label: raw.label,
        oneof: raw.oneof,
        deprecated: raw.deprecated,
    })
}

fn resolve(text: &str, messages: &BTreeSet<String>, enums: &IndexMap<String, Enum>) -> Option<Kind> {
    Some(match text.replace(' ', "").as_str() {
        "string" => Kind::String,
        "bytes" => Kind::Bytes,
        "bool" => Kind::Bool,
        "int32" => Kind::Int32,
        "int64" => Kind::Int64,
        "double" => Kind::Double,
        "google.protobuf.Timestamp" => Kind::Timestamp,
        "google.protobuf.Duration" => Kind::Duration,
        "google.protobuf.FieldMask" => Kind::FieldMask,
        "google.protobuf.Empty" => Kind::Empty,
        "google.protobuf.Struct" => Kind::Struct,
        "map<string,string>" => Kind::StringMap,
        name if messages.contains(name) => Kind::Message(name.to_owned()),
        name if enums.contains_key(name) => Kind::Enum(name.to_owned()),
        _ => return None,
    })
}
