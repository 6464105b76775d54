#![expect(clippy::unwrap_used, reason = "a test may panic")]
use super::*;
use transcript::MayStand;

#[test]
fn what_arrives_before_a_fact_is_complete_stands_behind_it() {
    let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]);
    let watched = |watched_ms| {
        let step = transcript::StepPath {
            step: 0,
            branch: None,
        };
        Fact::Quiet(transcript::Quiet { step, watched_ms })
    };
    let first = board.record(0, watched(1));
    board.record(0, watched(2));
    board.complete(0, first, watched(3));
    let transcript = board.transcript(0);
    let lengths = transcript.entries.iter().map(|entry| match &entry.fact {
        Fact::Quiet(quiet) => quiet.watched_ms,
        _ => 0,
    });
    assert_eq!(lengths.collect::<Vec<_>>(), [3, 2]);
}

fn notification(before: &Value, after: &Value) -> Notification {
    serde_json::from_value(serde_json::json!({
        "subject": { "booking": { "partner": "1", "booking_id": "b" } },
        "verb": "PATCH", "target": "/", "headers": [], "raw": "", "body": null, "mask": null,
        "booking_failure": {}, "lints": [], "fault": null, "status": 200, "answer": after,
        "before": before, "after": null
    }))
    .unwrap()
}

/// What Google knew before a notification that came while its own call was under way.
fn copy_before(before: &Value, after: &Value, answered: Value) -> Option<Value> {
    let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]);
    board.claim_booking(0, 0, "b", before.clone());
    let call = board.transcript(0).entries.len();
    board.receive(notification(before, after), &[]);
    board.claim_booking(0, call, "b", answered);
    board
        .transcript(0)
        .notifications()
        .next()
        .unwrap()
        .2
        .before
        .clone()
}

#[test]
fn what_is_told_while_a_call_is_under_way_is_no_news_where_its_answer_says_so_too() {
    let copy = |status: &str, payment: &str| {
        let payment = serde_json::json!({ "prepaymentStatus": payment });
        serde_json::json!({ "status": status, "paymentInformation": payment })
    };
    let (paid, refunded) = (copy("CONFIRMED", "PAID"), copy("CANCELED", "REFUNDED"));
    assert_eq!(
        copy_before(&paid, &refunded, refunded.clone()),
        Some(refunded.clone())
    );
    let later = copy("CANCELED", "PAID");
    assert_eq!(copy_before(&paid, &refunded, later.clone()), Some(later));
    assert_eq!(copy_before(&paid, &refunded, paid.clone()), Some(paid));
}

/// A call about a booking, answered with a status and a reason.
fn call_about(booking_id: &str, status: u16, reason: &str) -> Notification {
    serde_json::from_value(serde_json::json!({
        "subject": { "booking": { "partner": "1", "booking_id": booking_id } },
        "verb": "PATCH", "target": "/", "headers": [], "raw": "", "body": null, "mask": null,
        "booking_failure": {}, "lints": [], "fault": null, "status": status,
        "answer": { "error": { "details": [{ "reason": reason }] } }, "before": null, "after": null
    }))
    .unwrap()
}

#[test]
fn who_has_no_token_is_a_stranger_only_beside_others_who_have_one() {
    let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]);
    board.claim_booking(0, 0, "ours", serde_json::json!({}));
    for _ in 0..STRANGERS + 5 {
        board.receive(call_about("unknown", 401, "CREDENTIALS_MISSING"), &[]);
    }
    board.receive(call_about("ours", 401, "CREDENTIALS_MISSING"), &[]);
    assert_eq!(
        board.transcript(0).notifications().count(),
        1,
        "it is the partner who knows the id"
    );
    let counted = |board: &Board| {
        (
            board.strangers_count(),
            board.orphans().len(),
            board.received_count(),
        )
    };
    assert_eq!(counted(&board), (0, STRANGERS, STRANGERS + 6));
    board.receive(call_about("another", 404, ""), &[]);
    assert_eq!(counted(&board), (STRANGERS + 5, 1, 2));
    board.receive(call_about("another", 401, "ACCESS_TOKEN_EXPIRED"), &[]);
    assert_eq!(
        counted(&board),
        (STRANGERS + 5, 2, 3),
        "a token that has ended was one of ours"
    );
}

#[test]
fn what_a_killed_run_made_is_counted_and_filed_nowhere() {
    let made = |booking_id: Option<&str>| MayStand {
        idempotency_token: "t".into(),
        merchant_id: "m".into(),
        service_id: "s".into(),
        start_sec: 1_893_456_000,
        user_id: "u".into(),
        booking_id: booking_id.map(ToOwned::to_owned),
        kind: transcript::StandingKind::Booking,
        scenario: "a/b".into(),
        why: "killed".into(),
    };
    let earlier = EarlierBookings::of(&[made(Some("earlier")), made(None)]);
    let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]).with_earlier(earlier);
    board.receive(call_about("earlier", 404, ""), &[]);
    let about_slot = |start: &str| {
        let mut call = serde_json::to_value(call_about("unknown", 404, "")).unwrap();
        call["raw"] = serde_json::json!(
            serde_json::json!({ "merchantId": "m", "serviceId": "s", "startTime": start }).to_string()
        );
        serde_json::from_value::<Notification>(call).unwrap()
    };
    board.receive(about_slot("2030-01-01T00:00:00Z"), &[]);
    assert_eq!((board.orphans().len(), board.received_count()), (0, 2));
    board.receive(about_slot("2030-01-01T01:00:00Z"), &[]);
    board.receive(call_about("other", 404, ""), &[]);
    assert_eq!((board.orphans().len(), board.received_count()), (2, 4));
    // An id that is given again is this run's.
    board.claim_booking(0, 0, "earlier", serde_json::json!({}));
    board.receive(call_about("earlier", 200, ""), &[]);
    assert_eq!(board.transcript(0).notifications().count(), 1);
}

#[test]
fn a_window_covers_from_its_start_up_to_its_end() {
    let slot = |start_sec| SlotKey {
        merchant_id: "m".into(),
        service_id: "s".into(),
        start_sec,
    };
    let window = |from_sec, to_sec| Window {
        merchant_id: "m".into(),
        service_id: "s".into(),
        from_sec,
        to_sec,
    };
    assert!(window(Some(5), Some(9)).covers(&slot(5)) && !window(Some(5), Some(9)).covers(&slot(9)));
    assert!(window(None, Some(9)).covers(&slot(0)) && window(Some(5), None).covers(&slot(99)));
    assert!(
        !Window {
            service_id: "other".into(),
            ..window(None, None)
        }
        .covers(&slot(5))
    );
}
