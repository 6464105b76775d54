//! Doing: carries out bound scenarios against a target and Google's own side, and records what happens. Never judges.

mod again;
mod board;
mod cleanup;
pub mod clock;
mod crowd;
mod faults;
mod form;
mod google;
mod lag;
mod ledger;
mod pace;
pub mod payload;
mod prepare;
mod received;
mod request;
mod run;
mod steps;
pub mod token;
pub mod transport;
mod trigger;
mod wallet;

pub use board::Board;
pub use cleanup::Cleaned;
pub use clock::{Clock, SystemClock};
pub use google::GoogleSide;
pub use run::{Engine, Interrupt, Parts, Recorded, run};
pub use wallet::Wallet;

use config::{Capabilities, HttpCall, Triggers};
use domain::slot::Slot;
use indexmap::IndexMap;
use scenario::Scenario;
use std::time::Duration;
use transcript::User;

/// A scenario that the plan has bound to slots and people.
#[derive(Debug, Clone)]
pub struct Job {
    /// The scenario.
    pub scenario: Scenario,
    /// Slots by name: the bound one first, then those that may take its place when it is stale.
    pub slots: IndexMap<String, Vec<Slot>>,
    /// More slots of the first slot's merchant, for a page-load look-up.
    pub page: Vec<Slot>,
    /// The scenario's own user.
    pub user: User,
    /// Another person.
    pub other: User,
    /// More people, where a step needs them.
    pub crowd: Vec<User>,
    /// What makes the tokens of this scenario unlike any other's, in this run and in earlier ones.
    pub token_prefix: String,
    /// Jobs that hold a slot in its way and have to be over first.
    pub after: Vec<usize>,
}

impl Job {
    /// One of the people: the scenario's own user, the other one, then the crowd.
    fn person(&self, number: usize) -> &User {
        let all = [&self.user, &self.other].into_iter().chain(&self.crowd);
        all.take(number + 1).last().unwrap_or(&self.user)
    }
}

/// How a run goes about it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a notification is waited for.
    pub within: Duration,
    /// How long "nothing more may arrive" is watched.
    pub quiet: Duration,
    /// Requests in flight.
    pub jobs: usize,
    /// The time between the starts of two calls.
    pub gap: Option<Duration>,
    /// True when bookings are left standing at the end.
    pub keep_bookings: bool,
    /// What the target declares.
    pub capabilities: Capabilities,
    /// How the partner is made to act.
    pub triggers: Triggers,
    /// The cards with which bookings are paid.
    pub wallet: Wallet,
    /// How to look into the partner's books, if it lets us.
    pub ledger: Option<HttpCall>,
}
