//! The three feeds, and where a record stands in one of them.

use std::fmt;

/// The three feeds of a booking integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FeedKind {
    /// Who offers.
    Merchants,
    /// What is offered.
    Services,
    /// When there is room.
    Availability,
}

impl FeedKind {
    /// All three, in the order in which one refers to the other.
    pub const ALL: [Self; 3] = [Self::Merchants, Self::Services, Self::Availability];

    /// The root key that holds the records.
    pub(crate) const fn list_key(self) -> &'static str {
        match self {
            Self::Merchants => "merchant",
            Self::Services => "service",
            Self::Availability => "service_availability",
        }
    }

    /// The feed whose records stand under `key`.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.list_key() == key)
    }

    /// The feed that a file's name speaks of; an empty feed may have no other sign of its kind.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let words = [
            ("avail", Self::Availability),
            ("service", Self::Services),
            ("merchant", Self::Merchants),
        ];
        words
            .into_iter()
            .find(|(word, _)| name.contains(word))
            .map(|(_, kind)| kind)
    }
}

impl fmt::Display for FeedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Merchants => "merchants",
            Self::Services => "services",
            Self::Availability => "availability",
        })
    }
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RecordPath {
    pub(crate) kind: FeedKind,
    /// The member of `service_availability`; 0 in the other feeds.
    pub(crate) group: usize,
    pub(crate) index: usize,
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FeedKind::Availability => {
                write!(
                    f,
                    "{}[{}].availability[{}]",
                    self.kind.list_key(),
                    self.group,
                    self.index
                )
            }
            _ => write!(f, "{}[{}]", self.kind.list_key(), self.index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        assert_eq!(
            FeedKind::of_name("service_availability_1.json"),
            Some(FeedKind::Availability)
        );
        assert_eq!(
            FeedKind::of_name("Services_feed_1.json"),
            Some(FeedKind::Services)
        );
        assert_eq!(FeedKind::of_name("MERCHANTS.json.gz"), Some(FeedKind::Merchants));
        assert_eq!(FeedKind::of_name("google-key.json"), None);
    }
}
