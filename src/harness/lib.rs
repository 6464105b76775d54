//! The composition: a suite and a target become a plan, the plan is run, the facts are judged and compared.

mod about;
mod bind;
mod capabilities;
mod card_check;
mod causes;
mod companion;
mod curl;
mod error;
mod files;
mod filter;
mod id_glob;
mod index;
mod latency;
mod matches;
mod money;
mod need;
mod obstacles;
mod occupancy;
mod order;
mod plainest;
mod plan;
mod reach;
mod relation;
mod run;
mod session;
mod snapshots;
mod standing;
mod suite;
mod target;
#[cfg(test)]
mod testing;
mod users;
mod verdict;

pub use error::RunError;
pub use files::{FeedWishes, judge_folder};
pub use filter::{Filter, FilterError, Selection};
pub use id_glob::IdGlob;
pub use plan::{Decision, Plan, Planned, Wishes, plan};
pub use reach::check_reachable;
pub use run::{FinishedRun, google_server_config, open, run};
pub use session::{JOBS, Session};
pub use snapshots::{Drift, Preferences, Snapshots, store};
pub use suite::{Bundle, Suite, SuiteError};
pub use target::{Target, TargetError, TargetKind};
