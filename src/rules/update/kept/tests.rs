//! What an update leaves as it was.

use super::*;
use crate::testing::{Story, booking, paid_booking};
use serde_json::json;

const LATER: &str = "1893488400";

fn reschedule_answer(edit: impl FnOnce(&mut Value)) -> Value {
    let mut answer = booking();
    answer["booking"]["slot"]["start_sec"] = json!(LATER);
    edit(&mut answer["booking"]);
    answer
}

fn story(story: Story, answer: Value) -> Story {
    let slot = json!({ "start_sec": LATER, "duration_sec": "1800" });
    let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
    story.call(Method::UpdateBooking, request, 200, answer)
}

fn list(story: Story, booking: &Value) -> Story {
    let request = json!({ "user_id": "7203948571029384756" });
    story.call(
        Method::ListBookings,
        request,
        200,
        json!({ "bookings": [booking] }),
    )
}

#[test]
fn what_was_not_named_stays_or_is_left_out() {
    let bare = reschedule_answer(|booking| booking["user_information"] = json!(null));
    let verdict = story(Story::arrival().create(booking()), bare).judge(&RULE);
    verdict.passes(KEPT);
    verdict.passes(STATUS);
}

#[test]
fn another_user_or_service_is_found() {
    for (pointer, value) in [
        ("/user_information/telephone", "1"),
        ("/slot/service_id", "color"),
    ] {
        let answer = reschedule_answer(|booking| {
            *booking.pointer_mut(pointer).unwrap_or(&mut Value::Null) = json!(value);
        });
        let found = story(Story::arrival().create(booking()), answer)
            .judge(&RULE)
            .fails(KEPT);
        assert_eq!(found.evidence.pointer, Some(format!("/booking{pointer}")));
    }
}

#[test]
fn another_deposit_after_a_cancellation_is_found_and_none_is_not() {
    let cancelled = |micros: &str| {
        let story = Story::deposit(3600);
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let story = story.create(answer.clone());
        answer["booking"]["status"] = json!("CANCELED");
        answer["booking"]["payment_information"]["deposit"]["deposit"]["price_micros"] = json!(micros);
        story.cancel(answer)
    };
    let amount = "/payment_information/deposit/deposit/price_micros";
    let found = cancelled("1").judge(&RULE).fails(KEPT);
    assert_eq!(found.evidence.pointer, Some(format!("/booking{amount}")));
    cancelled("0").judge(&RULE).passes(KEPT);
}

#[test]
fn another_currency_of_the_fee_is_found_and_none_too() {
    let cancelled = |currency: &str| {
        let story = Story::no_show_fee();
        let mut answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        let story = story.create(answer.clone());
        answer["booking"]["status"] = json!("CANCELED");
        answer["booking"]["payment_information"]["no_show_fee"]["fee"]["currency_code"] = json!(currency);
        story.cancel(answer)
    };
    cancelled("XXX").judge(&RULE).fails(KEPT);
    cancelled("").judge(&RULE).fails(KEPT);
    cancelled("USD").judge(&RULE).passes(KEPT);
}

/// A deposit that is cancelled too late, with one thing of it changed.
fn kept_deposit(edit: impl FnOnce(&mut Value)) -> crate::testing::StoryVerdict {
    let story = Story::deposit(3600);
    let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
    let story = story.create(answer.clone());
    answer["booking"]["status"] = json!("CANCELED");
    edit(&mut answer["booking"]);
    story.cancel(answer).judge(&RULE)
}

#[test]
fn another_type_cutoff_or_id_of_a_deposit_is_found() {
    let payment = |name: &'static str, value: Value| {
        kept_deposit(move |booking| booking["payment_information"][name] = value)
    };
    kept_deposit(|booking| {
        booking["payment_information"]["deposit"]["deposit_type"] = json!("PER_PERSON");
    })
    .fails(KEPT);
    kept_deposit(|booking| {
        booking["payment_information"]["deposit"]["min_advance_cancellation_sec"] = json!("7200");
    })
    .fails(KEPT);
    payment("payment_processed_by", json!("PROCESSED_BY_GOOGLE")).fails(KEPT);
    payment("payment_transaction_id", json!("ch_9")).fails(KEPT);
    kept_deposit(|booking| {
        booking["payment_information"]["deposit"]["deposit_type"] = json!("FIXED_RATE_DEFAULT");
    })
    .passes(KEPT);
    payment("deposit", json!(null)).passes(KEPT);
}

#[test]
fn a_refund_may_have_an_id_of_its_own() {
    kept_deposit(|booking| {
        booking["payment_information"]["prepayment_status"] = json!("PREPAYMENT_REFUNDED");
        booking["payment_information"]["payment_transaction_id"] = json!("re_9");
    })
    .passes(KEPT);
}

#[test]
fn a_cancelled_booking_keeps_its_tag_and_a_moved_one_need_not() {
    let mut answer = booking();
    answer["booking"]["slot"]["availability_tag"] = json!("other");
    Story::arrival()
        .create(booking())
        .cancel(answer)
        .judge(&RULE)
        .fails(KEPT);
    let moved = reschedule_answer(|booking| booking["slot"]["availability_tag"] = json!("other"));
    story(Story::arrival().create(booking()), moved)
        .judge(&RULE)
        .passes(KEPT);
}

#[test]
fn the_price_may_follow_the_party_size_and_nothing_else() {
    let changed = |slot: Value| {
        let story = Story::prepayment();
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let story = story.create(answer.clone());
        answer["booking"]["payment_information"]["price"]["price_micros"] = json!("77");
        let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        story
            .call(Method::UpdateBooking, request, 200, answer)
            .judge(&RULE)
    };
    changed(json!({ "resources": { "party_size": 3 } })).passes(KEPT);
    changed(json!({ "duration_sec": "1800" })).fails(KEPT);
}

#[test]
fn what_the_list_lost_is_found() {
    let blank = reschedule_answer(|booking| booking["user_information"]["email"] = json!(""));
    let after = |answer: &Value| {
        let before = list(Story::arrival().create(booking()), &booking()["booking"]);
        list(story(before, reschedule_answer(|_| {})), &answer["booking"])
    };
    after(&blank).judge(&RULE).fails(KEPT);
    after(&reschedule_answer(|_| {})).judge(&RULE).passes(KEPT);
}

#[test]
fn a_lost_status_is_found() {
    let answer = reschedule_answer(|booking| booking["status"] = json!("BOOKING_STATUS_UNSPECIFIED"));
    story(Story::arrival().create(booking()), answer)
        .judge(&RULE)
        .fails(STATUS);
}
