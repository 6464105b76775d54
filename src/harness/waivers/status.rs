//! What a waiver came to: used, unused, expired, stale or unknown.

use super::super::left_out::suggest;
use super::{Concluded, places};
use catalogue::catalogue;
use config::{Place, Waiver};
use jiff::civil::Date;
use outcome::{Finding, ScenarioReport, Verdict, WaiverReport, WaiverStatus};
use rules::rules_for;

/// So many scenarios are named.
const NAMED: usize = 3;

/// What was found of a requirement where a waiver covers it.
#[derive(Debug, Default)]
struct Found<'r> {
    /// The places of what was waived.
    waived: Vec<Option<&'r str>>,
    /// How many findings were.
    count: usize,
    /// Violations that are not waived, and fail the run.
    failing: Vec<&'r Finding>,
    /// Violations that only warn.
    warnings: usize,
    /// Scenarios in which it was judged and met; the run as a whole is one.
    met: usize,
    /// Scenarios in which it might have been judged and was not.
    open: usize,
}

/// The report on one waiver, after all are applied.
pub(super) fn report(waiver: &Waiver, today: Date, concluded: &mut Concluded<'_, '_>) -> WaiverReport {
    let found = find(waiver, concluded);
    let ids: Vec<&str> = concluded.scenarios.iter().map(|one| one.id.as_str()).collect();
    let came_to = holds_nothing(waiver, today, &ids, &found).unwrap_or_else(|| {
        let (status, note) = standing(waiver, &found, concluded.interrupted);
        (status, note, &waiver.places.requirement)
    });
    as_report(waiver, came_to, &found)
}

/// The report on a waiver that holds nothing, before anything was found.
pub(super) fn report_before(waiver: &Waiver, today: Date, scenarios: &[&str]) -> Option<WaiverReport> {
    let found = Found::default();
    let came_to = holds_nothing(waiver, today, scenarios, &found)?;
    Some(as_report(waiver, came_to, &found))
}

/// Status, words and place of a waiver that names what is not there, or whose last day is over.
fn holds_nothing<'w>(
    waiver: &'w Waiver,
    today: Date,
    scenarios: &[&str],
    found: &Found<'_>,
) -> Option<(WaiverStatus, String, &'w Place)> {
    if let Some((note, place)) = unknown(waiver, scenarios) {
        return Some((WaiverStatus::Unknown, note, place));
    }
    let expired = || {
        (
            WaiverStatus::Expired,
            expired(waiver, found),
            &waiver.places.expires,
        )
    };
    waiver.is_expired(today).then(expired)
}

fn as_report(
    waiver: &Waiver,
    (status, note, place): (WaiverStatus, String, &Place),
    found: &Found<'_>,
) -> WaiverReport {
    let requirement = waiver.requirement.map(|id| id.to_string());
    let mut scenarios: Vec<String> = found.waived.iter().flatten().map(ToString::to_string).collect();
    scenarios.sort();
    scenarios.dedup();
    WaiverReport {
        requirement: requirement.unwrap_or_else(|| waiver.id.clone()),
        scenario: waiver.scenario.as_ref().map(|glob| glob.glob().to_string()),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.to_string(),
        place: place.to_string(),
        status,
        note,
        findings: found.count,
        scenarios,
    }
}

