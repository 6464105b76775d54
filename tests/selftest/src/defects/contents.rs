//! Answers that come in time and in form, and hold something else than what was asked for, or than another answer holds.

use super::listing::listed;
use crate::wire::{answers, set, take};
use crate::{Amendments, Defect, id};
use protocol::Method;
use serde_json::{Value, json};

const CREATE: Method = Method::CreateBooking;
const UPDATE: Method = Method::UpdateBooking;
const ORDER: Method = Method::CreateOrder;
const CHALLENGE: &str = "/booking_failure/payment_failure/threeds1_parameters";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "order-of-somebody-else",
        about: "CreateOrder answers with the user who ordered before.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-02")],
        amendments: Amendments::NONE,
        seams: || {
            answers(ORDER, |_, answer| {
                set(answer, "/order/user_information/user_id", "1");
            })
        },
    },
    Defect {
        name: "orders-not-listed",
        about: "ListOrders knows nobody's orders.",
        scenario: "orders/ordered",
        violates: &[id("BS-ORDER-03")],
        amendments: Amendments::NONE,
        seams: || answers(Method::ListOrders, |_, answer| *answer = json!({})),
    },
    Defect {
        name: "paid-order-without-transaction",
        about: "An order is paid, and its answer has no transaction id.",
        scenario: "orders/paid",
        violates: &[id("PAY-COM-07")],
        amendments: Amendments::NONE,
        seams: || {
            answers(ORDER, |_, answer| {
                take(answer, "/order/payment_information", "payment_transaction_id");
            })
        },
    },
    Defect {
        name: "whole-order-can-be-had",
        about: "Of the whole order it is always said that it can be had.",
        scenario: "orders/check",
        violates: &[id("BS-ORDER-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::CheckOrderFulfillability, |_, answer| {
                set(answer, "/fulfillability/result", "CAN_FULFILL");
            })
        },
    },
    Defect {
        name: "fee-in-another-currency",
        about: "The fees of tickets are stated in dollars, whatever the price is in.",
        scenario: "orders/fees",
        violates: &[id("BS-ORDER-08")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::CheckOrderFulfillability, |_, answer| {
                let fees = answer
                    .pointer_mut("/fees/per_ticket_fee")
                    .and_then(Value::as_array_mut);
                for fee in fees.into_iter().flatten() {
                    set(fee, "/fee_amount/currency_code", "XTS");
                }
            })
        },
    },
    Defect {
        name: "one-challenge-for-all",
        about: "Every user is asked for 3-D Secure with the same transaction.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-03")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                set(answer, &format!("{CHALLENGE}/transaction_id"), "acs-1");
                set(answer, &format!("{CHALLENGE}/pa_req"), "eJxVUttu");
            })
        },
    },
    Defect {
        name: "pack-without-its-count",
        about: "A pack does not say for how many visits it was bought.",
        scenario: "packs/visit-given-back",
        violates: &[id("BS-CREATE-31")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                take(answer, "/user_payment_option", "original_count");
            })
        },
    },
    Defect {
        name: "cancelled-with-another-cutoff",
        about: "The answer to a cancellation states another cutoff of the deposit than the one that was agreed.",
        scenario: "deposit/cancel-by-google-before-cutoff",
        violates: &[id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(UPDATE, |_, answer| {
                let place = "/booking/payment_information/deposit/min_advance_cancellation_sec";
                set(answer, place, "60");
            })
        },
    },
    Defect {
        name: "lists-twice",
        about: "Every booking is listed twice.",
        scenario: "basic/list",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::ListBookings, |_, answer| {
                if let Some(all) = answer.get_mut("bookings").and_then(Value::as_array_mut) {
                    all.extend_from_within(..);
                }
            })
        },
    },
    Defect {
        name: "lists-without-the-merchant",
        about: "Listed bookings do not say at which merchant they are.",
        scenario: "basic/list",
        violates: &[id("BS-LIST-05")],
        amendments: Amendments::NONE,
        seams: || {
            listed(|booking| {
                take(booking, "/slot", "merchant_id");
            })
        },
    },
];
