//! Requests that the merchant decides.

use super::repeat::told_again;
use crate::notifications::{Acts, lose, map_mask, on_create, patches, patches_after, status, updates};
use crate::wire::{Memory, ReceivedCall, Reply, answers, replies, take, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::{BookingStatus, NewBooking, PrepaymentStatus, Seams};
use serde_json::{Value, json};

const PENDING: &str = "PENDING_MERCHANT_CONFIRMATION";
const CAUSE: &str = "bookingFailure.cause";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "request-confirmed-by-nobody",
        about: "Requests are confirmed at once, before the merchant has seen them.",
        scenario: "asynchronous/pending",
        violates: &[id("BS-ASYNC-01")],
        amendments: Amendments::NONE,
        seams: || on_create(hasty),
    },
    Defect {
        name: "pending-reads-as-confirmed",
        about: "GetBookingStatus knows no pending bookings.",
        scenario: "asynchronous/pending",
        violates: &[id("BS-ASYNC-08")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::GetBookingStatus, |_, answer| {
                if answer["booking_status"] == PENDING {
                    answer["booking_status"] = json!("CONFIRMED");
                }
            })
        },
    },
    Defect {
        name: "request-cannot-be-withdrawn",
        about: "Whoever asked for a slot has to wait for the merchant.",
        scenario: "asynchronous/withdrawn",
        violates: &[id("BS-ASYNC-04")],
        amendments: Amendments::NONE,
        seams: not_withdrawn,
    },
    Defect {
        name: "request-is-charged",
        about: "Requests are charged before the merchant has decided.",
        scenario: "asynchronous/pending",
        violates: &[id("BS-ASYNC-06")],
        amendments: Amendments::NONE,
        seams: || on_create(greedy),
    },
    Defect {
        name: "decision-not-told",
        about: "What became of a request is mailed to the user and told to nobody else.",
        scenario: "asynchronous/accepted",
        violates: &[id("RTU-ASYNC-01")],
        amendments: Amendments::NONE,
        seams: decisions_lost,
    },
    Defect {
        name: "acceptance-told-as-waiting",
        about: "An accepted request is told as one that waits for the user.",
        scenario: "asynchronous/accepted",
        violates: &[id("RTU-ASYNC-02")],
        amendments: Amendments::NONE,
        seams: || after("confirm", "PENDING_CLIENT_CONFIRMATION"),
    },
    Defect {
        name: "refusal-told-as-cancellation",
        about: "A declined request is told as cancelled.",
        scenario: "asynchronous/declined",
        violates: &[id("RTU-ASYNC-03")],
        amendments: Amendments::NONE,
        seams: || after("decline", "CANCELED"),
    },
    Defect {
        name: "expiry-told-as-cancellation",
        about: "A request whose time ran out is told as cancelled.",
        scenario: "asynchronous/expired",
        violates: &[id("RTU-ASYNC-04")],
        amendments: Amendments::NONE,
        seams: || after("expire", "CANCELED"),
    },
    Defect {
        name: "failure-told-as-refusal",
        about: "A request that failed is told as declined.",
        scenario: "asynchronous/failed",
        violates: &[id("RTU-ASYNC-05")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("fail", |message| {
                message.body["status"] = json!("DECLINED_BY_MERCHANT");
                message.query.retain(|(name, _)| name != CAUSE);
            })
        },
    },
    Defect {
        name: "failure-without-a-cause",
        about: "Failures are told without their cause.",
        scenario: "asynchronous/failed",
        violates: &[id("RTU-ASYNC-06")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.query.retain(|(name, _)| name != CAUSE)),
    },
    Defect {
        name: "card-type-not-named",
        about: "The card type was rejected, but which it was is not told.",
        scenario: "asynchronous/failed",
        violates: &[id("RTU-ASYNC-07")],
        amendments: Amendments::NONE,
        seams: || caused("PAYMENT_ERROR_CARD_TYPE_REJECTED"),
    },
    Defect {
        name: "failure-beside-a-refusal",
        about: "A declined request is told with the cause of a failure.",
        scenario: "asynchronous/declined",
        violates: &[id("RTU-ASYNC-08")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("decline", |message| {
                message
                    .query
                    .push((CAUSE.to_owned(), "SLOT_UNAVAILABLE".to_owned()));
            })
        },
    },
    Defect {
        name: "cause-unspecified",
        about: "The cause of a failure is the enum's default.",
        scenario: "asynchronous/failed",
        violates: &[id("RTU-ASYNC-09")],
        amendments: Amendments::NONE,
        seams: || caused("CAUSE_UNSPECIFIED"),
    },
    Defect {
        name: "failure-in-the-body",
        about: "The failure is sent in the body.",
        scenario: "asynchronous/failed",
        violates: &[id("REQ-09")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("fail", |message| {
                message.query.retain(|(name, _)| name != CAUSE);
                message.body["bookingFailure"] = json!({ "cause": "SLOT_UNAVAILABLE" });
            })
        },
    },
    Defect {
        name: "counter-proposal",
        about: "The merchant accepts at another time.",
        scenario: "asynchronous/accepted",
        violates: &[id("RTU-ASYNC-10")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("confirm", |message| {
                message.body["startTime"] = json!("2031-01-01T10:00:00Z");
                map_mask(message, |mask| format!("{mask},startTime"));
            })
        },
    },
    Defect {
        name: "update-without-a-mode",
        about: "Inventory updates do not say which slots are on request.",
        scenario: "asynchronous/withdrawn",
        violates: &[id("RTU-ASYNC-11")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                let slots = message
                    .body
                    .pointer_mut("/extendedServiceAvailability/0/availability");
                for slot in slots.and_then(Value::as_array_mut).into_iter().flatten() {
                    take(slot, "", "confirmationMode");
                }
            })
        },
    },
    Defect {
        name: "pending-again",
        about: "An accepted request is told as pending once more.",
        scenario: "asynchronous/accepted",
        violates: &[id("RTU-ASYNC-12")],
        amendments: Amendments::NONE,
        seams: pending_again,
    },
];

