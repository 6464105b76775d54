//! Look-ups of more than one kind of slot, and of slots that are not there.

use crate::wire::{Memory, Reply, answers, layer, replies, set, take};
use crate::{Amendments, Defect, id};
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::{Value, json};

const LOOKUP: Method = Method::BatchAvailabilityLookup;
const DAY_SEC: i64 = 86_400;
/// More slots than any look-up but that of a page.
const PAGE: usize = 3;
/// So many looks at a slot in a row are more than any other scenario takes.
const LOOKS: usize = 5;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "no-entries",
        about: "Look-ups are answered with an empty list.",
        scenario: "basic/look-up",
        violates: &[id("BS-BAL-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LOOKUP, |_, answer| {
                *answer = json!({ "slot_time_availability": [] });
            })
        },
    },
    Defect {
        name: "own-dialect",
        about: "Look-ups are answered with the free slots under a name of the partner's own.",
        scenario: "basic/look-up",
        violates: &[id("BS-BAL-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LOOKUP, |_, answer| {
                let entries = take(answer, "", "slot_time_availability");
                *answer = json!({ "slots": entries });
            })
        },
    },
    Defect {
        name: "page-from-the-feed",
        about: "The page is answered from a copy of the feed, a single slot from the calendar.",
        scenario: "lookup/after-booking",
        violates: &[id("BS-BAL-06")],
        amendments: Amendments::NONE,
        seams: page_from_the_feed,
    },
    Defect {
        name: "one-look-behind",
        about: "The first look at a slot after it was booked still shows how it was before.",
        scenario: "lookup/after-booking",
        violates: &[id("BS-BAL-16")],
        amendments: Amendments::NONE,
        seams: one_look_behind,
    },
    Defect {
        name: "the-past-is-free",
        about: "Slots of the past are available.",
        scenario: "lookup/never-there",
        violates: &[id("BS-BAL-03")],
        amendments: Amendments::NONE,
        seams: || {
            entries(|_, entry| {
                let start = int64::read(&entry["slot_time"]["start_sec"]).unwrap_or_default();
                if start < crate::time::now_sec() - DAY_SEC {
                    entry["available"] = json!(true);
                }
            })
        },
    },
    Defect {
        name: "every-merchant-is-free",
        about: "Whatever is asked of a merchant that does not exist is available.",
        scenario: "lookup/unknown-merchant",
        violates: &[id("BS-BAL-03")],
        amendments: Amendments::NONE,
        seams: || unknown_merchants(true),
    },
    Defect {
        name: "nobody-is-free",
        about: "A merchant that does not exist is answered like one that is booked out.",
        scenario: "lookup/unknown-merchant",
        violates: &[id("BS-BAL-18")],
        amendments: Amendments::NONE,
        seams: || unknown_merchants(false),
    },
    Defect {
        name: "one-day-at-a-time",
        about: "Only the day of the first slot is looked at.",
        scenario: "lookup/several-days",
        violates: &[id("BS-BAL-07")],
        amendments: Amendments::NONE,
        seams: || {
            entries(|first, entry| {
                let day = |slot: &Value| int64::read(&slot["start_sec"]).unwrap_or_default() / DAY_SEC;
                let same_service = first["service_id"] == entry["slot_time"]["service_id"];
                if same_service && day(first) != day(&entry["slot_time"]) {
                    entry["available"] = json!(false);
                }
            })
        },
    },
    Defect {
        name: "one-service-at-a-time",
        about: "Only the service of the first slot is looked at.",
        scenario: "lookup/several-services",
        violates: &[id("BS-BAL-08")],
        amendments: Amendments::NONE,
        seams: || {
            entries(|first, entry| {
                if first["service_id"] != entry["slot_time"]["service_id"] {
                    entry["available"] = json!(false);
                }
            })
        },
    },
    Defect {
        name: "neighbours-merged",
        about: "Slots at one time are all answered like the first of them.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("BS-BAL-09")],
        amendments: Amendments::NONE,
        seams: neighbours_merged,
    },
    Defect {
        name: "resources-under-the-wrong-name",
        about: "Look-ups read `resources`, which is what the field is called in bookings.",
        scenario: "lookup/two-at-one-time",
        // Whoever is asked for does not matter, so neither does it that there is no such one.
        violates: &[id("BS-BAL-03"), id("BS-BAL-09")],
        amendments: Amendments::NONE,
        seams: wrong_name,
    },
    Defect {
        name: "resources-dropped",
        about: "Entries do not say for which staff, room or party size they are.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("BS-BAL-02")],
        amendments: Amendments::NONE,
        seams: || {
            entries(|_, entry| {
                take(entry, "/slot_time", "resource_ids");
                take(entry, "/slot_time", "availability_tag");
            })
        },
    },
    Defect {
        name: "mode-not-told",
        about: "Entries of slots on request say nothing of it.",
        scenario: "lookup/on-request",
        violates: &[id("BS-ASYNC-07")],
        amendments: Amendments::NONE,
        seams: || {
            entries(|_, entry| {
                take(entry, "/slot_time", "confirmation_mode");
            })
        },
    },
    Defect {
        name: "looking-holds",
        about: "Every look at a slot holds a place, and there are only so many.",
        scenario: "lookup/no-side-effect",
        violates: &[id("BS-BAL-13")],
        amendments: Amendments::NONE,
        seams: looking_holds,
    },
    Defect {
        name: "needs-a-duration",
        about: "An absent duration is read as zero, and no slot is that short.",
        scenario: "lookup/duration-left-open",
        violates: &[id("BS-BAL-14")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let asked = call.body["slot_time"][0].get("duration_sec");
                if call.method == Some(LOOKUP) && asked.is_none() {
                    set(&mut reply.body, "/slot_time_availability/0/available", false);
                }
            })
        },
    },
    Defect {
        name: "needs-resources",
        about: "A look-up without resources ends in an internal error where the service has some.",
        scenario: "lookup/resources-left-open",
        violates: &[id("BS-BAL-14")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let slot = &call.body["slot_time"][0];
                let has_some = slot["service_id"] == "cut" || slot["service_id"] == "table";
                if call.method == Some(LOOKUP) && has_some && slot.get("resource_ids").is_none() {
                    *reply = Reply::new(500, json!({ "error": "internal error" }));
                }
            })
        },
    },
    Defect {
        name: "entries-backwards",
        about: "Entries come in the reverse of the order in which they were asked for.",
        scenario: "lookup/page-load",
        violates: &[id("BS-BAL-15")],
        amendments: Amendments::NONE,
        seams: || {
            answers(LOOKUP, |_, answer| {
                if let Some(entries) = answer["slot_time_availability"].as_array_mut() {
                    entries.reverse();
                }
            })
        },
    },
];

