//! What judging needs of a run, beside the clock and the network.

use super::Repeat;
use config::Waiver;
use domain::slot::Slot;
use domain::{Basic, Capability};
use engine::Recording;
use feeds::FeedProblem;
use outcome::{Silence, SkipReport, SnapshotStatus, TargetReport, Verdict};
use rules::Offer;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A run of which everything is recorded. Its conclusion follows from it, now or years later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunFacts {
    /// What was to run.
    pub plan: PlanFacts,
    /// Who was tested.
    pub target: TargetFacts,
    /// When and how strictly.
    pub session: SessionFacts,
    /// The command that repeats it.
    pub repeat: Repeat,
    /// Files of the user's, for whoever is shown where something is to be changed.
    #[serde(default)]
    pub places: Places,
    /// What the run's histories came to beside the accepted ones.
    pub snapshots: ComparedSnapshots,
    /// What happened.
    pub recorded: Recording,
}

/// Files of the user's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The config, as the user named it; none where there was none.
    pub config: Option<String>,
    /// The folder of snapshots; none where it is the usual one.
    pub snapshots: Option<String>,
}

/// The plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanFacts {
    /// The seed.
    pub seed: u64,
    /// What the target declares or its feeds show.
    pub capabilities: BTreeSet<Capability>,
    /// Every scenario of the suite, in the suite's order.
    pub scenarios: Vec<PlannedScenario>,
    /// What was left out by the user's wish.
    pub skipped: Vec<SkipReport>,
    /// The scenario files, openings included: histories can only be judged by the steps that were carried out.
    pub files: Vec<ScenarioText>,
}

/// What became of a scenario in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedScenario {
    /// Its id.
    pub id: String,
    /// Why it did not run; none of one that has a history.
    pub skip: Option<Skip>,
    /// True when it did not run only because there was no slot for it at that moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_now: bool,
    /// What it stands on and no scenario of the plan shows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unshown: BTreeSet<Basic>,
}

/// A scenario that did not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Its verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// A scenario file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioText {
    /// Area and name.
    pub id: String,
    /// As the user named the file.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// The target, as far as rules ask about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TargetFacts {
    /// Name, kind and address.
    pub about: TargetReport,
    /// The partner id that it was configured with.
    pub partner_id: String,
    /// Whether the config says that it sends inventory updates; none where it says nothing.
    pub sends_inventory: Option<bool>,
    /// True where the config names no card token, so that bookings are paid with one that gateways publish.
    #[serde(default)]
    pub has_published_token: bool,
    /// Where user and password are to be fetched from, for the command that repeats a call.
    pub login: Login,
    /// Every slot of the feeds that could be booked.
    pub slots: Vec<Slot>,
    /// Merchant and service of which all slots of the feeds are among these.
    pub whole: BTreeSet<(String, String)>,
    /// What the feeds say of merchants and services.
    pub offer: Offer,
    /// What is wrong with the feeds.
    pub problems: Vec<FeedProblem>,
    /// The waivers of the config.
    pub waivers: Vec<Waiver>,
}

/// User and password as a shell expands them inside double quotes: the places that the config names, never the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

/// When and how a run was carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFacts {
    /// When it began, epoch microseconds.
    pub began_us: i64,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// A violated SHOULD counted.
    pub strict: bool,
    /// Where Google's side was.
    pub google: Silence,
}

/// How the histories compare with the accepted ones. That is as it was: which snapshots are accepted is no part of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedSnapshots {
    /// By scenario; one that was not compared is not named.
    pub statuses: BTreeMap<String, SnapshotStatus>,
    /// Accepted snapshots of scenarios that do not exist.
    pub obsolete: Vec<String>,
    /// Snapshots that could not be read or written.
    pub errors: Vec<String>,
}
