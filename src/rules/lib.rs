//! Judging: pure functions from recorded facts to findings. No clock, no I/O, no order between rules.
//!
//! A rule is one file and its line in [`RULES`]. Its manual is what `conformance explain` prints.

mod answer;
mod bench;
mod case;
mod expectation;
mod explain;
mod google_side;
mod judge;
mod ledger;
mod list;
mod milestones;
mod money;
#[cfg(test)]
pub(crate) mod testing;

mod access;
mod answers;
mod asynchronous;
mod availability;
mod cancellation;
mod create;
mod delivery;
mod failure;
mod feed;
mod inventory;
mod notification;
mod offer;
mod online;
mod payment;
mod read;
mod reading;
mod run;
mod together;
mod transport;
mod update;

pub use bench::Bench;
pub use case::{Case, Note, Run};
pub use explain::explain;
pub use feed::{Row, judge_feeds, judged_in_feeds};
pub use judge::{Judgement, judge_run, judge_scenario};
pub use list::{RULES, is_of_feeds_alone, rules_for};
pub use milestones::milestones;
pub use offer::Offer;

use catalogue::RequirementId;
use transcript::Exchange;

/// Code that judges one requirement, or a small set that is one question on the wire.
#[derive(Debug)]
pub struct Rule {
    /// Area and name, as its file is called.
    pub name: &'static str,
    /// The requirements that it can fail.
    pub requirements: &'static [RequirementId],
    /// How it judges, what it tolerates and why, for a partner.
    pub manual: &'static str,
    /// What it looks at.
    pub scope: Scope,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// Each answer to a call of ours that was not broken on purpose.
    Answer(fn(&Case<'_>, &Exchange<'_>, &mut Bench)),
    /// Each call of the partner to Google's side.
    Notification(fn(&Case<'_>, &Note<'_>, &mut Bench)),
    /// A scenario's whole history.
    Scenario(fn(&Case<'_>, &mut Bench)),
    /// All histories of a run.
    Run(fn(&Run<'_>, &mut Bench)),
    /// What the reader of feeds noticed, whether there is a run or not.
    Feed(&'static [feed::Row]),
}
