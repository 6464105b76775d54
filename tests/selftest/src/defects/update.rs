//! UpdateBooking, and reading bookings back.

use super::change::cancels_unpaid;
use super::listing::listed;
use super::refusals::answer_after_credentials;
use crate::wire::{Memory, Reply, answers, layer, replies, set, take};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const UPDATE: Method = Method::UpdateBooking;
const STATUS: Method = Method::GetBookingStatus;
const LIST: Method = Method::ListBookings;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "cancel-not-carried-out",
        about: "A cancellation of a booking that is paid on arrival is confirmed and forgotten.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-UPDATE-18")],
        amendments: Amendments::NONE,
        seams: || {
            only_answered(|request, booking| {
                cancels_unpaid(request, booking).then(|| set(booking, "/status", "CANCELED"))
            })
        },
    },
    Defect {
        name: "reschedule-not-carried-out",
        about: "A reschedule is confirmed and forgotten.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-03")],
        amendments: Amendments::NONE,
        seams: || {
            only_answered(|request, booking| {
                let start = request.pointer("/booking/slot/start_sec")?.clone();
                set(booking, "/slot/start_sec", start);
                Some(())
            })
        },
    },
    Defect {
        name: "cancel-needs-the-slot",
        about: "A cancellation without the slot is answered 400.",
        scenario: "basic/cancellation",
        violates: &[id("BS-UPDATE-01")],
        amendments: Amendments::NONE,
        seams: || turned_down(|booking| booking["status"] == "CANCELED"),
    },
    Defect {
        name: "reschedule-needs-the-merchant",
        about: "A reschedule without merchant and service is answered 400.",
        scenario: "basic/move",
        violates: &[id("BS-UPDATE-03")],
        amendments: Amendments::NONE,
        seams: || turned_down(|booking| booking.pointer("/slot/start_sec").is_some()),
    },
    Defect {
        name: "answers-with-the-old-status",
        about: "The answer to a cancellation shows the booking as it was before.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-UPDATE-02")],
        amendments: Amendments::NONE,
        seams: || {
            answers(UPDATE, |request, answer| {
                if request["booking"]["status"] == "CANCELED" {
                    set(answer, "/booking/status", "CONFIRMED");
                }
            })
        },
    },
    Defect {
        name: "answers-with-the-old-start",
        about: "The answer to a reschedule shows the booking as it was before.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-07")],
        amendments: Amendments::NONE,
        seams: || {
            moved(|answer| {
                let start = answer
                    .pointer("/booking/slot/start_sec")
                    .and_then(protocol::int64::read);
                let before = start.unwrap_or_default() - 3600;
                set(answer, "/booking/slot/start_sec", before.to_string());
            })
        },
    },
    Defect {
        name: "update-without-the-user",
        about: "A changed booking is returned without its user.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-08")],
        amendments: Amendments::NONE,
        seams: || {
            moved(|answer| {
                take(answer, "/booking", "user_information");
            })
        },
    },
    Defect {
        name: "new-id-on-update",
        about: "A changed booking gets a new booking id.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-09")],
        amendments: Amendments::NONE,
        seams: || moved(|answer| set(answer, "/booking/booking_id", "revision-2")),
    },
    Defect {
        name: "update-with-other-types",
        about: "Telephone numbers are numbers in answers to UpdateBooking.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-22")],
        amendments: Amendments::NONE,
        seams: || moved(|answer| set(answer, "/booking/user_information/telephone", 12_125_550_100_u64)),
    },
    Defect {
        name: "updates-what-never-was",
        about: "Unknown bookings are updated into existence.",
        scenario: "lifecycle/unknown-booking",
        violates: &[id("BS-UPDATE-20")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(UPDATE) && reply.status == 404 {
                    *reply = Reply::new(200, json!({ "booking": call.body["booking"] }));
                }
            })
        },
    },
    Defect {
        name: "knows-every-booking",
        about: "Bookings that never were have a status.",
        scenario: "lifecycle/unknown-booking",
        violates: &[id("BS-STATUS-03")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(STATUS) && reply.status == 404 {
                    let status = json!({ "booking_id": call.body["booking_id"], "booking_status": "FAILED",
                        "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
                    *reply = Reply::new(200, status);
                }
            })
        },
    },
    Defect {
        name: "absence-is-not-read-back",
        about: "GetBookingStatus has no word for guests who did not come.",
        scenario: "no-show/fee-charged",
        violates: &[id("BS-STATUS-02")],
        amendments: Amendments::NONE,
        seams: || {
            answers(STATUS, |_, answer| {
                if answer["booking_status"]
                    .as_str()
                    .is_some_and(|status| status.starts_with("NO_SHOW"))
                {
                    set(answer, "/booking_status", "CONFIRMED");
                }
            })
        },
    },
    Defect {
        name: "constant-status",
        about: "Every booking is CONFIRMED for ever.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("BS-STATUS-02"), id("BS-ASYNC-08")],
        amendments: Amendments::NONE,
        seams: || answers(STATUS, |_, answer| set(answer, "/booking_status", "CONFIRMED")),
    },
    Defect {
        name: "status-without-id",
        about: "The status of a booking comes without its id.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-STATUS-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(STATUS, |_, answer| {
                take(answer, "", "booking_id");
            })
        },
    },
    Defect {
        name: "status-knows-no-payment",
        about: "Read back, nothing was ever paid.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-22")],
        amendments: Amendments::NONE,
        seams: || {
            answers(STATUS, |_, answer| {
                set(answer, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
            })
        },
    },
    Defect {
        name: "empty-list",
        about: "Nobody has any booking.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || answers(LIST, |_, answer| answer["bookings"] = json!([])),
    },
    Defect {
        name: "lists-what-was-cancelled",
        about: "Cancelled bookings stay in the list.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-LIST-03")],
        amendments: Amendments::NONE,
        seams: || {
            listed_besides(|booking, user| {
                booking["user_information"]["user_id"] == *user && booking["status"] == "CANCELED"
            })
        },
    },
    Defect {
        name: "lists-bookings-of-others",
        about: "Bookings of other users are listed.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-LIST-04")],
        amendments: Amendments::NONE,
        seams: || {
            listed_besides(|booking, user| {
                booking["user_information"]["user_id"] != *user && booking["status"] == "CONFIRMED"
            })
        },
    },
    Defect {
        name: "lists-without-the-user",
        about: "Listed bookings do not say whose they are.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-LIST-05")],
        amendments: Amendments::NONE,
        seams: || {
            listed(|booking| {
                take(booking, "", "user_information");
            })
        },
    },
];

