//! What is left open about retries, updates and lists.

use crate::Amendments;
use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, replies, set, take, text};
use crate::{Variant, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const CREATE: Method = Method::CreateBooking;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "other-body-is-a-conflict",
        about: "A known token that comes with another slot is answered 409.",
        tolerated: &[],
        seams: || {
            other_body(|| Reply::new(409, json!({ "error": "the token was used for another request" })))
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "other-body-is-a-duplicate",
        about: "A known token that comes with another slot is a duplicate reservation.",
        tolerated: &[],
        seams: || {
            other_body(|| {
                Reply::new(
                    200,
                    json!({ "booking_failure": { "cause": "OVERLAPPING_RESERVATION" } }),
                )
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "cancelled-token-books-anew",
        about: "A token whose booking was cancelled makes a new booking when it comes again.",
        tolerated: &[],
        seams: booked_anew,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "cancelled-token-is-used-up",
        about: "A token whose booking was cancelled is answered with a failure when it comes again.",
        tolerated: &[],
        seams: || {
            answers(CREATE, |_, answer| {
                if answer["booking"]["status"] == "CANCELED" {
                    *answer = json!({ "booking_failure": { "cause": "BOOKING_ALREADY_CANCELLED" } });
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "updates-answered-in-short",
        about: "A change is answered with booking id, status and slot alone.",
        tolerated: &[id("BS-UPDATE-08")],
        seams: || {
            answers(Method::UpdateBooking, |request, answer| {
                let changes = request.pointer("/booking/slot").is_some();
                let left_out = ["user_information", "payment_information", "virtual_session_info"];
                for name in left_out.into_iter().filter(|_| changes) {
                    take(answer, "/booking", name);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "another-table",
        about: "A moved booking gets another room and another tag.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |request, answer| {
                if request.pointer("/booking/slot").is_some() {
                    set(answer, "/booking/slot/availability_tag", "moved");
                    set(answer, "/booking/slot/resources/room_id", "terrace");
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "declined-is-cancelled-already",
        about: "Cancelling a booking that the merchant has declined is a cancellation too many.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |_, answer| {
                if answer["booking_failure"]["cause"] == "BOOKING_NOT_CANCELLABLE" {
                    set(answer, "/booking_failure/cause", "BOOKING_ALREADY_CANCELLED");
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "users-out-of-the-address-book",
        about: "Lists show the user's id and nothing else of the user.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method != Some(Method::ListBookings) {
                    return;
                }
                let listed = reply.body["bookings"].as_array_mut();
                for booking in listed.into_iter().flatten() {
                    let user = booking["user_information"]["user_id"].take();
                    booking["user_information"] = json!({ "user_id": user });
                }
            })
        },
        amendments: Amendments::NONE,
    },
];

/// Answers a known token that comes with another slot in another way.
fn other_body(answer: fn() -> Reply) -> Seams {
    let slots: Memory<Value> = Memory::default();
    layer(move |call: ReceivedCall, server| {
        let slots = slots.clone();
        async move {
            let token = call.text("/idempotency_token").unwrap_or_default();
            let creates = call.method == Some(CREATE) && !token.is_empty();
            if creates && slots.recall(&token).is_some_and(|slot| slot != call.body["slot"]) {
                return answer();
            }
            let slot = call.body["slot"].clone();
            let reply = server.answer(call).await;
            if creates && reply.body.get("booking").is_some() {
                slots.keep(token, slot);
            }
            reply
        }
    })
}

fn booked_anew() -> Seams {
    layer(move |mut call: ReceivedCall, server| async move {
        let reply = server.answer(call.clone()).await;
        let cancelled = text(&reply.body, "/booking/status").as_deref() == Some("CANCELED");
        if call.method != Some(CREATE) || !cancelled {
            return reply;
        }
        let token = call.text("/idempotency_token").unwrap_or_default();
        set(&mut call.body, "/idempotency_token", format!("{token}-anew"));
        server.answer(call).await
    })
}
