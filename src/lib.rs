//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod catalogue;
pub mod outcome;
pub mod protocol;
pub mod snapshot;
pub mod transcript;