/// Answers updates out of its memory when `change` takes them, and does nothing.
pub(super) fn only_answered(change: fn(&Value, &mut Value) -> Option<()>) -> Seams {
    let bookings: Memory<Value> = Memory::default();
    layer(move |call, server| {
        let bookings = bookings.clone();
        async move {
            let named = call
                .text("/booking/booking_id")
                .and_then(|id| bookings.recall(&id));
            if let (Some(UPDATE), Some(mut booking)) = (call.method, named)
                && change(&call.body, &mut booking).is_some()
            {
                return answer_after_credentials(&call, &server, json!({ "booking": booking })).await;
            }
            let reply = server.answer(call).await;
            learn(&bookings, &reply);
            reply
        }
    })
}

fn learn(bookings: &Memory<Value>, reply: &Reply) {
    if let Some(booking) = reply.body.get("booking")
        && let Some(id) = booking["booking_id"].as_str()
    {
        bookings.keep(id, booking.clone());
    }
}

/// Lists remembered bookings besides the right ones; the user who asks comes second.
fn listed_besides(wanted: fn(&Value, &Value) -> bool) -> Seams {
    let bookings: Memory<Value> = Memory::default();
    replies(move |call, reply| {
        if call.method.is_some_and(Method::mutates) {
            learn(&bookings, reply);
        }
        if call.method == Some(LIST) && reply.status == 200 {
            let more = bookings
                .all()
                .into_iter()
                .filter(|booking| wanted(booking, &call.body["user_id"]));
            if let Some(list) = reply.body["bookings"].as_array_mut() {
                list.extend(more);
            }
        }
    })
}

pub(super) fn turned_down(which: fn(&Value) -> bool) -> Seams {
    layer(move |call, server| async move {
        if call.method == Some(UPDATE) && which(&call.body["booking"]) {
            return Reply::new(400, json!({ "error": "incomplete slot" }));
        }
        server.answer(call).await
    })
}

pub(super) fn moved(edit: fn(&mut Value)) -> Seams {
    answers(UPDATE, move |request, answer| {
        if request.pointer("/booking/slot/start_sec").is_some() {
            edit(answer);
        }
    })
}
