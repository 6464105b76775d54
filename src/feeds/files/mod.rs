//! The files of a feed folder: which make up the feeds, and the records in them.

pub(crate) mod broken;
pub(crate) mod folder;
pub(crate) mod generation;
pub(crate) mod header;
pub(crate) mod layout;
pub(crate) mod metadata;
pub(crate) mod moment;
pub(crate) mod stream;
pub(crate) mod walk;
pub(crate) mod wire;
