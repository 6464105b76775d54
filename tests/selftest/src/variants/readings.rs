//! What may be different about what is read back and what is said of inventory and money.

use crate::wire::{answers, created, replies, set, take};
use crate::{Amendments, Variant};
use protocol::Method;
use serde_json::{Value, json};

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "links-come-by-mail",
        about: "The feed says in another language how users get their link, and bookings hold none.",
        tolerated: &[],
        seams: || {
            created(|booking| {
                take(booking, "", "virtual_session_info");
            })
        },
        amendments: Amendments {
            feeds: Some(in_japanese),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "waived-when-cancelled",
        about: "What is cancelled is answered with a deposit and a fee of zero.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |request, answer| {
                if request.pointer("/booking/status").is_some() {
                    let payment = "/booking/payment_information";
                    set(answer, &format!("{payment}/deposit/deposit/price_micros"), "0");
                    set(answer, &format!("{payment}/no_show_fee/fee/price_micros"), "0");
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "nothing-is-a-fee",
        about: "Where there is no fee for not coming, bookings say that it is nothing.",
        tolerated: &[],
        seams: || {
            created(|booking| {
                let payment = booking
                    .get_mut("payment_information")
                    .and_then(Value::as_object_mut);
                if let Some(payment) = payment {
                    let nothing = json!({ "fee": { "price_micros": "0", "currency_code": "USD" } });
                    payment.entry("no_show_fee").or_insert(nothing);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "a-realm-is-named",
        about: "Error pages are text and name the realm of the credentials.",
        tolerated: &[],
        seams: || {
            replies(|_, reply| {
                if reply.status.is_client_error() && reply.body.is_object() {
                    reply.body["realm"] = json!("Basic realm=\"bookings\", as user google");
                }
            })
        },
        amendments: Amendments::NONE,
    },
];

fn in_japanese(feed: &mut Value) {
    match feed {
        Value::Array(items) => items.iter_mut().for_each(in_japanese),
        Value::Object(fields) => {
            if let Some(instructions) = fields.get_mut("session_instructions") {
                *instructions = json!({ "value": "リンクは予約の翌日に店からメールで届きます。" });
            }
            fields.values_mut().for_each(in_japanese);
        }
        _ => {}
    }
}
