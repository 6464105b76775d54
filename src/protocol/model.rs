//! A wire model: the messages and enums of one API, as data.
//!
//! Two are bundled: [`v3`] (the booking server, called by Google) and [`v1alpha`] (the Maps Booking API, called by
//! partners). Code that decodes, checks or builds bodies reads them, so that a name is written down once.

use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

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

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 text.
    String,
    /// Base64 text on the wire.
    Bytes,
    /// `true` or `false`.
    Bool,
    /// A JSON number.
    Int32,
    /// A decimal string on the wire.
    Int64,
    /// A JSON number.
    Double,
    /// RFC 3339 text.
    Timestamp,
    /// Seconds with the suffix `s`.
    Duration,
    /// Comma separated paths.
    FieldMask,
    /// `{}`.
    Empty,
    /// A JSON object whose fields are not described.
    Struct,
    /// A map from string to string.
    StringMap,
    /// A message of this model, by name.
    Message(String),
    /// An enum of this model, by name.
    Enum(String),
}

/// How often a field's value occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// At most once.
    Optional,
    /// A list.
    Repeated,
    /// A map.
    Map,
}

/// One field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Proto name, `snake_case`.
    pub name: String,
    /// JSON name, `lowerCamelCase`.
    pub json_name: String,
    /// Field number; in [`v1alpha`] the position in the published list, since the numbers are not published.
    pub number: u32,
    /// What it holds.
    pub kind: Kind,
    /// Single, list or map.
    pub label: Label,
    /// Name of the group of which at most one member may be set.
    pub oneof: Option<String>,
    /// True when the documents advise against it.
    pub deprecated: bool,
}

impl Field {
    /// True for a list.
    pub fn is_repeated(&self) -> bool {
        self.label == Label::Repeated
    }
}

/// A message: its fields in the order of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Name without package, nested names joined by dots.
    pub name: String,
    /// The fields.
    pub fields: Vec<Field>,
}

impl Message {
    /// The field with this JSON name or this proto name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.json_name == name || field.name == name)
    }
}

/// An enum: its values with their numbers, in the order of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// Name without package, nested names joined by dots.
    pub name: String,
    /// Value names and numbers.
    pub values: IndexMap<String, i32>,
}

impl Enum {
    /// True when the enum has a value of this name.
    pub fn contains(&self, value: &str) -> bool {
        self.values.contains_key(value)
    }

    /// The value names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The name of the value with this number.
    pub fn by_number(&self, number: i64) -> Option<&str> {
        self.values
            .iter()
            .find(|(_, value)| i64::from(**value) == number)
            .map(|(name, _)| name.as_str())
    }

    /// The name of value 0, which stands for "not set".
    pub fn default_name(&self) -> Option<&str> {
        self.by_number(0)
    }
}

/// The messages and enums of one API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Proto package.
    pub package: String,
    messages: IndexMap<String, Message>,
    enums: IndexMap<String, Enum>,
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

    /// The message of this name.
    pub fn message(&self, name: &str) -> Option<&Message> {
        self.messages.get(name)
    }

    /// The enum of this name.
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        self.enums.get(name)
    }

    /// All messages, in the order of the model.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    /// All enums, in the order of the model.
    pub fn enums(&self) -> impl Iterator<Item = &Enum> {
        self.enums.values()
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
    let mut seen = BTreeSet::new();
    let mut fields = Vec::with_capacity(raw.fields.len());
    for field in raw.fields {
        check_unique(&name, &field, &mut seen)?;
        fields.push(build_field(&name, field, messages, enums)?);
    }
    Ok(Message { name, fields })
}

fn check_unique(message: &str, field: &RawField, seen: &mut BTreeSet<String>) -> Result<(), ModelError> {
    let names = BTreeSet::from([
        field.name.clone(),
        field.json_name.clone(),
        field.number.to_string(),
    ]);
    for name in names {
        if !seen.insert(name.clone()) {
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

static V3: LazyLock<Model> = LazyLock::new(|| {
    Model::from_json(include_str!("v3.model.json")).expect("a test reads the bundled model")
});

static V1ALPHA: LazyLock<Model> = LazyLock::new(|| {
    Model::from_json(include_str!("v1alpha.model.json")).expect("a test reads the bundled model")
});

/// The booking server's API (Google calls the partner).
pub fn v3() -> &'static Model {
    &V3
}

/// The Maps Booking API (the partner calls Google).
///
/// Enums whose value names are not published are typed as strings, sub-messages whose fields are not published as
/// open objects: what cannot be known is not refused.
pub fn v1alpha() -> &'static Model {
    &V1ALPHA
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn one(kind: &str) -> String {
        format!(
            r#"{{"package":"p","messages":{{"A":{{"fields":[{{"name":"x_y","json_name":"xY","number":1,
            "type":"{kind}","label":"optional","oneof":null,"deprecated":false}}]}}}},"enums":{{"E":{{"ZERO":0,"ONE":1}}}}}}"#
        )
    }

    #[test]
    fn the_bundled_models_can_be_read() {
        assert_eq!(v3().package, "ext.maps.booking.partner.v3");
        assert!(v3().message("CreateBookingRequest").is_some());
        assert_eq!(v1alpha().package, "google.maps.booking.v1alpha");
        assert_eq!(v1alpha().message("Booking").unwrap().fields.len(), 9);
    }

    #[test]
    fn a_field_is_found_by_either_name() {
        let booking = v1alpha().message("Booking").unwrap();
        assert_eq!(booking.field("partySize"), booking.field("party_size"));
        assert_eq!(booking.field("partySize").unwrap().kind, Kind::Int64);
        assert_eq!(booking.field("booking_id"), None);
        let availability = v1alpha()
            .message("ServiceAvailability")
            .unwrap()
            .field("availability")
            .unwrap();
        assert!(availability.is_repeated());
        assert_eq!(availability.kind, Kind::Message("Availability".to_owned()));
    }

    #[test]
    fn enum_values_have_names_and_numbers() {
        let status = v1alpha().enumeration("BookingStatus").unwrap();
        assert!(status.contains("CANCELED") && !status.contains("CANCELLED"));
        assert_eq!(status.default_name(), Some("BOOKING_STATUS_UNSPECIFIED"));
        assert_eq!(status.names().nth(1), status.by_number(1));
    }

    #[test]
    fn types_are_resolved_or_refused() {
        for (text, kind) in [
            ("map<string, string>", Kind::StringMap),
            ("google.protobuf.Duration", Kind::Duration),
            ("A", Kind::Message("A".to_owned())),
            ("E", Kind::Enum("E".to_owned())),
        ] {
            let model = Model::from_json(&one(text)).unwrap();
            assert_eq!(model.message("A").unwrap().fields[0].kind, kind);
        }
        let error = Model::from_json(&one("Nowhere")).unwrap_err();
        assert_eq!(error.to_string(), "field A.x_y has the unknown type `Nowhere`");
    }

    #[test]
    fn two_fields_of_one_number_are_refused() {
        let text = r#"{"package":"p","enums":{},"messages":{"A":{"fields":[
            {"name":"x","json_name":"x","number":1,"type":"bool","label":"optional","oneof":null,"deprecated":false},
            {"name":"y","json_name":"y","number":1,"type":"bool","label":"optional","oneof":null,"deprecated":false}]}}}"#;
        assert_eq!(
            Model::from_json(text).unwrap_err().to_string(),
            "message A declares `1` twice"
        );
    }
}
