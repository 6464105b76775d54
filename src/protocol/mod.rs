//! The words of the wire, in both directions: methods, messages, enums, JSON Schemas. No I/O, no opinion.

pub mod int64;
pub mod method;
pub mod slot;

pub use method::Method;
