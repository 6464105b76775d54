//! The verdicts of rules, and their evidence.

use catalogue::{Level, RequirementId, catalogue};
use outcome::{Evidence, Finding, Judged, Repeated, Verdict};
use serde_json::Value;

/// The verdicts on one scenario or on the run, as rules add them.
#[derive(Debug, Default)]
pub struct Verdicts {
    findings: Vec<Finding>,
    judged: Vec<Judged>,
}

/// True for a MUST, whose violation ends a scenario; after a violated SHOULD the later steps still prove something.
pub(super) fn is_must(requirement: RequirementId) -> bool {
    catalogue().row(requirement).level == Level::Must
}

/// The place and the values that prove a finding.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// The scenario of the entry, for what a rule about the run finds; else it is the one that is judged.
    pub scenario: Option<String>,
    /// Entry of the history.
    pub entry: Option<usize>,
    /// JSON pointer into its body.
    pub pointer: Option<String>,
    /// The right value.
    pub expected: Value,
    /// The value in the message.
    pub actual: Value,
    /// Where else it is to be seen, for a finding that stands for several.
    pub repeated: Option<Repeated>,
}

impl Proof {
    /// A place in an entry's body.
    pub fn at(entry: usize, pointer: impl Into<String>) -> Self {
        Self {
            entry: Some(entry),
            pointer: Some(pointer.into()),
            ..Self::default()
        }
    }

    /// Says in which scenario's history the entry stands: for rules about the run.
    #[must_use]
    pub fn in_scenario(mut self, scenario: impl Into<String>) -> Self {
        self.scenario = Some(scenario.into());
        self
    }

    /// Sets the right value.
    #[must_use]
    pub fn expected(mut self, value: impl Into<Value>) -> Self {
        self.expected = value.into();
        self
    }

    /// Sets the value in the message.
    #[must_use]
    pub fn actual(mut self, value: impl Into<Value>) -> Self {
        self.actual = value.into();
        self
    }
}

impl Verdicts {
    /// The requirement was exercised and kept.
    pub fn pass(&mut self, requirement: RequirementId) {
        self.judged.push(Judged {
            requirement,
            verdict: Verdict::Pass,
        });
    }

    /// The requirement was exercised and violated; a SHOULD warns.
    pub fn fail(&mut self, requirement: RequirementId, proof: Proof, message: impl Into<String>) {
        let verdict = match catalogue().row(requirement).level {
            Level::Must => Verdict::Fail,
            Level::Should | Level::May => Verdict::Warn,
        };
        self.record(requirement, verdict, proof, message.into());
    }

    /// The requirement was exercised in a way that Google tolerates but nobody should rely on.
    pub fn warn(&mut self, requirement: RequirementId, proof: Proof, message: impl Into<String>) {
        self.record(requirement, Verdict::Warn, proof, message.into());
    }

    /// How many verdicts there are so far.
    pub(super) fn count(&self) -> usize {
        self.judged.len()
    }

    /// Takes back what was kept since then: it was not shown.
    pub(super) fn forget_passes_since(&mut self, count: usize) {
        let since = self.judged.split_off(count.min(self.judged.len()));
        self.judged
            .extend(since.into_iter().filter(|one| one.verdict != Verdict::Pass));
    }

    /// Adds what was kept by others.
    pub(super) fn add_passes_of(&mut self, other: &Self) {
        let passes = other.judged.iter().filter(|one| one.verdict == Verdict::Pass);
        self.judged.extend(passes.cloned());
    }

    /// Exercised: kept when `right`, else violated with the message that is made for it.
    pub fn check(
        &mut self,
        requirement: RequirementId,
        right: bool,
        otherwise: impl FnOnce() -> (Proof, String),
    ) {
        if right {
            return self.pass(requirement);
        }
        let (proof, message) = otherwise();
        self.fail(requirement, proof, message);
    }

    /// Nothing could be judged, because of what happened before.
    pub fn not_testable(&mut self, requirement: RequirementId) {
        self.judged.push(Judged {
            requirement,
            verdict: Verdict::NotTestable,
        });
    }

    /// What was seen allows no conclusion, and nothing is broken that would.
    pub fn inconclusive(&mut self, requirement: RequirementId) {
        self.judged.push(Judged {
            requirement,
            verdict: Verdict::Inconclusive,
        });
    }

    /// The target does not offer what the requirement is about.
    pub fn not_applicable(&mut self, requirement: RequirementId) {
        self.judged.push(Judged {
            requirement,
            verdict: Verdict::NotApplicable,
        });
    }

    /// True when a violation of the requirement was found.
    pub(super) fn has_finding(&self, requirement: RequirementId) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.requirement == requirement)
    }

    /// True when one of these was violated in this entry.
    pub(super) fn has_violation_at(&self, entry: usize, requirements: &[RequirementId]) -> bool {
        self.findings.iter().any(|finding| {
            finding.evidence.entry == Some(entry)
                && finding.verdict == Verdict::Fail
                && requirements.contains(&finding.requirement)
        })
    }

    /// True when something was found in this entry.
    pub(super) fn has_finding_at(&self, entry: usize) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.evidence.entry == Some(entry))
    }

    /// True when something that must be was found missing in this entry.
    pub(super) fn has_failure_at(&self, entry: usize) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.evidence.entry == Some(entry) && finding.verdict == Verdict::Fail)
    }

    fn record(&mut self, requirement: RequirementId, verdict: Verdict, proof: Proof, message: String) {
        let level = catalogue().row(requirement).level;
        let Proof {
            scenario,
            entry,
            pointer,
            expected,
            actual,
            repeated,
        } = proof;
        let evidence = Evidence {
            scenario,
            entry,
            pointer,
            expected,
            actual,
        };
        self.judged.push(Judged { requirement, verdict });
        self.findings.push(Finding {
            requirement,
            level,
            verdict,
            message,
            evidence,
            answer: None,
            basic: false,
            repeated,
        });
    }

    /// The findings, one per requirement and entry of a history, and the verdict on each requirement.
    pub fn conclude(self) -> (Vec<Finding>, Vec<Judged>) {
        let mut findings: Vec<Finding> = Vec::new();
        for finding in self.findings {
            let same = |known: &&Finding| {
                known.requirement == finding.requirement
                    && known.evidence.entry == finding.evidence.entry
                    && known.evidence.scenario == finding.evidence.scenario
            };
            if findings.iter().find(same).is_none() {
                findings.push(finding);
            }
        }
        findings.sort_by_key(|finding| (finding.evidence.entry, finding.requirement));
        let mut judged: Vec<Judged> = Vec::new();
        for one in self.judged {
            match judged
                .iter_mut()
                .find(|known| known.requirement == one.requirement)
            {
                // A violation in one place outweighs passes in others.
                Some(known) if known.verdict.weight() < one.verdict.weight() => known.verdict = one.verdict,
                Some(_) => {}
                None => judged.push(one),
            }
        }
        judged.sort_by_key(|one| one.requirement);
        (findings, judged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_must_ends_the_story() {
        assert!(is_must(RequirementId::declared("BS-LIST-01")));
        assert!(!is_must(RequirementId::declared("BS-LIST-03")));
    }
}
