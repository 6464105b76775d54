//! What may be different about orders of tickets.

use crate::orders::{each_entry, entries, fees_of};
use crate::wire::{replies, set, take};
use crate::{Amendments, Variant};
use axum::http::StatusCode;
use protocol::Method;
use serde_json::{Value, json};

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "prices-are-refused",
        about: "An outdated price is not corrected but refused.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method == Some(Method::CheckOrderFulfillability) && reply.status == StatusCode::OK {
                    refuse_price(&mut reply.body);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "orders-in-other-words",
        about: "Fees come in one sum, entries in reverse order, orders wait for the merchant, and too many tickets are just not there.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if reply.status != StatusCode::OK {
                    return;
                }
                let answer = &mut reply.body;
                match call.method {
                    Some(Method::CheckOrderFulfillability) => in_one_sum(&call.body["item"], answer),
                    Some(Method::CreateOrder) => {
                        if let Some(order) = answer.get_mut("order") {
                            wait_for_merchant(order);
                        }
                        if let Some(failure) = answer.get_mut("order_failure") {
                            in_other_words(failure);
                        }
                    }
                    Some(Method::ListOrders) => {
                        let orders = answer["order"].as_array_mut().into_iter().flatten();
                        orders.for_each(wait_for_merchant);
                    }
                    _ => {}
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "orders-name-what-is-not-so",
        about: "Where nothing is wrong with a price, the warning reason is there and unspecified.",
        tolerated: &[],
        seams: || {
            each_entry(|entry| {
                if entry["item"].get("warning_reason").is_none() {
                    entry["item"]["warning_reason"] = json!("UNSPECIFIED_WARNING_REASON");
                }
            })
        },
        amendments: Amendments::NONE,
    },
];

fn refuse_price(answer: &mut Value) {
    let mut refused = false;
    for entry in entries(answer).into_iter().flatten() {
        if take(&mut entry["item"], "", "warning_reason").is_some() && entry["result"] == "CAN_FULFILL" {
            entry["result"] = json!("INCORRECT_PRICE");
            refused = true;
        }
    }
    if refused {
        set(answer, "/fulfillability/result", "UNFULFILLABLE_LINE_ITEM");
        take(answer, "", "fees");
    }
}

fn in_one_sum(items: &Value, answer: &mut Value) {
    in_other_words(answer);
    let fees = fees_of(items);
    if take(answer, "", "fees").is_some() {
        answer["fees_and_taxes"] = json!({ "price_micros": fees, "currency_code": "EUR" });
    }
}

/// What is said of each item, in an answer or in a failure.
fn in_other_words(message: &mut Value) {
    let Some(entries) = entries(message) else {
        return;
    };
    entries.reverse();
    for entry in entries {
        if entry["result"] == "TICKET_CONSTRAINT_VIOLATED" {
            entry["result"] = json!("SLOT_UNAVAILABLE");
            take(entry, "", "violated_ticket_constraint");
        }
    }
}

fn wait_for_merchant(order: &mut Value) {
    let items = order.get_mut("item").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten() {
        item["status"] = json!("PENDING_MERCHANT_CONFIRMATION");
    }
}
