use super::*;
use crate::judge_scenario;
use crate::testing::{Story, booking};
use outcome::SnapshotStatus;
use serde_json::{Value, json};

const HEALTH: &str = "title: a\nbasic: HealthCheck\nserves: [BS-HEALTH-01]\nsteps:\n  - call: HealthCheck\n    expect: { requirement: BS-HEALTH-01 }\n";
const LOOKUP: &str = "title: a\nbasic: BatchAvailabilityLookup\nserves: [BS-BAL-01]\nsteps:\n  - call: BatchAvailabilityLookup\n    expect: { requirement: BS-BAL-01, body: { slot_time_availability: { $present: true } } }\n";
const CREATE: &str = "title: a\nbasic: CreateBooking\nserves: [BS-CREATE-01]\nsteps:\n  - call: CreateBooking\n    as: created\n";
const DIAGNOSIS: &str = "title: a\nserves: [BS-JSON-02]\nsteps:\n  - call: CreateBooking\n    expect: { requirement: BS-JSON-02, control: numbers, body: { booking: { booking_id: { $present: true } } }, otherwise: refused with times in strings }\n  - { call: CreateBooking, as: numbers, form: numbers, probe: true }\n";

fn play(id: &str, text: &str, answers: &[(u16, Value)]) -> Story {
    Story::arrival().with_id(id).playing(text, answers)
}

pub(super) fn concluded(stories: &[Story]) -> Vec<ScenarioReport> {
    let cases: Vec<Case<'_>> = stories.iter().map(Story::case).collect();
    let mut reports: Vec<_> = cases.iter().map(report).collect();
    conclude_basics(&mut reports, &mut crate::Judgement::default(), &cases);
    reports
}

pub(super) fn report(case: &Case<'_>) -> ScenarioReport {
    let judgement = judge_scenario(case);
    let fails = judgement
        .findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Fail);
    ScenarioReport {
        id: case.scenario.id.clone(),
        title: String::new(),
        verdict: if fails {
            Verdict::Fail
        } else {
            Verdict::NotTestable
        },
        reason: None,
        duration_ms: 0,
        not_now: false,
        waits_ms: 0,
        snapshot: SnapshotStatus::None,
        findings: judgement.findings,
        judged: judgement.judged,
    }
}

fn found(reports: &[ScenarioReport]) -> Vec<(&str, bool)> {
    let findings = reports.iter().flat_map(|report| &report.findings);
    findings
        .map(|finding| (finding.requirement.as_str(), finding.basic))
        .collect()
}

#[test]
fn a_plain_call_that_is_refused_is_a_basic() {
    let refused = json!({ "error": "slot.start_time: Field required" });
    let reports = concluded(&[play("basic/booking", CREATE, &[(422, refused)])]);
    assert_eq!(found(&reports), [("BS-CREATE-01", true)]);
    let message = &reports[0].findings[0].message;
    assert_eq!(message, "`CreateBooking` was answered 422; 200 is due");
}

#[test]
fn what_is_wrong_with_a_booking_that_was_made_is_no_basic() {
    let mut other = booking();
    other["booking"]["booking_id"] = json!(17);
    let reports = concluded(&[play("basic/booking", CREATE, &[(200, other)])]);
    assert!(
        found(&reports).iter().all(|(_, basic)| *basic),
        "a numeric id cannot be read"
    );
    let mut stranger = booking();
    stranger["booking"]["user_information"]["user_id"] = json!("somebody");
    let reports = concluded(&[play("basic/booking", CREATE, &[(200, stranger)])]);
    assert!(
        found(&reports).iter().all(|(_, basic)| !basic),
        "{:?}",
        found(&reports)
    );
}

#[test]
fn a_diagnosis_stands_for_the_basic() {
    let refused = || json!({ "error": "no" });
    let diagnosis = |control: (u16, Value)| {
        concluded(&[
            play("basic/booking", CREATE, &[(400, refused())]),
            play("wire/times", DIAGNOSIS, &[(400, refused()), control]),
        ])
    };
    let reports = diagnosis((200, booking()));
    assert_eq!(found(&reports), [("BS-JSON-02", true)]);
    let reason = reports[0].reason.as_deref();
    assert!(reason.is_some_and(|reason| reason.contains("wire/times")));
    // Without a control that was answered well, there is no claim.
    let reports = diagnosis((400, refused()));
    assert_eq!(found(&reports), [("BS-CREATE-01", true)]);
    assert_eq!(reports[1].reason.as_deref(), Some("needs CreateBooking"));
}

#[test]
fn a_server_that_serves_nothing_is_one_finding() {
    let all = |status: u16| {
        concluded(&[
            play("basic/health", HEALTH, &[(status, json!({}))]),
            play("basic/look-up", LOOKUP, &[(status, json!({}))]),
            play("basic/booking", CREATE, &[(status, json!({}))]),
        ])
    };
    let reports = all(501);
    assert_eq!(found(&reports), [("BS-GEN-01", true)]);
    assert!(
        reports[0].findings[0]
            .message
            .contains("`CreateBooking` was answered 501")
    );
    // One that is there makes it a matter of the others.
    let reports = concluded(&[
        play("basic/health", HEALTH, &[(200, json!({}))]),
        play("basic/look-up", LOOKUP, &[(501, json!({}))]),
        play("basic/booking", CREATE, &[(501, json!({}))]),
    ]);
    assert_eq!(found(&reports), [("BS-BAL-01", true), ("BS-CREATE-01", true)]);
}

#[test]
fn what_needs_a_basic_says_so() {
    let text = "title: a\nsteps:\n  - { call: CreateBooking, as: created }\n";
    let story = play("create/plain", text, &[]).needing(Basic::Method(Method::CreateBooking));
    let reports = concluded(&[story]);
    assert_eq!(reports[0].reason.as_deref(), Some("needs CreateBooking"));
    assert_eq!(reports[0].verdict, Verdict::NotTestable);
}

#[test]
fn the_same_refusal_elsewhere_is_told_by_its_diagnosis() {
    let elsewhere = |body: Value| {
        let refused = || json!({ "error": "no" });
        let text = "title: a\nsteps:\n  - call: CreateBooking\n    expect: { requirement: PAY-ARR-02, body: { booking: { status: CONFIRMED } } }\n";
        concluded(&[
            play("wire/times", DIAGNOSIS, &[(400, refused()), (200, booking())]),
            play("arrival/plain", text, &[(400, body)]),
        ])
    };
    let reports = elsewhere(json!({ "error": "no" }));
    assert_eq!(found(&reports), [("BS-JSON-02", false)]);
    let reason = reports[1].reason.as_deref();
    assert!(reason.is_some_and(|reason| reason.contains("wire/times") && reason.contains("BS-JSON-02")));
    // Another refusal may have another cause.
    let reports = elsewhere(json!({ "error": "no such service" }));
    assert_eq!(found(&reports), [("BS-JSON-02", false), ("PAY-ARR-02", false)]);
}
