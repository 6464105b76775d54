//! What everything else stands on: each is shown once, first, and what needs it waits for that.

use protocol::Method;
use schemars::JsonSchema;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Something without which nothing that needs it can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(untagged)]
pub enum Basic {
    /// The plainest legal call of this method is answered in the form that is due.
    Method(Method),
    /// A notification of the partner's gets through to Google's API.
    #[schemars(with = "String")]
    Notification,
}

/// The word for [`Basic::Notification`] in files.
const NOTIFICATION: &str = "notification";

impl fmt::Display for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "{method}"),
            Self::Notification => f.write_str("a notification that gets through"),
        }
    }
}

impl<'de> Deserialize<'de> for Basic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == NOTIFICATION {
            return Ok(Self::Notification);
        }
        Method::deserialize(text.into_deserializer()).map(Self::Method)
    }
}

impl Serialize for Basic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Method(method) => method.serialize(serializer),
            Self::Notification => serializer.serialize_str(NOTIFICATION),
        }
    }
}
