//! A wire model: the messages and enums of one API, as data.
//!
//! Two are bundled: [`v3`] (the booking server, called by Google) and [`v1alpha`] (the Maps Booking API, called by
//! partners). Code that decodes, checks or builds bodies reads them, so that a name is written down once.

mod read;

pub use read::ModelError;

use indexmap::IndexMap;
use serde::Deserialize;
use std::sync::LazyLock;

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
