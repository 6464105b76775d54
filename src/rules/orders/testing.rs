//! Messages of orders, for stories to take as they are or to change.

use serde_json::{Value, json};

/// Two adults at this hour, for so many units.
pub(super) fn item(hour: i64, price: i64) -> Value {
    json!({ "service_id": "walk", "start_sec": (1_893_520_800 + hour * 3_600).to_string(), "duration_sec": "7200",
        "tickets": [{ "ticket_id": "adult", "count": 2 }],
        "price": { "price_micros": (price * 1_000_000).to_string(), "currency_code": "EUR" } })
}

/// A CheckOrderFulfillability.
pub(super) fn check(items: &[Value]) -> Value {
    json!({ "merchant_id": "tour", "cart_id": "55", "item": items })
}

/// Each item with what is said of it.
pub(super) fn entry(item: &Value, result: &str) -> Value {
    json!({ "item": item, "result": result })
}

/// The answer to a check.
pub(super) fn answer(result: &str, entries: &[Value]) -> Value {
    json!({ "fulfillability": { "result": result, "item_fulfillability": entries } })
}

/// A CreateOrder of the user 72.
pub(super) fn order(items: &[Value]) -> Value {
    json!({ "order": { "merchant_id": "tour", "user_information": { "user_id": "72" }, "item": items },
        "idempotency_token": "55" })
}

/// The item of an order that was made.
pub(super) fn with_status(item: &Value, status: &str) -> Value {
    let mut item = item.clone();
    item["status"] = json!(status);
    item
}

/// An order that was made.
pub(super) fn made(id: &str, items: &[Value]) -> Value {
    json!({ "order_id": id, "merchant_id": "tour", "user_information": { "user_id": "72" }, "item": items })
}