fn after(action: &'static str, told: &'static str) -> Seams {
    patches_after(action, move |message| message.body["status"] = json!(told))
}

fn caused(cause: &'static str) -> Seams {
    patches(move |message| {
        let causes = message.query.iter_mut().filter(|(name, _)| name == CAUSE);
        causes.for_each(|(_, value)| cause.clone_into(value));
    })
}

fn decisions_lost() -> Seams {
    let acts = Acts::default();
    let http = acts.watch();
    Seams {
        http: Some(http),
        ..lose(move |message| {
            ["confirm", "decline", "expire", "fail"]
                .into_iter()
                .any(|action| acts.was(action, message))
        })
    }
}

fn pending_again() -> Seams {
    told_again(
        |message| status(message) == Some("CONFIRMED"),
        |message| message.body["status"] = json!(PENDING),
    )
}

/// A cancellation of what was answered as pending is refused.
fn not_withdrawn() -> Seams {
    let requests: Memory<()> = Memory::default();
    replies(move |call: &ReceivedCall, reply| {
        if reply.body.pointer("/booking/status") == Some(&json!(PENDING)) {
            requests.keep(text(&reply.body, "/booking/booking_id").unwrap_or_default(), ());
        }
        let cancels = call.text("/booking/status").as_deref() == Some("CANCELED");
        let id = call.text("/booking/booking_id").filter(|_| cancels);
        if id.is_some_and(|id| requests.recall(&id).is_some()) {
            *reply = Reply::new(
                200,
                json!({ "booking_failure": { "cause": "BOOKING_NOT_CANCELLABLE" } }),
            );
        }
    })
}

/// Confirms requests in the merchant's name.
fn hasty(new: &mut NewBooking) {
    new.booking.status = BookingStatus::Confirmed;
}

/// Takes money for requests.
fn greedy(new: &mut NewBooking) {
    if new.booking.status == BookingStatus::PendingMerchantConfirmation {
        new.booking.payment.prepayment_status = PrepaymentStatus::Provided;
        new.booking.payment.payment_transaction_id = Some(format!("ch-{}", new.booking.id));
    }
}
