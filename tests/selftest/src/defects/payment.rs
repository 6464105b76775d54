//! The payment part of bookings, and online services.

use crate::gateway::edit_ledger_entries;
use crate::wire::{answers, created, created_part, replies, set, take, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use protocol::int64;
use reference_server::Seams;
use serde_json::{Value, json};

const PAYMENT: &str = "/payment_information";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "price-off-by-one",
        about: "The price is a millionth higher than what was asked for.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-10")],
        amendments: Amendments::NONE,
        seams: || created_part("/payment_information/price/price_micros", one_more),
    },
    Defect {
        name: "tax-off-by-one",
        about: "The tax is a millionth higher than what was given.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-11")],
        amendments: Amendments::NONE,
        seams: || created_part("/payment_information/tax_amount/price_micros", one_more),
    },
    Defect {
        name: "another-currency",
        about: "Everything is charged in Swiss francs.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-12")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/price/currency_code", |code| {
                *code = json!("CHF");
            })
        },
    },
    Defect {
        name: "processed-by-google",
        about: "Bookings say that Google processes the payment.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-06")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/payment_processed_by", |by| {
                *by = json!("PROCESSED_BY_GOOGLE");
            })
        },
    },
    Defect {
        name: "processed-by-nobody",
        about: "Bookings do not say who processes the payment.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("BS-PAY-10")],
        amendments: Amendments::NONE,
        seams: || without("payment_processed_by"),
    },
    Defect {
        name: "no-transaction-id",
        about: "Bookings have no transaction id.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-07")],
        amendments: Amendments::NONE,
        seams: || without("payment_transaction_id"),
    },
    Defect {
        name: "constant-transaction-id",
        about: "Every booking has the same transaction id.",
        scenario: "deposit/kept-after-cutoff",
        violates: &[id("PAY-COM-08")],
        amendments: Amendments::NONE,
        seams: || Seams {
            gateway: edit_ledger_entries(|line| "transaction-1".clone_into(&mut line.id)).gateway,
            ..replies(|_, reply| {
                let id = "/payment_information/payment_transaction_id";
                set(&mut reply.body, &format!("/booking{id}"), "transaction-1");
                let listed = reply.body.get_mut("bookings").and_then(Value::as_array_mut);
                for booking in listed.into_iter().flatten() {
                    set(booking, id, "transaction-1");
                }
            })
        },
    },
    Defect {
        name: "prepayment-not-reported",
        about: "What was paid in full is not reported as paid.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-PREPAY-04")],
        amendments: Amendments::NONE,
        seams: || {
            created_part(PAYMENT, |payment| {
                if payment.get("deposit").is_none() && payment.get("no_show_fee").is_none() {
                    set(payment, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
                }
            })
        },
    },
    Defect {
        name: "arrival-reported-as-paid",
        about: "What is paid on arrival is reported as paid.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("PAY-ARR-03")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method.is_some_and(Method::mutates) {
                    claim(&mut reply.body);
                }
            })
        },
    },
    Defect {
        name: "fee-not-returned",
        about: "Bookings do not return the fee for not coming.",
        scenario: "no-show/fee-charged",
        violates: &[id("PAY-NOSHOW-04")],
        amendments: Amendments::NONE,
        seams: || without("no_show_fee"),
    },
    Defect {
        name: "fee-halved",
        about: "The fee for not coming is another one than that of the feed.",
        scenario: "no-show/fee-charged",
        violates: &[id("PAY-NOSHOW-04")],
        amendments: Amendments::NONE,
        seams: || created_part("/payment_information/no_show_fee/fee/price_micros", one_more),
    },
    Defect {
        name: "deposit-not-returned",
        about: "Bookings do not return the deposit.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("PAY-DEP-04")],
        amendments: Amendments::NONE,
        seams: || without("deposit"),
    },
    Defect {
        name: "deposit-in-another-currency",
        about: "Deposits are taken in Swiss francs.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("AMT-09")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/deposit/deposit/currency_code", |code| {
                *code = json!("CHF");
            })
        },
    },
    Defect {
        name: "deposit-without-cutoff",
        about: "The returned deposit does not say until when it is refunded.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("PAY-DEP-05")],
        amendments: Amendments::NONE,
        seams: || {
            created(|booking| {
                take(
                    booking,
                    "/payment_information/deposit",
                    "min_advance_cancellation_sec",
                );
            })
        },
    },
    Defect {
        name: "deposit-multiplied-out",
        about: "The returned deposit is the amount for the whole party.",
        scenario: "deposit/per-person",
        violates: &[id("PAY-DEP-12")],
        amendments: Amendments::NONE,
        seams: || {
            created(|booking| {
                let party = booking
                    .pointer("/slot/resources/party_size")
                    .and_then(Value::as_i64);
                let amount = booking.pointer_mut("/payment_information/deposit/deposit/price_micros");
                if let (Some(party), Some(amount)) = (party, amount) {
                    let all = int64::read(amount).unwrap_or_default() * party;
                    *amount = json!(all.to_string());
                }
            })
        },
    },
    Defect {
        name: "card-with-a-fee",
        about: "Where only a card is required a fee for not coming is agreed on.",
        scenario: "card/credit-card-required",
        violates: &[id("PAY-CARD-02")],
        amendments: Amendments::NONE,
        seams: || {
            created_part(PAYMENT, |payment| {
                let unpaid = payment["prepayment_status"] == "PREPAYMENT_NOT_PROVIDED";
                if unpaid && payment.get("price").is_some() && payment.get("no_show_fee").is_none() {
                    payment["no_show_fee"] =
                        json!({ "fee": payment["price"], "fee_type": "FIXED_RATE_DEFAULT" });
                }
            })
        },
    },
    Defect {
        name: "deposit-kept-in-time",
        about: "The deposit is kept although the user cancels through Google before the cutoff.",
        scenario: "deposit/cancel-by-google-before-cutoff",
        violates: &[id("PAY-DEP-06")],
        amendments: Amendments::NONE,
        seams: || {
            canceled_deposit(|status| {
                if status == "PREPAYMENT_REFUNDED" {
                    *status = json!("PREPAYMENT_PROVIDED");
                }
            })
        },
    },
    Defect {
        name: "deposit-refunded-too-late",
        about: "The deposit is refunded although the user cancels through Google after the cutoff.",
        scenario: "deposit/kept-after-cutoff-by-google",
        violates: &[id("PAY-DEP-10")],
        amendments: Amendments::NONE,
        seams: || canceled_deposit(|status| *status = json!("PREPAYMENT_REFUNDED")),
    },
    Defect {
        name: "nobody-says-how-to-join",
        about: "Neither the booking nor the feed says how to join a session.",
        scenario: "online/session-info",
        violates: &[id("VIRT-06")],
        amendments: Amendments {
            feeds: Some(without_instructions),
            ..Amendments::NONE
        },
        seams: || {
            created(|booking| {
                take(booking, "", "virtual_session_info");
            })
        },
    },
    Defect {
        name: "signs-for-instructions",
        about: "Bookings do not say how to join a session, and the feed says a dash.",
        scenario: "online/session-info",
        violates: &[id("VIRT-06")],
        amendments: Amendments {
            feeds: Some(|feed| with_instructions(feed, "-")),
            ..Amendments::NONE
        },
        seams: || {
            created(|booking| {
                take(booking, "", "virtual_session_info");
            })
        },
    },
    Defect {
        name: "own-session-names",
        about: "The session's address has a name of the partner's own.",
        scenario: "online/session-info",
        violates: &[id("VIRT-13")],
        amendments: Amendments::NONE,
        seams: || session("link"),
    },
    Defect {
        name: "session-name-of-the-sample",
        about: "The session's address is called video_url.",
        scenario: "online/session-info",
        violates: &[id("VIRT-13")],
        amendments: Amendments::NONE,
        seams: || session("video_url"),
    },
];

