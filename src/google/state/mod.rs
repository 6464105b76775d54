//! What Google knows: bookings, availability, merchants, services and orders, and how calls change it.

pub(crate) mod availability;
pub(crate) mod booking;
pub(crate) mod bookings;
pub(crate) mod patch;
pub(crate) mod quota;
pub(crate) mod records;
pub(crate) mod replace;
pub(crate) mod resources;
pub mod seed;
pub(crate) mod status;
