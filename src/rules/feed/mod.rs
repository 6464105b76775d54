//! Rules about feeds: what their reader noticed, held to a requirement each.

pub(super) mod amounts;
pub(super) mod merchants;
pub(super) mod online;
pub(super) mod payments;
pub(super) mod redirect;
pub(super) mod services;
pub(super) mod slots;
mod table;

pub use table::Row;
