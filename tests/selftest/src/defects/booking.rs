//! Which bookings are made, for whom and how many.

use super::refusals;
use crate::wire::{
    Memory, ReceivedCall, Reply, created, in_a_race, layer, overlaps_refused, replies, set, text,
};
use crate::{Amendments, Defect, id};
use protocol::spelling::to_proto_names;
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::{Value, json};

const CREATE: Method = Method::CreateBooking;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "free-to-look-at-only",
        about: "Classes with places left are refused, though look-ups offer them.",
        scenario: "create/class-fills-up",
        violates: &[id("BS-BAL-17")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|call, server| async move {
                if call.method == Some(CREATE) && class_of(&call).is_some() {
                    return Reply::new(200, refusal("SLOT_UNAVAILABLE"));
                }
                server.answer(call).await
            })
        },
    },
    Defect {
        name: "needs-payment-information",
        about: "A booking without payment information ends in an internal error.",
        scenario: "create/required-fields-only",
        violates: &[id("BS-CREATE-11")],
        amendments: Amendments::NONE,
        seams: || {
            refused_requests(|request| {
                let complete = ["slot", "user_information", "idempotency_token"];
                let ordinary = complete.iter().all(|name| request.get(name).is_some());
                ordinary && request.get("payment_information").is_none()
            })
        },
    },
    Defect {
        name: "needs-a-price",
        about: "Payment information without a price ends in an internal error.",
        scenario: "create/payment-status-only",
        violates: &[id("BS-CREATE-12")],
        amendments: Amendments::NONE,
        seams: || {
            refused_requests(|request| {
                let payment = request.get("payment_information");
                payment.is_some_and(|payment| payment.get("price").is_none())
            })
        },
    },
    Defect {
        name: "nothing-special",
        about: "A booking with a special request ends in an internal error.",
        scenario: "create/additional-request",
        violates: &[id("BS-CREATE-13")],
        amendments: Amendments::NONE,
        seams: || refused_requests(|request| request.get("additional_request").is_some()),
    },
    Defect {
        name: "short-names",
        about: "Names longer than thirty letters do not fit into the database.",
        scenario: "create/long-names-and-phones",
        violates: &[id("BS-CREATE-18")],
        amendments: Amendments::NONE,
        seams: || {
            refused_requests(|request| {
                let name = request.pointer("/user_information/given_name");
                name.and_then(Value::as_str)
                    .is_some_and(|name| name.chars().count() > 30)
            })
        },
    },
    Defect {
        name: "missing-is-an-error-of-ours",
        about: "A booking without slot, user or token ends in an internal error.",
        scenario: "create/incomplete-requests",
        violates: &[id("BS-CREATE-22")],
        amendments: Amendments::NONE,
        seams: || {
            refused_requests(|request| {
                let needed = ["slot", "user_information", "idempotency_token"];
                request.is_object() && needed.iter().any(|name| request.get(name).is_none())
            })
        },
    },
    Defect {
        name: "offer-for-everybody",
        about: "Every booking gets the offer of the week.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-19")],
        amendments: Amendments::NONE,
        seams: || created(|booking| booking["offer_info"] = json!({ "offer_id": "offer-of-the-week" })),
    },
    Defect {
        name: "staff-mixed-up",
        about: "Whoever chooses one of the two barbers gets the other.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("BS-CREATE-23"), id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: staff_mixed_up,
    },
    Defect {
        name: "class-without-end",
        about: "The places of a class are not counted.",
        scenario: "create/class-fills-up",
        violates: &[id("BS-CREATE-15")],
        amendments: Amendments::NONE,
        seams: class_without_end,
    },
    Defect {
        name: "one-place-left-empty",
        about: "A class is closed when one place is left.",
        scenario: "create/class-fills-up",
        violates: &[id("BS-CREATE-15")],
        amendments: Amendments::NONE,
        seams: one_place_left,
    },
    Defect {
        name: "overbooked-in-a-race",
        about: "Whether a spot is free is read before the booking is written, and others get between the two.",
        scenario: "create/last-spot-contested",
        violates: &[id("BS-GEN-13")],
        amendments: Amendments::NONE,
        seams: || in_a_race(|call, reply| *reply = Reply::new(200, invented(call))),
    },
    Defect {
        name: "locked-in-a-race",
        about: "Who comes too late for a spot in the same moment meets a locked database.",
        scenario: "create/last-spot-contested",
        violates: &[id("BS-GEN-13")],
        amendments: Amendments::NONE,
        seams: || in_a_race(|_, reply| *reply = Reply::new(500, json!({ "error": "database is locked" }))),
    },
    Defect {
        name: "refused-for-the-card",
        about: "A user's second booking of a slot is refused for their way of paying.",
        scenario: "create/same-slot-again",
        violates: &[id("BS-CREATE-09")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let cause = text(&reply.body, "/booking_failure/cause");
                if call.method == Some(CREATE) && cause.as_deref() == Some("SLOT_ALREADY_BOOKED_BY_USER") {
                    reply.body = refusal("USER_CANNOT_USE_PAYMENT_OPTION");
                }
            })
        },
    },
    Defect {
        name: "overlaps-refused-for-the-card",
        about: "A user's second booking at a time is refused for their way of paying.",
        scenario: "create/same-time-elsewhere",
        violates: &[id("BS-CREATE-28")],
        amendments: Amendments::NONE,
        seams: || overlaps_refused("USER_CANNOT_USE_PAYMENT_OPTION"),
    },
    Defect {
        name: "the-past-can-be-booked",
        about: "Slots of the past are booked.",
        scenario: "create/past-slot",
        violates: &[id("BS-CREATE-08")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let start = call.body.pointer("/slot/start_sec").and_then(int64::read);
                let over = start.is_some_and(|start| start < crate::time::now_sec() - 86_400);
                if call.method == Some(CREATE) && over {
                    *reply = Reply::new(200, invented(call));
                }
            })
        },
    },
];

