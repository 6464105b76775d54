//! Findings by cause: what is wrong for one reason is one entry, however often it shows.

use super::{Finding, ScenarioReport, SeenAnswer, Verdict, cause_of};
use catalogue::{Level, RequirementId, catalogue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;

/// The beginning of the reason of a scenario that was left out since a basic failed that it needs.
const NEEDS: &str = "needs ";

/// The findings that share requirement and cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CauseReport {
    /// The requirement.
    pub requirement: RequirementId,
    /// Its title.
    pub title: String,
    /// Google's page, as an https link.
    pub source: String,
    /// How binding it is.
    pub level: Level,
    /// `fail`, `warn` or `waived`.
    pub verdict: Verdict,
    /// True when much else stands on it.
    pub basic: bool,
    /// The message without the values in it: equal for findings with the same cause.
    pub cause: String,
    /// The message of the example.
    pub message: String,
    /// How many findings there are.
    pub count: usize,
    /// The scenarios in which they were seen, in the suite's order.
    pub scenarios: Vec<String>,
    /// How many scenarios could not be tested because of it.
    pub blocks: usize,
    /// The clearest of them.
    pub example: Example,
}

/// One finding of several, with what is needed to see it again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Example {
    /// The scenario; none where only the run as a whole shows it.
    pub scenario: Option<String>,
    /// Index of the entry in the scenario's history.
    pub entry: Option<usize>,
    /// JSON pointer into the body of that entry.
    pub pointer: Option<String>,
    /// What would have been right.
    pub expected: Value,
    /// What was there.
    pub actual: Value,
    /// The answer, in the target's own words.
    pub answer: Option<SeenAnswer>,
    /// A shell command that repeats the call; credentials are variables.
    pub curl: Option<String>,
    /// A shell command that repeats the scenario under the conditions of this run.
    pub again: Option<String>,
}

/// What the histories of a run say about its findings.
pub trait Histories {
    /// The number of entries of a scenario's history: of two examples the one with less around it is clearer.
    fn length(&self, scenario: &str) -> usize;

    /// What a finding in a scenario is about, in the words in which reasons name what is needed.
    fn subjects(&self, scenario: &str, finding: &Finding) -> Vec<String>;
}

/// Everything that was found, by cause: basics first, then what must be mended, then warnings, and last what is waived; that on
/// which most hangs first, and then what was seen most often.
pub fn by_cause(
    scenarios: &[ScenarioReport],
    of_the_run: &[Finding],
    histories: &impl Histories,
) -> Vec<CauseReport> {
    let in_scenarios = scenarios.iter().flat_map(|scenario| {
        let findings = scenario.findings.iter();
        findings.map(|finding| (Some(scenario.id.as_str()), finding))
    });
    let in_the_run = of_the_run
        .iter()
        .map(|finding| (finding.evidence.scenario.as_deref(), finding));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (scenario, finding) in in_scenarios.chain(in_the_run) {
        let key = Key::of(finding);
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.members.push((scenario, finding)),
            None => groups.push(Group {
                key,
                members: vec![(scenario, finding)],
            }),
        }
    }
    let mut causes: Vec<CauseReport> = groups
        .iter()
        .map(|group| group.report(scenarios, histories))
        .collect();
    causes.sort_by_key(|cause| {
        let often = (Reverse(cause.blocks), Reverse(cause.count));
        let is_waived = cause.verdict == Verdict::Waived;
        (is_waived, !cause.basic, severity(cause.verdict), often)
    });
    causes
}

fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Warn => 1,
        _ => 2,
    }
}

/// What findings with one cause have in common.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    requirement: RequirementId,
    verdict: Verdict,
    cause: String,
}

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            requirement: finding.requirement,
            verdict: finding.verdict,
            cause: cause_of(&finding.message),
        }
    }
}

struct Group<'f> {
    key: Key,
    members: Vec<(Option<&'f str>, &'f Finding)>,
}

