//! Diagnoses: plain calls that were refused where calls that are written otherwise were not.

use super::{find_case, keep_findings};
use crate::Case;
use domain::Basic;
use outcome::{Finding, ScenarioReport};
use protocol::Method;
use transcript::HttpReply;

/// A finding about a plain call that was refused where its control was not.
pub(super) fn is_diagnosis(case: &Case<'_>, finding: &Finding, method: Method) -> bool {
    let entry = finding.evidence.entry;
    let mut all = case.transcript.exchanges();
    let exchange = all.find(|exchange| Some(exchange.entry) == entry && exchange.call.method == method);
    let step = exchange.as_ref().and_then(|exchange| case.step_of(exchange));
    step.is_some_and(|step| {
        let mut expected = step.expect.iter();
        step.is_plain() && expected.any(|one| one.requirement == finding.requirement && one.control.is_some())
    })
}

/// A refusal of which the cause is known.
struct Known<'t> {
    scenario: String,
    requirement: catalogue::RequirementId,
    method: Method,
    reply: &'t HttpReply,
}

/// The very same refusal elsewhere, word for word, has the same cause, and is told once: a call that needs what is refused there is sent
/// by many scenarios, and only some of them are known beforehand.
pub(super) fn take_back_same_refusals(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let known: Vec<Known<'_>> = reports
        .iter()
        .flat_map(|report| known_refusals(report, cases))
        .collect();
    for report in reports {
        let Some(case) = find_case(cases, report) else {
            continue;
        };
        let told = report
            .findings
            .iter()
            .find_map(|finding| told_by(&known, case, finding));
        let Some(reason) = told.map(|known| {
            let method = known.method;
            format!(
                "`{method}` is refused as in {}, which tells why ({})",
                known.scenario, known.requirement
            )
        }) else {
            continue;
        };
        keep_findings(
            report,
            |finding| told_by(&known, case, finding).is_none(),
            &reason,
        );
    }
}

/// Plain look-ups find nothing free that others do: that is why no slot could be booked, and stands before everything else.
pub(super) fn explain_lack_of_slots(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let look_up = Basic::Method(Method::BatchAvailabilityLookup);
    let mut told = None;
    for report in reports.iter_mut() {
        let case = find_case(cases, report);
        let Some(case) = case.filter(|case| case.scenario.diagnoses(look_up)) else {
            continue;
        };
        for finding in &mut report.findings {
            if is_diagnosis(case, finding, Method::BatchAvailabilityLookup) {
                finding.basic = true;
                told = told.or(Some((report.id.clone(), finding.requirement)));
            }
        }
    }
    let Some((scenario, requirement)) = told else {
        return;
    };
    let reason = format!("no slot is free by a plain look-up, and {scenario} tells why ({requirement})");
    let lacks_slot = |id: &str| {
        let mut all = cases.iter();
        all.any(|case| case.scenario.id == id && case.transcript.lacks_slot())
    };
    for report in reports.iter_mut().filter(|report| lacks_slot(&report.id)) {
        report.reason = Some(reason.clone());
    }
}

fn known_refusals<'t>(report: &ScenarioReport, cases: &'t [Case<'_>]) -> Vec<Known<'t>> {
    let Some(case) = find_case(cases, report) else {
        return Vec::new();
    };
    let refusals = report.findings.iter().filter_map(|finding| {
        let (method, reply) = refusal(case, finding)?;
        is_diagnosis(case, finding, method).then(|| Known {
            scenario: report.id.clone(),
            requirement: finding.requirement,
            method,
            reply,
        })
    });
    refusals.collect()
}

/// The diagnosis of the very refusal behind a finding.
fn told_by<'k, 't>(known: &'k [Known<'t>], case: &Case<'_>, finding: &Finding) -> Option<&'k Known<'t>> {
    let (method, reply) = refusal(case, finding)?;
    // What two diagnoses say of one refusal is seen, both of it: neither takes the other back.
    if is_diagnosis(case, finding, method) {
        return None;
    }
    known.iter().find(|one| {
        let same = (one.method, one.reply.status, &one.reply.body) == (method, reply.status, &reply.body);
        same && one.requirement != finding.requirement
    })
}

/// The call of which a finding shows that it was refused, with the refusal.
fn refusal<'t>(case: &Case<'t>, finding: &Finding) -> Option<(Method, &'t HttpReply)> {
    let exchange = case.transcript.exchange_at(finding.evidence.entry?)?;
    let reply = exchange.http().filter(|reply| !reply.is_success())?;
    Some((exchange.call.method, reply))
}
