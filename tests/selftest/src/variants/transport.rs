//! Servers that refuse in other words, or are found in more places.

use crate::Amendments;
use crate::defects::concurrency::{each, limit_concurrent};
use crate::wire::{Reply, paths, replies};
use crate::{Variant, id};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use protocol::Method;
use serde_json::json;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "any-spelling-of-a-path",
        about: "Paths are found whatever the case of their letters.",
        tolerated: &[],
        seams: || {
            paths(|head| {
                let lower = head.uri.path().trim_end_matches('/').to_lowercase();
                let named = |method: &Method| method.path().to_lowercase() == lower;
                if let Some(method) = Method::ALL.into_iter().find(named) {
                    head.uri = Uri::try_from(method.path()).unwrap_or_default();
                }
                None
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "not-offered-is-not-found",
        about: "Methods that are not offered, like paths that do not exist, are answered 404.",
        tolerated: &[],
        seams: || {
            paths(|head| {
                let lease = head.uri.path().trim_end_matches('/') == "/v3/CreateLease";
                lease.then(|| Reply::new(404, json!({ "error": "not found" })))
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "not-supported-is-a-bad-request",
        about: "What the server does not know is answered 400 in plain text.",
        tolerated: &[],
        seams: || {
            paths(|head| {
                let name = head.uri.path().trim_end_matches('/').to_lowercase();
                let known = Method::ALL
                    .iter()
                    .any(|method| method.path().to_lowercase() == name);
                let lost = name.starts_with("/v3/") && !known;
                lost.then(|| Reply::new(400, json!("Request Not Supported")))
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "refuses-with-a-page",
        about: "Refusals are small pages of HTML.",
        tolerated: &[],
        seams: || {
            replies(|_, reply| {
                if reply.status.is_client_error() {
                    let html = HeaderValue::from_static("text/html; charset=utf-8");
                    reply.headers.insert(header::CONTENT_TYPE, html);
                    reply.body = json!(format!("<html><h1>{}</h1></html>", reply.status));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "put-off-when-busy",
        about: "When too many equal look-ups come at once, some are answered 429.",
        tolerated: &[],
        seams: || limit_concurrent(2, each(Method::BatchAvailabilityLookup), 429),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "one-change-at-a-time",
        about: "Of two changes of one booking at the same moment one is answered 409.",
        tolerated: &[],
        seams: || limit_concurrent(1, |call| call.text("/booking/booking_id"), 409),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "invalid-slot-is-a-business-failure",
        about: "Booking a slot that never was is answered SLOT_UNAVAILABLE.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                let reason = reply.body["error"].as_str().unwrap_or_default();
                if call.method == Some(Method::CreateBooking) && reason.contains("no such slot") {
                    *reply = Reply::new(200, json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "merchants-are-not-found",
        about: "Booking at a merchant, service or slot that never was is answered 404.",
        tolerated: &[id("BS-HTTP-10")],
        seams: || {
            replies(|call, reply| {
                let reason = reply.body["error"].as_str().unwrap_or_default();
                let unknown = reason.starts_with("unknown ") || reason.contains("no such slot");
                if call.method == Some(Method::CreateBooking) && unknown {
                    reply.status = StatusCode::NOT_FOUND;
                }
            })
        },
        amendments: Amendments::NONE,
    },
];
