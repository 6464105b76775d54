//! Verdicts, findings and the report of a run: what was concluded, as data. `run.json` is the serialised `RunReport`.

mod answer;
mod arrived;
mod cause;
mod check;
mod count;
mod exercised;
mod feeds;
mod fold;
mod milestone;
mod not_run;
mod published;
mod reason;
mod run;
mod run_diff;
mod schema;
pub mod shell;
mod summary;
pub mod text;
mod tool;
mod waiver;

pub use answer::SeenAnswer;
pub use arrived::{InventedMethod, NotificationReport, Silence};
pub use cause::{CauseReport, Example, Histories, by_cause};
pub use check::{Check, CheckState, Checkup};
pub use count::Counts;
pub use exercised::{Exercised, line_to_add};
pub use feeds::{FeedFinding, FeedNote, FeedReport, FeedRequirement, FeedVerdict, Unreadable};
pub use fold::cause_of;
pub use milestone::{Milestone, Prospect};
pub use not_run::NotRun;
pub use published::{LegalScore, MutantScore, RowScore, SelfTest};
pub use reason::{ExitReason, ReasonKind, verdict_of};
pub use run_diff::{Change, RunDiff};
pub use schema::json_schema;
pub use summary::{RunLabel, RunSummary};
pub use tool::{RequirementSet, Tool};
pub use waiver::{SkipReport, WaiverReport, WaiverStatus};

use catalogue::{Level, RequirementId};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use transcript::MayStand;

/// The conclusion about a requirement or a scenario.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Judged and right.
    Pass,
    /// A MUST is violated (or a SHOULD under `--strict`).
    Fail,
    /// A SHOULD is violated.
    Warn,
    /// Violated, and a waiver covers it.
    Waived,
    /// The target does not declare the capability.
    NotApplicable,
    /// A prerequisite is missing, so nothing could be judged.
    NotTestable,
    /// The evidence allows no conclusion.
    Inconclusive,
    /// Left out by filter or shard.
    NotRun,
    /// The harness itself is wrong.
    HarnessError,
}

impl Verdict {
    /// The word as it stands in reports.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Warn => "warn",
            Verdict::Waived => "waived",
            Verdict::NotApplicable => "not_applicable",
            Verdict::NotTestable => "not_testable",
            Verdict::Inconclusive => "inconclusive",
            Verdict::NotRun => "not_run",
            Verdict::HarnessError => "harness_error",
        }
    }

    /// How much a verdict outweighs another when several are folded into one; larger wins.
    pub fn weight(self) -> u8 {
        match self {
            Verdict::NotRun => 0,
            Verdict::NotApplicable => 1,
            Verdict::Inconclusive => 2,
            Verdict::NotTestable => 3,
            Verdict::Pass => 4,
            Verdict::Waived => 5,
            Verdict::Warn => 6,
            Verdict::Fail => 7,
            Verdict::HarnessError => 8,
        }
    }
}

/// Where a finding can be seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Evidence {
    /// The scenario whose history holds the entry, for findings of the run; those of a scenario stand in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Index of the entry in the scenario's history.
    pub entry: Option<usize>,
    /// JSON pointer into the body of that entry; empty when the body as a whole is meant.
    pub pointer: Option<String>,
    /// What would have been right.
    pub expected: Value,
    /// What was there.
    pub actual: Value,
}

/// One violation of one requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// The requirement.
    pub requirement: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// `fail`, `warn` or `waived`.
    pub verdict: Verdict,
    /// One sentence that a partner understands.
    pub message: String,
    /// Where it can be seen.
    pub evidence: Evidence,
    /// The answer in which it was seen, in the target's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SeenAnswer>,
    /// True when much else stands on it: a method's plainest call, the credentials, the way of notifications.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub basic: bool,
    /// Where else it was seen, of a finding of the run that stands for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Repeated>,
}

/// The places of a finding that stands for several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Repeated {
    /// How often it was seen.
    pub count: usize,
    /// The scenarios in whose histories, in the suite's order.
    pub scenarios: Vec<String>,
}

/// How a scenario's history compares with its accepted snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotStatus {
    /// Equal to the accepted one.
    Matched,
    /// There is no accepted one.
    New,
    /// Different from the accepted one.
    Changed,
    /// Bound to another kind of slot than the accepted one; compared by shape only, and equal in shape.
    Rebound,
    /// Not compared.
    None,
}

/// What became of one requirement in one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Judged {
    /// The requirement.
    pub requirement: RequirementId,
    /// The conclusion.
    pub verdict: Verdict,
}

/// One scenario in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ScenarioReport {
    /// Id, such as `deposit/refund-before-cutoff`.
    pub id: String,
    /// The title of the scenario file.
    pub title: String,
    /// The conclusion.
    pub verdict: Verdict,
    /// Why, where the verdict does not speak for itself.
    pub reason: Option<String>,
    /// True when it could not be tested at this moment alone, for want of a slot: then it does not decide about the run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_now: bool,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// How much of that it waited by its own wish, milliseconds.
    pub waits_ms: u64,
    /// Comparison with the accepted snapshot.
    pub snapshot: SnapshotStatus,
    /// Violations.
    pub findings: Vec<Finding>,
    /// What each requirement came to in this scenario, passes included.
    pub judged: Vec<Judged>,
}

