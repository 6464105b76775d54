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
    /// A booking is moved to another slot.
    #[schemars(with = "String")]
    Move,
    /// Two bookings have different ids.
    #[schemars(with = "String")]
    DistinctIds,
    /// A notification of the partner's gets through to Google's API.
    #[schemars(with = "String")]
    Notification,
    /// A request that is sent again gives the booking that it has made.
    #[schemars(with = "String")]
    KnownToken,
}

/// The words in files for those that are no method.
const WORDS: [(&str, Basic); 4] = [
    ("move", Basic::Move),
    ("distinct_ids", Basic::DistinctIds),
    ("notification", Basic::Notification),
    ("known_token", Basic::KnownToken),
];

impl Basic {
    /// The method whose answer shows it by its form; none where more than one answer is needed.
    pub fn shown_by(self) -> Option<Method> {
        match self {
            Self::Method(method) => Some(method),
            Self::Move => Some(Method::UpdateBooking),
            Self::DistinctIds | Self::Notification | Self::KnownToken => None,
        }
    }
}

impl fmt::Display for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "{method}"),
            Self::Move => f.write_str("a booking that can be moved"),
            Self::DistinctIds => f.write_str("booking ids that differ"),
            Self::Notification => f.write_str("a notification that gets through"),
            Self::KnownToken => f.write_str("a token that is known again"),
        }
    }
}

impl<'de> Deserialize<'de> for Basic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some((_, basic)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*basic);
        }
        Method::deserialize(text.into_deserializer()).map(Self::Method)
    }
}

impl Serialize for Basic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Method(method) => method.serialize(serializer),
            other => {
                let word = WORDS.iter().find(|(_, basic)| basic == other);
                serializer.serialize_str(word.map_or("", |(word, _)| word))
            }
        }
    }
}
