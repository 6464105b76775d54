//! What the harness speaks of beside the messages themselves: slots and their terms, capabilities, triggers, credentials,
//! faults, the partner's ledger. No I/O, no opinion.

mod basic;
mod credentials;
pub mod digits;
mod fault;
pub mod hosts;
pub mod ledger;
mod linked_slot;
pub mod names;
pub mod slot;
mod waitlist;

pub use basic::Basic;
pub use credentials::Credentials;
pub use fault::{Aim, CallKind, Fault};
pub use linked_slot::{LinkedSlot, PaidBy};
pub use names::{Capability, TriggerName};
pub use waitlist::Waitlist;
