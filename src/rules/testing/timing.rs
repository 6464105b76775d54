//! How long answers took, and the look-ups before the first step.

use super::Story;
use protocol::Method;
use serde_json::Value;
use transcript::{Answer, Fact, Phase};

impl Story {
    /// The look-up of the harness's own before anything is booked, and its answer.
    pub(crate) fn prepare(mut self, request: Value, status: u16, answer: Value) -> Self {
        let from = self.transcript.entries.len();
        self = self.call(Method::BatchAvailabilityLookup, request, status, answer);
        for entry in &mut self.transcript.entries[from..] {
            entry.phase = Phase::Prepare;
        }
        self
    }

    /// The last call is one of the clean-up.
    pub(crate) fn in_cleanup(mut self) -> Self {
        for entry in self.transcript.entries.iter_mut().rev().take(2) {
            entry.phase = Phase::Cleanup;
        }
        self
    }

    /// What follows happens while bookings are cancelled at the end.
    pub(crate) fn finally(mut self) -> Self {
        self.phase = Phase::Cleanup;
        self
    }

    /// The last answer took so long.
    pub(crate) fn took_ms(self, ms: u64) -> Self {
        self.last_answer(|answer| answer.took_us = ms * 1000)
    }

    /// The harness itself was so late during the last answer.
    pub(crate) fn lag_ms(self, ms: u64) -> Self {
        self.last_answer(|answer| answer.lagged_us = ms * 1000)
    }

    fn last_answer(mut self, change: impl FnOnce(&mut Answer)) -> Self {
        let answer = self
            .transcript
            .entries
            .iter_mut()
            .rev()
            .find_map(|entry| match &mut entry.fact {
                Fact::Answer(answer) => Some(answer),
                _ => None,
            });
        change(answer.unwrap());
        self
    }
}
