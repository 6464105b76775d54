//! The verdicts of rules, and their evidence.

use catalogue::{Level, RequirementId, catalogue};
use outcome::{Evidence, Finding, Judged, Repeated, Verdict};
use serde_json::Value;

/// The verdicts on one scenario or on the run, as rules add them.
#[derive(Debug, Default)]
pub struct Verdicts {
    findings: Vec<Finding>,
    judged: Vec<Judged>,
    /// How many of the findings, the first ones, are about the types of values.
    of_values: usize,
}

/// To list whole bookings.
const LISTED: RequirementId = RequirementId::declared("BS-LIST-05");

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

    /// True when a requirement is violated, and not only late.
    pub(super) fn has_failure(&self, requirement: RequirementId) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.requirement == requirement && finding.verdict == Verdict::Fail)
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

    /// How many findings there are so far.
    pub(super) fn count_findings(&self) -> usize {
        self.findings.len()
    }

    /// Takes back what was found since then at a place at which something was found before: above it, below it, or there. What is
    /// wrong with the form of a value is one cause, and nothing can be said of what the value means.
    pub(super) fn hold_back_since(&mut self, count: usize) {
        self.of_values = count.min(self.findings.len());
        let later = self.findings.split_off(self.of_values);
        for finding in later {
            let rests = self.findings[..self.of_values]
                .iter()
                .any(|known| is_at_one_place(&known.evidence, &finding.evidence));
            if rests {
                self.take_back(&finding);
            } else {
                self.findings.push(finding);
            }
        }
    }

    /// True when a value of another type, or something that must be otherwise, was found at a place, above it or below it.
    pub(super) fn has_finding_around(&self, place: &Evidence) -> bool {
        let mut findings = self.findings.iter().enumerate();
        findings.any(|(number, finding)| {
            let is_cause =
                number < self.of_values || finding.verdict == Verdict::Fail || lacks_its_slot(finding);
            is_cause && is_at_one_place(&finding.evidence, place)
        })
    }

    fn take_back(&mut self, finding: &Finding) {
        let mut judged = self.judged.iter_mut();
        let own = judged.find(|one| one.requirement == finding.requirement && one.verdict == finding.verdict);
        if let Some(own) = own {
            own.verdict = Verdict::NotTestable;
        }
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

/// True for a listed booking that does not say when or where it is: what is expected of its time is not to be seen.
fn lacks_its_slot(finding: &Finding) -> bool {
    let pointer = finding.evidence.pointer.as_deref().unwrap_or_default();
    finding.requirement == LISTED && pointer.contains("/slot")
}

/// True when two places of one entry are one, or one of them is below the other. The body as a whole is above everything and says
/// nothing of its parts.
fn is_at_one_place(one: &Evidence, other: &Evidence) -> bool {
    let is_same_entry = one.entry.is_some() && one.entry == other.entry && one.scenario == other.scenario;
    let (Some(one), Some(other)) = (one.pointer.as_deref(), other.pointer.as_deref()) else {
        return false;
    };
    if one.is_empty() || other.is_empty() {
        return is_same_entry && one == other;
    }
    let is_below = |one: &str, other: &str| {
        let rest = one.strip_prefix(other);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_same_entry && (is_below(one, other) || is_below(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rests_on_the_form_of_a_value_is_held_back() {
        let (form, content) = (
            RequirementId::declared("BS-JSON-05"),
            RequirementId::declared("BS-LIST-01"),
        );
        let concluded = |place: &str| {
            let mut verdicts = Verdicts::default();
            verdicts.fail(form, Proof::at(3, "/order/item/0"), "a list is no object");
            let count = verdicts.count_findings();
            verdicts.fail(content, Proof::at(3, place), "an item is lost");
            verdicts.hold_back_since(count);
            let (findings, judged) = verdicts.conclude();
            let verdict = judged
                .iter()
                .find(|one| one.requirement == content)
                .map(|one| one.verdict);
            (findings.len(), verdict)
        };
        for place in ["/order/item", "/order/item/0", "/order/item/0/status"] {
            assert_eq!(concluded(place), (1, Some(Verdict::NotTestable)), "{place}");
        }
        for place in ["/order/item/01", "/order/merchant_id", ""] {
            assert_eq!(concluded(place), (2, Some(Verdict::Fail)), "{place}");
        }
    }

    #[test]
    fn only_a_must_ends_the_story() {
        assert!(is_must(RequirementId::declared("BS-LIST-01")));
        assert!(!is_must(RequirementId::declared("BS-LIST-03")));
    }
}