impl Group<'_> {
    /// How many scenarios could not be tested because of it: their reasons name the requirement, or what it is about.
    fn blocked(&self, all: &[ScenarioReport], histories: &impl Histories) -> usize {
        let basics = self.members.iter().filter(|(_, finding)| finding.basic);
        let subjects: Vec<String> = basics
            .clone()
            .filter_map(|(scenario, finding)| Some(histories.subjects((*scenario)?, finding)))
            .flatten()
            .collect();
        let is_about = |need: &str| {
            let quoted = format!("`{need}`");
            let named = basics
                .clone()
                .any(|(_, finding)| finding.message.contains(&quoted));
            named || subjects.iter().any(|subject| subject == need)
        };
        let is_basic = basics.clone().next().is_some();
        let hangs = |reason: &str| {
            let named = is_basic && names(reason, self.key.requirement);
            named || reason.strip_prefix(NEEDS).is_some_and(is_about)
        };
        let untested = all.iter().filter(|one| one.verdict == Verdict::NotTestable);
        let reasons = untested.filter_map(|one| one.reason.as_deref());
        reasons.filter(|reason| hangs(reason)).count()
    }

    /// How often it was seen, and in which scenarios.
    fn places(&self) -> (usize, Vec<String>) {
        let (mut count, mut scenarios) = (0, Vec::new());
        for (scenario, finding) in &self.members {
            let own = scenario.map(ToOwned::to_owned).into_iter();
            let repeated = finding.repeated.as_ref();
            let more = repeated
                .into_iter()
                .flat_map(|repeated| repeated.scenarios.iter().cloned());
            for id in own.chain(more) {
                if !scenarios.contains(&id) {
                    scenarios.push(id);
                }
            }
            count += repeated.map_or(1, |repeated| repeated.count);
        }
        (count, scenarios)
    }

    fn report(&self, all: &[ScenarioReport], histories: &impl Histories) -> CauseReport {
        let clearness = |(scenario, finding): &&(Option<&str>, &Finding)| {
            let length = scenario.map_or(usize::MAX, |id| histories.length(id));
            (finding.answer.is_none(), length)
        };
        let clearest = self.members.iter().min_by_key(clearness);
        let (scenario, finding) = *clearest.unwrap_or(&self.members[0]);
        let (count, scenarios) = self.places();
        let row = catalogue().row(self.key.requirement);
        CauseReport {
            requirement: self.key.requirement,
            title: row.title.clone(),
            source: row.page(),
            level: finding.level,
            verdict: self.key.verdict,
            basic: self.members.iter().any(|(_, finding)| finding.basic),
            cause: self.key.cause.clone(),
            message: finding.message.clone(),
            count,
            scenarios,
            blocks: self.blocked(all, histories),
            example: Example {
                scenario: scenario.map(ToOwned::to_owned),
                entry: finding.evidence.entry,
                pointer: finding.evidence.pointer.clone(),
                expected: finding.evidence.expected.clone(),
                actual: finding.evidence.actual.clone(),
                answer: finding.answer.clone(),
                curl: None,
                again: None,
            },
        }
    }
}

