//! What is read back after something was done at the partner.

use super::listing;
use crate::console::Console;
use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, replies, set, text};
use crate::{Amendments, Defect, id};
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "listed-at-the-old-time",
        about: "A booking that was moved at the partner is listed at its old time.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || listed_as_made(&["reschedule"]),
    },
    Defect {
        name: "listed-with-the-old-party",
        about: "A booking whose party was changed at the partner is listed with the old one.",
        scenario: "lifecycle/party-size-at-partner",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || listed_as_made(&["change_party_size"]),
    },
    Defect {
        name: "cancelled-at-the-partner-and-listed",
        about: "What the user cancels at the partner stays in the list of their bookings.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("BS-LIST-03")],
        amendments: Amendments::NONE,
        seams: || listed_as_made(&["user_cancel_at_partner"]),
    },
    Defect {
        name: "accepted-and-listed-as-waiting",
        about: "A request that the merchant accepted is listed as one that waits.",
        scenario: "asynchronous/accepted",
        violates: &[id("BS-ASYNC-08")],
        amendments: Amendments::NONE,
        seams: || listed_as_made(&["confirm"]),
    },
    Defect {
        name: "declined-and-listed-as-waiting",
        about: "A request that the merchant declined is listed as one that waits.",
        scenario: "asynchronous/declined",
        violates: &[id("BS-ASYNC-08")],
        amendments: Amendments::NONE,
        seams: || listed_as_made(&["decline"]),
    },
    Defect {
        name: "old-length-in-the-list",
        about: "A booking that was moved at the partner to a slot of another length is listed with its old length.",
        scenario: "lifecycle/longer-slot-at-partner",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: old_length,
    },
    Defect {
        name: "telephone-of-nobody-after-an-act",
        about: "Lists show the merchant's telephone once something was done to a booking at the partner.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || {
            let console = Console::default();
            let known = console.clone();
            console.watching(listed(move |booking, id| {
                if known.acted_on(id) {
                    set(booking, "/user_information/telephone", "+1 555 010 0199");
                }
            }))
        },
    },
    Defect {
        name: "absent-guests-read-back-as-confirmed",
        about: "GetBookingStatus does not know that a guest without a fee did not come.",
        scenario: "no-show/without-fee",
        violates: &[id("BS-STATUS-02")],
        amendments: Amendments::NONE,
        seams: || {
            let console = Console::default();
            let known = console.clone();
            console.watching(replies(move |call, reply| {
                let id = call.text("/booking_id").unwrap_or_default();
                if call.method == Some(Method::GetBookingStatus) && known.did(&id, &["no_show"]) {
                    set(&mut reply.body, "/booking_status", "CONFIRMED");
                }
            }))
        },
    },
    Defect {
        name: "closed-when-moved-at-the-partner",
        about: "A slot from which a booking was moved at the partner is never offered again.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: || closed_by(&["reschedule"]),
    },
    Defect {
        name: "closed-when-declined",
        about: "The slot of a request that the merchant declined is never offered again.",
        scenario: "asynchronous/declined",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: || closed_by(&["decline"]),
    },
    Defect {
        name: "free-after-a-move-at-the-partner",
        about: "Look-ups do not know where a booking was moved to at the partner.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("BS-BAL-06")],
        amendments: Amendments::NONE,
        seams: new_slot_is_free,
    },
    Defect {
        name: "any-party-is-free",
        about: "Look-ups do not compare the party with the tables.",
        scenario: "lifecycle/impossible-party-size",
        violates: &[id("BS-BAL-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::BatchAvailabilityLookup, |request, answer| {
                if is_huge(request.pointer("/slot_time/0/resource_ids/party_size")) {
                    set(answer, "/slot_time_availability/0/available", true);
                }
            })
        },
    },
    Defect {
        name: "any-room-is-free",
        about: "Look-ups for a room that does not exist are answered like those for any other.",
        scenario: "lifecycle/impossible-party-size",
        violates: &[id("BS-BAL-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::BatchAvailabilityLookup, |request, answer| {
                let room = request.pointer("/slot_time/0/resource_ids/room_id");
                if room.is_some_and(|room| room == "no-such-room") {
                    set(answer, "/slot_time_availability/0/available", true);
                }
            })
        },
    },
    Defect {
        name: "any-room-is-booked",
        about: "Who asks for a room that does not exist gets a table in another.",
        scenario: "lifecycle/impossible-party-size",
        violates: &[id("BS-CREATE-23")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|mut call, server| async move {
                let room = text(&call.body, "/slot/resources/room_id");
                if room.is_some_and(|room| room == "no-such-room")
                    && let Some(resources) = call.body["slot"]["resources"].as_object_mut()
                {
                    resources.shift_remove("room_id");
                }
                server.answer(call).await
            })
        },
    },
    Defect {
        name: "any-party-is-seated",
        about: "A change of the party is confirmed for any number.",
        scenario: "lifecycle/impossible-party-size",
        violates: &[id("BS-UPDATE-10")],
        amendments: Amendments::NONE,
        seams: any_party_is_seated,
    },
];

fn is_huge(size: Option<&Value>) -> bool {
    size.and_then(Value::as_i64).is_some_and(|size| size > 999)
}

/// Changes listed bookings; the id comes second.
fn listed(edit: impl Fn(&mut Value, &str) + Send + Sync + 'static) -> Seams {
    listing::listed(move |booking| {
        if let Some(id) = text(booking, "/booking_id") {
            edit(booking, &id);
        }
    })
}

