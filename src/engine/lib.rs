//! The engine carries out bound scenarios against a target and Google's own side, and records what happens. Never judges.

mod again;
mod basics;
mod board;
mod calls;
mod carry_over;
mod cleanup;
pub mod clock;
mod concurrent;
mod context;
mod faults;
mod form;
mod google;
mod job;
mod lag;
mod ledger;
mod order;
mod pace;
pub mod payload;
mod performer;
mod prepare;
mod received;
mod request;
mod run;
mod steps;
mod test_cards;
pub mod token;
pub mod transport;
mod trigger;

pub use board::Board;
pub use cleanup::Cleaned;
pub use clock::{Clock, SystemClock};
pub use context::{Engine, Interrupt, Parts};
pub use google::GoogleSide;
pub use job::{Job, Settings};
pub use run::{Recording, run};
pub use test_cards::TestCards;
