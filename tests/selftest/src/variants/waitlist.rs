//! Waitlists that are different, but right.

use crate::wire::{Reply, answers, replies, set, take, text};
use crate::{Amendments, Variant};
use axum::http::StatusCode;
use protocol::Method;
use serde_json::{Value, json};

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "waitlist-sizes-left-out",
        about: "The largest parties would wait too long, and get no estimate; the others get a range beside no wait.",
        tolerated: &[],
        seams: || {
            answers(Method::BatchGetWaitEstimates, |_, answer| {
                if let Some(estimates) = listed(answer) {
                    estimates.retain(|estimate| estimate["party_size"].as_i64() < Some(6));
                    for estimate in estimates.iter_mut() {
                        take(estimate, "", "waitlist_confirmation_mode");
                    }
                    estimates.reverse();
                }
                let none = answer["wait_estimate"].as_array().is_some_and(Vec::is_empty);
                if none {
                    *answer = json!({ "waitlist_status": "CLOSED_OTHER" });
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "waitlist-decided-by-the-merchant",
        about: "Who joins is on the list once the merchant says so.",
        tolerated: &[],
        seams: || {
            replies(|_, reply| {
                let mode = "WAITLIST_CONFIRMATION_MODE_ASYNCHRONOUS";
                for estimate in listed(&mut reply.body).into_iter().flatten() {
                    set(estimate, "/waitlist_confirmation_mode", mode);
                }
                set(
                    &mut reply.body,
                    "/waitlist_entry/wait_estimate/waitlist_confirmation_mode",
                    mode,
                );
                if text(&reply.body, "/waitlist_entry/waitlist_entry_state").as_deref() == Some("WAITING") {
                    set(
                        &mut reply.body,
                        "/waitlist_entry/waitlist_entry_state",
                        "PENDING_MERCHANT_CONFIRMATION",
                    );
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "waitlist-numbers-and-strangers",
        about: "Times are numbers, an empty answer has no body, and what is unknown or was deleted before is answered with another code.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                numbers(&mut reply.body);
                match call.method {
                    Some(Method::GetWaitlistEntry) if reply.status == StatusCode::NOT_FOUND => {
                        *reply = Reply::new(400, json!({ "error": "unknown entry" }));
                    }
                    Some(Method::DeleteWaitlistEntry) if reply.status == StatusCode::OK => {
                        reply.body = Value::Null;
                    }
                    _ => {}
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "waitlist-with-no-wait",
        about: "A list without a wait takes parties all the same, and says when they will be seated.",
        tolerated: &[],
        seams: || {
            answers(Method::GetWaitlistEntry, |_, answer| {
                let place = "/waitlist_entry/wait_estimate/wait_length";
                let created =
                    answer["waitlist_entry"]["waitlist_entry_state_times"]["created_time_seconds"].clone();
                take(answer, place, "parties_ahead_count");
                if answer.pointer(place) == Some(&json!({})) {
                    let range = json!({ "start_seconds": created, "end_seconds": created });
                    set(answer, place, json!({ "estimated_seat_time_range": range }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "no-waitlist",
        about: "The partner has no waitlist, and answers 501 to its methods.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                let is_ours = call.method.is_some_and(Method::is_of_waitlists);
                if is_ours && reply.status != StatusCode::UNAUTHORIZED {
                    *reply = Reply::new(501, json!({ "error": "not offered" }));
                }
            })
        },
        amendments: Amendments {
            feeds: Some(without_rules),
            ..Amendments::NONE
        },
    },
];

/// The estimates of an answer.
fn listed(answer: &mut Value) -> Option<&mut Vec<Value>> {
    answer.get_mut("wait_estimate")?.as_array_mut()
}

fn without_rules(feed: &mut Value) {
    let services = feed.get_mut("service").and_then(Value::as_array_mut);
    if let Some(services) = services {
        services.retain(|service| service.get("waitlist_rules").is_none());
    }
    let merchants = feed.get_mut("merchant").and_then(Value::as_array_mut);
    if let Some(merchants) = merchants {
        merchants.retain(|merchant| merchant["merchant_id"] != "noodle-bar");
    }
}

/// Every text of digits below a name that ends like one of a time.
fn numbers(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str().and_then(|text| text.parse::<i64>().ok()) {
                    Some(number) if name.ends_with("_seconds") => *field = json!(number),
                    _ => numbers(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(numbers),
        _ => {}
    }
}
