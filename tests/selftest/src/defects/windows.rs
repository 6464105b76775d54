//! Until when single slots can be cancelled.

use crate::wire::{Memory, ReceivedCall, Reply, replies, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::json;

const LATE: &str = "OUTSIDE_CANCELLATION_WINDOW";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "closed-by-the-service",
        about: "Cancelling ends with the cutoff of the service, although the slot's own comes later.",
        scenario: "overrides/later-cutoff",
        violates: &[id("CXL-04")],
        amendments: Amendments::NONE,
        seams: || {
            cancelling("hot-spring", |_, reply| {
                reply.body = json!({ "booking_failure": { "cause": LATE } });
            })
        },
    },
    Defect {
        name: "open-by-the-service",
        about: "Cancelling goes on up to the cutoff of the service, although the slot's own has come.",
        scenario: "overrides/earlier-cutoff",
        violates: &[id("FAIL-09")],
        amendments: Amendments::NONE,
        seams: || {
            cancelling("mud-bath", |booking, reply| {
                reply.body = json!({ "booking": { "booking_id": booking, "status": "CANCELED" } });
            })
        },
    },
];

/// Answers cancellations of one service in another way; the booking's id comes first.
fn cancelling(service: &'static str, edit: fn(String, &mut Reply)) -> Seams {
    let of_service: Memory<()> = Memory::default();
    replies(move |call: &ReceivedCall, reply| {
        if call.method == Some(Method::CreateBooking) {
            let made = text(&reply.body, "/booking/booking_id");
            if let Some(id) = made.filter(|_| call.text("/slot/service_id").as_deref() == Some(service)) {
                of_service.keep(id, ());
            }
            return;
        }
        let cancels = call.text("/booking/status").as_deref() == Some("CANCELED");
        let named = call.text("/booking/booking_id").filter(|_| cancels);
        if let Some(id) = named.filter(|id| of_service.recall(id).is_some()) {
            edit(id, reply);
        }
    })
}
