use super::*;
use crate::testing::{START, Story, booking, changes, copy, inventory_update, patch};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};
use transcript::{Fault, ReceivedCall};

const LOOKUP: Method = Method::BatchAvailabilityLookup;

fn counted(stories: &[Story], id: RequirementId) -> (usize, usize) {
    let cases: Vec<_> = stories.iter().map(Story::case).collect();
    let of: Vec<_> = milestones(&cases)
        .into_iter()
        .filter(|one| one.requirement == id)
        .collect();
    assert_eq!(of.len(), 1);
    (of[0].good, of[0].samples)
}

fn request(slots: usize) -> Value {
    let slot = json!({ "service_id": "cut", "start_sec": START.to_string() });
    json!({ "merchant_id": "salon", "slot_time": vec![slot; slots] })
}

fn entries(count: usize, available: impl Into<Value>) -> Value {
    let available = available.into();
    json!({ "slot_time_availability": vec![json!({ "available": available }); count] })
}

fn click(available: impl Into<Value>) -> Story {
    Story::arrival().prepare(request(1), 200, entries(1, available))
}

fn page(status: u16, answer: Value) -> Story {
    Story::arrival().call(LOOKUP, request(3), status, answer)
}

fn failure(cause: &str) -> Value {
    json!({ "booking_failure": { "cause": cause } })
}

#[test]
fn every_milestone_has_the_published_numbers() {
    let all = milestones(&[]);
    let numbers: Vec<_> = all
        .iter()
        .map(|one| {
            (
                one.requirement.as_str(),
                one.wanted,
                one.wanted_in_production,
                one.share,
            )
        })
        .collect();
    assert_eq!(
        numbers,
        [
            ("BS-OPS-02", 20, Some(20), 0.9),
            ("BS-OPS-03", 20, Some(20), 0.9),
            ("BS-OPS-04", 10, Some(3), 0.9),
            ("BS-OPS-05", 10, Some(3), 0.9),
            ("OPS-01", 20, None, 1.0),
        ]
    );
    assert!(all.iter().all(|one| one.samples == 0 && one.chance.is_none()));
}

#[test]
fn pages_are_good_when_every_slot_has_its_entry() {
    let good = || page(200, entries(3, false));
    let stories: Vec<_> = (0..21).map(|_| good()).collect();
    assert_eq!(counted(&stories, PAGE_LOAD), (21, 21));
    let short = good().call(LOOKUP, request(3), 200, entries(2, true));
    assert_eq!(counted(&[short], PAGE_LOAD), (1, 2));
    let unknown = json!({ "merchant_id": "nobody", "slot_time": [{}, {}] });
    let story = Story::arrival().call(LOOKUP, unknown, 400, json!({}));
    assert_eq!(counted(&[story], PAGE_LOAD), (0, 0));
}

#[test]
fn an_availability_that_is_no_boolean_is_an_error() {
    for wrong in [json!("true"), json!(1), json!("AVAILABLE"), json!(null)] {
        assert_eq!(
            counted(&[page(200, entries(3, wrong.clone()))], PAGE_LOAD),
            (0, 1),
            "{wrong}"
        );
        assert_eq!(counted(&[click(wrong)], SLOT_CLICK), (0, 1));
    }
    let left_out = json!({ "slot_time_availability": [{}, {}, {}] });
    assert_eq!(counted(&[page(200, left_out)], PAGE_LOAD), (1, 1));
}

#[test]
fn an_error_and_an_answer_that_comes_too_late_are_errors() {
    assert_eq!(counted(&[page(503, json!({}))], PAGE_LOAD), (0, 1));
    let late = page(200, entries(3, true)).took_ms(1_501);
    assert_eq!(counted(&[late], PAGE_LOAD), (0, 1));
    let in_time = page(200, entries(3, true)).took_ms(1_500);
    assert_eq!(counted(&[in_time], PAGE_LOAD), (1, 1));
}

/// What is asked at a path that no method has says nothing of ordinary traffic.
#[test]
fn what_is_asked_in_an_unusual_way_is_not_counted() {
    let text = "title: t\nserves: [BS-GEN-06]\nneeds:\n  slot: { payment: arrival }\nsteps:\n  \
                - { call: BatchAvailabilityLookup, slot: slot }\n  \
                - { call: BatchAvailabilityLookup, slot: slot, path: /v3/BatchHoroscopeLookup, probe: true }\n";
    let answers = [(200, entries(0, true)), (404, json!({}))];
    let story = Story::arrival().playing(text, &answers);
    assert_eq!(counted(&[story], SLOT_CLICK), (1, 1));
}

#[test]
fn a_click_is_no_success_when_the_feed_promised_too_much() {
    let story = click(false).call(LOOKUP, request(1), 200, entries(1, false));
    // After the first step the scenario itself may have booked the slot.
    assert_eq!(counted(&[story], SLOT_CLICK), (1, 2));
}

#[test]
fn a_click_that_says_free_and_then_fails_is_an_error() {
    let gone = || click(true).create(failure("SLOT_UNAVAILABLE"));
    assert_eq!(counted(&[gone()], SLOT_CLICK), (0, 1));
    assert_eq!(counted(&[gone()], CREATE), (0, 1));
    assert_eq!(counted(&[click(true).create(booking())], SLOT_CLICK), (1, 1));
    // Another refusal is not about the slot.
    let refused = || click(true).create(failure("USER_OVER_BOOKING_LIMIT"));
    assert_eq!(counted(&[refused()], SLOT_CLICK), (1, 1));
    assert_eq!(counted(&[refused()], CREATE), (0, 1));
    // An hour later somebody else may have taken it.
    let later = click(true).after(3_600).create(failure("SLOT_UNAVAILABLE"));
    assert_eq!(counted(&[later], SLOT_CLICK), (1, 1));
}