/// One requirement over the whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RequirementReport {
    /// The requirement.
    pub id: RequirementId,
    /// Its title.
    pub title: String,
    /// Google's page, as an https link.
    pub source: String,
    /// How binding it is.
    pub level: Level,
    /// The conclusion.
    pub verdict: Verdict,
    /// The scenarios that judged it.
    pub scenarios: Vec<String>,
    /// Why it was not judged; none where it was.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The implementation under test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetReport {
    /// Its name in the config.
    pub name: String,
    /// `reference` or `url`.
    pub kind: String,
    /// Where it was reached.
    pub base_url: String,
}

/// The conclusion about the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunVerdict {
    /// Exit 0.
    Conformant,
    /// Exit 1.
    NotConformant,
    /// Exit 3.
    NotJudged,
    /// Exit 4.
    NeedsReview,
    /// Exit 70.
    HarnessError,
    /// Exit 130.
    Interrupted,
}

impl RunVerdict {
    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            RunVerdict::Conformant => 0,
            RunVerdict::NotConformant => 1,
            RunVerdict::NotJudged => 3,
            RunVerdict::NeedsReview => 4,
            RunVerdict::HarnessError => 70,
            RunVerdict::Interrupted => 130,
        }
    }

    /// The word for people.
    pub fn words(self) -> &'static str {
        match self {
            RunVerdict::Conformant => "conformant",
            RunVerdict::NotConformant => "not conformant",
            RunVerdict::NotJudged => "could not be judged",
            RunVerdict::NeedsReview => "needs review",
            RunVerdict::HarnessError => "the harness itself is wrong",
            RunVerdict::Interrupted => "interrupted",
        }
    }
}

/// Counts by verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunCounts {
    /// Scenarios.
    pub scenarios: Counts,
    /// Requirements.
    pub requirements: Counts,
}

/// Latency of one method, milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Latency {
    /// Number of answers measured (those during which the harness itself lagged are left out).
    pub samples: usize,
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Slowest.
    pub max: f64,
}

/// What was cancelled at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CleanupReport {
    /// Bookings that the clean-up cancelled.
    pub canceled: usize,
    /// Booking ids that may still stand, with the reason.
    pub leftovers: Vec<String>,
}

/// The report of a run; serialises to `run.json`, format 2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunReport {
    /// Always [`RunReport::FORMAT`].
    pub format: u32,
    /// The program.
    pub tool: Tool,
    /// The target.
    pub target: TargetReport,
    /// The requirements.
    pub requirement_set: RequirementSet,
    /// What the self-test of the harness came to; none where it was not measured with these requirements.
    #[serde(default)]
    pub self_test: Option<SelfTest>,
    /// The seed of the run.
    pub seed: u64,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// Calls that the network lost and that were made again: method and what came instead of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// The conclusion.
    pub verdict: RunVerdict,
    /// The exit code.
    pub exit_code: u8,
    /// Every reason for an exit code other than 0, the gravest first.
    #[serde(default)]
    pub exit_reasons: Vec<ExitReason>,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// Counts.
    pub counts: RunCounts,
    /// Everything that was found, by requirement and cause: what to mend first stands first.
    pub findings_by_cause: Vec<CauseReport>,
    /// Scenarios in the suite's order.
    pub scenarios: Vec<ScenarioReport>,
    /// Requirements in the catalogue's order.
    pub requirements: Vec<RequirementReport>,
    /// Violations of the run as a whole.
    pub findings: Vec<Finding>,
    /// How many of the MUSTs that apply a whole run judged; none when scenarios were left out by a filter.
    #[serde(default)]
    pub musts: Option<Exercised>,
    /// The MUSTs that apply and about which a whole run said nothing; empty when scenarios were left out by a filter.
    pub not_exercised: Vec<RequirementId>,
    /// What the run predicts of Google's onboarding milestones.
    pub milestones: Vec<Milestone>,
    /// Messages of our own that broke the wire model; never empty only when the harness is wrong.
    pub harness_errors: Vec<String>,
    /// Snapshots that could not be read or written.
    pub snapshot_errors: Vec<String>,
    /// Snapshots that are accepted but belong to no scenario of the suite.
    pub obsolete_snapshots: Vec<String>,
    /// Latency by method name.
    pub latency_ms: IndexMap<String, Latency>,
    /// JSON pointers (`*` for any element) at which two runs of one seed may differ.
    pub declared_varying: Vec<String>,
    /// What arrived at Google's side.
    pub notifications: NotificationReport,
    /// What was cancelled.
    pub cleanup: CleanupReport,
    /// The bookings that may stand when the run is over.
    #[serde(default)]
    pub may_stand: Vec<MayStand>,
    /// The orders that stand when the run is over: Google's API has no call that cancels one, and the config lets the run make them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<MayStand>,
    /// The waivers of the config, in its order.
    #[serde(default)]
    pub waivers: Vec<WaiverReport>,
    /// What was left out by `--not` and `[[skip]]`.
    #[serde(default)]
    pub skipped: Vec<SkipReport>,
}
