//! What machines are told of a run, one by one: violations, what could not be tested, and every other reason for an exit code that is
//! not 0. Formats that list problems list these.

use super::Material;
use super::cut::{cut_line, fingerprint};
use outcome::{
    CauseReport, ReasonKind, RunReport, ScenarioReport, SnapshotStatus, Verdict, WaiverReport, cause_of,
};

/// The config, where a run had none.
const CONFIG: &str = "conformance.toml";

/// The folder of snapshots, where nobody named one.
const SNAPSHOTS: &str = "snapshots";

/// Longer sentences are cut: they quote what a stranger sent.
const LONGEST: usize = 1_000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// It keeps the run from being green.
    Error,
    /// It does not.
    Warning,
    /// Somebody answers for it.
    Waived,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(super) struct Issue {
    /// A requirement's id, or a word such as `not_testable`.
    pub(super) check: String,
    /// True where `check` is a requirement.
    pub(super) is_requirement: bool,
    /// How bad it is.
    pub(super) severity: Severity,
    /// True when much else stands on it.
    pub(super) basic: bool,
    /// One line, harmless, not too long.
    pub(super) message: String,
    /// How often it was found.
    pub(super) count: usize,
    /// Where it was seen.
    pub(super) scenarios: Vec<String>,
    /// The file of the partner's that it is shown at, with a line from one.
    pub(super) place: (String, usize),
    /// Why it is accepted, of what is waived.
    pub(super) waiver: Option<String>,
    /// The same in every run with the same problem.
    pub(super) fingerprint: String,
    /// The command that shows it again.
    pub(super) again: Option<String>,
}

/// Everything, the gravest first.
pub(super) fn issues(material: &Material<'_>) -> Vec<Issue> {
    let run = material.report;
    let scenarios = || run.scenarios.iter();
    let others = run.exit_reasons.iter();
    let others = others.filter(|reason| !reason.kind.is_listed_one_by_one());
    let others = others.map(|reason| {
        let words = format!("{}: {}", reason.kind.title(), reason.words);
        plain(material, word(reason.kind), &words, None)
    });
    let mut issues: Vec<Issue> = others.collect();
    issues.extend(
        run.findings_by_cause
            .iter()
            .map(|cause| violation(material, cause)),
    );
    issues.extend(scenarios().filter_map(|scenario| untested(material, scenario)));
    issues.extend(scenarios().filter_map(|scenario| waiting(material, scenario)));
    let waivers = run.waivers.iter().filter(|waiver| waiver.status.needs_person());
    issues.extend(waivers.map(|waiver| of_waiver(material, waiver)));
    issues.sort_by_key(|issue| issue.severity);
    issues
}

/// The stable word of a reason, as `run.json` has it.
fn word(kind: ReasonKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or("exit_code").to_owned()
}

fn violation(material: &Material<'_>, cause: &CauseReport) -> Issue {
    let severity = match cause.verdict {
        Verdict::Waived => Severity::Waived,
        Verdict::Fail => Severity::Error,
        _ => Severity::Warning,
    };
    let waiver = material.report.waivers.iter();
    let mut covering = waiver.filter(|one| one.findings > 0 && one.requirement == cause.requirement.as_str());
    let waiver = covering.next().filter(|_| severity == Severity::Waived);
    let place = match waiver {
        Some(waiver) => at(&waiver.place),
        None => place_of(material, cause.example.scenario.as_deref()),
    };
    let justification = |waiver: &WaiverReport| {
        let WaiverReport {
            reason,
            owner,
            expires,
            ..
        } = waiver;
        cut_line(&format!("{reason} ({owner}, until {expires})"), LONGEST)
    };
    Issue {
        check: cause.requirement.to_string(),
        is_requirement: true,
        severity,
        basic: cause.basic,
        message: cut_line(&cause.message, LONGEST),
        count: cause.count,
        scenarios: cause.scenarios.clone(),
        place,
        waiver: waiver.map(justification),
        // What a waiver covers in one scenario may stand unwaived in another one.
        fingerprint: fingerprint(&[cause.requirement.as_str(), cause.verdict.word(), &cause.cause]),
        again: cause.example.again.clone(),
    }
}

fn untested(material: &Material<'_>, scenario: &ScenarioReport) -> Option<Issue> {
    let is_open = scenario.verdict == Verdict::NotTestable && !scenario.not_now;
    if !is_open && scenario.verdict != Verdict::HarnessError {
        return None;
    }
    let reason = scenario.reason.as_deref().unwrap_or_default();
    let words = format!("{} could not be tested: {reason}", scenario.id);
    Some(plain(
        material,
        scenario.verdict.word().to_owned(),
        &words,
        Some(&scenario.id),
    ))
}

fn waiting(material: &Material<'_>, scenario: &ScenarioReport) -> Option<Issue> {
    let words = match scenario.snapshot {
        SnapshotStatus::New => "its snapshot has not been accepted yet",
        SnapshotStatus::Changed => "its history is not as accepted",
        SnapshotStatus::Matched | SnapshotStatus::Rebound | SnapshotStatus::None => return None,
    };
    let words = format!("{}: {words}", scenario.id);
    Some(plain(material, "snapshot".to_owned(), &words, Some(&scenario.id)))
}

fn of_waiver(material: &Material<'_>, waiver: &WaiverReport) -> Issue {
    let words = format!(
        "the waiver of {} is {}: {}",
        waiver.requirement,
        waiver.status.word(),
        waiver.note
    );
    Issue {
        place: at(&waiver.place),
        fingerprint: fingerprint(&["waiver", &waiver.requirement, &waiver.place, waiver.status.word()]),
        ..plain(material, "waiver".to_owned(), &words, None)
    }
}

fn plain(material: &Material<'_>, check: String, words: &str, scenario: Option<&str>) -> Issue {
    let message = cut_line(words, LONGEST);
    Issue {
        // Values change from run to run.
        fingerprint: fingerprint(&[&check, scenario.unwrap_or_default(), &cause_of(&message)]),
        check,
        is_requirement: false,
        severity: Severity::Error,
        basic: false,
        message,
        count: 1,
        scenarios: scenario.map(ToOwned::to_owned).into_iter().collect(),
        place: place_of(material, scenario),
        waiver: None,
        again: None,
    }
}

/// `c.toml:12`, as a waiver says where it stands.
fn at(place: &str) -> (String, usize) {
    match place.rsplit_once(':') {
        Some((file, line)) => (file.to_owned(), line.parse().unwrap_or(1).max(1)),
        None => (place.to_owned(), 1),
    }
}

/// A scenario's accepted snapshot, where there is one: that is a file of the partner's own. Else the config.
fn place_of(material: &Material<'_>, scenario: Option<&str>) -> (String, usize) {
    let places = &material.facts.places;
    let has_snapshot =
        |scenario: &&ScenarioReport| !matches!(scenario.snapshot, SnapshotStatus::None | SnapshotStatus::New);
    let mut reports = material.report.scenarios.iter().filter(has_snapshot);
    let known = scenario.and_then(|id| reports.find(|report| report.id == id));
    let file = match known {
        Some(report) => {
            let root = places.snapshots.as_deref().unwrap_or(SNAPSHOTS);
            format!("{root}/{}/{}.snap", target(material.report), report.id)
        }
        None => places.config.clone().unwrap_or_else(|| CONFIG.to_owned()),
    };
    (file, 1)
}

fn target(run: &RunReport) -> &str {
    &run.target.name
}
