//! The words of the wire, in both directions: methods, messages, enums, JSON Schemas. No I/O, no opinion.

pub mod model;
pub mod slot;
pub mod time;
