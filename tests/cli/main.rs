//! The program as a user runs it: commands, exit codes, files.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod cleanup;
mod faults;
mod faulty;
mod feeds;
mod google;
mod history;
mod hostile_text;
mod input;
mod interrupted;
mod judged;
mod killed;
mod left_out;
mod not_run;
mod partner;
mod proxy;
mod repeated;
mod report;
mod retold;
mod review;
mod serve;
mod silent;
mod snapshots;
mod support;
mod tls;
mod waivers;
