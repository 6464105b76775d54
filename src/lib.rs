//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod catalogue;
pub mod config;
pub mod event;
pub mod feeds;
pub mod mock;
pub mod outcome;
pub mod protocol;
pub mod rules;
pub mod scenario;
pub mod transcript;
