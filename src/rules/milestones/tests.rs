use super::*;
use crate::testing::{Story, booking};
use catalogue::RequirementId;
use outcome::Prospect;
use serde_json::json;

const LOOKUP: Method = Method::BatchAvailabilityLookup;

fn counts(stories: &[Story], id: RequirementId) -> Vec<(usize, usize, Prospect)> {
    let cases: Vec<_> = stories.iter().map(Story::case).collect();
    let all = milestones(&cases).into_iter();
    let of = all.filter(|one| one.requirement == id);
    of.map(|one| (one.good, one.samples, one.prospect)).collect()
}

fn request(slots: usize) -> Value {
    let slot = json!({ "service_id": "cut", "start_sec": crate::testing::START.to_string() });
    json!({ "merchant_id": "salon", "slot_time": vec![slot; slots] })
}

fn entries(count: usize, available: bool) -> Value {
    json!({ "slot_time_availability": vec![json!({ "available": available }); count] })
}

#[test]
fn pages_are_clean_when_every_slot_has_its_entry() {
    let good = || Story::arrival().call(LOOKUP, request(3), 200, entries(3, false));
    let stories: Vec<_> = (0..21).map(|_| good()).collect();
    assert_eq!(counts(&stories, PAGE_LOAD), [(20, 20, Prospect::Reachable)]);
    let short = good().call(LOOKUP, request(3), 200, entries(2, true));
    assert_eq!(counts(&[short], PAGE_LOAD), [(1, 2, Prospect::Missed)]);
    let unknown = json!({ "merchant_id": "nobody", "slot_time": [{}, {}] });
    let story = Story::arrival().call(LOOKUP, unknown, 400, json!({}));
    assert_eq!(counts(&[story], PAGE_LOAD), [(0, 0, Prospect::TooFewSamples)]);
}

/// Which calls come last is another matter in each run; what is asked at a path that no method has says nothing in any.
#[test]
fn what_is_asked_in_an_unusual_way_is_not_counted() {
    let text = "title: t\nserves: [BS-GEN-06]\nneeds:\n  slot: { payment: arrival }\nsteps:\n  \
                - { call: BatchAvailabilityLookup, slot: slot }\n  \
                - { call: BatchAvailabilityLookup, slot: slot, path: /v3/BatchHoroscopeLookup, probe: true }\n";
    let answers = [(200, entries(0, true)), (404, json!({}))];
    let story = Story::arrival().playing(text, &answers);
    assert_eq!(counts(&[story], SLOT_CLICK)[0], (1, 1, Prospect::TooFewSamples));
}

#[test]
fn a_click_fails_when_the_feed_promised_too_much() {
    let story = Story::arrival().prepare(request(1), 200, entries(1, false));
    let later = story.call(LOOKUP, request(1), 200, entries(1, false));
    assert_eq!(
        counts(&[later], SLOT_CLICK),
        [(2, 2, Prospect::TooFewSamples), (0, 1, Prospect::Missed)]
    );
}

#[test]
fn only_the_first_booking_of_a_slot_is_ordinary() {
    let refused = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
    let story = || {
        Story::arrival()
            .create(booking())
            .create_with("t-2", refused.clone())
    };
    let stories: Vec<_> = (0..10).map(|_| story()).collect();
    assert_eq!(counts(&stories, CREATE), [(10, 10, Prospect::Reachable)]);
    let gone = Story::arrival().create(refused);
    assert_eq!(
        counts(std::slice::from_ref(&gone), CREATE),
        [(0, 1, Prospect::Missed)]
    );
    assert_eq!(counts(&[gone], UNAVAILABLE), [(0, 1, Prospect::Missed)]);
    let declined = json!({ "booking_failure": { "cause": "PAYMENT_ERROR_CARD_DECLINED" } });
    let story = Story::prepayment().create(declined);
    assert_eq!(counts(&[story], CREATE), [(0, 0, Prospect::TooFewSamples)]);
}

#[test]
fn a_refused_change_is_an_answer_and_an_error_is_none() {
    let failure = json!({ "booking_failure": { "cause": "OUTSIDE_CANCELLATION_WINDOW" } });
    let story = Story::arrival()
        .create(booking())
        .cancel(failure)
        .cancel(json!({}));
    assert_eq!(counts(&[story], UPDATE), [(1, 2, Prospect::Missed)]);
}
