//! Rules about the answers to CreateBooking.

pub(super) mod failure_alone;
pub(super) mod failure_cause;
pub(super) mod no_offer;
pub(super) mod outcome;
pub(super) mod slot_echo;
pub(super) mod stale_repeat;
pub(super) mod status;
pub(super) mod user_echo;
