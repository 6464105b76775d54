//! Rules about the answers to UpdateBooking.

pub(super) mod booking_id;
pub(super) mod complete;
pub(super) mod outcome;