/// True when a text holds the id of a requirement.
fn names(text: &str, requirement: RequirementId) -> bool {
    let gap = |letter: char| !letter.is_ascii_alphanumeric() && letter != '-';
    text.split(gap).any(|id| id == requirement.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, SnapshotStatus};

    /// A history is as long as the name of its scenario.
    struct Lengths;

    impl Histories for Lengths {
        fn length(&self, scenario: &str) -> usize {
            scenario.len()
        }

        fn subjects(&self, scenario: &str, _: &Finding) -> Vec<String> {
            vec![match scenario {
                "basic/look-up" => "BatchAvailabilityLookup".into(),
                _ => "nothing".into(),
            }]
        }
    }

    fn finding(id: &'static str, verdict: Verdict, message: &str) -> Finding {
        Finding {
            requirement: RequirementId::declared(id),
            level: Level::Must,
            verdict,
            message: message.to_owned(),
            evidence: Evidence::default(),
            answer: None,
            basic: false,
            repeated: None,
        }
    }

    fn scenario(id: &str, reason: Option<&str>, findings: Vec<Finding>) -> ScenarioReport {
        ScenarioReport {
            id: id.into(),
            title: String::new(),
            verdict: if reason.is_some() {
                Verdict::NotTestable
            } else {
                Verdict::Fail
            },
            reason: reason.map(ToOwned::to_owned),
            duration_ms: 0,
            not_now: false,
            waits_ms: 0,
            snapshot: SnapshotStatus::None,
            findings,
            judged: Vec::new(),
        }
    }

    #[test]
    fn a_finding_that_stands_for_several_counts_as_many() {
        let mut of_the_run = finding("BS-BAL-01", Verdict::Fail, "the same");
        of_the_run.repeated = Some(crate::Repeated {
            count: 5,
            scenarios: vec!["a/one".into(), "a/two".into()],
        });
        let causes = by_cause(&[], &[of_the_run], &Lengths);
        assert_eq!((causes[0].count, causes[0].scenarios.len()), (5, 2));
    }

    #[test]
    fn basics_stand_first_then_what_must_be_mended_then_warnings() {
        let basic = Finding {
            basic: true,
            ..finding("BS-BAL-01", Verdict::Fail, "no look-up")
        };
        let often = || finding("BS-CREATE-03", Verdict::Fail, "booking 7 is lost");
        let scenarios = [
            scenario(
                "a/warned",
                None,
                vec![finding("BS-LIST-03", Verdict::Warn, "slow")],
            ),
            scenario(
                "a/once",
                None,
                vec![finding("BS-CREATE-04", Verdict::Fail, "another slot")],
            ),
            scenario("a/one", None, vec![often()]),
            scenario("a/two", None, vec![often()]),
            scenario("a/open", Some("needs BatchAvailabilityLookup"), Vec::new()),
            scenario("a/named", Some("told elsewhere (BS-BAL-01)"), Vec::new()),
            scenario("a/other", Some("needs CreateBooking"), Vec::new()),
            scenario("basic/look-up", None, vec![basic]),
        ];
        let causes = by_cause(&scenarios, &[], &Lengths);
        let order: Vec<_> = causes
            .iter()
            .map(|cause| (cause.requirement.as_str(), cause.count, cause.blocks))
            .collect();
        assert_eq!(
            order,
            [
                ("BS-BAL-01", 1, 2),
                ("BS-CREATE-03", 2, 0),
                ("BS-CREATE-04", 1, 0),
                ("BS-LIST-03", 1, 0)
            ]
        );
        assert_eq!(causes[1].scenarios, ["a/one", "a/two"]);
        assert!(causes[0].source.starts_with("https://") && !causes[0].title.is_empty());
    }

    #[test]
    fn what_is_waived_stands_last_even_where_it_is_a_basic() {
        let waived = Finding {
            basic: true,
            ..finding("BS-BAL-01", Verdict::Waived, "no look-up")
        };
        let scenarios = [
            scenario("a/waived", None, vec![waived]),
            scenario(
                "a/warned",
                None,
                vec![finding("BS-LIST-03", Verdict::Warn, "slow")],
            ),
        ];
        let causes = by_cause(&scenarios, &[], &Lengths);
        assert_eq!(causes[1].verdict, Verdict::Waived);
    }

    #[test]
    fn the_clearest_example_has_an_answer_and_little_around_it() {
        let with_answer = |message: &str| Finding {
            answer: Some(SeenAnswer::new(200, None, "{}")),
            ..finding("BS-CREATE-03", Verdict::Fail, message)
        };
        let scenarios = [
            scenario(
                "short",
                None,
                vec![finding("BS-CREATE-03", Verdict::Fail, "booking 1 is lost")],
            ),
            scenario("longest", None, vec![with_answer("booking 2 is lost")]),
            scenario("longer", None, vec![with_answer("booking 3 is lost")]),
        ];
        let causes = by_cause(&scenarios, &[], &Lengths);
        assert_eq!((causes.len(), causes[0].count), (1, 3));
        assert_eq!(causes[0].message, "booking 3 is lost");
        assert_eq!(causes[0].example.scenario.as_deref(), Some("longer"));
        assert_eq!(
            causes[0].example.answer.as_ref().map(|answer| answer.status),
            Some(200)
        );
    }

    #[test]
    fn a_finding_of_the_run_names_the_scenario_of_its_evidence() {
        let mut finding = finding("BS-CREATE-03", Verdict::Fail, "lost");
        finding.evidence.scenario = Some("a/b".into());
        let causes = by_cause(&[], &[finding], &Lengths);
        assert_eq!(causes[0].scenarios, ["a/b"]);
    }
}
