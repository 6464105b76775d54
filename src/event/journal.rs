//! What a run makes at the partner, kept where it survives the run.

use serde::{Deserialize, Serialize};
use transcript::MayStand;

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalEntry {
    /// The request is about to be sent.
    Making {
        /// Counts the requests of the run.
        number: u64,
        /// What it asks for.
        what: MayStand,
    },
    /// It was answered.
    Made {
        /// Of which request.
        number: u64,
        /// The id that the answer names.
        id: String,
    },
    /// Its answer proves that nothing was made.
    Nothing {
        /// Of which request.
        number: u64,
    },
    /// A scenario has taken back what it made.
    Over {
        /// Its id.
        scenario: String,
        /// What it could not take back.
        standing: Vec<MayStand>,
    },
}

/// Keeps what a run makes, so that a run that is killed leaves a list of it behind.
#[async_trait::async_trait]
pub trait Journal: Send + Sync {
    /// Returns when the entry would survive the program.
    async fn keep(&self, entry: JournalEntry);
}

/// For runs whose partner ends with them.
#[derive(Debug, Default)]
pub struct NoJournal;

#[async_trait::async_trait]
impl Journal for NoJournal {
    async fn keep(&self, _: JournalEntry) {}
}
