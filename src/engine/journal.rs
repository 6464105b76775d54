//! What the run makes at the partner goes into its journal before it is asked for.

use super::cleanup::{What, made_by, what};
use super::performer::Performer;
use super::request::BuiltRequest;
use event::JournalEntry;
use protocol::Method;
use std::sync::atomic::Ordering;
use transcript::{MayStand, Reply};

/// Why it may stand, as long as nothing better is known.
const KILLED: &str = "the run ended before it was taken back";

impl Performer<'_> {
    /// The number of a request that makes something, once it is kept.
    pub(super) async fn keep_making(&self, built: &BuiltRequest) -> Option<u64> {
        let what = what(built, &self.job.scenario.id, KILLED)?;
        let number = self.engine.made.fetch_add(1, Ordering::Relaxed);
        self.keep(JournalEntry::Making { number, what }).await;
        Some(number)
    }

    /// What came of it, as far as the answer says.
    pub(super) async fn keep_made(&self, number: Option<u64>, method: Method, reply: &Reply) {
        let Some(number) = number else {
            return;
        };
        match made_by(method, reply) {
            What::Made(id) => self.keep(JournalEntry::Made { number, id }).await,
            What::Nothing => self.keep(JournalEntry::Nothing { number }).await,
            What::Unclear => {}
        }
    }

    /// The scenario has taken back what it made, but for this.
    pub(super) async fn keep_over(&self, standing: Vec<MayStand>) {
        let scenario = self.job.scenario.id.clone();
        self.keep(JournalEntry::Over { scenario, standing }).await;
    }

    async fn keep(&self, entry: JournalEntry) {
        self.engine.journal.keep(entry).await;
    }
}
