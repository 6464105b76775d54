//! How the run of a row falls short of what is due: nothing where it is judged as what it is.

use crate::{Defect, Examination, Variant};
use catalogue::{Level, RequirementId, catalogue};
use outcome::{Finding, Verdict};
use std::collections::BTreeSet;

/// What is wrong with how a defect is judged.
pub(super) fn deviations(defect: &Defect, done: &Examination) -> Vec<String> {
    let mut lines = Vec::new();
    let expected: BTreeSet<&str> = defect.violates.iter().map(|id| id.as_str()).collect();
    let violated = done.violated();
    for missed in expected.difference(&violated) {
        lines.push(format!("{missed} was not found"));
    }
    for extra in violated.difference(&expected) {
        lines.push(format!("found besides: {}", describe(done, extra)));
    }
    let here = |(scenario, finding): (Option<&str>, &Finding)| {
        expected.contains(finding.requirement.as_str()) && scenario.is_none_or(|id| id == defect.scenario)
    };
    if let Some(first) = violated.first()
        && !done.findings().any(here)
    {
        let (scenario, found) = (defect.scenario, describe(done, first));
        lines.push(format!("not found in {scenario}, but: {found}"));
    }
    let fails = done
        .findings()
        .any(|(_, finding)| finding.verdict == Verdict::Fail);
    // Where a booking may stand the run is not green, however little is violated; but a partner may say that it is too late to cancel.
    let mut standing = done.report.may_stand.iter();
    let in_doubt = standing.any(|one| !one.why.contains("OUTSIDE_CANCELLATION_WINDOW"));
    let is_settled = not_judged(done).is_empty() && !in_doubt;
    let exit = match (fails, is_settled) {
        (true, _) => 1,
        (false, false) => 3,
        (false, true) => 0,
    };
    if done.report.exit_code != exit {
        let stopped = not_judged(done)
            .into_iter()
            .take(3)
            .collect::<Vec<_>>()
            .join("; ");
        lines.push(format!(
            "exit code {} instead of {exit}: {stopped}",
            done.report.exit_code
        ));
    }
    let must = defect
        .violates
        .iter()
        .any(|id| catalogue().row(*id).level == Level::Must);
    if fails && !must {
        lines.push("a SHOULD failed the run".to_owned());
    }
    lines
}

/// What is wrong with how a variant is judged.
pub(super) fn complaints(variant: &Variant, done: &Examination) -> Vec<String> {
    let tolerated = |id: &RequirementId| variant.tolerated.contains(id);
    let findings = done
        .findings()
        .filter(|(_, finding)| finding.verdict == Verdict::Fail || !tolerated(&finding.requirement));
    let mut lines: Vec<String> = findings
        .map(|(_, finding)| describe(done, finding.requirement.as_str()))
        .collect();
    lines.dedup();
    lines.extend(not_judged(done));
    if done.report.exit_code != 0 && lines.is_empty() {
        lines.push(format!("exit code {}", done.report.exit_code));
    }
    lines
}

/// Scenarios that came to nothing, each with its reason.
fn not_judged(done: &Examination) -> Vec<String> {
    let stopped = done
        .report
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict == Verdict::NotTestable && !scenario.not_now);
    let or_unknown = |reason: Option<&str>| reason.unwrap_or("?").to_owned();
    stopped
        .map(|scenario| {
            format!(
                "{} could not be judged: {}",
                scenario.id,
                or_unknown(scenario.reason.as_deref())
            )
        })
        .collect()
}

/// A violation in one line: where it stands and what was there.
fn describe(done: &Examination, id: &str) -> String {
    let all: Vec<_> = done
        .findings()
        .filter(|(_, finding)| finding.requirement.as_str() == id)
        .collect();
    let (scenario, finding) = all[0];
    let scenarios: BTreeSet<_> = all
        .iter()
        .map(|(scenario, _)| scenario.unwrap_or("the run"))
        .collect();
    format!(
        "{id} ({}) in {}: {} [{} at {}: expected {}, actual {}]",
        finding.verdict.word(),
        scenarios.into_iter().collect::<Vec<_>>().join(", "),
        finding.message,
        scenario.unwrap_or("the run"),
        finding.evidence.pointer.as_deref().unwrap_or("-"),
        finding.evidence.expected,
        finding.evidence.actual,
    )
}
