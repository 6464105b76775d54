//! The effective terms of a slot: what it costs, when it can be booked and cancelled.

pub(crate) mod consistency;
pub(crate) mod effective;
pub(crate) mod money;
pub(crate) mod recurrence;
pub mod windows;
