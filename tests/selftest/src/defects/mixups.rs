//! Things of one booking that turn up in another, and what a change leaves as it was.

use super::listing::listed;
use crate::console::both;
use crate::notifications::{Twist, is_patch, status, store};
use crate::wire::{Memory, answers, layer, replies, set, text, watched};
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use axum::http::HeaderValue;
use protocol::{Method, int64};
use reference_server::{BookingChange, BookingStatus, ChangeOutcome, Seams, Store, StoreError};
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "data-of-the-user-before",
        about: "A new booking shows telephone and mail of the user who booked before.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-CREATE-05")],
        amendments: Amendments::NONE,
        seams: user_before,
    },
    Defect {
        name: "waitlist-estimate-of-a-larger-party",
        about: "Entries of a waitlist show the estimate of a party that is one larger.",
        scenario: "waitlist/read",
        violates: &[id("BS-WAIT-15")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::GetWaitlistEntry, |_, answer| {
                let size = "/waitlist_entry/wait_estimate/party_size";
                let of_entry = answer.pointer(size).and_then(int64::read);
                if let Some(people) = of_entry {
                    set(answer, size, people + 1);
                }
            })
        },
    },
    Defect {
        name: "telephone-of-nobody-in-lists",
        about: "Lists show the merchant's telephone in place of the user's.",
        scenario: "lifecycle/list-of-a-user",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || listed(|booking| set(booking, "/user_information/telephone", "+1 555 010 0199")),
    },
    Defect {
        name: "closed-when-the-merchant-cancels",
        about: "A slot whose booking the merchant cancelled is never offered again by look-ups.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("BS-UPDATE-16")],
        amendments: Amendments::NONE,
        seams: closed_by_cancelling,
    },
    Defect {
        name: "length-stays-in-the-answer",
        about: "A booking that Google moves to a slot of another length is answered with its old length.",
        scenario: "lifecycle/longer-slot-by-google",
        violates: &[id("BS-UPDATE-07")],
        amendments: Amendments::NONE,
        seams: || {
            let lengths: Memory<Value> = Memory::default();
            replies(move |call, reply| {
                note_move(&lengths, call.method, &call.body);
                length_stays(&lengths, call.method, &call.body, &mut reply.body);
            })
        },
    },
    Defect {
        name: "length-stays",
        about: "A booking that Google moves to a slot of another length is confirmed, and keeps its old length.",
        scenario: "lifecycle/longer-slot-by-google",
        violates: &[id("BS-UPDATE-03")],
        amendments: Amendments::NONE,
        seams: || {
            let lengths: Memory<Value> = Memory::default();
            replies(move |call, reply| {
                note_move(&lengths, call.method, &call.body);
                if call.method != Some(Method::UpdateBooking) {
                    length_stays(&lengths, call.method, &call.body, &mut reply.body);
                }
            })
        },
    },
    Defect {
        name: "any-staff-is-free",
        about: "Look-ups for staff who do not exist are answered like those for the staff who do.",
        scenario: "lookup/unknown-resources",
        violates: &[id("BS-BAL-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::BatchAvailabilityLookup, |request, answer| {
                let staff = request.pointer("/slot_time/0/resource_ids/staff_id");
                let is_unknown = staff
                    .and_then(Value::as_str)
                    .is_some_and(|id| id.starts_with("no-such-"));
                if is_unknown && let Some(entry) = answer.pointer_mut("/slot_time_availability/0") {
                    entry["available"] = json!(true);
                }
            })
        },
    },
    Defect {
        name: "any-staff-is-booked",
        about: "Who asks for a member of staff who does not exist gets a booking with anybody.",
        scenario: "create/unknown-resources",
        violates: &[id("BS-CREATE-23")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|mut call, server| async move {
                let staff = text(&call.body, "/slot/resources/staff_id");
                if staff.is_some_and(|staff| staff.starts_with("no-such-"))
                    && let Some(slot) = call.body["slot"].as_object_mut()
                {
                    slot.shift_remove("resources");
                }
                server.answer(call).await
            })
        },
    },
    Defect {
        name: "token-in-a-header",
        about: "The answer to a booking repeats its payment token in a header.",
        scenario: "card/credit-card-required",
        violates: &[id("TOK-12")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let token = call.text("/payment_processing_parameters/unparsed_payment_method_token");
                let value = token.and_then(|token| HeaderValue::from_str(&token).ok());
                if let Some(value) = value {
                    reply.headers.insert("x-payment-token", value);
                }
            })
        },
    },
    Defect {
        name: "freed-by-google-not-told",
        about: "No inventory update says that a slot is open again when Google cancels.",
        scenario: "inventory/freed-by-google",
        violates: &[id("INV-02")],
        amendments: Amendments::NONE,
        seams: || store(SilentOnCancel),
    },
];

