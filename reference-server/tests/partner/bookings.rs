//! CreateBooking, GetBookingStatus and ListBookings, without money.

use crate::partner::{NOW, Partner, at, id, request};
use serde_json::{Value, json};

#[tokio::test]
async fn the_answer_echoes_what_was_asked() {
    let partner = Partner::start().await;
    let mut wanted = request("harbour-salon/cut", at(20), "7203948571029384756");
    wanted["slot"]["availability_tag"] = json!("opaque");
    wanted["slot"]["resources"] = json!({ "staff_id": "st-1" });
    wanted["slot"]["confirmation_mode"] = json!("CONFIRMATION_MODE_SYNCHRONOUS");
    wanted["payment_information"] = json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
    let booking = partner.book(wanted.clone()).await;
    assert_eq!(booking["status"], "CONFIRMED");
    assert_eq!(booking["slot"], wanted["slot"]);
    assert_eq!(booking["user_information"], wanted["user_information"]);
    assert_eq!(
        booking["payment_information"],
        json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED" })
    );
}

#[tokio::test]
async fn only_required_fields_are_required() {
    let partner = Partner::start().await;
    let mut smallest = request("harbour-salon/cut", at(20), "u");
    smallest["user_information"] = json!({ "user_id": "u" });
    assert_eq!(
        partner.book(smallest).await["user_information"],
        json!({ "user_id": "u" })
    );
}

#[tokio::test]
async fn what_never_existed_is_a_mistake_and_what_is_gone_a_failure() {
    let partner = Partner::start().await;
    for slot in ["nobody/cut", "harbour-salon/shave"] {
        let (status, _) = partner
            .post("/v3/CreateBooking", &request(slot, at(20), "u"))
            .await;
        assert_eq!(status, 400, "{slot}");
    }
    let odd = request("harbour-salon/cut", at(20) + 60, "u");
    assert_eq!(partner.post("/v3/CreateBooking", &odd).await.0, 400);
    let too_far = request("harbour-salon/cut", at(24 * 40), "u");
    assert_eq!(partner.post("/v3/CreateBooking", &too_far).await.0, 400);
    let past = request("harbour-salon/cut", at(-2), "u");
    assert_eq!(partner.refused(past).await, "SLOT_UNAVAILABLE");
}

#[tokio::test]
async fn a_user_does_not_get_the_same_slot_twice() {
    let partner = Partner::start().await;
    partner
        .book(request("north-studio/spin-class", at(20), "u"))
        .await;
    let mut again = request("north-studio/spin-class", at(20), "u");
    again["idempotency_token"] = json!("another");
    assert_eq!(partner.refused(again).await, "SLOT_ALREADY_BOOKED_BY_USER");
}

#[tokio::test]
async fn an_offer_that_nobody_made_is_refused() {
    let partner = Partner::start().await;
    let mut wanted = request("harbour-salon/cut", at(20), "u");
    wanted["offer_id"] = json!("half-price");
    assert_eq!(partner.refused(wanted).await, "OFFER_UNAVAILABLE");
}

#[tokio::test]
async fn an_asynchronous_slot_waits_for_the_merchant() {
    let partner = Partner::start().await;
    let booking = partner.book(request("quiet-corner/ask-first", at(20), "u")).await;
    assert_eq!(booking["status"], "PENDING_MERCHANT_CONFIRMATION");
    assert_eq!(
        partner.status(&id(&booking)).await.0,
        "PENDING_MERCHANT_CONFIRMATION"
    );
}

#[tokio::test]
async fn an_online_session_says_how_to_join() {
    let partner = Partner::start().await;
    let wanted = crate::partner::paid_request("north-studio/online-yoga", at(20), "u");
    let session = partner.book(wanted).await["virtual_session_info"].clone();
    for field in ["session_url", "meeting_id", "password"] {
        assert!(
            session[field].as_str().is_some_and(|value| !value.is_empty()),
            "{field}"
        );
    }
    let other = partner
        .book(request("north-studio/online-pilates", at(21), "u"))
        .await;
    assert!(other.get("virtual_session_info").is_none());
}

#[tokio::test]
async fn users_see_their_own_upcoming_bookings() {
    let partner = Partner::start().await;
    let listed = async |user: &str| {
        let answer = partner.call("ListBookings", json!({ "user_id": user })).await;
        answer["bookings"].as_array().unwrap().clone()
    };
    let later = partner
        .book(request("north-studio/spin-class", at(30), "u"))
        .await;
    let sooner = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    let gone = partner.book(request("harbour-salon/cut", at(25), "u")).await;
    partner
        .book(request("harbour-salon/cut", at(26), "somebody else"))
        .await;
    partner.cancel(&id(&gone)).await;
    assert_eq!(listed("u").await, [sooner, later.clone()]);
    partner.clock.set(at(21));
    assert_eq!(listed("u").await, [later]);
    assert_eq!(listed("nobody").await, Vec::<Value>::new());
    partner.clock.set(NOW);
}

#[tokio::test]
async fn an_unknown_booking_is_not_found() {
    let partner = Partner::start().await;
    assert_eq!(
        partner
            .post("/v3/GetBookingStatus", &json!({ "booking_id": "x" }))
            .await
            .0,
        404
    );
}
