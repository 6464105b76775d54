//! From a folder to everything that a partner offers.

pub(crate) mod accounts;
pub(crate) mod against;
pub(crate) mod closing;
pub(crate) mod comparing;
pub(crate) mod content;
pub(crate) mod directory;
pub(crate) mod examining;
mod limits;
pub(crate) mod linked;
pub(crate) mod listing;
mod priced;
pub(crate) mod reading;
pub(crate) mod route;
pub(crate) mod sample;
pub(crate) mod shard;
pub(crate) mod slots;
pub(crate) mod twins;
pub(crate) mod window;
