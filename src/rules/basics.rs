//! Basics, concluded over the run: each that is broken is one finding, told by its cause, with all that it stands in the way of.
//!
//! A scenario that shows a basic says that the plainest call was refused. Where another scenario found out why, since it put the
//! plain call beside one that was not refused, its finding says more and stands for it. Where every method that was tried fell short in
//! one and the same way, that is one finding and not one for each method.

mod constant;
mod diagnosis;
mod party;
mod shared_ids;
mod shifted;

use crate::{Case, Judgement};
use catalogue::{Level, RequirementId};
use domain::Basic;
use outcome::{Finding, Judged, ScenarioReport, Verdict};
use protocol::Method;
use transcript::{Exchange, Fact, Phase, Shortfall, shortfall, shows_method};

const SERVED: RequirementId = RequirementId::declared("BS-GEN-01");
const CREDENTIALS: RequirementId = RequirementId::declared("BS-AUTH-01");
const UNIQUE: RequirementId = RequirementId::declared("BS-CREATE-02");
/// What a token that is not known again violates.
const REPEATED: [RequirementId; 2] = [
    RequirementId::declared("BS-IDEM-01"),
    RequirementId::declared("BS-IDEM-02"),
];
/// So many methods at least are "every method".
const MANY: usize = 3;

/// A method whose plainest call fell short.
struct Broken<'a> {
    basic: Basic,
    method: Method,
    /// The scenario that shows it.
    scenario: &'a str,
    /// Entry of the answer that fell short.
    entry: usize,
    shortfall: Shortfall,
}

/// Marks the findings of broken basics, takes back what is told twice, and gives its reason to what needed them.
pub fn conclude_basics(reports: &mut [ScenarioReport], of_the_run: &mut Judgement, cases: &[Case<'_>]) {
    let mut broken: Vec<Broken<'_>> = cases.iter().filter_map(find_broken).collect();
    broken.sort_by_key(|one| one.basic);
    for basic in &broken {
        mark(reports, basic);
        give_way_to_diagnosis(reports, cases, basic);
        take_back_repetitions(reports, cases, basic);
    }
    diagnosis::take_back_same_refusals(reports, cases);
    diagnosis::explain_lack_of_slots(reports, cases);
    fold_into_one(reports, cases, &broken);
    constant::fold_constants(reports, cases);
    mark_notification(reports, cases);
    mark_tokens(reports, cases);
    mark_ids(&mut of_the_run.findings, cases);
    party::give_way_to_moves(reports, cases);
    shifted::hold_back(reports, of_the_run, cases);
    shared_ids::hold_back(reports, of_the_run, cases);
    for report in reports {
        let case = find_case(cases, report);
        if let Some(needs) = case.and_then(missing_need) {
            give_reason(report, needs);
        }
    }
}

fn find_case<'c, 'a>(cases: &'c [Case<'a>], report: &ScenarioReport) -> Option<&'c Case<'a>> {
    cases.iter().find(|case| case.scenario.id == report.id)
}

fn find_broken<'a>(case: &Case<'a>) -> Option<Broken<'a>> {
    let basic = case.scenario.basic?;
    let method = basic.shown_by()?;
    let own = case.transcript.exchanges_of(method);
    let own: Vec<Exchange<'_>> = own.filter(|exchange| exchange.phase == Phase::Steps).collect();
    if own
        .iter()
        .any(|exchange| shows_method(method, &exchange.answer.reply))
    {
        return None;
    }
    let first = own.first()?;
    Some(Broken {
        basic,
        method,
        scenario: &case.scenario.id,
        entry: first.entry,
        shortfall: shortfall(method, &first.answer.reply)?,
    })
}

fn mark(reports: &mut [ScenarioReport], broken: &Broken<'_>) {
    let own = reports.iter_mut().filter(|report| report.id == broken.scenario);
    let findings = own.flat_map(|report| &mut report.findings);
    for finding in findings.filter(|finding| finding.evidence.entry == Some(broken.entry)) {
        finding.basic = finding.level == Level::Must;
    }
}

