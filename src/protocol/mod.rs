//! The words of the wire, in both directions: methods, messages, enums, JSON Schemas. No I/O, no opinion.

mod credentials;
mod fault;
pub mod int64;
pub mod ledger;
pub mod method;
pub mod model;
pub mod names;
pub mod schema;
pub mod slot;
pub mod time;

pub use credentials::Credentials;
pub use fault::{Aim, CallKind, Fault};
pub use method::Method;
pub use names::{Capability, TriggerName};
