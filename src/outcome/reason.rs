//! Why a run does not exit with 0.

use super::RunVerdict;
use serde::{Deserialize, Serialize};

/// What can keep a run from being green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// A message of the harness broke the wire model.
    HarnessWrong,
    /// The user, or the system, asked the run to stop.
    Interrupted,
    /// Requirements are violated.
    Violated,
    /// This machine had no descriptor, port or memory left.
    Exhausted,
    /// The partner or the set-up of the run is wrong, and nobody can tell which.
    EitherSide,
    /// Scenarios could not be tested for something that can be added or mended.
    Untested,
    /// No requirement was judged.
    NothingJudged,
    /// More than half of what applies could not be tested.
    TooLittleJudged,
    /// What was made may stand at the partner.
    LeftStanding,
    /// Snapshots could not be read or written.
    SnapshotsUnusable,
    /// A report could not be kept.
    ReportLost,
    /// Snapshots are new or changed.
    SnapshotsWait,
    /// Accepted snapshots belong to no scenario.
    SnapshotsObsolete,
    /// Waivers are expired, stale or unknown.
    Waivers,
}

impl ReasonKind {
    /// What the run comes to when nothing graver holds.
    pub fn verdict(self) -> RunVerdict {
        match self {
            Self::HarnessWrong => RunVerdict::HarnessError,
            Self::Interrupted => RunVerdict::Interrupted,
            Self::Violated => RunVerdict::NotConformant,
            Self::Exhausted
            | Self::EitherSide
            | Self::Untested
            | Self::NothingJudged
            | Self::TooLittleJudged
            | Self::LeftStanding
            | Self::SnapshotsUnusable
            | Self::ReportLost => RunVerdict::NotJudged,
            Self::SnapshotsWait | Self::SnapshotsObsolete | Self::Waivers => RunVerdict::NeedsReview,
        }
    }

    /// A name for a line of a report.
    pub fn title(self) -> &'static str {
        match self {
            Self::HarnessWrong => "the harness itself is wrong",
            Self::Interrupted => "the run was interrupted",
            Self::Violated => "requirements are violated",
            Self::Exhausted => "this machine had too little",
            Self::EitherSide => "your server or the set-up of this run is wrong",
            Self::Untested => "scenarios could not be tested",
            Self::NothingJudged => "nothing was judged",
            Self::TooLittleJudged => "too little was judged",
            Self::LeftStanding => "bookings may stand",
            Self::SnapshotsUnusable => "snapshots could not be used",
            Self::ReportLost => "a report could not be kept",
            Self::SnapshotsWait => "snapshots wait",
            Self::SnapshotsObsolete => "snapshots are obsolete",
            Self::Waivers => "waivers have to be changed",
        }
    }

    /// True when it follows from what requirements came to.
    pub fn is_told_by_requirements(self) -> bool {
        matches!(self, Self::Violated | Self::Untested)
    }

    /// True when scenarios, snapshots or waivers say it one by one, wherever these are listed.
    pub fn is_listed_one_by_one(self) -> bool {
        matches!(
            self,
            Self::Violated | Self::Untested | Self::SnapshotsWait | Self::Waivers
        )
    }
}

/// One reason for an exit code other than 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ExitReason {
    /// What sort of reason it is.
    pub kind: ReasonKind,
    /// The exit code of this reason alone.
    pub exit_code: u8,
    /// It in words.
    pub words: String,
}

impl ExitReason {
    /// With its exit code.
    pub fn new(kind: ReasonKind, words: impl Into<String>) -> Self {
        Self {
            kind,
            exit_code: kind.verdict().exit_code(),
            words: words.into(),
        }
    }
}

/// What a run with these reasons comes to: they are put in order, the gravest first (70, 130, 1, 3, 4), and that one decides.
pub fn verdict_of(reasons: &mut [ExitReason]) -> RunVerdict {
    reasons.sort_by_key(|reason| gravity(reason.kind.verdict()));
    reasons
        .first()
        .map_or(RunVerdict::Conformant, |reason| reason.kind.verdict())
}

fn gravity(verdict: RunVerdict) -> u8 {
    match verdict {
        RunVerdict::HarnessError => 0,
        RunVerdict::Interrupted => 1,
        RunVerdict::NotConformant => 2,
        RunVerdict::NotJudged => 3,
        RunVerdict::NeedsReview => 4,
        RunVerdict::Conformant => 5,
    }
}
