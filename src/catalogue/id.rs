//! A requirement id that is known to stand in the catalogue.

use super::catalogue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a requirement in the catalogue (never an alias, never unchecked text).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequirementId(&'static str);

impl RequirementId {
    /// An id that code declares; a test holds that every declared id stands in the catalogue.
    pub const fn declared(id: &'static str) -> Self {
        Self(id)
    }

    /// The id or the alias as a user wrote it, resolved to the catalogue's id.
    pub fn parse(text: &str) -> Option<Self> {
        catalogue().resolve(text).map(|row| Self(row.id.as_str()))
    }

    /// The text of the id.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Display for RequirementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0)
    }
}

impl std::fmt::Debug for RequirementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for RequirementId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for RequirementId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            let hint = catalogue()
                .nearest(&text)
                .map(|id| format!("; did you mean {id}?"))
                .unwrap_or_default();
            serde::de::Error::custom(format!("no requirement has the id {text}{hint}"))
        })
    }
}

impl schemars::JsonSchema for RequirementId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RequirementId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let ids: Vec<_> = catalogue().rows().map(|row| row.id.as_str()).collect();
        schemars::json_schema!({ "description": "Id of a requirement in the catalogue.", "type": "string", "examples": [ids.first()], "enum": ids })
    }
}
