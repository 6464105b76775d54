//! Bookings that may stand are never denied: what the report lists is held against the partner's own books.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod partner;

use conformance::BUNDLE;
use harness::{Filter, Selection, Session, Snapshots, Suite, Target, TargetKind, Wishes, open, plan, run};
use outcome::{RunReport, RunVerdict};
use partner::{Cancelling, Form, Habits, Partner, Trouble};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// A target at an address, with slots of one and of several spots.
fn target(folder: &Path, base_url: &str) -> Target {
    let first = jiff::Timestamp::now().as_second() / 3600 * 3600 + 86_400;
    let mut text = format!(
        "[target]\nname = \"odd\"\nbase_url = \"{base_url}\"\ntimeout = \"700ms\"\n\
         auth = {{ user = {{ env = \"U\" }}, password = {{ env = \"P\" }} }}\n\
         [notifications]\nlisten = \"127.0.0.1:0\"\nquiet = \"20ms\"\nwithin = \"50ms\"\n"
    );
    for number in 0..80 {
        let (start, spots) = (first + number * 3600, 1 + number % 3);
        let _ = write!(
            text,
            "[[inventory.slots]]\nmerchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = {start}\nduration_sec = 1800\n\
             spots = {spots}\n"
        );
    }
    let file = folder.join("conformance.toml");
    std::fs::write(&file, text).unwrap();
    let env = |name: &str| Some(format!("{name}-secret"));
    let config = config::load(&file, None, &env).unwrap_or_else(|e| panic!("{:?}", miette::Report::new(e)));
    Target::new(config, TargetKind::Url).unwrap()
}

async fn report(base_url: &str, filters: &[&str], keep_bookings: bool) -> RunReport {
    let folder = tempfile::tempdir().unwrap();
    let target = target(folder.path(), base_url);
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let filters = filters
        .iter()
        .map(|filter| Filter::parse(filter).unwrap())
        .collect();
    let plan = plan(
        &suite,
        &target,
        &Wishes::new(Selection::new(filters, &suite).unwrap()),
    );
    let google = open(&target).await.unwrap();
    let session = Session {
        keep_bookings,
        ..Session::silent()
    };
    let finished = run(plan, &target, google, session, &mut Snapshots::off()).await;
    finished.unwrap().report
}

/// Scenarios that book in many ways: once and again, at the same moment, with fields in other forms.
const BOOKING: &[&str] = &[
    "lifecycle/**",
    "create/same-slot-again",
    "create/past-slot",
    "create/class-fills-up",
    "idempotency/same-token-at-*",
    "idempotency/same-token-after-*",
    "idempotency/same-token-other-body",
    "wire/absent-fields",
    "wire/field-names",
    "wire/times-in-bookings",
    "wire/wrong-types",
];

fn listed(report: &RunReport) -> BTreeSet<String> {
    let tokens = report.may_stand.iter().map(|one| one.idempotency_token.clone());
    tokens.collect()
}

/// The tokens of the bookings that stand in the books after a run, all of which are listed, and none besides.
async fn standing_after(habits: Habits) -> (BTreeSet<String>, RunReport) {
    let (partner, base_url) = Partner::start(habits).await;
    let report = report(&base_url, BOOKING, false).await;
    let standing = partner.standing();
    assert!(partner.made() > 0, "{habits:?}");
    let told = listed(&report);
    let denied: Vec<_> = partner.bookings(standing.difference(&told));
    let invented: Vec<_> = report
        .may_stand
        .iter()
        .filter(|one| !standing.contains(&one.idempotency_token))
        .collect();
    assert!(
        denied.is_empty() && invented.is_empty(),
        "{habits:?}\ndenied: {denied:#?}\ninvented: {invented:#?}"
    );
    assert!(
        standing.is_empty() || matches!(report.exit_code, 1 | 3),
        "{habits:?}: exit {}",
        report.exit_code
    );
    (standing, report)
}

async fn assert_all_cancelled(habits: Habits) {
    let (standing, report) = standing_after(habits).await;
    assert!(standing.is_empty(), "{habits:?}\n{:#?}", report.may_stand);
    assert!(report.cleanup.canceled > 0, "{habits:?}");
}

async fn assert_some_listed(habits: Habits) -> RunReport {
    let (standing, report) = standing_after(habits).await;
    assert!(!standing.is_empty(), "{habits:?}");
    assert!(!report.cleanup.leftovers.is_empty(), "{habits:?}");
    for one in &report.may_stand {
        assert!(
            !one.user_id.is_empty() && one.merchant_id == "m" && !one.idempotency_token.is_empty(),
            "{one:?}"
        );
        assert!(!one.why.is_empty() && !one.scenario.is_empty(), "{one:?}");
    }
    report
}

