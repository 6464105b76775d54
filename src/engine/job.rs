//! The scenarios to run, bound to slots, and the settings of the run.

use super::test_cards::TestCards;
use config::{Capabilities, HttpCall, Triggers};
use domain::Waitlist;
use domain::slot::Slot;
use indexmap::IndexMap;
use scenario::Scenario;
use std::time::Duration;
use transcript::User;

/// A scenario that the plan has bound to slots and users.
#[derive(Debug, Clone)]
pub struct Job {
    /// The scenario.
    pub scenario: Scenario,
    /// Slots by name: the bound one first, then those that may take its place when it is stale.
    pub slots: IndexMap<String, Vec<Slot>>,
    /// More slots of the first slot's merchant, for a page-load look-up.
    pub page: Vec<Slot>,
    /// The waitlist, where the scenario needs one.
    pub waitlist: Option<Waitlist>,
    /// The scenario's own user.
    pub user: User,
    /// Another user.
    pub other: User,
    /// More users: one for each further booking that is not about the same user, those of calls of several at once, and
    /// last of all those for second tries.
    pub more_users: Vec<User>,
    /// Where the numbers of its tokens begin: no other scenario has them, in this run or in earlier ones.
    pub first_token: u64,
    /// Jobs that hold a slot in its way and have to be over first.
    pub after: Vec<usize>,
}

impl Job {
    /// One without a step, in whose name is taken back what earlier runs left.
    pub fn of_earlier_runs() -> Self {
        let nobody = || User {
            user_id: String::new(),
            given_name: String::new(),
            family_name: String::new(),
            telephone: String::new(),
            email: String::new(),
        };
        Self {
            scenario: Scenario {
                id: "earlier-runs".to_owned(),
                source: String::new(),
                title: "What earlier runs left standing is taken back".to_owned(),
                serves: Vec::new(),
                basic: None,
                slots: IndexMap::new(),
                waitlist: None,
                page: 0,
                steps: Vec::new(),
            },
            slots: IndexMap::new(),
            page: Vec::new(),
            waitlist: None,
            user: nobody(),
            other: nobody(),
            more_users: Vec::new(),
            first_token: 0,
            after: Vec::new(),
        }
    }

    /// One of the users: the scenario's own, the other one, then the further ones.
    pub(super) fn user_of(&self, number: usize) -> &User {
        let all = [&self.user, &self.other].into_iter().chain(&self.more_users);
        all.take(number + 1).last().unwrap_or(&self.user)
    }
}

/// The settings of a run.
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
    /// True when bookings are not cancelled at the end.
    pub keep_bookings: bool,
    /// What the target declares.
    pub capabilities: Capabilities,
    /// How the partner is made to act.
    pub triggers: Triggers,
    /// The cards with which bookings are paid.
    pub cards: TestCards,
    /// How to read the partner's ledger, if it has a probe.
    pub ledger: Option<HttpCall>,
}
