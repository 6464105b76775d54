//! Scripted partners, right, wrong and odd, judged through the library.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use conformance::BUNDLE;
use harness::{
    Decision, Filter, Plan, Selection, Session, Snapshots, Suite, Target, TargetKind, Wishes, open, plan, run,
};
use outcome::{RunReport, RunVerdict, Verdict};
use scenario::Step;
use std::path::Path;
use std::time::Duration;
use wiremock::matchers::{header_exists, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const HEALTH: &str = "health/serving";

/// A partner that answers HealthCheck as told.
async fn partner(health: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let mock = Mock::given(method("GET"))
        .and(path("/base/v3/HealthCheck"))
        .and(header_exists("authorization"));
    mock.respond_with(health).mount(&server).await;
    server
}

/// A target at an address, with one slot that is listed in the config.
fn target(folder: &Path, base_url: &str) -> Target {
    let start = jiff::Timestamp::now().as_second() + 86_400;
    let text = format!(
        "[target]\nname = \"scripted\"\nbase_url = \"{base_url}\"\ntimeout = \"1s\"\n\
         auth = {{ user = {{ env = \"U\" }}, password = {{ env = \"P\" }} }}\n\
         [notifications]\nlisten = \"127.0.0.1:0\"\nquiet = \"50ms\"\nwithin = \"200ms\"\n\
         [[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = {start}\nduration_sec = 1800\nspots = 1\n"
    );
    let file = folder.join("conformance.toml");
    std::fs::write(&file, text).unwrap();
    let env = |name: &str| Some(format!("{name}-secret"));
    let config = config::load(&file, None, &env).unwrap_or_else(|e| panic!("{:?}", miette::Report::new(e)));
    Target::new(config, TargetKind::Url).unwrap()
}

fn planned(target: &Target, filter: &str) -> Plan {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let selection = Selection::new(vec![Filter::parse(filter).unwrap()], &suite).unwrap();
    plan(&suite, target, &Wishes::new(selection))
}

async fn judged(base_url: &str, filter: &str, change: impl FnOnce(&mut Plan)) -> RunReport {
    let folder = tempfile::tempdir().unwrap();
    let target = target(folder.path(), base_url);
    let mut plan = planned(&target, filter);
    change(&mut plan);
    let google = open(&target).await.unwrap();
    run(plan, &target, google, Session::silent(), &mut Snapshots::off())
        .await
        .unwrap()
        .report
}

async fn health(answer: ResponseTemplate) -> RunReport {
    let server = partner(answer).await;
    judged(&format!("{}/base", server.uri()), HEALTH, |_| {}).await
}

fn failed(report: &RunReport) -> Vec<&str> {
    let findings = report
        .scenarios
        .iter()
        .flat_map(|scenario| &scenario.findings)
        .chain(&report.findings);
    findings
        .filter(|finding| finding.verdict == Verdict::Fail)
        .map(|finding| finding.requirement.as_str())
        .collect()
}

#[tokio::test]
async fn a_right_but_odd_health_check_passes() {
    for body in ["", "serving", "<html>ok</html>", "{\"status\":\"SERVING\"}"] {
        let report = health(ResponseTemplate::new(200).set_body_string(body)).await;
        assert_eq!(
            report.verdict,
            RunVerdict::Conformant,
            "{body}: {:?}",
            report.scenarios
        );
    }
}

#[tokio::test]
async fn a_wrong_health_check_fails_in_the_words_of_its_requirement() {
    let redirect = ResponseTemplate::new(301).insert_header("location", "/base/v3/HealthCheck/");
    for wrong in [redirect, ResponseTemplate::new(404), ResponseTemplate::new(503)] {
        let report = health(wrong).await;
        assert_eq!(failed(&report), ["BS-HEALTH-01"]);
        assert_eq!(report.exit_code, 1);
    }
}

#[tokio::test]
async fn a_health_check_that_is_never_answered_to_the_end_is_unhealthy() {
    let report = health(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    assert_eq!(report.verdict, RunVerdict::NotConformant);
    assert!(has_reason(&report, "no answer came"));
    assert_eq!(failed(&report), ["BS-HEALTH-04"]);
}

#[tokio::test]
async fn what_a_server_says_beyond_every_limit_is_not_held_against_its_health() {
    let report = health(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 5 * 1024 * 1024])).await;
    assert_eq!(report.verdict, RunVerdict::NotJudged);
    assert!(has_reason(&report, "larger than"), "{:?}", report.scenarios);
    assert_eq!(failed(&report), Vec::<&str>::new());
}

fn has_reason(report: &RunReport, words: &str) -> bool {
    let mut reasons = report.scenarios.iter().filter_map(|one| one.reason.as_deref());
    reasons.any(|reason| reason.contains(words))
}

#[tokio::test]
async fn an_invented_availability_dialect_is_named() {
    let server = MockServer::start().await;
    let slots = serde_json::json!({ "slots": [{ "start": "2030-01-01T08:00:00Z", "free": true }] });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(slots))
        .mount(&server)
        .await;
    let report = judged(&server.uri(), "lookup/slot-click", |_| {}).await;
    assert!(
        failed(&report).contains(&"BS-BAL-01") || failed(&report).contains(&"BS-BAL-05"),
        "{:?}",
        failed(&report)
    );
    assert_eq!(report.exit_code, 1);
}

#[tokio::test]
async fn a_message_that_we_built_wrong_is_our_own_mistake() {
    let server = MockServer::start().await;
    let answer = serde_json::json!({ "slot_time_availability": [] });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    // Past the reader of scenario files, which would refuse it: as if our own code had built it.
    let break_it = |plan: &mut Plan| {
        for planned in &mut plan.scenarios {
            let Decision::Run(job) = &mut planned.decision else {
                continue;
            };
            let Some(Step::Call(call)) = job.scenario.steps.first_mut() else {
                panic!("a call comes first")
            };
            call.with = Some(serde_json::json!({ "merchantId": "m" }));
        }
    };
    let report = judged(&server.uri(), "lookup/slot-click", break_it).await;
    assert_eq!(report.verdict, RunVerdict::HarnessError);
    assert_eq!(report.exit_code, 70);
    assert!(
        report.harness_errors[0].contains("BatchAvailabilityLookupRequest"),
        "{:?}",
        report.harness_errors
    );
}