/// Every booking as it was made, by its id.
fn remember(made: &Memory<Value>, call: &ReceivedCall, reply: &Reply) {
    if call.method == Some(Method::CreateBooking)
        && let Some(id) = text(&reply.body, "/booking/booking_id")
    {
        made.first(id, reply.body["booking"].clone());
    }
}

/// Lists bookings to which one of these was done at the partner as they were made.
fn listed_as_made(actions: &'static [&'static str]) -> Seams {
    let (console, made) = (Console::default(), Memory::<Value>::default());
    let known = console.clone();
    console.watching(replies(move |call, reply| {
        remember(&made, call, reply);
        if call.method != Some(Method::ListBookings) || !reply.status.is_success() {
            return;
        }
        let user = call.text("/user_id").unwrap_or_default();
        let mut stale: Vec<Value> = made.all();
        stale.retain(|booking| {
            let id = text(booking, "/booking_id").unwrap_or_default();
            booking["user_information"]["user_id"] == user.as_str() && known.did(&id, actions)
        });
        let mut all = reply.body["bookings"].as_array().cloned().unwrap_or_default();
        all.retain(|booking| stale.iter().all(|old| old["booking_id"] != booking["booking_id"]));
        all.extend(stale);
        reply.body["bookings"] = json!(all);
    }))
}

fn old_length() -> Seams {
    let (console, made) = (Console::default(), Memory::<Value>::default());
    let known = console.clone();
    console.watching(replies(move |call, reply| {
        remember(&made, call, reply);
        let listed = reply.body.get_mut("bookings").and_then(Value::as_array_mut);
        for booking in listed.into_iter().flatten() {
            let id = text(booking, "/booking_id").unwrap_or_default();
            let old = made.recall(&id).filter(|_| known.did(&id, &["reschedule"]));
            if let Some(old) = old {
                set(booking, "/slot/duration_sec", old["slot"]["duration_sec"].clone());
            }
        }
    }))
}

fn place(merchant: &Value, service: &Value, start: &Value) -> String {
    let start = int64::read(start).unwrap_or_default();
    format!("{merchant} {service} {start}")
}

/// Looks up slots as taken from which bookings went away by one of these acts.
fn closed_by(actions: &'static [&'static str]) -> Seams {
    let (console, made) = (Console::default(), Memory::<Value>::default());
    let known = console.clone();
    console.watching(replies(move |call, reply| {
        remember(&made, call, reply);
        let closed: Vec<String> = made
            .all()
            .iter()
            .filter(|booking| known.did(&text(booking, "/booking_id").unwrap_or_default(), actions))
            .map(|booking| &booking["slot"])
            .map(|slot| place(&slot["merchant_id"], &slot["service_id"], &slot["start_sec"]))
            .collect();
        for (place, entry) in entries(call, reply) {
            if closed.contains(&place) {
                entry["available"] = json!(false);
            }
        }
    }))
}

/// The entries of a look-up with their places.
fn entries<'r>(call: &ReceivedCall, reply: &'r mut Reply) -> Vec<(String, &'r mut Value)> {
    let entries = reply
        .body
        .get_mut("slot_time_availability")
        .and_then(Value::as_array_mut);
    let placed = entries.into_iter().flatten().map(|entry| {
        let asked = &entry["slot_time"];
        let place = place(
            &call.body["merchant_id"],
            &asked["service_id"],
            &asked["start_sec"],
        );
        (place, entry)
    });
    placed.collect()
}

/// Looks up slots as free that nobody took through Google, once a booking of the service was moved at the partner.
fn new_slot_is_free() -> Seams {
    let (console, made, taken) = (
        Console::default(),
        Memory::<Value>::default(),
        Memory::<()>::default(),
    );
    let known = console.clone();
    console.watching(replies(move |call, reply| {
        remember(&made, call, reply);
        if call.method == Some(Method::CreateBooking) && reply.body.get("booking").is_some() {
            let slot = &call.body["slot"];
            taken.keep(
                place(&slot["merchant_id"], &slot["service_id"], &slot["start_sec"]),
                (),
            );
        }
        if call.method == Some(Method::UpdateBooking) && reply.body.get("booking").is_some() {
            let slot = &reply.body["booking"]["slot"];
            taken.keep(
                place(&slot["merchant_id"], &slot["service_id"], &slot["start_sec"]),
                (),
            );
        }
        let moved: Vec<Value> = made
            .all()
            .into_iter()
            .filter(|booking| known.did(&text(booking, "/booking_id").unwrap_or_default(), &["reschedule"]))
            .map(|booking| booking["slot"]["service_id"].clone())
            .collect();
        for (place, entry) in entries(call, reply) {
            let is_of_it = moved.contains(&entry["slot_time"]["service_id"]);
            if is_of_it && taken.recall(&place).is_none() {
                entry["available"] = json!(true);
            }
        }
    }))
}

fn any_party_is_seated() -> Seams {
    let made = Memory::<Value>::default();
    replies(move |call, reply| {
        remember(&made, call, reply);
        let size = call.body.pointer("/booking/slot/resources/party_size");
        let known = made.recall(&call.text("/booking/booking_id").unwrap_or_default());
        if let Some(mut booking) = known.filter(|_| is_huge(size)) {
            booking["slot"]["resources"]["party_size"] = json!(9999);
            *reply = Reply::new(200, json!({ "booking": booking }));
        }
    })
}
