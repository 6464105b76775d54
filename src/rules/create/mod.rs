//! Rules about the answers to CreateBooking.

pub(super) mod slot_echo;
