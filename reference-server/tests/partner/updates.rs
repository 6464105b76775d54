//! UpdateBooking: Google cancels and moves.

use crate::partner::{HOUR, Partner, at, id, paid_request, request};
use serde_json::{Value, json};

#[tokio::test]
async fn cancelling_answers_the_whole_booking_and_may_be_repeated() {
    let partner = Partner::start().await;
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    for _ in 0..2 {
        let cancelled = partner.cancel(&id(&booking)).await["booking"].clone();
        assert_eq!(cancelled["status"], "CANCELED");
        assert_eq!(cancelled["slot"], booking["slot"]);
        assert_eq!(cancelled["user_information"], booking["user_information"]);
    }
    assert_eq!(partner.status(&id(&booking)).await.0, "CANCELED");
}

/// All that Google sends to move a booking.
fn move_to(id: &str, start: i64, duration: i64) -> Value {
    let slot = json!({ "start_sec": start.to_string(), "duration_sec": duration.to_string() });
    json!({ "booking_id": id, "slot": slot })
}

#[tokio::test]
async fn a_move_names_only_start_and_duration() {
    let partner = Partner::start().await;
    let mut wanted = request("harbour-salon/cut", at(20), "u");
    wanted["slot"]["resources"] = json!({ "staff_id": "st-2" });
    let booking = partner.book(wanted).await;
    let moved = move_to(&id(&booking), at(22), 1800);
    let answer = partner.update(moved).await["booking"].clone();
    let mut expected = booking.clone();
    expected["slot"]["start_sec"] = json!(at(22).to_string());
    assert_eq!(answer, expected);
    let staff = json!({ "staff_id": "st-2" });
    assert!(partner.is_open("harbour-salon/cut", at(20), staff.clone()).await);
    assert!(!partner.is_open("harbour-salon/cut", at(22), staff).await);
}

#[tokio::test]
async fn a_failed_move_leaves_the_booking_where_it_was() {
    let partner = Partner::start().await;
    let mine = partner
        .book(paid_request("harbour-salon/color", at(48), "u"))
        .await;
    partner
        .book(paid_request("harbour-salon/color", at(52), "other"))
        .await;
    let to = |start: i64| move_to(&id(&mine), start, 3600);
    let answer = partner.update(to(at(52))).await;
    assert_eq!(answer["booking_failure"]["cause"], "SLOT_UNAVAILABLE");
    let never = json!({ "booking": to(at(52) + 1) });
    assert_eq!(partner.post("/v3/UpdateBooking", &never).await.0, 400);
    let listed = partner.call("ListBookings", json!({ "user_id": "u" })).await;
    assert_eq!(listed["bookings"][0], mine);
}

