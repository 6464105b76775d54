//! The files of a feed folder: which make up the feeds, and the records in them.

pub(crate) mod broken;
pub(crate) mod folder;
pub(crate) mod generation;
pub(crate) mod generic;
pub(crate) mod header;
pub(crate) mod layout;
pub(crate) mod mend;
pub(crate) mod metadata;
pub(crate) mod moment;
pub(crate) mod names;
pub(crate) mod reference;
pub(crate) mod stream;
pub(crate) mod walk;
pub(crate) mod wire;
mod words;
