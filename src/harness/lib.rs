//! The composition: a suite and a target become a plan, the plan is run, the facts are judged and compared.

mod bind;
mod capabilities;
mod cards;
mod conclude;
mod files;
mod filter;
mod latency;
mod money;
mod people;
mod plan;
mod relation;
mod run;
mod snapshots;
mod stock;
mod suite;
mod target;
#[cfg(test)]
mod testing;

pub use files::{FeedWishes, judge_folder};
pub use filter::{Filter, FilterError};
pub use plan::{Decision, Plan, PlanError, Planned, Wishes, plan};
pub use run::{RunError, Session, google_side, open, run};
pub use snapshots::{Drift, Preferences, Snapshots};
pub use suite::{Bundle, Suite, SuiteError};
pub use target::{Kind, Target, TargetError};
