//! Rules about feeds: what their reader noticed, held to a requirement each.

pub(super) mod payments;
pub(super) mod slots;
mod table;

pub use table::Row;
