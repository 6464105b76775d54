//! Judging: pure functions from recorded facts to findings. No clock, no I/O, no order between rules.
//!
//! A rule is one file and its line in [`RULES`]. Its manual is what `conformance explain` prints.

mod api_terms;
mod arrival;
mod basics;
mod case;
mod expectations;
mod judge;
mod judge_feeds;
mod ledger;
mod list;
mod milestones;
mod misdirected;
mod money;
mod own_calls;
mod partner_calls;
mod person;
mod rule;
#[cfg(test)]
pub(crate) mod testing;
mod verdicts;

mod access;
mod answers;
mod asynchronous;
mod availability;
mod cancellation;
mod create;
mod delivery;
mod disputed;
mod failure;
mod feed;
mod feed_row;
mod inventory;
mod marketing;
mod notification;
mod offer;
mod online;
mod orders;
mod packs;
mod payment;
mod read;
mod reading;
mod run;
mod thresholds;
mod transport;
mod update;
mod waitlist;

pub use arrival::Receiver;
pub use basics::conclude_basics;
pub use case::{Case, Run};
pub use disputed::{Disputed, disputed};
pub use expectations::came_too_late;
pub use feed_row::Row;
pub use judge::{Judgement, judge_run, judge_scenario};
pub use judge_feeds::{comparison_for, judge_feeds, requirements_of_feeds};
pub use list::{RULES, is_of_feeds_alone, rules_for};
pub use milestones::milestones;
pub use misdirected::{Misdirected, misdirected};
pub use offer::{MerchantTerms, Offer, OptionTerms, ServiceTerms};
pub use partner_calls::{BookingUpdate, InventoryUpdate, PartnerCall};
pub use rule::{Rule, Scope};
pub use thresholds::answer_limit_ms;
pub use verdicts::Verdicts;
