//! The program as a user runs it: commands, exit codes, files.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod history;
mod input;
mod interrupted;
mod partner;
mod repeated;
mod support;