/// Changes every entry; the first slot that was asked for comes first.
fn entries(edit: fn(&Value, &mut Value)) -> Seams {
    answers(LOOKUP, move |request, answer| {
        let entries = answer["slot_time_availability"].as_array_mut();
        for entry in entries.into_iter().flatten() {
            edit(&request["slot_time"][0], entry);
        }
    })
}

fn place(slot: &Value, resources: &str) -> String {
    format!("{} {} {}", slot["service_id"], slot["start_sec"], slot[resources])
}

fn slot_times(request: &Value) -> Vec<Value> {
    request["slot_time"].as_array().cloned().unwrap_or_default()
}

/// A slot that was seen free once is free for ever, as long as it is looked up among many.
fn page_from_the_feed() -> Seams {
    let free: Memory<()> = Memory::default();
    answers(LOOKUP, move |request, answer| {
        let many = slot_times(request).len() >= PAGE;
        let entries = answer["slot_time_availability"].as_array_mut();
        for entry in entries.into_iter().flatten() {
            let name = place(&entry["slot_time"], "resource_ids");
            if entry["available"] == true {
                free.keep(name, ());
            } else if many && free.recall(&name).is_some() {
                entry["available"] = json!(true);
            }
        }
    })
}

fn one_look_behind() -> Seams {
    let fresh: Memory<bool> = Memory::default();
    replies(move |call, reply| {
        let booked = reply.body.get("booking").is_some();
        match call.method {
            Some(Method::CreateBooking) if booked => {
                // The next booking of the same slot brings the look-up up to date.
                let name = place(&call.body["slot"], "resources");
                let is_first = fresh.recall(&name).is_none();
                fresh.keep(name, is_first);
            }
            Some(LOOKUP) if slot_times(&call.body).len() == 1 => {
                let name = place(&call.body["slot_time"][0], "resource_ids");
                if fresh.recall(&name).is_some() && fresh.keep(name, false) == Some(true) {
                    set(&mut reply.body, "/slot_time_availability/0/available", true);
                }
            }
            _ => {}
        }
    })
}

fn unknown_merchants(available: bool) -> Seams {
    replies(move |call, reply| {
        if call.method == Some(LOOKUP) && reply.status == 400 && call.body.is_object() {
            let entry = |slot: Value| json!({ "slot_time": slot, "available": available });
            let entries: Vec<_> = slot_times(&call.body).into_iter().map(entry).collect();
            *reply = Reply::new(200, json!({ "slot_time_availability": entries }));
        }
    })
}

fn neighbours_merged() -> Seams {
    answers(LOOKUP, |_, answer| {
        let seen: Memory<Value> = Memory::default();
        let entries = answer["slot_time_availability"].as_array_mut();
        for entry in entries.into_iter().flatten() {
            let slot = &entry["slot_time"];
            let time = format!("{} {}", slot["service_id"], slot["start_sec"]);
            entry["available"] = seen.first(time, entry["available"].clone());
        }
    })
}

fn wrong_name() -> Seams {
    layer(|mut call, server| async move {
        if call.method != Some(LOOKUP) {
            return server.answer(call).await;
        }
        let slots = slot_times(&call.body);
        for slot in call.body["slot_time"].as_array_mut().into_iter().flatten() {
            take(slot, "", "resource_ids");
        }
        let mut reply = server.answer(call).await;
        let entries = reply.body["slot_time_availability"].as_array_mut();
        for (entry, slot) in entries.into_iter().flatten().zip(&slots) {
            entry["slot_time"] = slot.clone();
        }
        reply
    })
}

fn looking_holds() -> Seams {
    let looks: Memory<usize> = Memory::default();
    replies(move |call, reply| {
        let (slot, resources) = match call.method {
            Some(LOOKUP) => (&call.body["slot_time"][0], "resource_ids"),
            Some(Method::CreateBooking) => (&call.body["slot"], "resources"),
            _ => (&reply.body["booking"]["slot"], "resources"),
        };
        let name = place(slot, resources);
        let before = looks.recall(&name).filter(|_| call.method == Some(LOOKUP));
        let now = before.unwrap_or(0) + usize::from(call.method == Some(LOOKUP));
        looks.keep(name, now);
        if now >= LOOKS {
            set(&mut reply.body, "/slot_time_availability/0/available", false);
        }
    })
}
