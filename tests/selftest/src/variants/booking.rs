//! The either/ors of looking up and booking.

use crate::Amendments;
use crate::users::by_own_name;
use crate::wire::{Reply, layer, overlaps_refused, replies, set, text};
use crate::{Variant, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "twice-in-a-slot",
        about: "A user may take more than one spot of a slot.",
        tolerated: &[],
        seams: twice_in_a_slot,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "one-thing-at-a-time",
        about: "A user may not hold two bookings at one time, which is an overlap.",
        tolerated: &[],
        seams: || overlaps_refused("OVERLAPPING_RESERVATION"),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "duplicates-overlap",
        about: "A user's second booking of a slot is an overlap.",
        tolerated: &[],
        seams: || second_booking("OVERLAPPING_RESERVATION"),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "one-booking-each",
        about: "A user's second booking of a slot is one too many.",
        tolerated: &[],
        seams: || second_booking("USER_OVER_BOOKING_LIMIT"),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "try-again",
        about: "Users who are refused a slot in the same moment as others are told to try again.",
        tolerated: &[],
        seams: try_again,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "the-past-is-a-bad-request",
        about: "Slots of the past are bad requests when they are booked.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                let start = call.body.pointer("/slot/start_sec");
                let start = start.and_then(protocol::int64::read);
                let over = start.is_some_and(|start| start < crate::time::now_sec());
                if call.method == Some(Method::CreateBooking) && over {
                    *reply = Reply::new(400, json!({ "error": "no such slot" }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "nothing-was-ever-there",
        about: "A look-up of slots that are not in the calendar is a bad request.",
        tolerated: &[id("BS-BAL-18")],
        seams: || {
            replies(|call, reply| {
                let slot = &call.body["slot_time"][0];
                let start = slot.get("start_sec").and_then(protocol::int64::read);
                let over = start.is_some_and(|start| start < crate::time::now_sec());
                let unknown = text(slot, "/service_id").is_some_and(|id| id.starts_with("unknown"));
                if call.method == Some(Method::BatchAvailabilityLookup) && (over || unknown) {
                    *reply = Reply::new(400, json!({ "error": "no such slot" }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "nobody-to-choose",
        about: "The feeds name neither staff nor rooms nor party sizes.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            feeds: Some(without_resources),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "says-more-than-asked",
        about: "Entries say what was left open, and what is not available is left out as the default.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method != Some(Method::BatchAvailabilityLookup) {
                    return;
                }
                let entries = reply.body["slot_time_availability"].as_array_mut();
                entries.into_iter().flatten().for_each(told_in_full);
            })
        },
        amendments: Amendments::NONE,
    },
];

fn without_resources(feed: &mut Value) {
    let blocks = feed["service_availability"].as_array_mut();
    for block in blocks.into_iter().flatten() {
        if let Some(slots) = block["availability"].as_array_mut() {
            slots.retain(|slot| slot.get("resources").is_none());
        }
    }
}

fn told_in_full(entry: &mut Value) {
    let slot = &mut entry["slot_time"];
    if slot.get("duration_sec").is_none() {
        slot["duration_sec"] = json!("1800");
    }
    if slot.get("resource_ids").is_none() {
        slot["resource_ids"] = json!({ "staff_id": "" });
    }
    if entry["available"] == false
        && let Some(fields) = entry.as_object_mut()
    {
        fields.shift_remove("available");
    }
}

/// Every booking is another guest's for the calendar, whoever makes it.
fn twice_in_a_slot() -> Seams {
    layer(|mut call, server| async move {
        let pointer = "/user_information/user_id";
        let retries = call.clone();
        let mut reply = server.answer(call.clone()).await;
        let cause = text(&reply.body, "/booking_failure/cause");
        if cause.as_deref() == Some("SLOT_ALREADY_BOOKED_BY_USER") {
            let user = retries.text(pointer).unwrap_or_default();
            set(&mut call.body, pointer, format!("{user}-again"));
            reply = server.answer(call).await;
        }
        by_own_name(&mut reply);
        reply
    })
}

fn second_booking(cause: &'static str) -> Seams {
    replies(move |call, reply| {
        let told = text(&reply.body, "/booking_failure/cause");
        if call.method == Some(Method::CreateBooking)
            && told.as_deref() == Some("SLOT_ALREADY_BOOKED_BY_USER")
        {
            set(&mut reply.body, "/booking_failure/cause", cause);
        }
    })
}

fn try_again() -> Seams {
    crate::wire::in_a_race(|_, reply| {
        *reply = Reply::new(409, json!({ "error": "somebody else is booking this slot" }));
    })
}
