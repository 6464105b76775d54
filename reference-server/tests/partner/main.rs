//! The whole partner over real sockets: Google on one side, the merchant's console on the other.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod bookings;
mod capacity;
mod console;
mod feeds;
mod google;
mod http;
mod idempotency;
mod limits;
mod lookups;
mod notifications;
mod orders;
mod packs;
mod partner;
mod payments;
mod seams;
mod updates;
mod waitlist;
