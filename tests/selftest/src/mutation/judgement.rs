//! What became of a mutant.

use super::mutant::Mutant;
use super::speaks::{Nearness, nearness};
use crate::Examination;
use outcome::{CauseReport, Finding, Verdict};
use serde::Serialize;

/// More distinct findings than one change should make.
const MANY: usize = 2;

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fate {
    /// No message was changed in the run.
    Idle,
    /// Nothing was found.
    Survived,
    /// What was found is about something else.
    ByLuck,
    /// Something was found in the message.
    AtMessage,
    /// It was found where it is.
    AtLeaf,
}

impl Fate {
    /// True for what was found as something about its leaf or its message.
    pub(crate) fn is_killed(self) -> bool {
        matches!(self, Self::AtMessage | Self::AtLeaf)
    }

    /// The word as it stands in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Survived => "survived",
            Self::ByLuck => "by luck",
            Self::AtMessage => "at message",
            Self::AtLeaf => "at leaf",
        }
    }
}

/// One distinct finding of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Said {
    /// The requirement.
    pub(crate) requirement: String,
    /// `fail` or `warn`.
    pub(crate) verdict: &'static str,
    /// The sentence.
    pub(crate) message: String,
    /// A scenario in which it was seen.
    pub(crate) scenario: Option<String>,
    /// How often.
    pub(crate) count: usize,
}

/// What a run against a mutant came to.
#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    /// What became of it.
    pub(crate) fate: Fate,
    /// The exit code of the run.
    pub(crate) exit_code: u8,
    /// The distinct findings.
    pub(crate) said: Vec<Said>,
    /// How many scenarios ran.
    pub(crate) scenarios: usize,
}

impl Judgement {
    /// What a run says of a mutant that changed so many messages.
    pub(crate) fn of(mutant: &Mutant, strikes: usize, done: &Examination) -> Self {
        let violations = done
            .findings()
            .filter(|(_, finding)| matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
        let nearest = violations
            .map(|(scenario, finding)| near(mutant, scenario, finding, done))
            .max();
        let fate = match nearest {
            _ if strikes == 0 => Fate::Idle,
            None => Fate::Survived,
            Some(Nearness::Elsewhere) => Fate::ByLuck,
            Some(Nearness::Message) => Fate::AtMessage,
            Some(Nearness::Leaf) => Fate::AtLeaf,
        };
        Self {
            fate,
            exit_code: done.report.exit_code,
            said: done.report.findings_by_cause.iter().filter_map(said).collect(),
            scenarios: done.transcripts.len(),
        }
    }

    /// True when more was found than one change should bring about.
    pub(crate) fn is_many(&self) -> bool {
        self.said.len() > MANY
    }
}

fn near(mutant: &Mutant, scenario: Option<&str>, finding: &Finding, done: &Examination) -> Nearness {
    let scenario = finding.evidence.scenario.as_deref().or(scenario);
    let transcript = done
        .transcripts
        .iter()
        .find(|one| Some(one.scenario.as_str()) == scenario);
    nearness(mutant, finding, transcript)
}

fn said(cause: &CauseReport) -> Option<Said> {
    let is_violation = matches!(cause.verdict, Verdict::Fail | Verdict::Warn);
    is_violation.then(|| Said {
        requirement: cause.requirement.as_str().to_owned(),
        verdict: cause.verdict.word(),
        message: cause.message.clone(),
        scenario: cause.example.scenario.clone(),
        count: cause.count,
    })
}
