//! Messages that are there and say nothing: `{}`, or what printers of defaults write.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A message that may be there and say nothing, which is the same as if it were not there.
pub(crate) trait Message {
    fn has_content(&self) -> bool;
}

/// A message, unless nothing is set in it.
pub(super) fn unless_empty<'de, D: Deserializer<'de>, M: Message + Deserialize<'de>>(
    from: D,
) -> Result<Option<M>, D::Error> {
    Ok(Option::<M>::deserialize(from)?.filter(M::has_content))
}

impl Message for Value {
    fn has_content(&self) -> bool {
        self.as_object().is_none_or(|members| !members.is_empty())
    }
}
