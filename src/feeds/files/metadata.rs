//! The metadata of a feed file as it stands there.

use super::wire::{Int, NameOrNumber};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(expecting = "the metadata of a feed")]
pub(crate) struct MetadataRecord {
    pub(crate) processing_instruction: Option<NameOrNumber>,
    pub(crate) shard_number: Option<Int>,
    pub(crate) total_shards: Option<Int>,
    pub(crate) nonce: Option<NameOrNumber>,
    pub(crate) generation_timestamp: Option<Int>,
    /// True when the file has none.
    #[serde(skip)]
    pub(crate) is_assumed: bool,
}

impl MetadataRecord {
    /// True when something that feeds have is there.
    pub(crate) fn has_feed_fields(&self) -> bool {
        self.processing_instruction.is_some()
            || self.shard_number.is_some()
            || self.total_shards.is_some()
            || self.nonce.is_some()
            || self.generation_timestamp.is_some()
    }

    /// That of a file without one: the only shard of its feed.
    pub(crate) fn of_only_shard() -> Self {
        Self {
            is_assumed: true,
            ..Self::default()
        }
    }
}
