//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod mock;
pub mod protocol;
