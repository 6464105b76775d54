//! Requests that come again: with their token, with another body, after something happened to their booking.

use crate::wire::{Memory, ReceivedCall, Reply, layer, set, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const CREATE: Method = Method::CreateBooking;
const UPDATE: Method = Method::UpdateBooking;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "failure-kept-for-ever",
        about: "A refused attempt is remembered with its token, and the refusal is repeated for ever.",
        scenario: "idempotency/failed-attempt-tried-again",
        violates: &[id("BS-IDEM-04")],
        amendments: Amendments::NONE,
        seams: || {
            // What only waits for the outcome of a challenge is not refused yet.
            repeat_answers(|reply| {
                let cause = reply.body.pointer("/booking_failure/cause");
                cause.is_some_and(|cause| cause != "PAYMENT_REQUIRES_3DS1")
            })
        },
    },
    Defect {
        name: "confirmation-kept-for-ever",
        about: "A confirmation is remembered with its token, and repeated when the booking is long cancelled.",
        scenario: "idempotency/same-token-after-a-cancellation",
        violates: &[id("BS-IDEM-01")],
        amendments: Amendments::NONE,
        seams: || repeat_answers(|reply| reply.body.get("booking").is_some()),
    },
    Defect {
        name: "no-idempotency",
        about: "Tokens are not looked at.",
        scenario: "idempotency/same-token-at-once",
        // What else a token is there for is not asked of a partner that knows none.
        violates: &[id("BS-IDEM-01")],
        amendments: Amendments::NONE,
        seams: || retold(|_, number| format!("never-seen-{number}")),
    },
    Defect {
        name: "idempotent-by-slot",
        about: "Duplicates are looked for at the slot that was asked for, which a moved booking has left.",
        scenario: "idempotency/same-token-after-a-move",
        violates: &[id("BS-IDEM-02")],
        amendments: Amendments::NONE,
        seams: duplicates_at_the_slot,
    },
    Defect {
        name: "idempotent-by-body",
        about: "A token counts together with the slot that it comes with.",
        scenario: "idempotency/same-token-other-body",
        violates: &[id("BS-IDEM-09")],
        amendments: Amendments::NONE,
        seams: || retold(|call, _| format!("{}@{}", token(call), slot(call))),
    },
    Defect {
        name: "idempotent-by-user-and-slot",
        about: "Whoever asks for a slot that they hold gets the booking that they have, whatever the token.",
        scenario: "idempotency/failed-token-and-a-look-alike",
        violates: &[id("BS-IDEM-11")],
        amendments: Amendments::NONE,
        seams: look_alike,
    },
    Defect {
        name: "latest-booking-for-a-repeat",
        about: "A repeated token is answered with the latest booking of its user.",
        scenario: "idempotency/known-token-after-further-bookings",
        violates: &[id("BS-IDEM-12")],
        amendments: Amendments::NONE,
        seams: latest,
    },
    Defect {
        name: "reschedule-meets-itself",
        about: "A reschedule that comes again finds the new slot taken, by its own booking.",
        scenario: "lifecycle/repeated-reschedule",
        violates: &[id("BS-IDEM-06")],
        amendments: Amendments::NONE,
        seams: || {
            repeated_update("/booking/slot", || {
                let failure = json!({ "cause": "SLOT_UNAVAILABLE" });
                Reply::new(200, json!({ "booking_failure": failure }))
            })
        },
    },
    Defect {
        name: "cancelled-bookings-are-gone",
        about: "A repeated cancellation is answered 404, since cancelled bookings are deleted.",
        scenario: "lifecycle/repeated-cancellation",
        violates: &[id("BS-UPDATE-15")],
        amendments: Amendments::NONE,
        seams: || {
            repeated_update("/booking/status", || {
                Reply::new(404, json!({ "error": "no such booking" }))
            })
        },
    },
];

fn token(call: &ReceivedCall) -> String {
    call.text("/idempotency_token").unwrap_or_default()
}

fn user(call: &ReceivedCall) -> String {
    call.text("/user_information/user_id").unwrap_or_default()
}

fn slot(call: &ReceivedCall) -> String {
    call.body["slot"].to_string()
}

