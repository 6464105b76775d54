//! A basic failure explains what follows from it.
//!
//! A server that, say, refuses times in strings refuses nearly every call. That is one finding with the right name and not one in
//! each scenario. A scenario that tests such a basis says what its failure `explains`; then what was found elsewhere only because a
//! well-formed call was refused, or because the very same refusal came in place of another one, is not testable. A different
//! wrong value is never explained away. Of two bases that could explain each other the one is kept that was shown beside a call
//! that was not refused, or else the one that explains more.

use crate::Case;
use catalogue::{Level, RequirementId};
use outcome::{Finding, ScenarioReport, Verdict};
use protocol::Method;
use scenario::{Expectation, Explained, Step};
use serde_json::Value;
use transcript::{Answer, Call, Credentials, Fact, HttpReply, Reply};

/// A violated requirement on which others build, with what its scenario explains.
struct Basis<'a> {
    scenario: &'a str,
    finding: Finding,
    /// Shown beside a call that was not refused.
    has_contrast: bool,
    explains: &'a [Explained],
    refusal: HttpReply,
}

/// A refused call behind a finding.
struct Refusal<'t> {
    call: &'t Call,
    reply: &'t HttpReply,
}

/// Takes back what basic failures explain; `cases` are those of the scenarios that ran.
pub fn explain(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let case_of = |id: &str| cases.iter().find(|case| case.scenario.id == id);
    let reported = reports
        .iter()
        .filter_map(|report| basis(report, case_of(&report.id)?));
    let unexplained = unexplained(reported.collect(), &case_of);
    if unexplained.is_empty() {
        return;
    }
    for report in reports {
        if let Some(case) = case_of(&report.id) {
            take_back(report, case, &unexplained);
        }
    }
}

/// The bases that no stronger one explains.
fn unexplained<'a: 'c, 'c>(
    mut all: Vec<Basis<'a>>,
    case_of: &dyn Fn(&str) -> Option<&'c Case<'a>>,
) -> Vec<Basis<'a>> {
    // The strongest come first, so that a weaker basis is held against all that may explain it.
    all.sort_by_key(|basis| std::cmp::Reverse((basis.has_contrast, basis.explains.len())));
    let mut unexplained: Vec<Basis<'a>> = Vec::new();
    for basis in all {
        let case = case_of(basis.scenario);
        if case.is_some_and(|case| explanation(&basis.finding, case, &unexplained).is_none()) {
            unexplained.push(basis);
        }
    }
    unexplained
}

fn basis<'a>(report: &ScenarioReport, case: &Case<'a>) -> Option<Basis<'a>> {
    let scenario = case.scenario;
    let violated = report.findings.iter().filter(|finding| {
        let fails = finding.level == Level::Must && finding.verdict == Verdict::Fail;
        fails && scenario.serves.contains(&finding.requirement)
    });
    let mut refused = violated.filter_map(|finding| {
        let refusal = refusal(finding, case).filter(|refusal| is_undue(finding.requirement, refusal, case));
        Some((finding, refusal?.reply.clone()))
    });
    let (finding, refusal) = refused.next().filter(|_| !scenario.explains.is_empty())?;
    Some(Basis {
        scenario: &scenario.id,
        finding: finding.clone(),
        has_contrast: has_contrast(finding, case),
        explains: &scenario.explains,
        refusal,
    })
}

/// True when the call was refused beside one that was not.
fn has_contrast(finding: &Finding, case: &Case<'_>) -> bool {
    let step = refusal(finding, case).and_then(|refusal| refusal.call.step);
    let step = step.and_then(|path| Some((case.scenario.steps.get(path.step)?, path)));
    step.is_some_and(|(step, path)| {
        let calls = step.calls();
        let call = calls.get(path.branch.unwrap_or(0)).or(calls.first());
        let mut expected = call.into_iter().flat_map(|call| &call.expect);
        expected.any(|expectation| {
            expectation.requirement == finding.requirement && expectation.contrast.is_some()
        })
    })
}

