//! Amounts and payments that are only said, and secrets that are said at all.

use super::listing::listed;
use super::refusals::changing;
use crate::gateway::edit_ledger;
use crate::wire::{Memory, answers, created, replies, set, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "deposit-from-nowhere",
        about: "Bookings that are paid on arrival come with a deposit that no feed has.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("PAY-COM-13")],
        amendments: Amendments::NONE,
        seams: || {
            with_amount(
                |payment| payment.get("payment_processed_by").is_none(),
                "deposit",
                "deposit",
            )
        },
    },
    Defect {
        name: "fee-on-what-is-prepaid",
        about: "Bookings that are paid in full come with a fee for not coming that no feed has.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-13")],
        amendments: Amendments::NONE,
        seams: || {
            let is_prepaid = |payment: &Value| {
                payment["prepayment_status"] == "PREPAYMENT_PROVIDED" && payment.get("deposit").is_none()
            };
            with_amount(is_prepaid, "no_show_fee", "fee")
        },
    },
    Defect {
        name: "another-deposit-after-a-cancellation",
        about: "The answer to a cancellation shows another deposit than the booking had.",
        scenario: "deposit/cancel-by-google-before-cutoff",
        violates: &[id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::UpdateBooking, |_, answer| {
                let amount = "/booking/payment_information/deposit/deposit/price_micros";
                set(answer, amount, "1000000");
            })
        },
    },
    Defect {
        name: "another-currency-after-a-cancellation",
        about: "The answer to a cancellation shows the fee for not coming in another currency.",
        scenario: "no-show/cancelled-in-time",
        violates: &[id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::UpdateBooking, |_, answer| {
                let currency = "/booking/payment_information/no_show_fee/fee/currency_code";
                set(answer, currency, "JPY");
            })
        },
    },
    Defect {
        name: "transaction-id-of-another-after-a-cancellation",
        about: "The answer to a cancellation shows the transaction id of the booking that was cancelled before.",
        scenario: "cancellation/full-refund-by-google",
        violates: &[id("PAY-COM-08"), id("BS-UPDATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            let last: Memory<String> = Memory::default();
            answers(Method::UpdateBooking, move |_, answer| {
                let merchant = text(answer, "/booking/slot/merchant_id").unwrap_or_default();
                let place = "/booking/payment_information/payment_transaction_id";
                let Some(own) = text(answer, place) else { return };
                if let Some(other) = last.keep(merchant, own) {
                    set(answer, place, other);
                }
            })
        },
    },
    Defect {
        name: "another-deposit-in-the-list",
        about: "Lists show another deposit than the booking has.",
        scenario: "deposit/per-person",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || {
            listed(|booking| {
                let amount = "/payment_information/deposit/deposit/price_micros";
                set(booking, amount, "1000000");
            })
        },
    },
    Defect {
        name: "another-payment-in-the-list",
        about: "Lists show what was paid as given back.",
        scenario: "deposit/per-person",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || {
            listed(|booking| {
                let place = "/payment_information/prepayment_status";
                if text(booking, place).as_deref() == Some("PREPAYMENT_PROVIDED") {
                    set(booking, place, "PREPAYMENT_REFUNDED");
                }
            })
        },
    },
    Defect {
        name: "offers-not-looked-at",
        about: "The partner says that it has offers, and books whatever offer is named.",
        scenario: "offers/unknown-offer",
        violates: &[id("BS-CREATE-21")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                call.body.as_object_mut()?.shift_remove("offer_id");
                None
            })
        },
    },
    Defect {
        name: "two-ways-to-have-paid",
        about: "Bookings name an option of the merchant and a pack of the user.",
        scenario: "overrides/price",
        violates: &[id("PAY-COM-25")],
        amendments: Amendments::NONE,
        seams: || {
            created(|booking| {
                let pack = pack_of(booking);
                let payment = booking.get_mut("payment_information");
                let single = |payment: &&mut Value| {
                    // A pack that is bought stands in the answer, and would be another one.
                    payment
                        .get("payment_option_id")
                        .is_some_and(|option| option != "po-two-swims")
                };
                if let Some(payment) = payment.filter(single) {
                    payment["user_payment_option_id"] = pack;
                }
            })
        },
    },
    Defect {
        name: "another-pack",
        about: "Bookings that are paid on arrival name a pack of the user, and the answer returns another.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-31")],
        amendments: Amendments::NONE,
        seams: || {
            answers(Method::CreateBooking, |_, answer| {
                let on_arrival = |booking: &&mut Value| {
                    booking
                        .pointer("/payment_information/payment_processed_by")
                        .is_none()
                };
                if let Some(booking) = answer.get_mut("booking").filter(on_arrival) {
                    booking["payment_information"]["user_payment_option_id"] = pack_of(booking);
                    answer["user_payment_option"] = json!({ "user_payment_option_id": "another" });
                }
            })
        },
    },
    Defect {
        name: "deposit-paid-in-words-only",
        about: "Deposits per person are reported as paid, and nothing is charged or held.",
        scenario: "deposit/per-person",
        violates: &[id("BS-PAY-10")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.payment()["deposit"]["deposit_type"] == "PER_PERSON" {
                    lines.clear();
                }
            })
        },
    },
    Defect {
        name: "goodwill-in-words-only",
        about: "A refund for a booking that stands is reported and never made.",
        scenario: "deposit/refund-without-cancellation",
        violates: &[id("BS-PAY-10")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.was("refund") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
    Defect {
        name: "prepayment-kept-by-the-merchant",
        about: "When the merchant cancels what was paid in full, the refund is reported and never made.",
        scenario: "prepayment/merchant-cancels",
        violates: &[id("PAY-MIX-03")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.is_prepaid() && sale.was("merchant_cancel") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
    Defect {
        name: "credentials-in-the-error-page",
        about: "Error pages of a debug mode list the headers of the request.",
        scenario: "wire/malformed-json",
        violates: &[id("TOK-12")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let header = call.head.headers.get("authorization");
                let sent = header.and_then(|value| value.to_str().ok());
                if let Some(sent) = sent.filter(|_| reply.status == 400) {
                    reply.body = json!({ "error": "bad request", "headers": { "authorization": sent } });
                }
            })
        },
    },
    Defect {
        name: "credentials-in-a-header",
        about: "A gateway in front of the server leaves the credentials in a header of the answer.",
        scenario: "basic/booking",
        violates: &[id("TOK-12")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if let Some(sent) = call.head.headers.get("authorization") {
                    reply.headers.insert("x-forwarded-authorization", sent.clone());
                }
            })
        },
    },
];

/// A pack of the booking's own.
fn pack_of(booking: &Value) -> Value {
    let id = booking["booking_id"].as_str().unwrap_or_default();
    json!(format!("pack-{id}"))
}

/// New bookings of these payments come with an amount besides.
fn with_amount(when: fn(&Value) -> bool, name: &'static str, part: &'static str) -> Seams {
    created(move |booking| {
        let payment = booking.get("payment_information").cloned();
        if when(&payment.unwrap_or_else(|| json!({}))) {
            let amount = json!({ "price_micros": "5000000", "currency_code": "USD" });
            booking["payment_information"][name] = json!({ part: amount });
        }
    })
}
