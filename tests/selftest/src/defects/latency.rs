//! Answers that come too late, or now and then not at all.

use crate::wire::{Memory, ReceivedCall, Reply, layer};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const LOOKUP: Method = Method::BatchAvailabilityLookup;

/// How much a slow answer exceeds its limit: on a busy machine the harness itself may be late by a part of that.
const MARGIN: Duration = Duration::from_secs(2);

/// A slot that starts sooner would be past when a slow answer comes.
const FAR_SEC: i64 = 3600;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "every-fifth-look-up-is-slow",
        about: "Every fifth look-up waits for a connection to the calendar.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-10")],
        amendments: Amendments::NONE,
        seams: || {
            slow(Duration::from_millis(1500), |call, count| {
                call.method == Some(LOOKUP)
                    && starts_late(call, "/slot_time/0/start_sec")
                    && count().is_multiple_of(5)
            })
        },
    },
    Defect {
        name: "look-ups-fail-now-and-then",
        about: "A part of the instances cannot reach the calendar and answers 503.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-11")],
        amendments: Amendments::NONE,
        seams: failing_now_and_then,
    },
    Defect {
        name: "slow-to-book",
        about: "A few bookings wait for the mail to the merchant.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-16")],
        amendments: Amendments::NONE,
        seams: || {
            slow(Duration::from_secs(4), |call, count| {
                call.method == Some(Method::CreateBooking)
                    && starts_late(call, "/slot/start_sec")
                    && !pays(call)
                    && count() < 3
            })
        },
    },
    Defect {
        name: "slow-to-change",
        about: "A few changes wait for the mail to the merchant.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-UPDATE-17")],
        amendments: Amendments::NONE,
        seams: || {
            slow(Duration::from_secs(4), |call, count| {
                call.method == Some(Method::UpdateBooking) && count() < 3
            })
        },
    },
];

/// Answers beyond a limit where `wanted` says so; it may count the visits that it looks at.
fn slow(limit: Duration, wanted: fn(&ReceivedCall, &dyn Fn() -> usize) -> bool) -> Seams {
    let counted = Arc::new(AtomicUsize::new(0));
    layer(move |call, server| {
        let count = || counted.fetch_add(1, Ordering::Relaxed);
        let late = wanted(&call, &count);
        async move {
            if late {
                crate::time::sleep(limit + MARGIN).await;
            }
            server.answer(call).await
        }
    })
}

/// Of the free slots that are looked up for the first time, every fourth one is met by a broken instance.
fn failing_now_and_then() -> Seams {
    let seen: Memory<()> = Memory::default();
    let counted = Arc::new(AtomicUsize::new(0));
    layer(move |call, server| {
        let first = is_click(&call) && seen.keep(place(&call), ()).is_none();
        let counted = Arc::clone(&counted);
        async move {
            let reply = server.answer(call).await;
            let free = reply.body.pointer("/slot_time_availability/0/available") == Some(&json!(true));
            if first && free && counted.fetch_add(1, Ordering::Relaxed) % 4 == 3 {
                return Reply::new(503, json!({ "error": "unavailable" }));
            }
            reply
        }
    })
}

fn is_click(call: &ReceivedCall) -> bool {
    let slots = call.body["slot_time"].as_array();
    call.method == Some(LOOKUP) && slots.is_some_and(|slots| slots.len() == 1)
}

/// The slot of a click, however its numbers are written: what comes after the harness's own look-up is another matter.
fn place(call: &ReceivedCall) -> String {
    let field = |pointer| {
        call.body
            .pointer(pointer)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let place = [
        "/merchant_id",
        "/slot_time/0/service_id",
        "/slot_time/0/start_sec",
    ]
    .map(field);
    place.join(" ").replace('"', "")
}

fn pays(call: &ReceivedCall) -> bool {
    !call.body["payment_processing_parameters"].is_null()
}

fn starts_late(call: &ReceivedCall, pointer: &str) -> bool {
    let start = call.text(pointer).and_then(|text| text.parse::<i64>().ok());
    start.is_some_and(|start| start > crate::time::now_sec() + FAR_SEC)
}
