//! Rules about the answers to UpdateBooking.

pub(super) mod booking_id;
pub(super) mod carried_out;
mod change;
pub(super) mod complete;
pub(super) mod given_back;
pub(super) mod kept;
pub(super) mod outcome;