fn one_more(micros: &mut Value) {
    let more = int64::read(micros).unwrap_or_default() + 1;
    *micros = json!(more.to_string());
}

fn without(name: &'static str) -> Seams {
    created(move |booking| {
        take(booking, PAYMENT, name);
    })
}

/// Bookings without a card are those that are paid on arrival.
fn claim(answer: &mut Value) {
    // What is on request and what was refused has rules of its own.
    let booked = ["CONFIRMED", "CANCELED"].map(|name| Some(name.to_owned()));
    let booked = booked.contains(&text(answer, "/booking/status"));
    let payment = answer.pointer_mut("/booking/payment_information");
    if let Some(payment) = payment.filter(|payment| booked && payment.get("payment_processed_by").is_none()) {
        set(payment, "/prepayment_status", "PREPAYMENT_PROVIDED");
    }
}

fn canceled_deposit(edit: fn(&mut Value)) -> Seams {
    answers(Method::UpdateBooking, move |request, answer| {
        let cancels = request["booking"]["status"] == "CANCELED";
        let payment = answer.pointer_mut("/booking/payment_information");
        if let Some(payment) = payment.filter(|payment| cancels && payment.get("deposit").is_some()) {
            edit(&mut payment["prepayment_status"]);
        }
    })
}

/// At whatever depth they stand.
fn without_instructions(feed: &mut Value) {
    match feed {
        Value::Array(items) => items.iter_mut().for_each(without_instructions),
        Value::Object(fields) => {
            fields.shift_remove("session_instructions");
            fields.values_mut().for_each(without_instructions);
        }
        _ => {}
    }
}

/// Puts another text in the place of the instructions.
fn with_instructions(feed: &mut Value, text: &str) {
    match feed {
        Value::Array(items) => items.iter_mut().for_each(|item| with_instructions(item, text)),
        Value::Object(fields) => {
            if let Some(instructions) = fields.get_mut("session_instructions") {
                *instructions = json!({ "value": text });
            }
            fields
                .values_mut()
                .for_each(|value| with_instructions(value, text));
        }
        _ => {}
    }
}

fn session(name: &'static str) -> Seams {
    created(move |booking| {
        let service = booking["slot"]["service_id"].as_str().unwrap_or_default();
        if service.starts_with("online") {
            booking["virtual_session_info"] = json!({ name: "https://rooms.example/17" });
        }
    })
}
