//! Servers as they were met: for each the findings that are due, by their cause, and no others; and right partners with one difference,
//! of whom nothing may be said.
#![cfg(feature = "reference")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "field/case.rs"]
mod case;
#[path = "field/causes.rs"]
mod causes;
#[path = "field/right.rs"]
mod right;
#[path = "field/seen.rs"]
mod seen;
#[path = "field/servers.rs"]
mod servers;
#[path = "field/table.rs"]
mod table;
#[path = "selftest/src/trial/mod.rs"]
mod trial;

use case::{Case, Due};
use catalogue::RequirementId;
use futures_util::FutureExt as _;
use outcome::{RunReport, Verdict};
use table::{Outcome, check};
use trial::expect::{Distinct, distinct, kept_musts};
use trial::partner::{Tried, try_reference};

/// Cases that are not judged rightly yet.
const PENDING: &[&str] = &[];

fn cases() -> impl Iterator<Item = &'static Case> {
    // The slowest is among right partners, and is not waited for at the end.
    [right::CASES, servers::CASES, seen::CASES, causes::CASES]
        .into_iter()
        .flatten()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_told_what_is_wrong_with_it_and_nothing_else() {
    let rows = cases().map(|case| (case.name, async move { judge(case, &tried(case).await) }.boxed()));
    check(rows.collect(), PENDING).await;
}

#[test]
fn cases_name_requirements_that_exist() {
    let due = cases().flat_map(|case| case.due.iter().flat_map(|due| due.any_of));
    let beside = cases().flat_map(|case| case.may.iter().chain(case.kept));
    let unknown: Vec<_> = due
        .chain(beside)
        .filter(|id| RequirementId::parse(id).is_none())
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

async fn tried(case: &Case) -> Tried {
    try_reference(case.alter, &case.setting).await
}

fn judge(case: &Case, tried: &Tried) -> Outcome {
    let report = &tried.report;
    let found = distinct(report);
    let mut complaints = about_findings(case, &found);
    complaints.extend(about_verdicts(case, report));
    if let Some(complain) = case.report {
        complaints.extend(complain(&serde_json::to_value(report).unwrap()));
    }
    let line = format!(
        "{:44} {:6} ms  exit {}  {:3} distinct findings: {}",
        case.name,
        tried.took.as_millis(),
        report.exit_code,
        found.len(),
        complaints.first().map_or("", String::as_str),
    );
    let unjudged = report
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict == Verdict::NotTestable);
    let unjudged = unjudged.map(|scenario| {
        format!(
            "open {}: {}",
            scenario.id,
            scenario.reason.as_deref().unwrap_or_default()
        )
    });
    Outcome {
        name: case.name,
        complaints,
        said: found.iter().map(Distinct::line).chain(unjudged.take(5)).collect(),
        line,
    }
}

/// Findings that are missing, that are too many, or that say what is not so.
fn about_findings(case: &Case, found: &[Distinct<'_>]) -> Vec<String> {
    let missing = case
        .due
        .iter()
        .filter(|due| !found.iter().any(|one| is_due(due, one)))
        .map(|due| format!("missing: {} with `{}`", due.any_of.join(" or "), due.says));
    let is_expected = |one: &Distinct<'_>| {
        case.due.iter().any(|due| is_due(due, one)) || case.may.contains(&one.requirement())
    };
    let others = found
        .iter()
        .filter(|one| !is_expected(one))
        .map(|one| format!("not so: {} {}", one.requirement(), one.message()));
    let said = |words: &&str| found.iter().any(|one| one.message().contains(*words));
    let guesses = case
        .never
        .iter()
        .filter(|words| said(words))
        .map(|words| format!("a guess: `{words}`"));
    missing.chain(others).chain(guesses).collect()
}

fn is_due(due: &Due, one: &Distinct<'_>) -> bool {
    due.any_of.contains(&one.requirement()) && one.says(due.says)
}

/// Verdicts on requirements and run that are not as they should be.
fn about_verdicts(case: &Case, report: &RunReport) -> Vec<String> {
    let verdict = |id: &str| {
        report
            .requirements
            .iter()
            .find(|one| one.id.as_str() == id)
            .map(|one| one.verdict)
    };
    let unkept = case
        .kept
        .iter()
        .filter(|id| verdict(id) != Some(Verdict::Pass))
        .map(|id| {
            format!(
                "{id} is {} and not pass",
                verdict(id).map_or("absent", Verdict::word)
            )
        });
    let is_open = |id: &str| case.open.iter().any(|prefix| id.starts_with(prefix));
    let in_vain = kept_musts(report)
        .into_iter()
        .filter(|id| is_open(id))
        .map(|id| format!("kept in vain: {id}"));
    let code = report.exit_code;
    let exit = (!case.exit.contains(&code)).then(|| format!("exit {code} and not {:?}", case.exit));
    unkept.chain(in_vain).chain(exit).collect()
}
