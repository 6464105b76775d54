//! What must not be lost: bookings, the tokens that made them, closed slots, and messages for Google.

mod bookings;
mod database;
mod marketing;
mod outbox;
mod packs;
mod seam;
mod sqlite;

pub use seam::{
    BookingChange, Candidate, ChangeOutcome, CreateOutcome, NewBooking, Obstacle, Occupancy, Settlement,
    SlotClosing, Store, StoreError,
};

pub(crate) use database::Database;
pub(crate) use sqlite::SqliteStore;