fn user_before() -> Seams {
    let users: Memory<Value> = Memory::default();
    answers(Method::CreateBooking, move |request, answer| {
        let user = request["user_information"].clone();
        let before = users.keep("last", user.clone()).unwrap_or(user);
        if let Some(shown) = answer.pointer_mut("/booking/user_information") {
            for name in ["telephone", "email"] {
                shown[name] = before[name].clone();
            }
        }
    })
}

fn place(merchant: &Value, slot: &Value) -> String {
    let start = slot.get("start_sec").and_then(int64::read).unwrap_or_default();
    format!("{merchant} {} {start}", slot["service_id"])
}

fn closed_by_cancelling() -> Seams {
    let (places, closed) = (Memory::<String>::default(), Memory::<()>::default());
    let (known, shut) = (places.clone(), closed.clone());
    let console = watched(move |path| {
        let segments: Vec<_> = path.split('/').collect();
        if let ["", "console", "bookings", id, "merchant_cancel"] = segments.as_slice()
            && let Some(place) = known.recall(id)
        {
            shut.keep(place, ());
        }
    });
    let api = replies(move |call, reply| match call.method {
        Some(Method::CreateBooking) => {
            if let Some(id) = text(&reply.body, "/booking/booking_id") {
                let slot = &call.body["slot"];
                places.keep(id, place(&slot["merchant_id"], slot));
            }
        }
        Some(Method::BatchAvailabilityLookup) => {
            let entries = reply.body["slot_time_availability"].as_array_mut();
            for entry in entries.into_iter().flatten() {
                let is_closed = closed.recall(&place(&call.body["merchant_id"], &entry["slot_time"]));
                if is_closed.is_some() {
                    entry["available"] = json!(false);
                }
            }
        }
        _ => {}
    });
    Seams {
        http: Some(both(console, api.http)),
        ..Seams::default()
    }
}

/// Shows the length with which a booking was made wherever it is read.
/// Google moved this booking.
fn note_move(lengths: &Memory<Value>, method: Option<Method>, request: &Value) {
    let moves = method == Some(Method::UpdateBooking) && request.pointer("/booking/slot").is_some();
    let id = text(request, "/booking/booking_id").filter(|_| moves);
    if let Some(id) = id {
        lengths.keep(format!("moved {id}"), json!(true));
    }
}

fn length_stays(lengths: &Memory<Value>, method: Option<Method>, request: &Value, answer: &mut Value) {
    let created = method == Some(Method::CreateBooking);
    let one = answer.get_mut("booking").into_iter().collect::<Vec<_>>();
    for booking in one {
        keep_length(lengths, created, request, booking);
    }
    let listed = answer.get_mut("bookings").and_then(Value::as_array_mut);
    for booking in listed.into_iter().flatten() {
        keep_length(lengths, created, request, booking);
    }
}

fn keep_length(lengths: &Memory<Value>, created: bool, request: &Value, booking: &mut Value) {
    let Some(id) = text(booking, "/booking_id") else {
        return;
    };
    if created {
        lengths.first(id, request["slot"]["duration_sec"].clone());
    } else if let Some(length) = lengths.recall(&id)
        && lengths.recall(&format!("moved {id}")).is_some()
        && let Some(slot) = booking.get_mut("slot")
    {
        slot["duration_sec"] = length;
    }
}

/// Says nothing of slots that Google's own cancellations free.
struct SilentOnCancel;

#[async_trait]
impl Twist for SilentOnCancel {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let is_told = change
            .outgoing
            .iter()
            .any(|message| is_patch(message) && status(message).is_some());
        if change.booking.status == BookingStatus::Canceled && !is_told {
            change.outgoing.retain(is_patch);
        }
        inner.change(change).await
    }
}