/// What a waiver names and is not there, with its line.
fn unknown<'w>(waiver: &'w Waiver, scenarios: &[&str]) -> Option<(String, &'w Place)> {
    let id = &waiver.id;
    if waiver.requirement.is_none() {
        let near = catalogue().nearest(id).map_or_else(
            || "`conformance list requirements` lists all ids".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let note = format!("unknown: no requirement has the id `{id}`; {near}");
        return Some((note, &waiver.places.requirement));
    }
    let glob = waiver.scenario.as_ref()?;
    let ids = || scenarios.iter().copied();
    if ids().any(|id| glob.is_match(id)) {
        return None;
    }
    let glob = glob.glob().glob();
    let note = format!("unknown: no scenario matches `{glob}`; {}", suggest(ids(), glob));
    Some((
        note,
        waiver
            .places
            .scenario
            .as_ref()
            .unwrap_or(&waiver.places.requirement),
    ))
}

fn find<'r>(waiver: &Waiver, concluded: &'r Concluded<'_, '_>) -> Found<'r> {
    let mut found = Found::default();
    let Some(requirement) = waiver.requirement else {
        return found;
    };
    let is_covered = |scenario: &&ScenarioReport| waiver.covers(requirement, Some(&scenario.id));
    let has_rules = rules_for(requirement).next().is_some();
    for scenario in concluded.scenarios.iter().filter(is_covered) {
        let own = |finding: &&Finding| finding.requirement == requirement;
        for finding in scenario.findings.iter().filter(own) {
            found.add(finding, &[Some(&scenario.id)]);
        }
        let mut judged = scenario.judged.iter();
        let verdict = judged
            .find(|one| one.requirement == requirement)
            .map(|one| one.verdict);
        found.met += usize::from(verdict == Some(Verdict::Pass));
        let is_open = verdict.is_some_and(is_open) || has_rules && is_cut_short(scenario);
        found.open += usize::from(is_open);
    }
    for finding in &concluded.of_the_run.findings {
        let all = places(finding).into_iter();
        let covered: Vec<_> = all
            .filter(|place| waiver.covers(finding.requirement, *place))
            .collect();
        if !covered.is_empty() {
            found.add(finding, &covered);
        }
    }
    let mut judged = concluded.of_the_run.judged.iter();
    let is_met = judged.any(|one| one.requirement == requirement && one.verdict == Verdict::Pass);
    found.met += usize::from(is_met);
    found
}

impl<'r> Found<'r> {
    fn add(&mut self, finding: &'r Finding, places: &[Option<&'r str>]) {
        match finding.verdict {
            Verdict::Waived => {
                self.count += 1;
                self.waived.extend(places);
            }
            Verdict::Fail => self.failing.push(finding),
            _ => self.warnings += 1,
        }
    }
}

fn is_open(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::NotRun | Verdict::NotTestable | Verdict::Inconclusive | Verdict::HarnessError
    )
}

/// True where a rule did not see all that the scenario would have shown.
fn is_cut_short(scenario: &ScenarioReport) -> bool {
    match scenario.verdict {
        Verdict::NotRun | Verdict::NotTestable | Verdict::HarnessError => true,
        Verdict::Fail | Verdict::Waived => scenario.reason.is_some(),
        _ => false,
    }
}

fn expired(waiver: &Waiver, found: &Found<'_>) -> String {
    let (day, id) = (waiver.expires, &waiver.id);
    if found.failing.is_empty() && found.warnings == 0 {
        format!("expired: its last day was {day}; delete it, or agree on another day")
    } else {
        format!("expired: its last day was {day}, and {id} is violated; mend it, or agree on another day")
    }
}

fn standing(waiver: &Waiver, found: &Found<'_>, interrupted: bool) -> (WaiverStatus, String) {
    let id = &waiver.id;
    let in_scenarios = |number: usize| match number {
        1 => "1 scenario".to_owned(),
        many => format!("{many} scenarios"),
    };
    let unused = |why: String| (WaiverStatus::Unused, format!("waived nothing: {why}"));
    if found.count > 0 {
        let times = if found.count == 1 {
            "1 finding".to_owned()
        } else {
            format!("{} findings", found.count)
        };
        return (WaiverStatus::Used, format!("waived {times}"));
    }
    if let Some(finding) = found.failing.first() {
        let uncovered: Vec<_> = places(finding)
            .into_iter()
            .filter(|place| !waiver.covers(finding.requirement, *place))
            .map(|place| place.unwrap_or("the run as a whole"))
            .take(NAMED)
            .collect();
        let where_else = uncovered.join(", ");
        return unused(format!(
            "the same was found in what it does not cover: {where_else}"
        ));
    }
    if found.warnings > 0 {
        return unused(format!("{id} is violated as a warning, which fails nothing"));
    }
    if found.met > 0 && found.open == 0 && !interrupted {
        let note = format!(
            "stale: {id} was met wherever it was judged ({}); delete it",
            in_scenarios(found.met)
        );
        return (WaiverStatus::Stale, note);
    }
    match found.open {
        0 => unused(format!("nothing in this run judged {id}")),
        open => unused(format!(
            "{} of those that it covers did not judge {id} in this run",
            in_scenarios(open)
        )),
    }
}
