//! What must not be lost: bookings, the tokens that made them, closed slots, who waits, and messages for Google.

mod bookings;
mod database;
mod file;
mod marketing;
mod orders;
mod outbox;
mod packs;
mod seam;
mod sqlite;
mod waitlists;
mod wal;

pub use seam::{
    BookingChange, Candidate, ChangeOutcome, CreateOutcome, NewBooking, NewOrder, Obstacle, Occupancy,
    OrderOutcome, OrdersOf, Settlement, SlotClosing, Store, StoreError,
};

pub use database::Trouble;
pub use file::DatabaseError;

pub(crate) use database::Database;
pub(crate) use sqlite::SqliteStore;
pub(crate) use waitlists::{Joined, WaitlistStore};
