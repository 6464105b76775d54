//! The program as a user runs it: commands, exit codes, files.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod canaries;
mod cleanup;
mod doctor;
mod doctor_tls;
mod faults;
mod faulty;
mod feeds;
mod first_steps;
mod generated;
mod google;
mod history;
mod hostile_text;
mod init;
mod input;
mod interrupted;
mod judged;
mod killed;
mod left_out;
mod not_run;
mod partner;
mod private;
mod proxy;
mod reference;
mod repeated;
mod replay;
mod report;
mod retold;
mod review;
mod serve;
mod silent;
mod small;
mod snapshots;
mod support;
mod tls;
mod waivers;