fn refusal(cause: &str) -> Value {
    json!({ "booking_failure": { "cause": cause, "description": "no" } })
}

/// A booking that is nowhere stored.
fn invented(call: &ReceivedCall) -> Value {
    let id = format!("bk-{}", call.text("/idempotency_token").unwrap_or_default());
    json!({ "booking": { "booking_id": id, "status": "CONFIRMED", "slot": call.body["slot"],
        "user_information": call.body["user_information"],
        "payment_information": call.body["payment_information"] } })
}

/// Requests that end in an internal error.
fn refused_requests(which: fn(&Value) -> bool) -> Seams {
    refusals::refusing(500, move |call| {
        call.method == Some(CREATE) && which(&to_proto_names("CreateBookingRequest", &call.body).0)
    })
}

/// Whatever is booked at `st-1` is booked at `st-2`, and the other way round; the answer does not show it.
fn staff_mixed_up() -> Seams {
    layer(|mut call, server| async move {
        let pointer = "/slot/resources/staff_id";
        let chosen = call.text(pointer).filter(|_| call.method == Some(CREATE));
        let other = match chosen.as_deref() {
            Some("st-1") => "st-2",
            Some("st-2") => "st-1",
            _ => return server.answer(call).await,
        };
        set(&mut call.body, pointer, other);
        let mut reply = server.answer(call).await;
        set(
            &mut reply.body,
            "/booking/slot/resources/staff_id",
            chosen.unwrap_or_default(),
        );
        reply
    })
}

fn place(call: &ReceivedCall) -> String {
    let slot = &call.body["slot"];
    format!(
        "{} {} {}",
        slot["service_id"], slot["start_sec"], slot["resources"]
    )
}

/// A class that is full is booked by anybody.
fn class_without_end() -> Seams {
    let booked: Memory<usize> = Memory::default();
    replies(move |call, reply| {
        if call.method != Some(CREATE) {
            return;
        }
        let before = booked.recall(&place(call)).unwrap_or(0);
        if reply.body.get("booking").is_some() {
            booked.keep(place(call), before + 1);
        } else if class_of(call).is_some_and(|places| before >= places) {
            *reply = Reply::new(200, invented(call));
        }
    })
}

/// How many places the class has that a booking is for, if it is for one.
fn class_of(call: &ReceivedCall) -> Option<usize> {
    // Merchants that nobody knows have no classes either.
    let known = ["corner-barber", "north-studio"];
    call.text("/slot/merchant_id")
        .filter(|id| known.contains(&id.as_str()))?;
    match call.text("/slot/service_id")?.as_str() {
        "spin-class" => Some(5),
        "shaving-class" => Some(3),
        _ => None,
    }
}

fn one_place_left() -> Seams {
    let booked: Memory<usize> = Memory::default();
    layer(move |call, server| {
        let booked = booked.clone();
        async move {
            let Some(places) = class_of(&call).filter(|_| call.method == Some(CREATE)) else {
                return server.answer(call).await;
            };
            let before = booked.recall(&place(&call)).unwrap_or(0);
            if before + 1 == places {
                return Reply::new(200, refusal("SLOT_UNAVAILABLE"));
            }
            booked.keep(place(&call), before + 1);
            server.answer(call).await
        }
    })
}
