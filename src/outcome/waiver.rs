//! Waivers and what a run was told to leave out, each with what it came to.

use super::{RunReport, Verdict};
use serde::{Deserialize, Serialize};

/// What a waiver came to in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaiverStatus {
    /// It waived a violation.
    Used,
    /// There was nothing to waive, and not all that it covers was judged.
    Unused,
    /// Its last day is over, so it waived nothing.
    Expired,
    /// All that it covers was judged, and nothing is violated any more.
    Stale,
    /// No requirement has its id, or no scenario its name.
    Unknown,
}

impl WaiverStatus {
    /// The word as it stands in reports.
    pub fn word(self) -> &'static str {
        match self {
            WaiverStatus::Used => "used",
            WaiverStatus::Unused => "unused",
            WaiverStatus::Expired => "expired",
            WaiverStatus::Stale => "stale",
            WaiverStatus::Unknown => "unknown",
        }
    }

    /// True when somebody has to change the waiver.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::Expired | Self::Stale | Self::Unknown)
    }
}

/// A waiver of the config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WaiverReport {
    /// The id of the requirement; as the config has it where no requirement has that id.
    pub requirement: String,
    /// The scenarios that it covers; none for all, and the run as a whole.
    pub scenario: Option<String>,
    /// Why the violation is accepted for now.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: String,
    /// File and line of what matters most about it: of an expired one the day, else the requirement or the scenario.
    pub place: String,
    /// What it came to.
    pub status: WaiverStatus,
    /// What the status rests on, in words.
    pub note: String,
    /// How many findings it waived.
    pub findings: usize,
    /// The scenarios in which they were.
    pub scenarios: Vec<String>,
}

/// Scenarios that the user wished to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SkipReport {
    /// The glob.
    pub scenario: String,
    /// File and line of the config; none of the flag `--not`.
    pub place: Option<String>,
    /// Why; the flag does not say.
    pub reason: Option<String>,
    /// The scenarios that were left out by it.
    pub scenarios: Vec<String>,
}

impl SkipReport {
    /// By whose wish, and why.
    pub fn words(&self) -> String {
        let reason = self.reason.as_deref().unwrap_or_default();
        match &self.place {
            Some(place) => format!("left out by {place}: {reason}"),
            None => format!("left out by --not {}", self.scenario),
        }
    }
}

impl RunReport {
    /// The distinct violations that were waived.
    pub fn waived(&self) -> usize {
        let causes = self.findings_by_cause.iter();
        causes.filter(|cause| cause.verdict == Verdict::Waived).count()
    }
}
