//! An export held against an earlier one, and against bookings that were made between both.

pub(crate) mod booked;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod names;
pub(crate) mod pieces;
pub(crate) mod slots;
