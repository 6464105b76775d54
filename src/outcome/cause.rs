//! Findings by cause: what is wrong for one reason is one entry, however often it shows.

use super::{Finding, ScenarioReport, SeenAnswer, Verdict};
use catalogue::{Level, RequirementId, catalogue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;

/// The beginning of the reason of a scenario that was left out since a basic failed that it needs.
const NEEDS: &str = "needs ";

/// A quoted text of so many words is a sentence, which says why; a shorter one is a value.
const SENTENCE: usize = 4;

/// The findings that share requirement and cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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

/// Everything that was found, by cause: basics first, then what must be mended, then warnings; the most frequent first.
///
/// `length` is the number of entries of a scenario's history: of two examples the one with less around it is clearer.
pub fn by_cause(
    scenarios: &[ScenarioReport],
    of_the_run: &[Finding],
    length: impl Fn(&str) -> usize,
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
        .map(|group| group.report(scenarios, &length))
        .collect();
    causes.sort_by_key(|cause| (!cause.basic, severity(cause.verdict), Reverse(cause.count)));
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
    fn report(&self, all: &[ScenarioReport], length: &impl Fn(&str) -> usize) -> CauseReport {
        let clearness = |(scenario, finding): &&(Option<&str>, &Finding)| {
            (finding.answer.is_none(), scenario.map_or(usize::MAX, length))
        };
        let clearest = self.members.iter().min_by_key(clearness);
        let (scenario, finding) = *clearest.unwrap_or(&self.members[0]);
        let mut scenarios: Vec<String> = Vec::new();
        for (scenario, _) in &self.members {
            let new = scenario.filter(|id| scenarios.iter().all(|known| known != id));
            scenarios.extend(new.map(ToOwned::to_owned));
        }
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
            count: self.members.len(),
            scenarios,
            blocks: all
                .iter()
                .filter(|one| hangs_on(one, self.key.requirement))
                .count(),
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

/// True when a scenario could not be tested because of this requirement: its reason names what it needs.
fn hangs_on(scenario: &ScenarioReport, requirement: RequirementId) -> bool {
    let word = |letter: char| !letter.is_ascii_alphanumeric() && letter != '-';
    scenario.verdict == Verdict::NotTestable
        && scenario.reason.as_deref().is_some_and(|reason| {
            reason.starts_with(NEEDS) && reason.split(word).any(|id| id == requirement.as_str())
        })
}

/// A message without the values in it, so that messages about one cause are equal.
///
/// Numbers, ids, times and quoted values become `#`. Names of fields, words of the interface, HTTP status codes and
/// quoted sentences stay: they tell causes apart.
pub fn cause_of(message: &str) -> String {
    let mut cause = String::new();
    let mut rest = message;
    while let Some(open) = rest.find(['`', '"']) {
        let quote = &rest[open..=open];
        let inner = &rest[open + 1..];
        let Some(close) = inner.find(quote) else { break };
        fold_words(&mut cause, &rest[..open]);
        cause.push_str(quote);
        let quoted = &inner[..close];
        if is_name(quoted) {
            cause.push_str(quoted);
        } else if quoted.split_whitespace().count() >= SENTENCE {
            fold_words(&mut cause, quoted);
        } else {
            cause.push('#');
        }
        cause.push_str(quote);
        rest = &inner[close + 1..];
    }
    fold_words(&mut cause, rest);
    cause
}

/// True for the name of a field, a method or a word of the interface: no value looks like that.
fn is_name(text: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .all(|letter| letter.is_ascii_alphabetic() || "_.".contains(letter))
    };
    let first = text.chars().next();
    let upper = !text.chars().any(|letter| letter.is_ascii_lowercase());
    let lower = first.is_some_and(|letter| letter.is_ascii_lowercase());
    let method = text.len() > 1 && text.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
    letters(text) && first.is_some() && (upper || lower || method)
}

/// Adds a text, in which words that hold digits become `#`.
fn fold_words(cause: &mut String, text: &str) {
    let mut before = "";
    for piece in text.split_inclusive(|letter: char| letter.is_whitespace() || letter == '/') {
        let edge = |letter: char| !letter.is_alphanumeric();
        let core = piece.trim_matches(edge);
        let folded = core.contains(|letter: char| letter.is_ascii_digit()) && !is_fixed(core, before);
        if folded {
            let at = piece.len() - piece.trim_start_matches(edge).len();
            cause.push_str(&piece[..at]);
            cause.push('#');
            cause.push_str(&piece[at + core.len()..]);
        } else {
            cause.push_str(piece);
        }
        before = core;
    }
}

/// Words with digits that are no values: versions in paths, HTTP status codes, ids of requirements.
fn is_fixed(word: &str, before: &str) -> bool {
    let status = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let introduced = matches!(
        before,
        "HTTP" | "status" | "answered" | "returned" | "with" | "code"
    );
    matches!(word, "v3" | "v1alpha") || (status && introduced) || RequirementId::parse(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, SnapshotStatus};

    #[test]
    fn values_are_folded_and_names_tell_causes_apart() {
        let same = [
            ("booking 8d0d69ef is gone", "booking 77 is gone"),
            (
                "the start `2030-01-01T08:00:00Z` is odd",
                "the start `2031-05-01T09:30:00.5Z` is odd",
            ),
            ("took 3.5 s (limit 3 s)", "took 12 s (limit 3 s)"),
            (
                "\"name\": \"Zoë\" comes back as \"Zo\"",
                "\"name\": \"Ada\" comes back as \"Ad\"",
            ),
            (
                "PATCH partners/2000/bookings/bk-1 was refused",
                "PATCH partners/2000/bookings/bk-22 was refused",
            ),
            (
                "it said \"no room for 3 on day 12\"",
                "it said \"no room for 4 on day 13\"",
            ),
        ];
        for (one, other) in same {
            assert_eq!(cause_of(one), cause_of(other));
        }
        let distinct = [
            ("the answer has no `booking_id`", "the answer has no `status`"),
            (
                "CreateBooking returned HTTP 404",
                "CreateBooking returned HTTP 500",
            ),
            ("`status` is `CONFIRMED`", "`status` is `CANCELED`"),
            ("POST /v3/CreateBooking failed", "POST /v3/UpdateBooking failed"),
            (
                "it said \"start_time: Field is required\"",
                "it said \"party_size: Field is required\"",
            ),
            (
                "a repeat is refused (see AUTH-01)",
                "a repeat is refused (see AUTH-02)",
            ),
        ];
        for (one, other) in distinct {
            assert_ne!(cause_of(one), cause_of(other));
        }
    }

    #[test]
    fn a_quote_that_never_ends_is_text() {
        assert_eq!(cause_of("it's 5 \" of `x"), "it's # \" of `x");
        assert_eq!(cause_of(""), "");
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
            waits_ms: 0,
            snapshot: SnapshotStatus::None,
            findings,
            judged: Vec::new(),
        }
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
            scenario(
                "a/open",
                Some("needs BatchAvailabilityLookup (BS-BAL-01)"),
                Vec::new(),
            ),
            scenario("a/other", Some("needs a slot (BS-BAL-010)"), Vec::new()),
        ];
        let causes = by_cause(&scenarios, &[basic], |_| 1);
        let order: Vec<_> = causes
            .iter()
            .map(|cause| (cause.requirement.as_str(), cause.count, cause.blocks))
            .collect();
        assert_eq!(
            order,
            [
                ("BS-BAL-01", 1, 1),
                ("BS-CREATE-03", 2, 0),
                ("BS-CREATE-04", 1, 0),
                ("BS-LIST-03", 1, 0)
            ]
        );
        assert_eq!(causes[1].scenarios, ["a/one", "a/two"]);
        assert!(causes[0].source.starts_with("https://") && !causes[0].title.is_empty());
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
        let causes = by_cause(&scenarios, &[], str::len);
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
        let causes = by_cause(&[], &[finding], |_| 1);
        assert_eq!(causes[0].scenarios, ["a/b"]);
    }
}