#[test]
fn only_the_first_booking_of_a_slot_is_ordinary() {
    let story = || {
        Story::arrival()
            .create(booking())
            .create_with("t-2", failure("SLOT_UNAVAILABLE"))
    };
    let stories: Vec<_> = (0..10).map(|_| story()).collect();
    assert_eq!(counted(&stories, CREATE), (10, 10));
}

/// Many partners let a guest book once a day; whether this one does cannot be seen.
#[test]
fn a_refusal_after_the_users_earlier_booking_is_not_counted() {
    let second = START + 3_600;
    let for_user = |user: &str, answer: Value| {
        let slot = json!({ "merchant_id": "salon", "service_id": "cut", "start_sec": second.to_string(),
            "duration_sec": "1800" });
        let request =
            json!({ "slot": slot, "user_information": { "user_id": user }, "idempotency_token": "t-2" });
        let story = Story::arrival().move_to("second", second);
        let story = story.create_for("7", "t-1", booking());
        counted(&[story.call(Method::CreateBooking, request, 200, answer)], CREATE)
    };
    assert_eq!(for_user("7", failure("USER_OVER_BOOKING_LIMIT")), (1, 1));
    assert_eq!(for_user("8", failure("USER_OVER_BOOKING_LIMIT")), (1, 2));
    assert_eq!(for_user("7", booking()), (2, 2));
}

/// "44 of 44 not refused" beside "0 of 44 made" was true of both, and useless.
#[test]
fn a_booking_that_was_never_made_is_no_success_anywhere() {
    let story = || click(true).call(Method::CreateBooking, json!({}), 422, json!({}));
    let refused = || click(true).create(json!({ "booking": { "booking_id": 17 } }));
    let stories: Vec<_> = (0..44).map(|_| refused()).collect();
    assert_eq!(counted(&stories, CREATE), (0, 44));
    let cases: Vec<_> = stories.iter().map(Story::case).collect();
    let about_bookings: Vec<_> = milestones(&cases)
        .into_iter()
        .filter(|one| one.samples > 0 && one.requirement != SLOT_CLICK)
        .collect();
    assert_eq!(about_bookings.len(), 1);
    assert_eq!(about_bookings[0].chance, Some(0.0));
    // A call for a slot that nobody knows is not ordinary.
    assert_eq!(counted(&[story()], CREATE), (0, 0));
}

#[test]
fn refusals_that_the_scenario_provokes_are_not_counted() {
    let playing = |step: &str, answer: Value| {
        let text = format!(
            "title: t\nserves: [BS-CREATE-01]\nneeds:\n  slot: {{ payment: arrival }}\nsteps:\n  - {step}\n"
        );
        let story = Story::arrival().playing(&text, &[(200, answer)]);
        counted(&[story.asking_for_its_slot()], CREATE)
    };
    let declined = || failure("PAYMENT_ERROR_CARD_DECLINED");
    assert_eq!(playing("{ call: CreateBooking }", declined()), (0, 1));
    assert_eq!(
        playing("{ call: CreateBooking, card: declined }", declined()),
        (0, 0)
    );
    let challenge = failure("PAYMENT_REQUIRES_3DS1");
    assert_eq!(playing("{ call: CreateBooking }", challenge), (0, 0));
    for expected in [
        "body: { booking_failure: { cause: SLOT_UNAVAILABLE } }",
        "body: { booking: { booking_id: { $absent: true } } }",
        "body: { $one_of: [{ booking: { status: CONFIRMED } }, { booking_failure: { $present: true } }] }",
        "status: [200, 400]",
    ] {
        let step = format!("{{ call: CreateBooking, expect: {{ requirement: BS-CREATE-01, {expected} }} }}");
        assert_eq!(playing(&step, declined()), (0, 0), "{expected}");
    }
    let plain = "{ call: CreateBooking, expect: { requirement: BS-CREATE-01, body: { booking_failure: { $absent: true } } } }";
    assert_eq!(playing(plain, declined()), (0, 1));
}

#[test]
fn a_refused_change_is_no_success_and_one_of_the_clean_up_is_none_of_either() {
    let refused = || failure("OUTSIDE_CANCELLATION_WINDOW");
    let made = || booking();
    let story = Story::arrival().create(made()).cancel(made()).cancel(refused());
    assert_eq!(counted(&[story.cancel(json!({}))], UPDATE), (1, 3));
    let story = Story::arrival().create(made()).cancel(refused()).in_cleanup();
    assert_eq!(counted(&[story], UPDATE), (0, 0));
    let story = Story::arrival().create(made()).cancel(made()).in_cleanup();
    assert_eq!(counted(&[story], UPDATE), (1, 1));
}

fn notification(status: u16, fault: Option<Fault>) -> ReceivedCall {
    let body = changes(json!({ "status": "CANCELED" }));
    let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
    let sent = patch(Some("status"), body, before, after);
    ReceivedCall {
        status,
        fault,
        ..sent
    }
}

#[test]
fn rtu_ready_counts_notifications_about_bookings_alone() {
    let story = (0..19).fold(Story::arrival(), |story, _| story.notify(notification(200, None)));
    let story = story
        .notify(notification(503, Some(Fault::Dropped)))
        .notify(inventory_update(START, json!({})));
    assert_eq!(counted(&[story], RTU_READY), (19, 19));
    let story = Story::arrival()
        .notify(notification(400, None))
        .orphan(notification(404, None))
        .orphan(notification(200, None));
    assert_eq!(counted(&[story], RTU_READY), (1, 3));
}
