//! Orders of tickets: asked, made as a whole or not at all, listed.

use crate::partner::{Partner, at};
use serde_json::{Value, json};

fn item(service: &str, hours: i64, ticket: &str, count: i64, units: i64) -> Value {
    json!({ "service_id": service, "start_sec": at(hours).to_string(), "duration_sec": "7200",
        "tickets": [{ "ticket_id": ticket, "count": count }], "price": euros(units) })
}

fn euros(units: i64) -> Value {
    json!({ "price_micros": (units * 1_000_000).to_string(), "currency_code": "EUR" })
}

fn order(items: &[Value], user: &str, token: &str) -> Value {
    json!({ "order": { "merchant_id": "old-town-walks", "user_information": { "user_id": user }, "item": items },
        "idempotency_token": token })
}

/// With the sums that Google states, and a card.
fn paid(mut order: Value, price: i64, fees: i64) -> Value {
    order["order"]["payment_information"] = json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
        "price": euros(price), "fees_and_taxes": euros(fees) });
    let token = format!("tok_{}", order["idempotency_token"].as_str().unwrap());
    order["payment_processing_parameters"] = json!({ "unparsed_payment_method_token": token });
    order
}

async fn check(partner: &Partner, items: &[Value]) -> Value {
    let body = json!({ "merchant_id": "old-town-walks", "item": items });
    partner.call("CheckOrderFulfillability", body).await
}

async fn listed(partner: &Partner, user: &str) -> Value {
    let answer = partner.call("ListOrders", json!({ "user_id": user })).await;
    answer["order"].clone()
}

#[tokio::test]
async fn a_check_says_of_each_item_whether_it_can_be_had_and_what_it_costs() {
    let partner = Partner::start().await;
    let items = [
        item("night-walk", 24, "adult", 2, 60),
        item("courtyards", 24, "seat", 11, 154),
        item("courtyards", 32, "seat", 1, 10),
        item("night-walk", 32, "child", 1, 12),
        item("night-walk", 33, "adult", 1, 30),
    ];
    let answer = check(&partner, &items).await;
    let said = answer["fulfillability"]["item_fulfillability"]
        .as_array()
        .unwrap();
    let results: Vec<&Value> = said.iter().map(|one| &one["result"]).collect();
    assert_eq!(
        results,
        [
            "CAN_FULFILL",
            "TICKET_CONSTRAINT_VIOLATED",
            "CAN_FULFILL",
            "CHILD_TICKETS_WITHOUT_ADULT",
            "SLOT_UNAVAILABLE"
        ]
    );
    assert_eq!(
        said[1]["violated_ticket_constraint"],
        json!([{ "max_ticket_count": 10 }])
    );
    assert_eq!(said[2]["item"]["price"], euros(14));
    assert_eq!(said[2]["item"]["warning_reason"], "PRICE_INCREASE");
    assert_eq!(answer["fulfillability"]["result"], "UNFULFILLABLE_LINE_ITEM");
    assert_eq!(answer["fees"]["per_ticket_fee"][0]["fee_amount"], euros(2));
}

#[tokio::test]
async fn an_order_is_made_once_and_listed() {
    let partner = Partner::start().await;
    let items = [
        item("night-walk", 24, "adult", 2, 60),
        item("courtyards", 24, "seat", 1, 14),
    ];
    let wanted = paid(order(&items, "ada", "o1"), 74, 4);
    let made = partner.call("CreateOrder", wanted.clone()).await;
    assert_eq!(made["order"]["item"][1]["status"], "CONFIRMED");
    assert_eq!(made["order"]["payment_information"]["fees_and_taxes"], euros(4));
    assert_eq!(partner.call("CreateOrder", wanted).await, made);
    assert_eq!(listed(&partner, "ada").await, json!([made["order"]]));
    assert_eq!(listed(&partner, "bob").await, json!([]));
    let ids = json!({ "order_ids": { "order_id": [made["order"]["order_id"], "no-such-order"] } });
    let by_id = partner.call("ListOrders", ids).await;
    assert_eq!(by_id["order"], json!([made["order"]]));
}

#[tokio::test]
async fn of_an_order_that_cannot_be_made_as_a_whole_nothing_is() {
    let partner = Partner::start().await;
    let full = [item("courtyards", 24, "seat", 9, 126)];
    partner.call("CreateOrder", order(&full, "bob", "o1")).await;
    let items = [
        item("courtyards", 32, "seat", 10, 140),
        item("courtyards", 24, "seat", 2, 28),
    ];
    let refused = partner.call("CreateOrder", order(&items, "ada", "o2")).await;
    let failure = &refused["order_failure"];
    assert_eq!(failure["cause"], "ORDER_UNFULFILLABLE");
    let said = &failure["fulfillability"]["item_fulfillability"];
    assert_eq!(said[1]["availability"]["spots_open"], 1);
    assert_eq!(listed(&partner, "ada").await, json!([]));
    let free = check(&partner, &items[..1]).await;
    assert_eq!(free["fulfillability"]["result"], "CAN_FULFILL");
}

#[tokio::test]
async fn nothing_is_charged_that_the_user_did_not_see() {
    let partner = Partner::start().await;
    let items = [item("night-walk", 24, "adult", 2, 60)];
    let surprised = paid(order(&items, "ada", "o1"), 60, 5);
    let refused = partner.call("CreateOrder", surprised).await;
    assert_eq!(refused["order_failure"]["cause"], "INCORRECT_FEE_TOTAL");
    let cheaper = [item("night-walk", 24, "adult", 2, 50)];
    let refused = partner
        .call("CreateOrder", paid(order(&cheaper, "ada", "o1"), 50, 4))
        .await;
    let said = &refused["order_failure"]["fulfillability"]["item_fulfillability"];
    assert_eq!(said[0]["result"], "INCORRECT_PRICE");
    let declined = paid(order(&items, "ada", "declined"), 60, 4);
    let refused = partner.call("CreateOrder", declined).await;
    assert_eq!(refused["order_failure"]["cause"], "PAYMENT_ERROR_CARD_DECLINED");
    assert_eq!(listed(&partner, "ada").await, json!([]));
}

#[tokio::test]
async fn tickets_are_ordered_and_not_booked() {
    let partner = Partner::start().await;
    let slot = json!({ "merchant_id": "old-town-walks", "service_id": "courtyards",
        "start_sec": at(24).to_string(), "duration_sec": "7200" });
    let booking =
        json!({ "slot": slot, "user_information": { "user_id": "ada" }, "idempotency_token": "b1" });
    let (status, _) = partner.post("/v3/CreateBooking", &booking).await;
    assert_eq!(status, 400);
}
