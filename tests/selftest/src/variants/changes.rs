//! What differs in how changes are told, and in requests.

use crate::Amendments;
use crate::notifications::{is_patch, map_mask, notice, on_change, on_create, patches};
use crate::wire::answers;
use crate::{Variant, id};
use protocol::Method;
use reference_server::{BookingChange, BookingStatus, NewBooking, Outgoing, Seams};
use serde_json::{Value, json};

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "confirmed-at-once-by-now",
        about: "The slots on request are confirmed at once since the feeds were written; look-ups say so.",
        tolerated: &[],
        seams: at_once_by_now,
        amendments: Amendments {
            no_triggers: Some("the partner has no test interface"),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "cancellation-of-the-sample",
        about: "A cancellation repeats start and duration in its body, as a page of Google's prints it.",
        tolerated: &[],
        seams: || on_change(sample),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "online-told-on-either-side",
        about: "Google is told of every change of online sessions, its own included.",
        tolerated: &[],
        seams: || on_change(either_side),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "other-forms-of-time",
        about: "Times have an offset, durations a fraction, and a move names both.",
        tolerated: &[],
        seams: || on_change(moving),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "party-size-as-a-number-of-old",
        about: "Party sizes are numbers, which the API reads as well.",
        tolerated: &[id("RTU-PARTY-02")],
        seams: || {
            patches(|message| {
                let size = message.body["partySize"].as_str().map(str::parse::<i64>);
                if let Some(Ok(size)) = size {
                    message.body["partySize"] = json!(size);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "failure-described",
        about: "Failures are described, in the names of the interface definition.",
        tolerated: &[],
        seams: || patches(described),
        amendments: Amendments::NONE,
    },
];

fn described(message: &mut Outgoing) {
    let failed = message.body["status"] == "FAILED";
    for (name, _) in message
        .query
        .iter_mut()
        .filter(|(name, _)| name == "bookingFailure.cause")
    {
        "booking_failure.cause".clone_into(name);
    }
    if failed {
        let text = ("booking_failure.description".to_owned(), "sold twice".to_owned());
        message.query.push(text);
    }
}

fn at_once_by_now() -> Seams {
    let http = answers(Method::BatchAvailabilityLookup, |_, answer| {
        let entries = answer["slot_time_availability"].as_array_mut();
        for entry in entries.into_iter().flatten() {
            entry["slot_time"]["confirmation_mode"] = json!("CONFIRMATION_MODE_SYNCHRONOUS");
        }
    });
    Seams {
        store: on_create(at_once).store,
        ..http
    }
}

fn at_once(new: &mut NewBooking) {
    new.booking.status = BookingStatus::Confirmed;
}

/// Start and duration of a booking, as the API writes them.
fn times(change: &BookingChange) -> [Value; 2] {
    let slot = &change.booking.slot;
    let start = jiff::Timestamp::from_second(slot.start_sec).unwrap_or_default();
    let start = start.display_with_offset(jiff::tz::offset(2)).to_string();
    [json!(start), json!(format!("{}.000s", slot.duration_sec))]
}

fn sample(change: &mut BookingChange) {
    let [start, duration] = times(change);
    for message in change.outgoing.iter_mut().filter(|message| is_patch(message)) {
        if message.body["status"] == "CANCELED" {
            message.body["startTime"] = start.clone();
            message.body["duration"] = duration.clone();
        }
    }
}

fn moving(change: &mut BookingChange) {
    let [start, duration] = times(change);
    for message in change.outgoing.iter_mut().filter(|message| is_patch(message)) {
        if message.body.get("startTime").is_some() {
            message.body["startTime"] = start.clone();
            message.body["duration"] = duration.clone();
            map_mask(message, |_| "startTime,duration".to_owned());
        }
    }
}

fn either_side(change: &mut BookingChange) {
    let booking = &change.booking;
    let online = booking.place.service_id.starts_with("online");
    if online && booking.status == BookingStatus::Canceled && !change.outgoing.iter().any(is_patch) {
        let status = json!({ "status": "CANCELED" });
        let told = notice(&booking.id, &booking.place, "status", status);
        change.outgoing.push(told);
    }
}
