//! What happens at the partner's side, and what the rules refuse there.

use crate::partner::{HOUR, Partner, at, id, paid_request, request};
use serde_json::json;

#[tokio::test]
async fn a_no_show_is_not_reported_before_it_can_be_one() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("walkin-east/trim-secured", at(0) + 620, "u"))
        .await;
    for action in ["no_show", "charge_no_show_fee"] {
        assert_eq!(partner.act(&id(&booking), action).await, 409, "{action}");
    }
    partner.clock.set(at(0) + 620);
    assert_eq!(partner.act(&id(&booking), "no_show").await, 204);
    assert_eq!(partner.status(&id(&booking)).await.0, "NO_SHOW");
    assert_eq!(partner.act(&id(&booking), "charge_no_show_fee").await, 204);
    assert_eq!(partner.status(&id(&booking)).await.0, "NO_SHOW_PENALIZED");
    assert_eq!(
        partner.ledger(&id(&booking)).await,
        ["store_card 0", "charge 15000000"]
    );
    assert_eq!(partner.act(&id(&booking), "charge_no_show_fee").await, 409);
}

#[tokio::test]
async fn a_late_cancellation_may_cost_the_fee_and_a_timely_one_may_not() {
    let partner = Partner::start().await;
    let timely = partner.book(paid_request("old-bistro/table", at(20), "u")).await;
    let mut late = paid_request("old-bistro/table", at(24), "u");
    late["slot"]["resources"] = json!({ "party_size": 4 });
    let late = partner.book(late).await;
    assert_eq!(partner.act(&id(&timely), "user_cancel_at_partner").await, 204);
    assert_eq!(partner.act(&id(&timely), "charge_no_show_fee").await, 409);
    partner.clock.set(at(23));
    assert_eq!(partner.act(&id(&late), "user_cancel_at_partner").await, 204);
    assert_eq!(partner.act(&id(&late), "charge_no_show_fee").await, 204);
    assert_eq!(
        partner.ledger(&id(&late)).await,
        ["store_card 0", "charge 48000000"]
    );
}

#[tokio::test]
async fn the_guest_gets_the_deposit_back_though_online_cancelling_has_closed() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/retreat", at(72), "u"))
        .await;
    partner.clock.set(at(72) - 10 * HOUR);
    let online = partner.cancel(&id(&booking)).await;
    assert_eq!(online["booking_failure"]["cause"], "OUTSIDE_CANCELLATION_WINDOW");
    assert_eq!(partner.act(&id(&booking), "user_cancel_at_partner").await, 204);
    let status = partner.status(&id(&booking)).await;
    assert_eq!(status, ("CANCELED".to_owned(), "PREPAYMENT_REFUNDED".to_owned()));
}

#[tokio::test]
async fn the_merchant_gives_everything_back() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/color", at(48), "u"))
        .await;
    partner.clock.set(at(47));
    assert_eq!(partner.act(&id(&booking), "merchant_cancel").await, 204);
    assert_eq!(
        partner.ledger(&id(&booking)).await,
        ["charge 104520000", "refund 104520000"]
    );
    assert_eq!(partner.act(&id(&booking), "merchant_cancel").await, 409);
    assert_eq!(partner.act(&id(&booking), "refund").await, 409);
}

#[tokio::test]
async fn only_what_was_taken_is_refunded() {
    let partner = Partner::start().await;
    let unpaid = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    assert_eq!(partner.act(&id(&unpaid), "refund").await, 409);
    let paid = partner
        .book(paid_request("harbour-salon/retreat", at(72), "u"))
        .await;
    assert_eq!(partner.act(&id(&paid), "refund").await, 204);
    let status = partner.status(&id(&paid)).await;
    assert_eq!(status, ("CONFIRMED".to_owned(), "PREPAYMENT_REFUNDED".to_owned()));
}

#[tokio::test]
async fn the_merchant_moves_a_booking() {
    let partner = Partner::start().await;
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    let action = format!("bookings/{}/reschedule", id(&booking));
    let moved = json!({ "start_sec": at(22), "duration_sec": 1800 });
    assert_eq!(partner.console(&action, moved).await, 204);
    let listed = partner.call("ListBookings", json!({ "user_id": "u" })).await;
    assert_eq!(listed["bookings"][0]["slot"]["start_sec"], at(22).to_string());
    let nowhere = json!({ "start_sec": at(22) + 1, "duration_sec": 1800 });
    assert_eq!(partner.console(&action, nowhere).await, 409);
}

#[tokio::test]
async fn a_request_is_confirmed_declined_or_failed_once() {
    let partner = Partner::start().await;
    for (number, action, status) in [
        (0, "confirm", "CONFIRMED"),
        (1, "decline", "DECLINED_BY_MERCHANT"),
        (2, "fail", "FAILED"),
    ] {
        let booking = partner
            .book(request("quiet-corner/ask-first", at(20 + number), "u"))
            .await;
        assert_eq!(partner.act(&id(&booking), action).await, 204);
        assert_eq!(partner.status(&id(&booking)).await.0, status);
        assert_eq!(partner.act(&id(&booking), "decline").await, 409);
    }
}

#[tokio::test]
async fn the_merchant_sees_the_booking_and_the_guests_wish() {
    let partner = Partner::start().await;
    let mut wanted = paid_request("north-studio/online-yoga", at(20), "u");
    wanted["additional_request"] = json!("quiet music, s'il vous plaît");
    let booking = partner.book(wanted).await;
    let url = format!("{}/console/bookings/{}", partner.server.base_url(), id(&booking));
    let seen = partner
        .http
        .get(url)
        .bearer_auth("clerk")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(seen.contains("s'il vous plaît"));
    let password = booking["virtual_session_info"]["password"].as_str().unwrap();
    assert!(!seen.contains(password), "how to join is for the guest alone");
}

#[tokio::test]
async fn unpaid_is_for_services_paid_directly() {
    let partner = Partner::start().await;
    let direct = partner
        .book(request("north-studio/online-pilates", at(20), "u"))
        .await;
    assert_eq!(partner.act(&id(&direct), "unpaid").await, 204);
    assert_eq!(partner.status(&id(&direct)).await.0, "CANCELED");
    let other = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    assert_eq!(partner.act(&id(&other), "unpaid").await, 409);
}

#[tokio::test]
async fn unknown_bookings_and_actions_are_not_found() {
    let partner = Partner::start().await;
    assert_eq!(partner.act("nope", "no_show").await, 404);
    let booking = partner.book(request("harbour-salon/cut", at(20), "u")).await;
    assert_eq!(partner.act(&id(&booking), "explode").await, 404);
}

#[tokio::test]
async fn only_who_agreed_last_gets_mails() {
    let partner = Partner::start().await;
    let user = json!({ "user_id": "u1", "email": "ada.novak@example.org" });
    assert!(!partner.receives_marketing("u1").await);
    for (sent, kept) in [
        (json!(true), true),
        (json!(null), false),
        (json!(true), true),
        (json!(false), false),
    ] {
        let request = json!({ "user_information": user, "user_to_receive_marketing": sent });
        let answer = partner.call("SetMarketingPreference", request).await;
        assert_eq!(answer["user_information"], user);
        assert_eq!(answer["user_to_receive_marketing"], kept);
        assert_eq!(partner.receives_marketing("u1").await, kept);
    }
    let nobody = json!({ "user_information": { "user_id": "" }, "user_to_receive_marketing": true });
    assert_eq!(partner.post("/v3/SetMarketingPreference", &nobody).await.0, 400);
}
