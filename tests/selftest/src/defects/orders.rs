//! Orders of tickets.

use crate::orders::{each_entry, entries, fees_of};
use crate::wire::{Memory, Reply, answers, layer, set, take, text};
use crate::{Amendments, Defect, id};
use axum::http::StatusCode;
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::{Value, json};

const CHECK: Method = Method::CheckOrderFulfillability;
const CREATE: Method = Method::CreateOrder;
const LIST: Method = Method::ListOrders;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "ordered-in-part",
        about: "Of an order that is refused, the first item is booked all the same.",
        scenario: "orders/all-or-nothing",
        violates: &[id("BS-ORDER-01")],
        amendments: Amendments::NONE,
        seams: ordered_in_part,
    },
    Defect {
        name: "half-an-order",
        about: "An order is answered with one item that is booked and one that failed.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                set(answer, "/order/item/1/status", "FAILED");
            })
        },
    },
    Defect {
        name: "ordered-for-longer",
        about: "An order is answered with items that are a minute longer than those that were ordered.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                for item in answer
                    .pointer_mut("/order/item")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    let length = item.get("duration_sec").and_then(int64::read).unwrap_or_default();
                    set(item, "/duration_sec", (length + 60).to_string());
                }
            })
        },
    },
    Defect {
        name: "order-and-failure",
        about: "An order that was made is answered with a failure beside it.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-02")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                if answer.get("order").is_some() {
                    answer["order_failure"] = json!({ "cause": "PAYMENT_ERROR" });
                }
            })
        },
    },
    Defect {
        name: "listed-without-status",
        about: "Items of listed orders have no status.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LIST, |_, answer| {
                let orders = answer["order"].as_array_mut().into_iter().flatten();
                let items = orders.filter_map(|order| order["item"].as_array_mut()).flatten();
                items.for_each(|item| {
                    take(item, "", "status");
                });
            })
        },
    },
    Defect {
        name: "order-without-id",
        about: "CreateOrder does not say the id of the order.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                take(answer, "/order", "order_id");
            })
        },
    },
    Defect {
        name: "only-the-first-item",
        about: "Only of the first item it is said whether it can be had.",
        scenario: "orders/check",
        violates: &[id("BS-ORDER-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CHECK, |_, answer| {
                if let Some(entries) = entries(answer) {
                    entries.truncate(1);
                }
            })
        },
    },
    Defect {
        name: "price-as-it-came",
        about: "Whatever price is asked for is repeated.",
        scenario: "orders/price-changed",
        violates: &[id("BS-ORDER-05")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CHECK, |request, answer| {
                for (place, entry) in entries(answer).into_iter().flatten().enumerate() {
                    entry["item"] = request["item"][place].clone();
                }
            })
        },
    },
    Defect {
        name: "warned-the-wrong-way",
        about: "A price that is higher than the user knew is called a decrease.",
        scenario: "orders/price-changed",
        violates: &[id("BS-ORDER-05")],
        amendments: Amendments::NONE,
        seams: || {
            each_entry(|entry| {
                set(entry, "/item/warning_reason", "PRICE_DECREASE");
            })
        },
    },
    Defect {
        name: "constraint-without-a-number",
        about: "Too many tickets are refused without saying how many would do.",
        scenario: "orders/check",
        violates: &[id("BS-ORDER-06")],
        amendments: Amendments::NONE,
        seams: || {
            each_entry(|entry| {
                take(entry, "", "violated_ticket_constraint");
            })
        },
    },
    Defect {
        name: "refused-without-a-reason",
        about: "An order that cannot be fulfilled is refused without saying what cannot.",
        scenario: "orders/all-or-nothing",
        violates: &[id("BS-ORDER-06")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                take(answer, "/order_failure", "fulfillability");
            })
        },
    },
    Defect {
        name: "ordered-once-more",
        about: "The same order sent again is another order.",
        scenario: "orders/same-token",
        violates: &[id("BS-IDEM-10")],
        amendments: Amendments::NONE,
        seams: || {
            let seen: Memory<isize> = Memory::default();
            layer(move |mut call, server| {
                if call.method == Some(CREATE) {
                    let token = text(&call.body, "/idempotency_token").unwrap_or_default();
                    let number = seen.add(token.clone(), 1);
                    call.body["idempotency_token"] = json!(format!("{token}-{number}"));
                }
                async move { server.answer(call).await }
            })
        },
    },
    Defect {
        name: "fees-unchecked",
        about: "Whatever Google states as fees, the partner charges its own.",
        scenario: "orders/wrong-fees",
        violates: &[id("BS-ORDER-07")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|mut call, server| async move {
                let fees = fees_of(&call.body["order"]["item"]);
                if call.method == Some(CREATE) && fees > 0 {
                    call.body["order"]["payment_information"]["fees_and_taxes"] =
                        json!({ "price_micros": fees.to_string(), "currency_code": "EUR" });
                }
                server.answer(call).await
            })
        },
    },
    Defect {
        name: "fees-come-as-a-surprise",
        about: "A fee is charged for each ticket, and only the feed says so.",
        scenario: "orders/fees",
        violates: &[id("BS-ORDER-08")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CHECK, |_, answer| {
                take(answer, "", "fees");
            })
        },
    },
];

/// What was refused as a whole is ordered once more without its other items, and the refusal is answered.
fn ordered_in_part() -> Seams {
    layer(|call, server| async move {
        let reply: Reply = server.answer(call.clone()).await;
        let is_refused = reply.status == StatusCode::OK && reply.body.get("order_failure").is_some();
        if call.method == Some(CREATE) && is_refused {
            let mut part = call.clone();
            if let Some(items) = part.body["order"]["item"].as_array_mut() {
                items.truncate(1);
            }
            let token = text(&call.body, "/idempotency_token").unwrap_or_default();
            part.body["idempotency_token"] = json!(token + "-1");
            take(&mut part.body, "/order", "payment_information");
            let _: Reply = server.answer(part).await;
        }
        reply
    })
}
