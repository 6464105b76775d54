//! What an UpdateBooking changes, and what it must leave alone.

use super::update::{moved, only_answered, turned_down};
use crate::notifications::on_change;
use crate::wire::{Reply, answers, layer, replies, set};
use crate::{Amendments, Defect, id};
use protocol::{Method, int64};
use reference_server::{BookingChange, Seams};
use serde_json::{Value, json};

const UPDATE: Method = Method::UpdateBooking;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "reschedule-waits-for-a-mask",
        about: "A reschedule without an update mask changes nothing, and is answered with the booking as it is.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-06")],
        amendments: Amendments::NONE,
        seams: || only_answered(|request, _| request.pointer("/booking/slot/start_sec").map(|_| ())),
    },
    Defect {
        name: "knows-cancelled-with-two-l-only",
        about: "A cancellation of a booking that is paid on arrival changes nothing, since its status is not CANCELLED.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-UPDATE-18")],
        amendments: Amendments::NONE,
        seams: || only_answered(|request, booking| cancels_unpaid(request, booking).then_some(())),
    },
    Defect {
        name: "answers-out-of-the-request",
        about: "A cancellation of a booking that is paid on arrival is answered with what it says, and never looked up.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-UPDATE-18")],
        amendments: Amendments::NONE,
        seams: || {
            only_answered(|request, booking| {
                let cancels = cancels_unpaid(request, booking);
                *booking = request["booking"].clone();
                cancels.then_some(())
            })
        },
    },
    Defect {
        name: "update-blanks-the-user",
        about: "A moved booking loses the name and the address of its user, which the update does not name.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || on_change(overwriting),
    },
    Defect {
        name: "update-invents-a-time",
        about: "A change of the party size fills the missing start in.",
        scenario: "lifecycle/party-size-by-google",
        violates: &[id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(UPDATE, |request, answer| {
                if request.pointer("/booking/slot/resources").is_some() {
                    set(answer, "/booking/slot/start_sec", "1893456000");
                }
            })
        },
    },
    Defect {
        name: "absent-status-is-a-status",
        about: "A change without a status leaves the booking without one.",
        scenario: "lifecycle/reschedule-by-google",
        violates: &[id("BS-UPDATE-21")],
        amendments: Amendments::NONE,
        seams: || moved(|answer| set(answer, "/booking/status", "BOOKING_STATUS_UNSPECIFIED")),
    },
    Defect {
        name: "party-size-needs-the-time",
        about: "A change of the party size without start and duration is answered 400.",
        scenario: "lifecycle/party-size-by-google",
        violates: &[id("BS-UPDATE-05")],
        amendments: Amendments::NONE,
        seams: || {
            turned_down(|booking| {
                booking["slot"]["resources"].is_object() && booking["slot"].get("start_sec").is_none()
            })
        },
    },
    Defect {
        name: "party-size-not-stored",
        about: "A change of the party size is confirmed and forgotten.",
        scenario: "lifecycle/party-size-by-google",
        violates: &[id("BS-UPDATE-05")],
        amendments: Amendments::NONE,
        seams: || {
            only_answered(|request, booking| {
                let size = request.pointer("/booking/slot/resources/party_size")?.clone();
                set(booking, "/slot/resources/party_size", size);
                Some(())
            })
        },
    },
    Defect {
        name: "conflict-on-reschedule",
        about: "A reschedule to a slot that is taken is answered 409.",
        scenario: "lifecycle/reschedule-to-a-taken-slot",
        violates: &[id("BS-UPDATE-10")],
        amendments: Amendments::NONE,
        seams: || not_moved(|reply| *reply = Reply::new(409, json!({ "error": "slot taken" }))),
    },
    Defect {
        name: "wrong-cause-on-reschedule",
        about: "A reschedule to a slot that is taken is answered with a cause that is not about the slot.",
        scenario: "lifecycle/reschedule-to-a-taken-slot",
        violates: &[id("BS-UPDATE-12")],
        amendments: Amendments::NONE,
        seams: || {
            not_moved(|reply| {
                set(
                    &mut reply.body,
                    "/booking_failure/cause",
                    "BOOKING_NOT_CANCELLABLE",
                );
            })
        },
    },
    Defect {
        name: "reschedule-asks-nobody",
        about: "A reschedule does not check whether the new slot is free.",
        scenario: "lifecycle/reschedule-to-a-taken-slot",
        violates: &[id("BS-UPDATE-12")],
        amendments: Amendments::NONE,
        seams: || on_change(overbooking),
    },
    Defect {
        name: "half-a-reschedule",
        about: "A reschedule gives the old slot back before it finds the new one taken.",
        scenario: "lifecycle/reschedule-to-a-taken-slot",
        violates: &[id("BS-UPDATE-11")],
        amendments: Amendments::NONE,
        seams: half_done,
    },
    Defect {
        name: "wrong-cause-after-a-refusal",
        about: "Cancelling a booking that was declined is answered with a cause of payments.",
        scenario: "lifecycle/declined-booking-cancelled",
        violates: &[id("BS-UPDATE-14")],
        amendments: Amendments::NONE,
        seams: || {
            answers(UPDATE, |_, answer| {
                if answer["booking_failure"]["cause"] == "BOOKING_NOT_CANCELLABLE" {
                    set(answer, "/booking_failure/cause", "PAYMENT_ERROR");
                }
            })
        },
    },
];

pub(super) fn cancels_unpaid(request: &Value, booking: &Value) -> bool {
    let unpaid = booking["payment_information"]
        .get("payment_processed_by")
        .is_none();
    let start_sec = int64::read(&booking["slot"]["start_sec"]).unwrap_or_default();
    // Whether it is too late is still looked at, or that would be another mistake.
    let in_time = start_sec - crate::time::now_sec() > 2 * 3600;
    request["booking"]["status"] == "CANCELED" && booking["status"] == "CONFIRMED" && unpaid && in_time
}

/// Changes the answers to reschedules that could not be made.
fn not_moved(edit: fn(&mut Reply)) -> Seams {
    replies(move |call, reply| {
        let moves = call.method == Some(UPDATE) && call.body.pointer("/booking/slot").is_some();
        if moves && reply.body.get("booking_failure").is_some() {
            edit(reply);
        }
    })
}

fn half_done() -> Seams {
    layer(|call, server| async move {
        let id = call.text("/booking/booking_id");
        let moves = call.method == Some(UPDATE) && call.body.pointer("/booking/slot").is_some();
        let reply = server.answer(call.clone()).await;
        if moves && reply.body.get("booking_failure").is_some() {
            let cancel = json!({ "booking": { "booking_id": id, "status": "CANCELED" } });
            server.answer(call.instead(UPDATE, cancel)).await;
        }
        reply
    })
}

/// Stores the partial booking over the whole one.
fn overwriting(change: &mut BookingChange) {
    if change.target.is_some() {
        change.booking.user.given_name = None;
        change.booking.user.family_name = None;
        change.booking.user.email = None;
    }
}

/// Moves bookings to slots however full they are.
fn overbooking(change: &mut BookingChange) {
    if let Some(target) = &mut change.target {
        target.spots += 100;
    }
}