fn take_back(report: &mut ScenarioReport, case: &Case<'_>, broken: &[Basis<'_>]) {
    let mut reason = None;
    report.findings.retain(|finding| {
        let explained = explanation(finding, case, broken);
        if let Some((method, basis)) = explained {
            let (scenario, requirement) = (basis.scenario, basis.finding.requirement);
            reason = Some(format!(
                "{method} was refused, which {scenario} explains ({requirement})"
            ));
        }
        explained.is_none()
    });
    let Some(reason) = reason else { return };
    for one in &mut report.judged {
        let found = |finding: &Finding| finding.requirement == one.requirement;
        if matches!(one.verdict, Verdict::Fail | Verdict::Warn) && !report.findings.iter().any(found) {
            one.verdict = Verdict::NotTestable;
        }
    }
    if report
        .findings
        .iter()
        .all(|finding| finding.verdict != Verdict::Fail)
    {
        report.verdict = Verdict::NotTestable;
        report.reason = Some(reason);
    }
}

/// What an unexplained basis found under a requirement that it is there for is its own, and no finding explains another one
/// under the same requirement.
fn explanation<'b, 'a>(
    finding: &Finding,
    case: &Case<'_>,
    broken: &'b [Basis<'a>],
) -> Option<(Method, &'b Basis<'a>)> {
    let refusal = refusal(finding, case)?;
    let method = refusal.call.method;
    let is_meant = |explained: &Explained| match explained {
        Explained::Method(named) => *named == method,
        Explained::Requirement(named) => *named == finding.requirement,
    };
    let undue = is_undue(finding.requirement, &refusal, case);
    let same = |basis: &Basis<'_>| {
        let (one, other) = (&basis.refusal, refusal.reply);
        (one.status, &one.body) == (other.status, &other.body)
    };
    let own = |basis: &Basis<'_>| {
        basis.scenario == case.scenario.id && case.scenario.serves.contains(&finding.requirement)
    };
    if broken.iter().any(own) {
        return None;
    }
    let mut others = broken
        .iter()
        .filter(|basis| basis.finding.requirement != finding.requirement);
    let basis = others.find(|basis| (undue || same(basis)) && basis.explains.iter().any(is_meant));
    basis.map(|basis| (method, basis))
}

/// The refused call that a finding points at; a caller without the right credentials is refused for that.
fn refusal<'t>(finding: &Finding, case: &'t Case<'_>) -> Option<Refusal<'t>> {
    let entries = &case.transcript.entries;
    let Fact::Answer(Answer {
        call,
        reply: Reply::Http(reply),
        ..
    }) = &entries.get(finding.evidence.entry?)?.fact
    else {
        return None;
    };
    let Fact::Call(call) = &entries.get(*call)?.fact else {
        return None;
    };
    let refused = call.credentials == Credentials::Valid && is_refusal(reply);
    refused.then_some(Refusal { call, reply })
}

/// True when a well-formed call was refused although success was due.
fn is_undue(requirement: RequirementId, refusal: &Refusal<'_>, case: &Case<'_>) -> bool {
    !refusal.call.breaks_model && success_was_due(requirement, refusal.call, case)
}

fn is_refusal(reply: &HttpReply) -> bool {
    let failure = reply.message().and_then(|body| body.get("booking_failure"));
    reply.status >= 300 || failure.is_some_and(Value::is_object)
}

fn success_was_due(requirement: RequirementId, call: &Call, case: &Case<'_>) -> bool {
    let step = call
        .step
        .and_then(|path| case.scenario.steps.get(path.step).map(|step| (step, path)));
    let Some((step, path)) = step else {
        return false;
    };
    let together = match step {
        Step::Parallel(_, together) => together.as_ref(),
        Step::Crowd(crowd) => crowd.together.as_ref(),
        _ => None,
    };
    if together.is_some_and(|set| set.requirement == requirement) {
        return true;
    }
    let calls = step
        .calls()
        .get(path.branch.unwrap_or(0))
        .or(step.calls().first());
    let expected = calls.into_iter().flat_map(|call| &call.expect);
    let mut of_it = expected.filter(|expectation| expectation.requirement == requirement);
    of_it.any(wants_success)
}

