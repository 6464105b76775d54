//! Slots with several places of which the given back ones are lost.

use crate::wire::{Memory, layer, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "cancelled-places-are-lost",
        about: "What is cancelled of a slot with several places still counts as taken.",
        scenario: "lifecycle/places-given-back",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: || lost_by(|request| request.pointer("/booking/status").is_some()),
    },
    Defect {
        name: "left-places-are-lost",
        about: "A booking that is moved to another time goes on taking its place at the old one, where there are several.",
        scenario: "lifecycle/places-moved-away",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: || lost_by(|request| request.pointer("/booking/slot/start_sec").is_some()),
    },
];

/// Once several have booked one place, and one of them made such a change, look-ups do not offer it any more.
fn lost_by(is_meant: fn(&Value) -> bool) -> Seams {
    let (places, guests, lost) = (
        Memory::<String>::default(),
        Memory::<isize>::default(),
        Memory::<()>::default(),
    );
    layer(move |call, server| {
        let (places, guests, lost) = (places.clone(), guests.clone(), lost.clone());
        async move {
            let mut reply = server.answer(call.clone()).await;
            let id = text(&reply.body, "/booking/booking_id");
            match (call.method, id) {
                (Some(Method::CreateBooking), Some(id)) => {
                    let place = place(&call.body["slot"], "resources");
                    places.keep(id, place.clone());
                    guests.add(place, 1);
                }
                (Some(Method::UpdateBooking), Some(id)) if is_meant(&call.body) => {
                    let shared = places.recall(&id).filter(|place| guests.recall(place) > Some(1));
                    shared.map(|place| lost.keep(place, ()));
                }
                (Some(Method::BatchAvailabilityLookup), _) => {
                    let entries = reply.body["slot_time_availability"].as_array_mut();
                    for entry in entries.into_iter().flatten() {
                        if lost.recall(&place(&entry["slot_time"], "resource_ids")).is_some() {
                            entry["available"] = json!(false);
                        }
                    }
                }
                _ => {}
            }
            reply
        }
    })
}

fn place(slot: &Value, resources: &str) -> String {
    format!("{} {} {}", slot["service_id"], slot["start_sec"], slot[resources])
}