#[tokio::test]
async fn an_id_that_a_person_can_read_is_used_to_cancel() {
    let forms = [
        Form::NumberId,
        Form::Wrapped,
        Form::ByteOrderMark,
        Form::Warning,
        Form::Quoted,
    ];
    for form in forms {
        assert_all_cancelled(Habits {
            form,
            ..Habits::default()
        })
        .await;
    }
}

#[tokio::test]
async fn the_users_list_names_what_an_answer_did_not() {
    for trouble in [Trouble::Error, Trouble::Silence, Trouble::Cut] {
        assert_all_cancelled(Habits {
            trouble: Some(trouble),
            ..Habits::default()
        })
        .await;
    }
}

#[tokio::test]
async fn the_same_request_names_what_the_first_answer_did_not() {
    for trouble in [Trouble::Error, Trouble::Silence, Trouble::Cut] {
        assert_all_cancelled(Habits {
            trouble: Some(trouble),
            once: true,
            absent: &["ListBookings"],
            ..Habits::default()
        })
        .await;
    }
}

#[tokio::test]
async fn what_nobody_can_name_is_listed_by_token_slot_and_user() {
    for trouble in [Trouble::Error, Trouble::Silence, Trouble::Cut] {
        let report = assert_some_listed(Habits {
            trouble: Some(trouble),
            absent: &["ListBookings"],
            ..Habits::default()
        })
        .await;
        assert!(report.may_stand.iter().all(|one| one.booking_id.is_none()));
    }
}

#[tokio::test]
async fn who_books_again_for_the_same_token_has_the_first_booking_listed() {
    let (standing, _) = standing_after(Habits {
        trouble: Some(Trouble::Error),
        once: true,
        idempotent: false,
        absent: &["ListBookings"],
        ..Habits::default()
    })
    .await;
    assert!(!standing.is_empty());
}

#[tokio::test]
async fn a_cancellation_that_was_not_carried_out_is_listed_with_the_id() {
    for (cancelling, form) in [
        (Cancelling::Fails, Form::Right),
        (Cancelling::Ignored, Form::Right),
        (Cancelling::Unknown, Form::Right),
        (Cancelling::Unknown, Form::NumberId),
        (Cancelling::Fails, Form::Wrapped),
        (Cancelling::Stays, Form::Right),
    ] {
        for absent in [&[][..], &["GetBookingStatus"]] {
            let report = assert_some_listed(Habits {
                form,
                cancelling,
                absent,
                ..Habits::default()
            })
            .await;
            assert!(report.may_stand.iter().all(|one| one.booking_id.is_some()));
        }
    }
}

#[tokio::test]
async fn a_look_at_the_booking_is_as_good_as_the_answer_to_its_cancellation() {
    assert_all_cancelled(Habits {
        cancelling: Cancelling::Mute,
        ..Habits::default()
    })
    .await;
}

/// As of one that its merchant declined while the run was interrupted.
#[tokio::test]
async fn a_booking_that_cannot_be_cancelled_since_it_is_over_does_not_stand() {
    assert_all_cancelled(Habits {
        cancelling: Cancelling::Over,
        ..Habits::default()
    })
    .await;
}

#[tokio::test]
async fn a_partner_who_says_that_it_is_too_late_is_listed_and_judged_all_the_same() {
    let (partner, base_url) = Partner::start(Habits {
        cancelling: Cancelling::Late,
        ..Habits::default()
    })
    .await;
    let report = report(&base_url, &["idempotency/new-token-new-booking"], false).await;
    assert!(partner.made() > 0);
    assert_eq!(listed(&report), partner.standing());
    assert_ne!(report.verdict, RunVerdict::NotJudged, "{:?}", report.scenarios);
}

#[tokio::test]
async fn what_is_kept_on_purpose_is_listed_and_judged_all_the_same() {
    let (partner, base_url) = Partner::start(Habits::default()).await;
    let report = report(&base_url, &["idempotency/new-token-new-booking"], true).await;
    assert!(partner.made() > 0);
    assert_eq!(listed(&report), partner.standing());
    assert!(
        report
            .may_stand
            .iter()
            .all(|one| one.why.contains("--keep-bookings"))
    );
    assert!(report.cleanup.leftovers.is_empty());
    assert_ne!(report.verdict, RunVerdict::NotJudged, "{:?}", report.scenarios);
}
