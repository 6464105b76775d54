//! What two runs are compared by, read from `run.json` of any version: ids are texts, since a run may name requirements of another set.

use super::{ExitReason, RunVerdict, Verdict, cause_of};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A run, as far as it can be compared with another one.
#[derive(Debug, Clone, Deserialize)]
pub struct RunSummary {
    format: u32,
    #[serde(default)]
    started_at: String,
    verdict: RunVerdict,
    exit_code: u8,
    #[serde(default)]
    exit_reasons: Vec<ExitReason>,
    requirement_set: super::RequirementSet,
    scenarios: Vec<ScenarioSummary>,
    requirements: Vec<RequirementSummary>,
    findings: Vec<FindingSummary>,
}

#[derive(Debug, Clone, Deserialize)]
struct ScenarioSummary {
    id: String,
    verdict: Verdict,
    #[serde(default)]
    not_now: bool,
    findings: Vec<FindingSummary>,
    #[serde(default)]
    judged: Vec<JudgedSummary>,
}

#[derive(Debug, Clone, Deserialize)]
struct JudgedSummary {
    requirement: String,
    verdict: Verdict,
}

#[derive(Debug, Clone, Deserialize)]
struct RequirementSummary {
    id: String,
    verdict: Verdict,
}

#[derive(Debug, Clone, Deserialize)]
struct FindingSummary {
    requirement: String,
    verdict: Verdict,
    message: String,
    #[serde(default)]
    evidence: EvidenceSummary,
    #[serde(default)]
    repeated: Option<RepeatedSummary>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct EvidenceSummary {
    #[serde(default)]
    scenario: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct RepeatedSummary {
    scenarios: Vec<String>,
}

/// Which run it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunLabel {
    /// When it began.
    pub started_at: String,
    /// What it came to.
    pub verdict: RunVerdict,
    /// Its exit code.
    pub exit_code: u8,
    /// The requirements that were judged.
    pub requirement_set: super::RequirementSet,
}

/// A requirement at one place: a scenario, or the run as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) requirement: String,
    pub(super) scenario: Option<String>,
}

/// What a requirement came to at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) verdict: Verdict,
    /// The first message, if it is violated.
    pub(super) message: Option<String>,
    /// The messages without the values in them.
    pub(super) causes: BTreeSet<String>,
}

impl RunSummary {
    /// Reads a `run.json`.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let run: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match run.format {
            1 | 2 => Ok(run),
            other => Err(format!("it has format {other}, and this version reads 1 and 2")),
        }
    }

    /// Which run it is.
    pub fn label(&self) -> RunLabel {
        RunLabel {
            started_at: self.started_at.clone(),
            verdict: self.verdict,
            exit_code: self.exit_code,
            requirement_set: self.requirement_set.clone(),
        }
    }

    /// The scenarios that keep it from being green: violated, not testable, or seen in a violation of the run as a whole; in the suite's
    /// order.
    pub fn failed(&self) -> Vec<&str> {
        let of_the_run = self.findings.iter().filter(|one| one.verdict == Verdict::Fail);
        let named: BTreeSet<&str> = of_the_run.flat_map(FindingSummary::places).collect();
        let is_red = |scenario: &&ScenarioSummary| {
            let untested = scenario.verdict == Verdict::NotTestable && !scenario.not_now;
            let failed = matches!(scenario.verdict, Verdict::Fail | Verdict::HarnessError);
            failed || untested || named.contains(scenario.id.as_str())
        };
        self.scenarios
            .iter()
            .filter(is_red)
            .map(|scenario| scenario.id.as_str())
            .collect()
    }

    pub(super) fn exit_reasons(&self) -> &[ExitReason] {
        &self.exit_reasons
    }

    /// Everything that was judged, or might have been.
    pub(super) fn states(&self) -> BTreeMap<Place, State> {
        let mut states = BTreeMap::new();
        for scenario in &self.scenarios {
            for judged in &scenario.judged {
                let found = scenario.findings.iter();
                let found = found.filter(|finding| finding.requirement == judged.requirement);
                let place = Place {
                    requirement: judged.requirement.clone(),
                    scenario: Some(scenario.id.clone()),
                };
                states.insert(place, state(judged.verdict, found));
            }
        }
        for requirement in &self.requirements {
            let found = || {
                let all = self.findings.iter();
                all.filter(|finding| finding.requirement == requirement.id)
            };
            let worst = found().map(|finding| finding.verdict);
            let worst = worst.max_by_key(|verdict| verdict.weight());
            // What the run as a whole says of a requirement without a violation is folded into what scenarios say.
            let met = if is_judged(requirement.verdict) {
                Verdict::Pass
            } else {
                requirement.verdict
            };
            let place = Place {
                requirement: requirement.id.clone(),
                scenario: None,
            };
            states.insert(place, state(worst.unwrap_or(met), found()));
        }
        states
    }
}

impl FindingSummary {
    fn places(&self) -> impl Iterator<Item = &str> {
        let repeated = self.repeated.iter().flat_map(|repeated| &repeated.scenarios);
        repeated.chain(&self.evidence.scenario).map(String::as_str)
    }
}

fn state<'f>(verdict: Verdict, found: impl Iterator<Item = &'f FindingSummary>) -> State {
    let messages: Vec<&str> = found.map(|finding| finding.message.as_str()).collect();
    State {
        verdict,
        message: messages.first().map(ToString::to_string),
        causes: messages.iter().map(|message| cause_of(message)).collect(),
    }
}

/// True when a verdict says that something was looked at and decided.
pub(super) fn is_judged(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Pass | Verdict::Fail | Verdict::Warn | Verdict::Waived
    )
}
