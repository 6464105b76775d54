//! The performer of one scenario: its history, its own calls, and the reasons to stop.

use super::cleanup::Doubt;
use super::context::Engine;
use super::job::Job;
use super::request::BuiltRequest;
use domain::{Basic, slot::Slot};
use scenario::template;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use transcript::{Binding, EarlyEnd, Fact, StepPath, Transcript};

/// Why a scenario cannot go on.
pub(super) struct Halt {
    reason: String,
    unreachable: bool,
    needs: Option<Basic>,
    no_slot: bool,
}

impl Halt {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            unreachable: false,
            needs: None,
            no_slot: false,
        }
    }

    pub(super) fn unreachable(reason: String) -> Self {
        Self {
            reason,
            unreachable: true,
            needs: None,
            no_slot: false,
        }
    }

    /// No slot of this name can be booked at this moment.
    pub(super) fn without_slot(name: &str) -> Self {
        Self {
            no_slot: true,
            ..Self::new(format!(
                "no slot for `{name}` is free any more, whatever the feed says"
            ))
        }
    }

    /// The waitlist takes nobody at this moment.
    pub(super) fn without_waitlist(reason: String) -> Self {
        Self {
            no_slot: true,
            ..Self::new(reason)
        }
    }

    /// What the next step needs is not there.
    pub(super) fn without(basic: Basic) -> Self {
        Self {
            reason: format!("needs {basic}"),
            unreachable: false,
            needs: Some(basic),
            no_slot: false,
        }
    }
}

/// Carries out one scenario.
pub(super) struct Performer<'e> {
    pub(super) engine: &'e Engine,
    pub(super) job: &'e Job,
    pub(super) index: usize,
    /// Requests by label.
    pub(super) sent: HashMap<String, BuiltRequest>,
    /// How many requests were built.
    pub(super) serial: usize,
    /// CreateBookings whose answers leave open what was booked.
    pub(super) doubts: Mutex<Vec<Doubt>>,
}

impl<'e> Performer<'e> {
    pub(super) fn new(engine: &'e Engine, job: &'e Job, index: usize) -> Self {
        Self {
            engine,
            job,
            index,
            sent: HashMap::new(),
            serial: 0,
            doubts: Mutex::default(),
        }
    }

    pub(super) fn binding(&self) -> Binding {
        let first = |(name, slots): (&String, &Vec<Slot>)| Some((name.clone(), slots.first()?.clone()));
        Binding {
            slots: self.job.slots.iter().filter_map(first).collect(),
            page: self.job.page.clone(),
            waitlist: self.job.waitlist.clone(),
            user: self.job.user.clone(),
            began_sec: self.engine.clock.began_us() / 1_000_000,
            within_ms: u64::try_from(self.engine.settings.within.as_millis()).unwrap_or(u64::MAX),
            ledger: self.engine.settings.ledger.is_some(),
        }
    }

    pub(super) fn record(&self, fact: Fact) -> usize {
        self.engine.board.record(self.index, fact)
    }

    pub(super) fn so_far(&self) -> Arc<Transcript> {
        self.engine.board.transcript(self.index)
    }

    /// The scenario ends here.
    pub(super) fn stop(&self, step: Option<StepPath>, halt: Halt) {
        let Halt {
            reason,
            unreachable,
            needs,
            no_slot,
        } = halt;
        self.record(Fact::Stopped(EarlyEnd {
            step,
            reason,
            unreachable,
            needs,
            no_slot,
        }));
    }

    pub(super) fn render(&self, text: &str) -> Result<String, Halt> {
        let value =
            template::render(text, &self.so_far().context()).map_err(|error| Halt::new(error.to_string()))?;
        Ok(value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned))
    }
}
