//! What must not be lost: bookings, the tokens that made them, closed slots, who waits, and messages for Google.

mod bookings;
mod database;
mod marketing;
mod orders;
mod outbox;
mod packs;
mod seam;
mod sqlite;
mod waitlists;

pub use seam::{
    BookingChange, Candidate, ChangeOutcome, CreateOutcome, NewBooking, NewOrder, Obstacle, Occupancy,
    OrderOutcome, OrdersOf, Settlement, SlotClosing, Store, StoreError,
};

pub(crate) use database::Database;
pub(crate) use sqlite::SqliteStore;
pub(crate) use waitlists::{Joined, WaitlistStore};
