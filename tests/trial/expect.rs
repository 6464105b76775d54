//! What a report says, as a reader counts it: one sentence of one requirement is one finding, however often it stands there.

use catalogue::Level;
use outcome::{Finding, RunReport, Verdict};
use std::collections::BTreeSet;

/// A finding with all its places.
#[derive(Debug, Clone)]
pub(crate) struct Distinct {
    /// The requirement.
    pub(crate) requirement: String,
    /// True for a violated MUST, false for a SHOULD.
    pub(crate) fails: bool,
    /// True when much else stands on it.
    pub(crate) basic: bool,
    /// How often it was found.
    pub(crate) count: usize,
    /// The sentence, as it was first said.
    pub(crate) message: String,
    /// Everything that is said beside the sentence: expected, actual, and the server's own words.
    evidence: String,
    /// The scenarios, none for findings of the run.
    pub(crate) scenarios: BTreeSet<String>,
}

impl Distinct {
    /// The distinct findings of a report in the order in which a person should read them.
    pub(crate) fn of(report: &RunReport) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (scenario, finding) in every_finding(report) {
            let requirement = finding.requirement.as_str();
            let cause = cause(&finding.message);
            let known = all
                .iter_mut()
                .find(|one| one.requirement == requirement && self::cause(&one.message) == cause);
            match known {
                Some(known) => known.add(scenario, finding),
                None => all.push(Self::new(scenario, finding)),
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse((one.basic, one.fails, one.count)));
        all
    }

    fn new(scenario: Option<&str>, finding: &Finding) -> Self {
        let evidence = &finding.evidence;
        let answer = finding.answer.as_ref();
        let answer = answer.map(|seen| {
            format!(
                "{} {} {}",
                seen.status,
                seen.content_type.as_deref().unwrap_or_default(),
                seen.body
            )
        });
        let evidence = [
            Some(evidence.expected.to_string()),
            Some(evidence.actual.to_string()),
            answer,
        ];
        Self {
            requirement: finding.requirement.to_string(),
            fails: finding.verdict == Verdict::Fail,
            basic: finding.basic,
            count: 1,
            message: finding.message.clone(),
            evidence: evidence.into_iter().flatten().collect::<Vec<_>>().join(" | "),
            scenarios: scenario.into_iter().map(ToOwned::to_owned).collect(),
        }
    }

    fn add(&mut self, scenario: Option<&str>, finding: &Finding) {
        self.count += 1;
        self.basic |= finding.basic;
        self.scenarios.extend(scenario.map(ToOwned::to_owned));
    }

    /// True when sentence or evidence contain a text, whatever its case.
    pub(crate) fn says(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        [&self.message, &self.evidence]
            .iter()
            .any(|text| text.to_lowercase().contains(&words))
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let Self {
            requirement,
            count,
            message,
            ..
        } = self;
        let weight = if self.fails { "fail" } else { "warn" };
        let basic = if self.basic { " basic" } else { "" };
        let scenarios: Vec<_> = self.scenarios.iter().take(3).map(String::as_str).collect();
        let evidence: String = self.evidence.chars().take(300).collect();
        format!(
            "{weight}{basic} {requirement} x{count}: {message} [{evidence}] ({})",
            scenarios.join(", ")
        )
    }
}

fn every_finding(report: &RunReport) -> impl Iterator<Item = (Option<&str>, &Finding)> {
    let of_scenarios = report.scenarios.iter().flat_map(|scenario| {
        let findings = scenario.findings.iter();
        findings.map(|finding| (Some(scenario.id.as_str()), finding))
    });
    let of_the_run = report.findings.iter().map(|finding| (None, finding));
    of_scenarios
        .chain(of_the_run)
        .filter(|(_, finding)| matches!(finding.verdict, Verdict::Fail | Verdict::Warn))
}

/// The sentence without its numbers: the same fault at another slot is the same cause.
fn cause(message: &str) -> String {
    let mut cause = String::new();
    for letter in message.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if letter != '0' || !cause.ends_with('0') {
            cause.push(letter);
        }
    }
    cause
}

/// The MUSTs that a report calls kept.
pub(crate) fn kept_musts(report: &RunReport) -> BTreeSet<&str> {
    let kept = report
        .requirements
        .iter()
        .filter(|one| one.level == Level::Must && one.verdict == Verdict::Pass);
    kept.map(|one| one.id.as_str()).collect()
}
