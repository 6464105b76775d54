//! BatchAvailabilityLookup.

use crate::partner::{NOW, Partner, at, request};
use serde_json::{Value, json};

async fn look_up(partner: &Partner, merchant: &str, slots: Value) -> Vec<Value> {
    let request = json!({ "merchant_id": merchant, "slot_time": slots });
    let answer = partner.call("BatchAvailabilityLookup", request).await;
    answer["slot_time_availability"].as_array().unwrap().clone()
}

#[tokio::test]
async fn one_entry_per_slot_in_order_and_echoed() {
    let partner = Partner::start().await;
    let slots = json!([
        { "service_id": "cut", "start_sec": at(20).to_string(), "duration_sec": "1800",
          "resource_ids": { "staff_id": "st-2" }, "availability_tag": "any" },
        { "service_id": "facial", "start_sec": at(45).to_string() },
        { "service_id": "no-such-service", "start_sec": at(20).to_string() },
        { "service_id": "cut", "start_sec": (at(20) + 7).to_string(), "duration_sec": "1800" },
        { "service_id": "cut", "start_sec": (NOW - 600).to_string() },
    ]);
    let answers = look_up(&partner, "harbour-salon", slots.clone()).await;
    let available: Vec<_> = answers
        .iter()
        .map(|answer| answer["available"].as_bool().unwrap())
        .collect();
    assert_eq!(available, [true, true, false, false, false]);
    for (slot, answer) in slots.as_array().unwrap().iter().zip(&answers) {
        assert_eq!(slot, &answer["slot_time"]);
    }
}

#[tokio::test]
async fn a_booked_resource_is_gone_and_its_neighbour_is_not() {
    let partner = Partner::start().await;
    let mut first = request("harbour-salon/cut", at(20), "u1");
    first["slot"]["resources"] = json!({ "staff_id": "st-1" });
    partner.book(first).await;
    let open = async |resources| partner.is_open("harbour-salon/cut", at(20), resources).await;
    assert!(!open(json!({ "staff_id": "st-1" })).await);
    assert!(open(json!({ "staff_id": "st-2" })).await);
    assert!(open(Value::Null).await);
    assert!(!open(json!({ "staff_id": "st-3" })).await);
}

#[tokio::test]
async fn a_slot_that_can_no_longer_be_booked_is_not_available() {
    let partner = Partner::start().await;
    assert!(partner.is_open("harbour-salon/facial", at(2), Value::Null).await);
    partner.clock.set(at(1) + 1);
    assert!(!partner.is_open("harbour-salon/facial", at(2), Value::Null).await);
}

#[tokio::test]
async fn the_real_mode_is_told_where_it_matters() {
    let partner = Partner::start().await;
    let slot = json!([{ "service_id": "ask-first", "start_sec": at(20).to_string() }]);
    let answer = look_up(&partner, "quiet-corner", slot).await;
    assert_eq!(
        answer[0]["slot_time"]["confirmation_mode"],
        "CONFIRMATION_MODE_ASYNCHRONOUS"
    );
    let slot = json!([{ "service_id": "cut", "start_sec": at(20).to_string(),
        "confirmation_mode": "CONFIRMATION_MODE_ASYNCHRONOUS" }]);
    let answer = look_up(&partner, "harbour-salon", slot).await;
    assert_eq!(
        answer[0]["slot_time"]["confirmation_mode"],
        "CONFIRMATION_MODE_SYNCHRONOUS"
    );
}

#[tokio::test]
async fn an_unknown_merchant_is_a_mistake() {
    let partner = Partner::start().await;
    let request = json!({ "merchant_id": "nobody", "slot_time": [] });
    assert_eq!(partner.post("/v3/BatchAvailabilityLookup", &request).await.0, 400);
}
