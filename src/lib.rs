//! A conformance harness that plays Google's Actions Center against a partner's booking server.

pub mod catalogue;
pub mod cli;
pub mod config;
pub mod engine;
pub mod event;
pub mod feeds;
pub mod harness;
pub mod mock;
pub mod outcome;
pub mod protocol;
pub mod report;
pub mod rules;
pub mod scenario;
#[cfg(feature = "reference")]
pub mod selftest;
pub mod snapshot;
pub mod transcript;
