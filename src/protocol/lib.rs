//! The words of the wire, in both directions: methods, messages, enums, JSON Schemas. No I/O, no opinion.

pub mod availability;
pub mod int64;
pub mod limits;
pub mod method;
pub mod model;
pub mod plain;
pub mod pointer;
pub mod schema;
pub mod spelling;
pub mod time;

pub use method::Method;
