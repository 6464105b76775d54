use super::*;
use crate::testing::{START, Story, booking};
use serde_json::json;

const LATER: i64 = START + 3600;

fn cancellation(status: &str) -> Story {
    let mut answer = booking();
    answer["booking"]["status"] = json!(status);
    Story::arrival().create(booking()).cancel(answer)
}

fn reschedule(shown: i64) -> Story {
    let mut answer = booking();
    answer["booking"]["slot"]["start_sec"] = json!(shown.to_string());
    let slot = json!({ "start_sec": LATER.to_string(), "duration_sec": "1800" });
    let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
    let story = Story::arrival().create(booking());
    story.call(Method::UpdateBooking, request, 200, answer)
}

fn read_status(story: Story, status: &str) -> Story {
    let state = json!({ "booking_id": "bk-0001", "booking_status": status });
    story.call(
        Method::GetBookingStatus,
        json!({ "booking_id": "bk-0001" }),
        200,
        state,
    )
}

fn look_up(story: Story, available: bool) -> Story {
    let slot_time = json!({ "service_id": "cut", "start_sec": START.to_string(), "duration_sec": "1800" });
    let entry = json!({ "slot_time": slot_time, "available": available });
    let request = json!({ "merchant_id": "salon", "slot_time": [slot_time] });
    let answer = json!({ "slot_time_availability": [entry] });
    story.call(Method::BatchAvailabilityLookup, request, 200, answer)
}

fn list(story: Story, start: i64) -> Story {
    let mut one = booking()["booking"].clone();
    one["slot"]["start_sec"] = json!(start.to_string());
    let request = json!({ "user_id": one["user_information"]["user_id"] });
    story.call(Method::ListBookings, request, 200, json!({ "bookings": [one] }))
}

#[test]
fn a_cancellation_that_is_shown_and_read_back_passes() {
    let verdict = read_status(cancellation("CANCELED"), "CANCELED").judge(&RULE);
    verdict.passes(CANCELED);
    verdict.passes(ONLINE);
}

#[test]
fn a_cancellation_that_is_carried_out_but_not_shown_is_found() {
    read_status(cancellation("CONFIRMED"), "CANCELED")
        .judge(&RULE)
        .fails(CANCELED);
    cancellation("CONFIRMED").judge(&RULE).says_nothing();
}

#[test]
fn a_cancellation_that_nothing_came_of_is_found_whatever_the_answer_shows() {
    for shown in ["CANCELED", "CONFIRMED"] {
        let story = look_up(read_status(cancellation(shown), "CONFIRMED"), false);
        story.judge(&RULE).fails(ONLINE);
    }
}

#[test]
fn one_voice_against_another_is_a_wrong_reading() {
    let story = look_up(read_status(cancellation("CANCELED"), "CONFIRMED"), true);
    story.judge(&RULE).passes(CANCELED);
    read_status(cancellation("CANCELED"), "CONFIRMED")
        .judge(&RULE)
        .passes(CANCELED);
}

#[test]
fn a_spelling_of_its_own_is_another_rules_finding() {
    cancellation("CANCELLED").judge(&RULE).says_nothing();
}

#[test]
fn a_move_is_told_apart_by_its_answer_and_by_what_is_read_back() {
    list(reschedule(LATER), LATER).judge(&RULE).passes(SHOWN);
    list(reschedule(START), LATER).judge(&RULE).fails(SHOWN);
    look_up(list(reschedule(LATER), START), false)
        .judge(&RULE)
        .fails(MOVED);
    look_up(list(reschedule(START), START), false)
        .judge(&RULE)
        .fails(MASK);
}

#[test]
fn a_party_is_shown() {
    let request =
        json!({ "booking": { "booking_id": "bk-0001", "slot": { "resources": { "party_size": 4 } } } });
    let resized = |size| {
        let mut answer = booking();
        answer["booking"]["slot"]["resources"] = json!({ "party_size": size });
        Story::arrival()
            .create(booking())
            .call(Method::UpdateBooking, request.clone(), 200, answer)
    };
    resized(4).judge(&RULE).passes(SHOWN);
    resized(2).judge(&RULE).says_nothing();
    let mut listed = booking()["booking"].clone();
    listed["slot"]["resources"] = json!({ "party_size": 4 });
    let request = json!({ "user_id": listed["user_information"]["user_id"] });
    let story = resized(2).call(
        Method::ListBookings,
        request,
        200,
        json!({ "bookings": [listed] }),
    );
    let found = story.judge(&RULE).fails(SHOWN);
    assert_eq!(
        found.evidence.pointer.as_deref(),
        Some("/booking/slot/resources/party_size")
    );
}

#[test]
fn an_answer_that_shows_a_part_of_the_change_is_no_unchanged_booking() {
    let mut answer = booking();
    answer["booking"]["slot"]["start_sec"] = json!(LATER.to_string());
    let slot = json!({ "start_sec": LATER.to_string(), "duration_sec": "3600" });
    let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
    let story = Story::arrival()
        .create(booking())
        .call(Method::UpdateBooking, request, 200, answer);
    let found = list(look_up(story, false), START).judge(&RULE).fails(MOVED);
    assert!(found.message.contains("in part"), "{}", found.message);
}
