//! No spot is sold twice, and none is kept back.

use crate::idempotency::join_all;
use crate::partner::{Partner, at, id, paid_request, request};
use serde_json::{Value, json};

async fn at_once(partner: &Partner, requests: Vec<Value>) -> (usize, usize) {
    let answers = join_all(
        requests
            .into_iter()
            .map(|r| partner.call("CreateBooking", r))
            .collect(),
    )
    .await;
    let booked = answers
        .iter()
        .filter(|answer| answer.get("booking").is_some())
        .count();
    let taken = answers
        .iter()
        .filter(|a| a["booking_failure"]["cause"] == "SLOT_UNAVAILABLE")
        .count();
    (booked, taken)
}

#[tokio::test]
async fn a_class_of_five_takes_five_of_twenty() {
    let partner = Partner::start().await;
    let wanted = |number: usize| request("north-studio/spin-class", at(20), &format!("user {number}"));
    assert_eq!(at_once(&partner, (0..20).map(wanted).collect()).await, (5, 15));
    assert!(
        !partner
            .is_open("north-studio/spin-class", at(20), Value::Null)
            .await
    );
}

#[tokio::test]
async fn whoever_leaves_the_stylist_open_gets_either() {
    let partner = Partner::start().await;
    let wanted = |number: usize| request("harbour-salon/cut", at(20), &format!("user {number}"));
    assert_eq!(at_once(&partner, (0..6).map(wanted).collect()).await, (2, 4));
}

#[tokio::test]
async fn the_last_paid_spot_goes_to_one() {
    let partner = Partner::start().await;
    let wanted = |number: usize| paid_request("harbour-salon/color", at(48), &format!("user {number}"));
    assert_eq!(at_once(&partner, (0..10).map(wanted).collect()).await, (1, 9));
}

#[tokio::test]
async fn cancelling_frees_the_spot() {
    let partner = Partner::start().await;
    let table = json!({ "room_id": "terrace", "party_size": 4 });
    let mut wanted = paid_request("old-bistro/table", at(20), "u");
    wanted["slot"]["resources"] = table.clone();
    let booking = partner.book(wanted).await;
    assert!(!partner.is_open("old-bistro/table", at(20), table.clone()).await);
    partner.cancel(&id(&booking)).await;
    assert!(partner.is_open("old-bistro/table", at(20), table).await);
}

#[tokio::test]
async fn a_closed_slot_is_off_the_market() {
    let partner = Partner::start().await;
    let slot = json!({ "merchant_id": "harbour-salon", "service_id": "facial", "start_sec": at(20) });
    assert_eq!(partner.console("slots/close", slot).await, 204);
    assert!(!partner.is_open("harbour-salon/facial", at(20), Value::Null).await);
    let wanted = paid_request("harbour-salon/facial", at(20), "u");
    assert_eq!(partner.refused(wanted).await, "SLOT_UNAVAILABLE");
    let unknown = json!({ "merchant_id": "harbour-salon", "service_id": "x", "start_sec": at(20) });
    assert_eq!(partner.console("slots/close", unknown).await, 404);
}
