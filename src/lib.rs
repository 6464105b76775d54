//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod catalogue;
pub mod config;
pub mod engine;
pub mod event;
pub mod feeds;
pub mod harness;
pub mod mock;
pub mod outcome;
pub mod protocol;
pub mod rules;
pub mod scenario;
pub mod snapshot;
pub mod transcript;