/// A failure that is wanted is named in the body; what an expectation does not say of failures is that there is none.
fn wants_success(expectation: &Expectation) -> bool {
    let failure = expectation
        .body
        .as_ref()
        .and_then(|body| body.get("booking_failure"));
    expectation.accepts(200) && failure.is_none_or(|failure| failure.get("$absent").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge_scenario;
    use crate::testing::Story;
    use outcome::SnapshotStatus;
    use serde_json::json;

    const BASIS: &str = "title: a\nserves: [BS-JSON-02]\nexplains: [CreateBooking]\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-JSON-02 }\n";
    const OTHER: &str = "title: a\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-CREATE-01, body: { booking: { status: CONFIRMED } } }\n";
    const TAKEN: &str = "title: a\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-CREATE-08, body: { booking_failure: { cause: SLOT_UNAVAILABLE } } }\n";
    const UNKNOWN: &str =
        "title: a\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-HTTP-01, status: [400] }\n";

    const WIDER: &str = "title: a\nserves: [BS-JSON-04]\nexplains: [CreateBooking, UpdateBooking]\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-JSON-04 }\n";

    #[test]
    fn of_two_bases_that_explain_each_other_the_wider_one_stands() {
        let refused = || json!({ "error": "no" });
        let play = |name, text| Story::arrival().with_id(name).playing(text, &[(400, refused())]);
        let stories = [play("wire/basis", BASIS), play("wire/wider", WIDER)];
        let cases = [stories[0].case(), stories[1].case()];
        let mut reports: Vec<_> = cases.iter().map(report).collect();
        explain(&mut reports, &cases);
        assert_eq!(reports[0].findings.len(), 0);
        assert_eq!(reports[1].findings[0].requirement.as_str(), "BS-JSON-04");
    }

    fn report(case: &Case<'_>) -> ScenarioReport {
        let judgement = judge_scenario(case);
        ScenarioReport {
            id: case.scenario.id.clone(),
            title: String::new(),
            verdict: Verdict::Fail,
            reason: None,
            duration_ms: 0,
            waits_ms: 0,
            snapshot: SnapshotStatus::None,
            findings: judgement.findings,
            judged: judgement.judged,
        }
    }

    /// The report of another scenario beside a basis that was refused, or was not.
    fn beside(basis_status: u16, text: &str, status: u16, answer: Value) -> ScenarioReport {
        let refused = json!({ "error": "no" });
        let basis = Story::arrival()
            .with_id("wire/basis")
            .playing(BASIS, &[(basis_status, refused)]);
        let other = Story::arrival().with_id("a/b").playing(text, &[(status, answer)]);
        let cases = [basis.case(), other.case()];
        let mut reports: Vec<_> = cases.iter().map(report).collect();
        explain(&mut reports, &cases);
        assert_eq!(
            reports[0]
                .findings
                .iter()
                .any(|finding| finding.requirement.as_str() == "BS-JSON-02"),
            basis_status != 200
        );
        reports.remove(1)
    }

    #[test]
    fn a_refusal_is_explained_by_the_basis_that_was_refused() {
        let other = beside(400, OTHER, 500, json!({}));
        assert_eq!((other.findings.len(), other.verdict), (0, Verdict::NotTestable));
        assert!(
            other
                .reason
                .is_some_and(|reason| reason.contains("wire/basis") && reason.contains("BS-JSON-02"))
        );
        let judged = other
            .judged
            .iter()
            .find(|one| one.requirement.as_str() == "BS-CREATE-01");
        assert_eq!(judged.map(|one| one.verdict), Some(Verdict::NotTestable));
    }

    #[test]
    fn a_failure_where_a_booking_was_due_is_a_refusal() {
        let failure = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
        assert_eq!(beside(400, OTHER, 200, failure).verdict, Verdict::NotTestable);
    }

    #[test]
    fn nothing_is_explained_while_the_basis_holds() {
        assert_eq!(beside(200, OTHER, 500, json!({})).verdict, Verdict::Fail);
    }

    #[test]
    fn a_different_wrong_value_is_not_explained() {
        let wrong = json!({ "booking": { "booking_id": "b", "status": "CANCELED" } });
        assert_eq!(beside(400, OTHER, 200, wrong).verdict, Verdict::Fail);
        let cause = json!({ "booking_failure": { "cause": "PAYMENT_ERROR" } });
        assert_eq!(beside(400, TAKEN, 200, cause).verdict, Verdict::Fail);
    }

    #[test]
    fn where_a_refusal_was_due_only_the_very_same_one_is_explained() {
        let gate = json!({ "error": "no" });
        assert_eq!(beside(401, UNKNOWN, 401, gate).verdict, Verdict::NotTestable);
        assert_eq!(beside(401, UNKNOWN, 500, json!({})).verdict, Verdict::Fail);
    }
}
