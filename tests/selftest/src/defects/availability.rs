//! HealthCheck and BatchAvailabilityLookup.

use crate::wire::{Memory, Reply, answers, layer, replies, set};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const LOOKUP: Method = Method::BatchAvailabilityLookup;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "not-healthy",
        about: "HealthCheck is routed for POST only.",
        scenario: "basic/health-check",
        violates: &[id("BS-HEALTH-01")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(Method::HealthCheck) && reply.status == 200 {
                    *reply = Reply::new(405, json!({ "error": "method not allowed" }));
                }
            })
        },
    },
    Defect {
        name: "always-available",
        about: "A slot that was available once is so for ever, whatever was booked.",
        scenario: "lookup/after-booking",
        // Of two slots side by side both stay available, as with a server that does not tell them apart.
        violates: &[id("BS-BAL-06"), id("BS-BAL-09")],
        amendments: Amendments::NONE,
        seams: available_for_ever,
    },
    Defect {
        name: "one-slot-at-a-time",
        about: "A look-up of more than one slot ends in an internal error.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-04")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(LOOKUP) && slots(&call.body) > 1 {
                    *reply = Reply::new(500, json!({ "error": "internal error" }));
                }
            })
        },
    },
    Defect {
        name: "loses-the-last-slot",
        about: "The last slot of a page has no entry.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LOOKUP, |request, answer| {
                if let Some(entries) = answer["slot_time_availability"].as_array_mut() {
                    entries.truncate(slots(request).saturating_sub(1).max(1));
                }
            })
        },
    },
    Defect {
        name: "an-entry-too-many",
        about: "Another slot of the day is thrown in.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LOOKUP, |request, answer| {
                let Some(entries) = answer["slot_time_availability"].as_array_mut() else {
                    return;
                };
                let first = entries.first().cloned().filter(|_| slots(request) > 1);
                entries.extend(first);
            })
        },
    },
    Defect {
        name: "rounds-the-start",
        about: "Starts are returned a minute later.",
        scenario: "lookup/slot-click",
        violates: &[id("BS-BAL-02")],
        amendments: Amendments::NONE,
        seams: || {
            each_entry(|entry| {
                let start = entry
                    .pointer("/slot_time/start_sec")
                    .and_then(protocol::int64::read);
                let later = start.unwrap_or_default() + 60;
                set(entry, "/slot_time/start_sec", later.to_string());
            })
        },
    },
    Defect {
        name: "one-look-at-a-time",
        about: "Whoever looks at a slot twice in a row is told that it is gone.",
        scenario: "lookup/slot-click",
        violates: &[id("BS-BAL-05")],
        amendments: Amendments::NONE,
        seams: looks_once,
    },
    Defect {
        name: "slot-never-comes-back",
        about: "A slot that was ever booked is never offered again.",
        scenario: "lookup/after-booking",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: never_again,
    },
];

fn slots(request: &Value) -> usize {
    request["slot_time"].as_array().map_or(0, Vec::len)
}

fn each_entry(edit: fn(&mut Value)) -> Seams {
    answers(LOOKUP, move |_, answer| {
        let entries = answer["slot_time_availability"].as_array_mut();
        entries.into_iter().flatten().for_each(edit);
    })
}

fn available_for_ever() -> Seams {
    let free: Memory<()> = Memory::default();
    answers(LOOKUP, move |request, answer| {
        let entries = answer["slot_time_availability"].as_array_mut();
        for entry in entries.into_iter().flatten() {
            let name = place(&request["merchant_id"], &entry["slot_time"], "resource_ids");
            if entry["available"] == true {
                free.keep(name, ());
            } else if free.recall(&name).is_some() {
                entry["available"] = json!(true);
            }
        }
    })
}

fn looks_once() -> Seams {
    let last: Memory<bool> = Memory::default();
    replies(move |call, reply| {
        let (slot, resources) = match call.method {
            Some(LOOKUP) => (&call.body["slot_time"][0], "resource_ids"),
            Some(Method::CreateBooking) => (&call.body["slot"], "resources"),
            _ => (&reply.body["booking"]["slot"], "resources"),
        };
        let merchant = match call.method {
            Some(LOOKUP) => &call.body["merchant_id"],
            _ => &slot["merchant_id"],
        };
        let name = place(merchant, slot, resources);
        let looks = call.method == Some(LOOKUP) && reply.status == 200;
        let sees_it = looks && reply.body["slot_time_availability"][0]["available"] == true;
        let alone = slots(&call.body) == 1
            && slot.get("duration_sec").is_some()
            && slot.get("resource_ids").is_none();
        if !looks || alone {
            // A look at several slots, at one whose length is left open or at one of several at a time
            // is not counted.
            let before = last.keep(name, sees_it);
            if before == Some(true) && looks {
                set(&mut reply.body, "/slot_time_availability/0/available", false);
            }
        }
    })
}

fn never_again() -> Seams {
    let booked: Memory<()> = Memory::default();
    layer(move |call, server| {
        let booked = booked.clone();
        async move {
            let mut reply = server.answer(call.clone()).await;
            let slot = call
                .body
                .get("slot")
                .or_else(|| reply.body.pointer("/booking/slot"));
            if call.method.is_some_and(Method::mutates)
                && reply.body.get("booking").is_some()
                && let Some(slot) = slot
            {
                let whole = reply.body.pointer("/booking/slot").unwrap_or(slot);
                booked.keep(place(&whole["merchant_id"], whole, "resources"), ());
            }
            if call.method == Some(LOOKUP) {
                let entries = reply.body["slot_time_availability"].as_array_mut();
                for entry in entries.into_iter().flatten() {
                    let place = place(&call.body["merchant_id"], &entry["slot_time"], "resource_ids");
                    if booked.recall(&place).is_some() {
                        entry["available"] = json!(false);
                    }
                }
            }
            reply
        }
    })
}

fn place(merchant: &Value, slot: &Value, resources: &str) -> String {
    let (service, start) = (&slot["service_id"], &slot["start_sec"]);
    format!("{merchant} {service} {start} {}", slot[resources])
}
