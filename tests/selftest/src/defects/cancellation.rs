//! Cancellation windows and what is given back.

use crate::gateway::edit_ledger;
use crate::notifications::{is_patch, map_mask, on_change, unmask};
use crate::wire::{Memory, ReceivedCall, Reply, answers, replies, set, take, text};
use crate::{Amendments, Defect, id};
use axum::Router;
use protocol::Method;
use reference_server::{BookingChange, BookingStatus, LedgerEntry, Outgoing, PrepaymentStatus, Seams};
use serde_json::{Value, json};
use std::sync::Arc;

const LATE: &str = "OUTSIDE_CANCELLATION_WINDOW";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "late-cancel-carried-out",
        about: "A cancellation after the online cutoff is answered as done.",
        scenario: "cancellation/late-cancel",
        violates: &[id("FAIL-09")],
        amendments: Amendments::NONE,
        seams: || {
            late(|booking, reply| {
                reply.body = json!({ "booking": { "booking_id": booking, "status": "CANCELED" } });
            })
        },
    },
    Defect {
        name: "late-cancel-for-another-reason",
        about: "A cancellation after the online cutoff is refused for a reason that has nothing to do with its time.",
        scenario: "cancellation/late-cancel",
        violates: &[id("FAIL-09")],
        amendments: Amendments::NONE,
        seams: || late(|_, reply| reply.body["booking_failure"]["cause"] = json!("BOOKING_NOT_CANCELLABLE")),
    },
    Defect {
        name: "late-cancel-is-an-error",
        about: "A cancellation after the online cutoff is answered 422.",
        scenario: "cancellation/late-cancel",
        violates: &[id("CXL-05")],
        amendments: Amendments::NONE,
        seams: || late(|_, reply| *reply = Reply::new(422, json!({ "error": "too late" }))),
    },
    Defect {
        name: "fee-closes-the-window",
        about: "Bookings with a fee for not coming cannot be cancelled online, whatever the feed says.",
        scenario: "cancellation/up-to-the-cutoff",
        violates: &[id("CXL-04")],
        amendments: Amendments::NONE,
        seams: never_with_a_fee,
    },
    Defect {
        name: "rising-refunds",
        about: "The policy gives back more to whoever cancels in the last minutes.",
        scenario: "cancellation/full-refund-by-google",
        violates: &[id("CXL-08")],
        amendments: Amendments {
            feeds: Some(rising),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "prepayment-refunded-in-silence",
        about: "Google is not told that a prepayment was refunded when the merchant or the user cancels at the partner.",
        scenario: "prepayment/merchant-cancels",
        violates: &[id("PAY-PREPAY-06")],
        amendments: Amendments::NONE,
        seams: || silent(|change| change.booking.payment.deposit.is_none()),
    },
    Defect {
        name: "half-of-the-half-refunded",
        about: "Of a partial refund only half is given back to whoever cancels through Google.",
        scenario: "cancellation/partial-refund-by-google",
        violates: &[id("PAY-PREPAY-05")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.was("google") {
                    halve(lines);
                }
            })
        },
    },
    Defect {
        name: "half-of-the-half-refunded-at-the-partner",
        about: "Of a partial refund only half is given back to whoever cancels at the partner.",
        scenario: "cancellation/partial-refund-at-partner",
        violates: &[id("PAY-PREPAY-05")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.was("user_cancel_at_partner") {
                    halve(lines);
                }
            })
        },
    },
    Defect {
        name: "refund-never-made",
        about: "Whoever cancels a prepaid booking at the partner is told of a refund that is never made.",
        scenario: "cancellation/full-refund-at-partner",
        violates: &[id("PAY-PREPAY-05")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.is_prepaid() && sale.was("user_cancel_at_partner") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
    Defect {
        name: "refund-told-whatever-the-policy",
        about: "Google is told of a refund for whatever prepaid booking is cancelled at the partner.",
        scenario: "cancellation/no-refund-at-partner",
        violates: &[id("PAY-PREPAY-05")],
        amendments: Amendments::NONE,
        seams: || on_change(generous),
    },
    Defect {
        name: "refunded-whatever-the-policy",
        about: "A refund is reported for whatever is cancelled through Google.",
        scenario: "cancellation/no-refund-by-google",
        violates: &[id("PAY-PREPAY-05")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::UpdateBooking, |_, answer| {
                let canceled = answer["booking"]["status"] == "CANCELED";
                let payment = answer.pointer_mut("/booking/payment_information");
                if let Some(payment) = payment.filter(|payment| canceled && payment.get("deposit").is_none())
                    && payment["prepayment_status"] == "PREPAYMENT_PROVIDED"
                {
                    set(payment, "/prepayment_status", "PREPAYMENT_REFUNDED");
                }
            })
        },
    },
    Defect {
        name: "payment-status-is-for-ever",
        about: "GetBookingStatus reports the prepayment status that the booking was made with.",
        scenario: "cancellation/full-refund-by-google",
        violates: &[id("PAY-COM-22")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::GetBookingStatus, |_, answer| {
                if answer["prepayment_status"] == "PREPAYMENT_REFUNDED" {
                    set(answer, "/prepayment_status", "PREPAYMENT_PROVIDED");
                }
            })
        },
    },
    Defect {
        name: "charged-again-when-repeated",
        about: "A repeated request finds its booking, and its card is charged again.",
        scenario: "idempotency/charged-once",
        violates: &[id("PAY-COM-16")],
        amendments: Amendments::NONE,
        seams: charged_again,
    },
    Defect {
        name: "deposit-refunded-in-silence-when-late",
        about: "The refund of a deposit is not told when cancelling online had closed.",
        scenario: "cancellation/deposit-after-online-cutoff",
        violates: &[id("RTU-REFUND-01")],
        amendments: Amendments::NONE,
        seams: || silent(|change| change.booking.cancelled_late && change.booking.payment.deposit.is_some()),
    },
];

