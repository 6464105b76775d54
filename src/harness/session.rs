//! Who and what takes part in a run, besides plan and target.

use engine::{Clock, Interrupt, Line, SystemClock};
use event::{Journal, NoJournal, NoOperator, Observer, Operator, Silent};
use std::sync::Arc;
use transcript::MayStand;

/// Requests in flight of a run that names no number.
pub const JOBS: usize = 16;

/// Everything besides plan and target that a run needs.
pub struct Session {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Listens.
    pub observer: Arc<dyn Observer>,
    /// A person.
    pub operator: Arc<dyn Operator>,
    /// The wish to stop.
    pub interrupt: Interrupt,
    /// Requests in flight.
    pub jobs: usize,
    /// SHOULD counts.
    pub strict: bool,
    /// How the target is called; over the network without it.
    pub line: Option<Arc<dyn Line>>,
    /// Bookings are left standing.
    pub keep_bookings: bool,
    /// Where what is made at the partner is kept.
    pub journal: Arc<dyn Journal>,
    /// What runs made at the partner that were killed: it may still tell of it.
    pub earlier: Vec<MayStand>,
}

impl Session {
    /// Nobody listens, nobody can be asked, and nobody stops it.
    pub fn silent() -> Self {
        let (_, interrupt) = Interrupt::new();
        Self {
            clock: Arc::new(SystemClock::start()),
            observer: Arc::new(Silent),
            operator: Arc::new(NoOperator),
            interrupt,
            jobs: JOBS,
            strict: false,
            line: None,
            keep_bookings: false,
            journal: Arc::new(NoJournal),
            earlier: Vec::new(),
        }
    }
}
