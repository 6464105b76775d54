//! Rules about the answers to GetBookingStatus and ListBookings.

pub(super) mod list_agrees;
pub(super) mod list_complete;
pub(super) mod list_user;
pub(super) mod status;
