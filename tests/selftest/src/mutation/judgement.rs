//! What became of a mutant.

use super::listing::Sort;
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
    /// It was found where it is.
    AtLeaf,
    /// Something was found in the message.
    AtMessage,
    /// What was found is about something else.
    ByLuck,
    /// Nothing was found, and somebody has said why that is right.
    Reviewed,
    /// Nothing was found.
    Survived,
    /// Of a legal one: nothing was said.
    Accepted,
    /// Of a legal one: something was said that does not fail a run.
    Warned,
    /// Of a legal one: the run failed, or was not judged to its end.
    Failed,
    /// No message was changed in the run; of two mutants, by one of them.
    Idle,
}

impl Fate {
    /// Those of mutants that have to be found.
    pub(crate) const OF_WRONG: [Self; 6] = [
        Self::AtLeaf,
        Self::AtMessage,
        Self::ByLuck,
        Self::Reviewed,
        Self::Survived,
        Self::Idle,
    ];

    /// Those of legal mutants.
    pub(crate) const OF_LEGAL: [Self; 4] = [Self::Accepted, Self::Warned, Self::Failed, Self::Idle];

    /// True for what was found as something about its leaf or its message.
    pub(crate) fn is_killed(self) -> bool {
        matches!(self, Self::AtMessage | Self::AtLeaf)
    }

    /// True for what may become of a mutant.
    pub(crate) fn is_right(self) -> bool {
        self.is_killed() || matches!(self, Self::Reviewed | Self::Accepted | Self::Warned)
    }

    /// The word as it stands in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::AtLeaf => "at leaf",
            Self::AtMessage => "at message",
            Self::ByLuck => "by luck",
            Self::Reviewed => "reviewed",
            Self::Survived => "survived",
            Self::Accepted => "accepted",
            Self::Warned => "warned",
            Self::Failed => "failed",
            Self::Idle => "idle",
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
    /// What a run says of mutants, of which the most idle one changed so many messages.
    pub(crate) fn of(sort: Sort, mutants: &[Mutant], strikes: usize, done: &Examination) -> Self {
        let said: Vec<Said> = done.report.findings_by_cause.iter().filter_map(said).collect();
        let exit_code = done.report.exit_code;
        let fate = if strikes == 0 {
            Fate::Idle
        } else if sort.is_legal() {
            of_legal(exit_code, &said)
        } else {
            of_wrong(mutants, done)
        };
        Self {
            fate,
            exit_code,
            said,
            scenarios: done.transcripts.len(),
        }
    }

    /// True when more was found than one change should bring about.
    pub(crate) fn is_many(&self) -> bool {
        self.said.len() > MANY
    }
}

fn of_legal(exit_code: u8, said: &[Said]) -> Fate {
    let is_failed = exit_code != 0 || said.iter().any(|said| said.verdict == Verdict::Fail.word());
    match (is_failed, said.is_empty()) {
        (true, _) => Fate::Failed,
        (false, false) => Fate::Warned,
        (false, true) => Fate::Accepted,
    }
}

fn of_wrong(mutants: &[Mutant], done: &Examination) -> Fate {
    let violations = done
        .findings()
        .filter(|(_, finding)| matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
    let nearest = violations
        .flat_map(|(scenario, finding)| {
            mutants
                .iter()
                .map(move |mutant| near(mutant, scenario, finding, done))
        })
        .max();
    match nearest {
        None => Fate::Survived,
        Some(Nearness::Elsewhere) => Fate::ByLuck,
        Some(Nearness::Message) => Fate::AtMessage,
        Some(Nearness::Leaf) => Fate::AtLeaf,
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