/// Another scenario found out why the plain call was refused: what it found is the basic's finding.
fn give_way_to_diagnosis(reports: &mut [ScenarioReport], cases: &[Case<'_>], broken: &Broken<'_>) {
    let mut diagnosis = None;
    for report in reports.iter_mut().filter(|report| report.id != broken.scenario) {
        let case = find_case(cases, report);
        let Some(case) = case.filter(|case| case.scenario.diagnoses(broken.basic)) else {
            continue;
        };
        for finding in &mut report.findings {
            if diagnosis::is_diagnosis(case, finding, broken.method) {
                finding.basic = true;
                diagnosis = diagnosis.or(Some((report.id.clone(), finding.requirement)));
            }
        }
    }
    let Some((scenario, requirement)) = diagnosis else {
        return;
    };
    let reason = format!(
        "`{}` is refused, and {scenario} tells why ({requirement})",
        broken.method
    );
    let own = reports.iter_mut().filter(|report| report.id == broken.scenario);
    own.for_each(|report| take_back(report, &reason));
}

/// What is found of the same refusal in a scenario that looks for its cause is told already.
fn take_back_repetitions(reports: &mut [ScenarioReport], cases: &[Case<'_>], broken: &Broken<'_>) {
    for report in reports.iter_mut().filter(|report| report.id != broken.scenario) {
        let case = find_case(cases, report);
        let Some(case) = case.filter(|case| case.scenario.diagnoses(broken.basic)) else {
            continue;
        };
        let falls_short = |entry: usize| {
            let mut all = case.transcript.exchanges_of(broken.method);
            let exchange = all.find(|exchange| exchange.entry == entry);
            exchange.is_some_and(|exchange| shortfall(broken.method, &exchange.answer.reply).is_some())
        };
        let is_own = |finding: &Finding| {
            diagnosis::is_diagnosis(case, finding, broken.method)
                || !finding.evidence.entry.is_some_and(falls_short)
        };
        keep_findings(report, is_own, &format!("needs {}", broken.basic));
    }
}

/// Takes back the other findings of a scenario, and with the last violation what it was judged by: it is told elsewhere.
fn keep_findings(report: &mut ScenarioReport, is_own: impl Fn(&Finding) -> bool, reason: &str) {
    report.findings.retain(is_own);
    let found = |requirement| {
        let mut findings = report.findings.iter();
        findings.any(|finding| finding.requirement == requirement)
    };
    for one in &mut report.judged {
        if matches!(one.verdict, Verdict::Fail | Verdict::Warn) && !found(one.requirement) {
            one.verdict = Verdict::NotTestable;
        }
    }
    let mut findings = report.findings.iter();
    if findings.all(|finding| finding.verdict != Verdict::Fail) {
        report.verdict = Verdict::NotTestable;
        report.reason = Some(reason.to_owned());
    }
}

/// What fails in a scenario is told elsewhere.
fn take_back(report: &mut ScenarioReport, reason: &str) {
    keep_findings(report, |finding| finding.verdict != Verdict::Fail, reason);
}

/// Every method that could be tried was answered with the same status, and it is not one that another requirement names.
fn fold_into_one(reports: &mut [ScenarioReport], cases: &[Case<'_>], broken: &[Broken<'_>]) {
    let tried = cases
        .iter()
        .filter(|case| matches!(case.scenario.basic, Some(Basic::Method(_))))
        .filter(|case| is_tried(case))
        .count();
    let broken: Vec<&Broken<'_>> = broken.iter().filter(|one| one.basic != Basic::Move).collect();
    let Some(first) = broken.first().filter(|_| broken.len() == tried && tried >= MANY) else {
        return;
    };
    let Shortfall::Status(status) = first.shortfall else {
        return;
    };
    // Errors of the server are alike, whatever their number; a refusal is the same as another one only with its number.
    let same = |other: &Broken<'_>| match other.shortfall {
        Shortfall::Status(one) => one == status || one >= 500 && status >= 500,
        _ => false,
    };
    if !broken.iter().all(|one| same(one)) {
        return;
    }
    let (requirement, what) = match status {
        401 | 403 => (
            CREDENTIALS,
            "no method takes the user name and password of the run",
        ),
        _ => (SERVED, "no method is served at the configured address"),
    };
    let message = format!("{what}: {}", answered(&broken));
    for one in &broken[1..] {
        let reason = format!("{what} ({requirement})");
        let own = reports.iter_mut().filter(|report| report.id == one.scenario);
        own.for_each(|report| take_back(report, &reason));
    }
    for report in reports.iter_mut().filter(|report| report.id == first.scenario) {
        let at = |finding: &Finding| {
            finding.evidence.entry == Some(first.entry) && finding.verdict == Verdict::Fail
        };
        let Some(mut finding) = report.findings.iter().find(|finding| at(finding)).cloned() else {
            continue;
        };
        report.findings.retain(|finding| !at(finding));
        for one in report
            .judged
            .iter_mut()
            .filter(|one| one.requirement == finding.requirement)
        {
            one.verdict = Verdict::NotTestable;
        }
        (finding.requirement, finding.message, finding.basic) = (requirement, message.clone(), true);
        report.judged.retain(|one| one.requirement != requirement);
        report.judged.push(Judged {
            requirement,
            verdict: Verdict::Fail,
        });
        report.findings.insert(0, finding);
    }
}

/// Each method with its status.
fn answered(broken: &[&Broken<'_>]) -> String {
    let each = broken.iter().filter_map(|one| match one.shortfall {
        Shortfall::Status(status) => Some(format!("`{}` was answered {status}", one.method)),
        _ => None,
    });
    each.collect::<Vec<_>>().join(", ")
}

/// True when a basic's own method was called at all.
fn is_tried(case: &Case<'_>) -> bool {
    let Some(Basic::Method(method)) = case.scenario.basic else {
        return false;
    };
    let mut own = case.transcript.exchanges_of(method);
    own.any(|exchange| exchange.phase == Phase::Steps)
}

/// What was found where no notification ever got through.
fn mark_notification(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let needed = cases
        .iter()
        .any(|case| missing_need(case) == Some(Basic::Notification));
    let shows = |id: &str| {
        let mut all = cases.iter();
        all.any(|case| case.scenario.id == id && case.scenario.basic == Some(Basic::Notification))
    };
    for report in reports.iter_mut().filter(|report| needed && shows(&report.id)) {
        for finding in report
            .findings
            .iter_mut()
            .filter(|finding| finding.verdict == Verdict::Fail)
        {
            finding.basic = true;
        }
    }
}

/// What was found where a token was not known again.
fn mark_tokens(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let needed = cases
        .iter()
        .any(|case| missing_need(case) == Some(Basic::KnownToken));
    let shows = |report: &ScenarioReport| {
        let case = find_case(cases, report);
        case.is_some_and(|case| case.scenario.basic == Some(Basic::KnownToken))
    };
    let own = reports.iter_mut().filter(|report| needed && shows(report));
    for finding in own.flat_map(|report| &mut report.findings) {
        finding.basic |= finding.verdict == Verdict::Fail && REPEATED.contains(&finding.requirement);
    }
}

/// Equal ids are found over the run.
fn mark_ids(of_the_run: &mut [Finding], cases: &[Case<'_>]) {
    let needed = cases
        .iter()
        .any(|case| missing_need(case) == Some(Basic::DistinctIds));
    for finding in of_the_run
        .iter_mut()
        .filter(|finding| finding.requirement == UNIQUE)
    {
        finding.basic |= needed;
    }
}

/// What a scenario needed and did not have.
fn missing_need(case: &Case<'_>) -> Option<Basic> {
    let mut facts = case.transcript.entries.iter().map(|entry| &entry.fact);
    facts.find_map(|fact| match fact {
        Fact::Stopped(stopped) => stopped.needs,
        Fact::Skipped(skipped) => Some(skipped.needs),
        _ => None,
    })
}

fn give_reason(report: &mut ScenarioReport, needs: Basic) {
    if report.verdict == Verdict::NotTestable {
        report.reason = Some(format!("needs {needs}"));
    }
}

#[cfg(test)]
mod tests;