#[tokio::test]
async fn another_party_size_is_another_table() {
    let partner = Partner::start().await;
    let mut wanted = paid_request("old-bistro/table", at(20), "u");
    wanted["slot"]["resources"] = json!({ "room_id": "terrace", "party_size": 2 });
    let booking = partner.book(wanted).await;
    let change =
        |size: i32| json!({ "booking_id": id(&booking), "slot": { "resources": { "party_size": size } } });
    let answer = partner.update(change(4)).await;
    assert_eq!(
        answer["booking"]["slot"]["resources"],
        json!({ "room_id": "terrace", "party_size": 4 })
    );
    assert!(
        !partner
            .is_open(
                "old-bistro/table",
                at(20),
                json!({ "room_id": "terrace", "party_size": 4 })
            )
            .await
    );
    assert_eq!(
        partner
            .post("/v3/UpdateBooking", &json!({ "booking": change(9) }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn what_cannot_be_cancelled_says_why() {
    let partner = Partner::start().await;
    let facial = partner
        .book(paid_request("harbour-salon/facial", at(24), "u"))
        .await;
    partner.clock.set(at(18) + 1);
    let late = partner.cancel(&id(&facial)).await;
    assert_eq!(late["booking_failure"]["cause"], "OUTSIDE_CANCELLATION_WINDOW");
    partner.clock.set(at(24));
    assert_eq!(partner.act(&id(&facial), "no_show").await, 204);
    let ended = partner.cancel(&id(&facial)).await;
    assert_eq!(ended["booking_failure"]["cause"], "BOOKING_NOT_CANCELLABLE");
}

#[tokio::test]
async fn a_status_that_says_nothing_is_no_status() {
    let partner = Partner::start().await;
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    for (status, start) in [("BOOKING_STATUS_UNSPECIFIED", at(21)), ("CONFIRMED", at(22))] {
        let slot = json!({ "start_sec": start.to_string(), "duration_sec": "1800" });
        let moved = json!({ "booking_id": id(&booking), "status": status, "slot": slot });
        assert_eq!(
            partner.update(moved).await["booking"]["slot"]["start_sec"],
            start.to_string()
        );
    }
}

#[tokio::test]
async fn nothing_is_updated_into_existence() {
    let partner = Partner::start().await;
    let unknown = json!({ "booking": { "booking_id": "nope", "status": "CANCELED" } });
    assert_eq!(partner.post("/v3/UpdateBooking", &unknown).await.0, 404);
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    for update in [
        json!({ "booking_id": id(&booking) }),
        json!({ "booking_id": id(&booking), "status": "NO_SHOW" }),
    ] {
        assert_eq!(
            partner
                .post("/v3/UpdateBooking", &json!({ "booking": update }))
                .await
                .0,
            400
        );
    }
}

#[tokio::test]
async fn a_cancelled_or_pending_booking_is_not_moved() {
    let partner = Partner::start().await;
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    partner.cancel(&id(&booking)).await;
    let answer = partner.update(move_to(&id(&booking), at(22), 1800)).await;
    assert_eq!(answer["booking_failure"]["cause"], "BOOKING_ALREADY_CANCELLED");
    let pending = partner.book(request("quiet-corner/ask-first", at(20), "u")).await;
    let answer = partner.update(move_to(&id(&pending), at(22), 3600)).await;
    assert_eq!(answer["booking_failure"]["cause"], "BOOKING_NOT_CANCELLABLE");
    assert_eq!(
        partner.cancel(&id(&pending)).await["booking"]["status"],
        "CANCELED"
    );
}

/// Books, lets time pass until `before` ahead of the start, cancels by Google: the answer and the ledger.
async fn cancelled(service: &str, start: i64, before: i64) -> (Value, Vec<String>) {
    let partner = Partner::start().await;
    let booking = partner.book(paid_request(service, start, "u")).await;
    partner.clock.set(start - before);
    let answer = partner.cancel(&id(&booking)).await;
    (
        answer["booking"]["payment_information"]["prepayment_status"].clone(),
        partner.ledger(&id(&booking)).await,
    )
}

#[tokio::test]
async fn money_comes_back_by_the_rules() {
    let (status, ledger) = cancelled("harbour-salon/retreat", at(72), 50 * HOUR).await;
    assert_eq!((status, ledger.len()), (json!("PREPAYMENT_REFUNDED"), 2));
    assert_eq!(ledger[1], "refund 60000000");
    let (status, ledger) = cancelled("harbour-salon/late-retreat", at(72), 10 * HOUR).await;
    assert_eq!((status, ledger.len()), (json!("PREPAYMENT_PROVIDED"), 1));
    let (status, ledger) = cancelled("harbour-salon/color", at(48), 30 * HOUR).await;
    assert_eq!(
        (status, ledger[1].as_str()),
        (json!("PREPAYMENT_REFUNDED"), "refund 104520000")
    );
    // Slots of this remainder can be cancelled online until twelve hours before.
    let (status, ledger) = cancelled("harbour-salon/color", at(51), 13 * HOUR).await;
    assert_eq!(
        (status, ledger[1].as_str()),
        (json!("PREPAYMENT_REFUNDED"), "refund 52260000")
    );
}
