//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod feeds;
pub mod protocol;