/// Answers late cancellations in another way; the booking's id comes first.
fn late(edit: fn(String, &mut Reply)) -> Seams {
    replies(move |call: &ReceivedCall, reply| {
        let booking = call.text("/booking/booking_id").unwrap_or_default();
        if call.method == Some(Method::UpdateBooking) && reply.body["booking_failure"]["cause"] == LATE {
            edit(booking, reply);
        }
    })
}

/// Books that show one charge for every request that was answered with the booking.
fn charged_again() -> Seams {
    let asked: Memory<usize> = Memory::default();
    let counted = asked.clone();
    let count = replies(move |call: &ReceivedCall, reply| {
        if let Some(id) =
            text(&reply.body, "/booking/booking_id").filter(|_| call.method == Some(Method::CreateBooking))
        {
            let so_far = counted.recall(&id).unwrap_or_default();
            counted.keep(id, so_far + 1);
        }
    });
    let books = edit_ledger(move |sale, lines| {
        let id = text(&sale.booking, "/booking_id").unwrap_or_default();
        let more = asked.recall(&id).unwrap_or(1).saturating_sub(1);
        let charge = lines.iter().find(|line| line.kind == "charge").cloned();
        lines.extend(
            charge
                .into_iter()
                .flat_map(|charge| std::iter::repeat_n(charge, more)),
        );
    });
    let both = [count.http, books.http.clone()];
    Seams {
        http: Some(Arc::new(move |router: Router| {
            both.iter()
                .flatten()
                .fold(router, |router, around| around(router))
        })),
        ..books
    }
}

fn never_with_a_fee() -> Seams {
    let fees: Memory<()> = Memory::default();
    replies(move |call: &ReceivedCall, reply| {
        let booking = &reply.body["booking"];
        let made = text(booking, "/booking_id");
        if call.method == Some(Method::CreateBooking) {
            let plain = booking["payment_information"].get("deposit").is_none();
            let fee = booking["payment_information"].get("no_show_fee").is_some() && plain;
            if let Some(id) = made.filter(|_| fee) {
                fees.keep(id, ());
            }
            return;
        }
        let cancels = call.text("/booking/status").as_deref() == Some("CANCELED");
        let named = call.text("/booking/booking_id").filter(|_| cancels);
        if named.is_some_and(|id| fees.recall(&id).is_some()) {
            reply.body = json!({ "booking_failure": { "cause": LATE } });
        }
    })
}

/// The first policy of more than one step gets another one, at whatever depth it stands.
fn rising(feed: &mut Value) {
    first_rises(feed);
}

fn first_rises(feed: &mut Value) -> bool {
    match feed {
        Value::Array(items) => items.iter_mut().any(first_rises),
        Value::Object(fields) => {
            let steps = fields.get_mut("refund_condition").and_then(Value::as_array_mut);
            if let Some(steps) = steps.filter(|steps| steps.len() > 1) {
                steps.push(json!({ "min_duration_before_start_time_sec": "60", "refund_percent": 80 }));
                return true;
            }
            fields.values_mut().any(first_rises)
        }
        _ => false,
    }
}

fn halve(lines: &mut [LedgerEntry]) {
    let charged = lines
        .iter()
        .find(|line| line.kind == "charge")
        .map(|line| line.amount_micros);
    let partial = lines
        .iter_mut()
        .filter(|line| line.kind == "refund" && Some(line.amount_micros) < charged);
    partial.for_each(|line| line.amount_micros /= 2);
}

/// Says that it refunds what it keeps.
fn generous(change: &mut BookingChange) {
    let booking = &change.booking;
    let kept = booking.payment.prepayment_status == PrepaymentStatus::Provided;
    if kept && booking.payment.deposit.is_none() && booking.status == BookingStatus::Canceled {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED",
            "paymentTransactionId": booking.payment.payment_transaction_id });
        for message in change.outgoing.iter_mut().filter(|message| is_patch(message)) {
            message.body["paymentInformation"] = payment.clone();
            map_mask(message, |mask| {
                format!("{mask},paymentInformation.prepaymentStatus")
            });
        }
    }
}

/// Refunds, and does not say so.
fn silent(about: fn(&BookingChange) -> bool) -> Seams {
    on_change(move |change| {
        let booking = &change.booking;
        let refunded = booking.payment.prepayment_status == PrepaymentStatus::Refunded;
        if refunded && booking.status == BookingStatus::Canceled && about(change) {
            let told = change.outgoing.iter_mut();
            told.filter(|message| is_patch(message)).for_each(without_refund);
        }
    })
}

fn without_refund(message: &mut Outgoing) {
    take(&mut message.body, "", "paymentInformation");
    unmask(message, "paymentInformation.prepaymentStatus");
}
