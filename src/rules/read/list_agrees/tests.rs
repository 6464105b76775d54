//! Bookings as they are listed.

use super::*;
use crate::testing::{Story, booking, paid_booking};
use serde_json::json;

fn listing(story: Story, pointer: &str, value: Value) -> Story {
    let mut one = booking()["booking"].clone();
    if let Some(place) = one.pointer_mut(pointer) {
        *place = value;
    }
    let request = json!({ "user_id": "7203948571029384756" });
    story.call(Method::ListBookings, request, 200, json!({ "bookings": [one] }))
}

fn made() -> Story {
    Story::arrival().create(booking())
}

#[test]
fn the_same_booking_in_another_form_passes() {
    listing(made(), "/slot/duration_sec", json!(1800))
        .judge(&RULE)
        .passes(LIST);
    listing(made(), "/slot/start_sec", json!("2030-01-01T08:00:00Z"))
        .judge(&RULE)
        .passes(LIST);
    listing(made(), "/user_information/telephone", json!("+442079460018"))
        .judge(&RULE)
        .passes(LIST);
    listing(made(), "/slot/availability_tag", json!(null))
        .judge(&RULE)
        .passes(LIST);
}

#[test]
fn another_length_or_somebody_elses_telephone_is_found() {
    for (pointer, value) in [
        ("/slot/duration_sec", json!("3600")),
        ("/slot/service_id", json!("color")),
        ("/user_information/telephone", json!("+44 20 7946 0999")),
    ] {
        let found = listing(made(), pointer, value).judge(&RULE).fails(LIST);
        let place = format!("/bookings/0{pointer}");
        assert_eq!(found.evidence.pointer, Some(place));
    }
}

#[test]
fn another_payment_is_found_and_one_that_was_to_come_is_not() {
    let listed = |was: &str, is: &str| {
        let mut answer = paid_booking(&Story::prepayment(), was);
        let story = Story::prepayment().create(answer.clone());
        answer["booking"]["payment_information"]["prepayment_status"] = json!(is);
        let request = json!({ "user_id": "7203948571029384756" });
        let answer = json!({ "bookings": [answer["booking"]] });
        story
            .call(Method::ListBookings, request, 200, answer)
            .judge(&RULE)
    };
    listed("PREPAYMENT_PROVIDED", "PREPAYMENT_REFUNDED").fails(LIST);
    listed("PREPAYMENT_NOT_PROVIDED", "PREPAYMENT_PROVIDED").passes(LIST);
    listed("PREPAYMENT_PROVIDED", "PAID").passes(LIST);
}

#[test]
fn a_booking_without_an_id_or_twice_or_under_another_is_found() {
    let listed = |edit: &dyn Fn(&Value) -> Value| {
        let request = json!({ "user_id": "7203948571029384756" });
        let answer = json!({ "bookings": edit(&booking()["booking"]) });
        made()
            .call(Method::ListBookings, request, 200, answer)
            .judge(&RULE)
    };
    listed(&|one| json!([one, one])).fails(LIST);
    let with_id = |one: &Value, id: Value| {
        let mut one = one.clone();
        one["booking_id"] = id;
        json!([one])
    };
    listed(&|one| with_id(one, Value::Null)).fails(LIST);
    listed(&|one| with_id(one, json!("bk-9"))).fails(LIST);
    let mut other = booking()["booking"].clone();
    other["booking_id"] = json!("bk-9");
    other["slot"]["start_sec"] = json!("1893999600");
    let request = json!({ "user_id": "7203948571029384756" });
    let answer = json!({ "bookings": [booking()["booking"], other] });
    made()
        .call(Method::ListBookings, request, 200, answer)
        .judge(&RULE)
        .passes(LIST);
}

#[test]
fn money_without_its_number_is_none_and_of_no_currency_is_of_another() {
    let listed = |price: Value| {
        let mut answer = paid_booking(&Story::prepayment(), "PREPAYMENT_PROVIDED");
        let story = Story::prepayment().create(answer.clone());
        answer["booking"]["payment_information"]["price"] = price;
        let request = json!({ "user_id": "7203948571029384756" });
        let answer = json!({ "bookings": [answer["booking"]] });
        story
            .call(Method::ListBookings, request, 200, answer)
            .judge(&RULE)
    };
    listed(json!({ "currency_code": "USD" })).fails(LIST);
    listed(json!({ "price_micros": "96000000" })).fails(LIST);
    listed(Value::Null).passes(LIST);
}

#[test]
fn what_a_change_left_as_it_was_is_listed_so() {
    let moved = |tag: &str| {
        let slot = json!({ "start_sec": "1893488400", "duration_sec": "1800" });
        let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!("1893488400");
        let story = made().call(Method::UpdateBooking, request, 200, answer.clone());
        answer["booking"]["slot"]["availability_tag"] = json!(tag);
        let request = json!({ "user_id": "7203948571029384756" });
        let answer = json!({ "bookings": [answer["booking"]] });
        story
            .call(Method::ListBookings, request, 200, answer)
            .judge(&RULE)
    };
    moved("tag-1").passes(LIST);
    moved("tag-2").fails(LIST);
}

#[test]
fn what_was_answered_wrongly_already_is_that_answers_finding() {
    let mut answer = booking();
    answer["booking"]["slot"]["duration_sec"] = json!("3600");
    answer["booking"]["user_information"]["telephone"] = json!("+44 20 7946 0999");
    let story = || Story::arrival().create(answer.clone());
    listing(story(), "/slot/duration_sec", json!("1800"))
        .judge(&RULE)
        .passes(LIST);
}

#[test]
fn what_was_changed_or_is_not_ours_is_not_compared() {
    let changed = || made().trigger("reschedule");
    listing(changed(), "/slot/duration_sec", json!("3600"))
        .judge(&RULE)
        .passes(LIST);
    listing(changed(), "/user_information", json!(null))
        .judge(&RULE)
        .says_nothing();
    listing(changed(), "/user_information/email", json!("nobody@example.org"))
        .judge(&RULE)
        .fails(LIST);
    listing(Story::arrival(), "/slot/duration_sec", json!("3600"))
        .judge(&RULE)
        .says_nothing();
}

#[test]
fn who_lists_what_a_change_asked_for_is_not_blamed_for_the_answer_to_it() {
    let lengthened = |listed: &str| {
        let slot = json!({ "start_sec": "1893484800", "duration_sec": "3600" });
        let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        let story = made().call(Method::UpdateBooking, request, 200, booking());
        listing(story, "/slot/duration_sec", json!(listed)).judge(&RULE)
    };
    lengthened("3600").passes(LIST);
    // The old one is what `BS-UPDATE-07` and `BS-UPDATE-18` speak of.
    lengthened("1800").passes(LIST);
}
