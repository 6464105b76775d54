//! What a run announces while it goes on, what it keeps of what it makes, and what it may ask a person.

mod journal;

pub use journal::{Journal, JournalEntry, NoJournal};

use outcome::RunReport;
use std::sync::Arc;
use std::time::Duration;
use transcript::Transcript;

/// Something that an observer may want to show.
#[derive(Debug)]
pub enum Event<'a> {
    /// The plan is complete and the first byte is about to be sent.
    RunStarted {
        /// The target's name.
        target: &'a str,
        /// Where it is reached.
        base_url: &'a str,
        /// Ids of the scenarios that run.
        scenarios: &'a [&'a str],
        /// Calls that the scenarios will make at least.
        calls: usize,
        /// Bookings that they will make at most.
        bookings: usize,
    },
    /// A scenario began.
    ScenarioStarted {
        /// Its id.
        id: &'a str,
    },
    /// A scenario waits by its own wish.
    Waiting {
        /// Its id.
        id: &'a str,
        /// For what, in words.
        what: &'a str,
        /// How long at most.
        at_most: Duration,
    },
    /// A scenario waits no longer.
    WaitOver {
        /// Its id.
        id: &'a str,
    },
    /// A scenario is through with its steps and its clean-up; it is judged when the run is over.
    ScenarioFinished {
        /// Its id.
        id: &'a str,
        /// What was recorded so far: notifications may still come.
        history: &'a Arc<Transcript>,
    },
    /// A first look at a finished scenario, for observers that want it.
    FirstLook {
        /// Its id.
        id: &'a str,
        /// An exchange that looks wrong, as a fact; the judgement at the end may still find it right.
        odd: Option<&'a str>,
    },
    /// The scenarios are done; late notifications are still welcome.
    Draining,
    /// The user asked to stop; bookings are being cancelled.
    Interrupted,
    /// The run is over.
    RunFinished {
        /// The result.
        report: &'a RunReport,
    },
}

/// Listens to a run. Observers never influence it.
pub trait Observer: Send + Sync {
    /// Called for every event, from any task.
    fn on(&self, event: &Event<'_>);

    /// True for one that shows first looks, which cost time.
    fn wants_first_looks(&self) -> bool {
        false
    }
}

/// An observer that shows nothing.
#[derive(Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on(&self, _: &Event<'_>) {}
}

/// Answers to a question that only a person can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It is done.
    Done,
    /// It could not be done, in the person's words.
    Refused(String),
    /// Nobody is there to ask.
    Nobody,
}

/// Asks a person to act in the partner's system.
#[async_trait::async_trait]
pub trait Operator: Send + Sync {
    /// Shows the request and returns when the person has answered.
    async fn ask(&self, scenario: &str, request: &str) -> Answered;
}

/// An operator for runs without a person.
#[derive(Debug, Default)]
pub struct NoOperator;

#[async_trait::async_trait]
impl Operator for NoOperator {
    async fn ask(&self, _: &str, _: &str) -> Answered {
        Answered::Nobody
    }
}
