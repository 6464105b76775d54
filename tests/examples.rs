//! The programs of `examples/` say what they are there to show.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../examples/google_mock.rs"]
mod google_mock;
#[cfg(feature = "reference")]
#[path = "../examples/own_reporter.rs"]
mod own_reporter;
#[cfg(feature = "reference")]
#[path = "../examples/own_scenarios.rs"]
mod own_scenarios;
#[path = "../examples/router_in_process.rs"]
mod router_in_process;

use conformance::harness::{Harness, HarnessError, REPORTERS, RunVerdict, Verdict, reporter};

/// Each whole program runs, too.
#[test]
fn every_program_ends_well() {
    google_mock::main().unwrap();
    router_in_process::main().unwrap();
    #[cfg(feature = "reference")]
    own_reporter::main().unwrap();
    #[cfg(feature = "reference")]
    own_scenarios::main().unwrap();
}

#[tokio::test]
async fn a_router_in_the_same_process_is_judged_and_its_mistake_is_named() {
    let finished = router_in_process::judged().await.unwrap();
    let violations: Vec<_> = finished.violations().collect();
    let text = finished.text();
    assert_eq!(finished.verdict(), RunVerdict::NotConformant, "{text}");
    assert!(!violations.is_empty(), "{text}");
    let mut ids = violations.iter().map(|one| one.requirement.as_str());
    assert!(ids.all(|id| id == "BS-JSON-05"), "{text}");
    assert!(
        text.contains("CANCELLED") && !text.contains("correct-horse"),
        "{text}"
    );
    for reporter in REPORTERS {
        assert!(!finished.render(*reporter).unwrap().is_empty());
    }
    let junit = finished.render(reporter("junit").unwrap()).unwrap();
    assert!(String::from_utf8_lossy(&junit).contains("BS-JSON-05"));
}

#[cfg(feature = "reference")]
#[tokio::test]
async fn own_scenarios_of_a_folder_and_of_a_text_run() {
    let finished = own_scenarios::judged().await.unwrap();
    let scenarios = finished.report().scenarios.iter();
    let own: Vec<_> = scenarios
        .filter(|one| one.id.starts_with("own/"))
        .map(|one| (one.id.as_str(), one.verdict))
        .collect();
    assert_eq!(
        own,
        [("own/read-back", Verdict::Pass), ("own/two-looks", Verdict::Pass)]
    );
}

#[cfg(feature = "reference")]
#[tokio::test]
async fn an_own_reporter_has_a_row_for_each_scenario_and_an_observer_hears_of_it() {
    let counter = own_reporter::Counter::default();
    let finished = own_reporter::judged(counter.clone()).await.unwrap();
    let rows = String::from_utf8(finished.render(&own_reporter::Csv).unwrap()).unwrap();
    assert!(rows.contains("\narrival/pay-on-arrival,pass,"), "{rows}");
    let ran = finished.report().scenarios.iter();
    let ran = ran.filter(|one| one.verdict == Verdict::Pass).count();
    assert_eq!(counter.0.load(std::sync::atomic::Ordering::Relaxed), ran);
}

#[tokio::test]
async fn a_notification_is_judged_by_the_rules_of_a_run() {
    let right = google_mock::judged("CANCELED").await.unwrap();
    assert_eq!(right.len(), 2, "{right:?}");
    let (token, update) = (&right[0], &right[1]);
    assert_eq!((token.call.answer.status, update.call.answer.status), (200, 200));
    assert!(
        token.findings.is_empty() && update.findings.is_empty(),
        "{right:?}"
    );
    let wrong = google_mock::judged("CANCELLED").await.unwrap();
    assert_eq!(wrong[1].call.answer.status, 400);
    assert!(!wrong[1].findings.is_empty(), "{wrong:?}");
}

/// What was given wrongly is told before anything is sent, by its kind.
#[tokio::test]
async fn errors_say_what_is_wrong_with_what_was_given() {
    let at = || Harness::against("http://127.0.0.1:1");
    let error = |harness: Harness| async move { harness.run().await.err().unwrap() };
    let wrong = error(Harness::against("https://h.example/v3")).await;
    assert!(matches!(wrong, HarnessError::UrlWithVersion { .. }), "{wrong}");
    let wrong = error(Harness::against("https://ann:secret-word@h.example")).await;
    assert!(matches!(wrong, HarnessError::Url(_)), "{wrong}");
    assert!(!wrong.to_string().contains("secret-word"), "{wrong}");
    let wrong = error(at().slot("m/s/tomorrow")).await;
    assert!(matches!(wrong, HarnessError::Slot { .. }), "{wrong}");
    let wrong = error(at().slot("m/s/1700000000")).await;
    assert!(wrong.to_string().contains("every slot is over"), "{wrong}");
    let wrong = error(at().only("nothing/*")).await;
    assert!(
        wrong.to_string().contains("no scenario matches nothing/*"),
        "{wrong}"
    );
    let wrong = error(at().scenario("own/a", "title: x\nsteps: 5\n")).await;
    assert!(matches!(wrong, HarnessError::Scenarios(_)), "{wrong}");
    assert!(wrong.to_string().contains("own/a"), "{wrong}");
    let wrong = error(at().credentials("google", "short")).await;
    assert!(matches!(wrong, HarnessError::Target(_)), "{wrong}");
    let wrong = error(at()).await;
    assert!(wrong.to_string().contains("cannot be reached"), "{wrong}");
}