/// Remembers the answers that it wants to by token, and repeats them.
fn repeat_answers(wanted: fn(&Reply) -> bool) -> Seams {
    let answers: Memory<Reply> = Memory::default();
    layer(move |call, server| {
        let answers = answers.clone();
        async move {
            // Without a token nothing is repeated.
            if call.method != Some(CREATE) || token(&call).is_empty() {
                return server.answer(call).await;
            }
            if let Some(known) = answers.recall(&token(&call)) {
                return known;
            }
            let token = token(&call);
            let reply = server.answer(call).await;
            if wanted(&reply) {
                answers.keep(token, reply.clone());
            }
            reply
        }
    })
}

/// Lets the server see another token; the number of the call comes second.
fn retold(token: fn(&ReceivedCall, usize) -> String) -> Seams {
    let calls = Arc::new(AtomicUsize::new(0));
    layer(move |mut call, server| {
        let number = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            if call.method == Some(CREATE) {
                let other = token(&call, number);
                set(&mut call.body, "/idempotency_token", other);
            }
            server.answer(call).await
        }
    })
}

fn duplicates_at_the_slot() -> Seams {
    let [booked, moved]: [Memory<String>; 2] = <[_; 2]>::default();
    layer(move |mut call, server| {
        let (booked, moved) = (booked.clone(), moved.clone());
        async move {
            if call.method == Some(UPDATE) && call.text("/booking/slot/start_sec").is_some() {
                let id = call.text("/booking/booking_id").unwrap_or_default();
                moved.keep(id.clone(), id);
            }
            if call.method != Some(CREATE) {
                return server.answer(call).await;
            }
            let token = token(&call);
            let earlier = booked.recall(&token).and_then(|id| moved.recall(&id));
            if earlier.is_some() {
                set(
                    &mut call.body,
                    "/idempotency_token",
                    format!("{token}-at-its-slot"),
                );
            }
            let reply = server.answer(call).await;
            booked.keep(
                token,
                text(&reply.body, "/booking/booking_id").unwrap_or_default(),
            );
            reply
        }
    })
}

fn look_alike() -> Seams {
    let held: Memory<Reply> = Memory::default();
    let cancelled: Memory<()> = Memory::default();
    layer(move |call, server| {
        let (held, cancelled) = (held.clone(), cancelled.clone());
        async move {
            let place = format!("{}@{}", user(&call), slot(&call));
            let method = call.method;
            let reply = server.answer(call).await;
            let made = text(&reply.body, "/booking/booking_id");
            if method == Some(UPDATE) && reply.body["booking"]["status"] == "CANCELED" {
                cancelled.keep(made.unwrap_or_default(), ());
                return reply;
            }
            if method != Some(CREATE) {
                return reply;
            }
            if made.is_some() {
                held.keep(place, reply.clone());
                return reply;
            }
            let stands = |known: &Reply| {
                let id = text(&known.body, "/booking/booking_id").unwrap_or_default();
                cancelled.recall(&id).is_none()
            };
            held.recall(&place).filter(stands).unwrap_or(reply)
        }
    })
}

/// The server is asked with the latest token of the user, so that its answer is true.
fn latest() -> Seams {
    let tokens: Memory<String> = Memory::default();
    let known: Memory<()> = Memory::default();
    layer(move |mut call, server| {
        let (tokens, known) = (tokens.clone(), known.clone());
        async move {
            if call.method == Some(CREATE) {
                let token = token(&call);
                if known.recall(&token).is_some() {
                    let latest = tokens.recall(&user(&call)).unwrap_or_default();
                    set(&mut call.body, "/idempotency_token", latest);
                    return server.answer(call).await;
                }
                let user = user(&call);
                let reply = server.answer(call).await;
                if reply.body.get("booking").is_some() {
                    known.keep(token.clone(), ());
                    tokens.keep(user, token);
                }
                return reply;
            }
            server.answer(call).await
        }
    })
}

/// An update that came before, with the same value at a place, is answered in another way.
fn repeated_update(pointer: &'static str, answer: fn() -> Reply) -> Seams {
    let made: Memory<Value> = Memory::default();
    layer(move |call, server| {
        let made = made.clone();
        async move {
            let change = call.body.pointer(pointer).cloned();
            let id = call.text("/booking/booking_id").unwrap_or_default();
            let Some(change) = change.filter(|_| call.method == Some(UPDATE)) else {
                return server.answer(call).await;
            };
            if made.recall(&id).as_ref() == Some(&change) {
                return answer();
            }
            let reply = server.answer(call).await;
            if reply.body.get("booking").is_some() {
                made.keep(id, change);
            }
            reply
        }
    })
}
