//! Payments that are made, or fail, in another way that is right.

use crate::Amendments;
use crate::Variant;
use crate::wire::{Reply, answers, replies, take};
use config::TokenForm;
use protocol::Method;
use reference_server::Seams;
use serde_json::json;

const PARAMETERS: &str = "/booking_failure/payment_failure/threeds1_parameters";

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "bare-gateway-tokens",
        about: "Tokens are asked for as the gateway makes them.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            config: Some(|file| file.token_form = TokenForm::Bare),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "no-test-cards",
        about: "No card is known that is declined, rejected or challenged.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            config: Some(|file| file.cards = None),
            more: "\n[payments.declined_token]\nnone = \"the sandbox takes every card\"\n",
            ..Amendments::NONE
        },
    },
    Variant {
        name: "failures-in-few-words",
        about: "Failures have no description, and challenges no data of the merchant.",
        tolerated: &[],
        seams: || {
            answers(Method::CreateBooking, |_, answer| {
                take(answer, "/booking_failure", "description");
                take(answer, PARAMETERS, "md_merchant_data");
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "unreadable-token-is-a-bad-request",
        about: "A token that cannot be read is answered 400.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                let error = reply.body["booking_failure"]["cause"] == "PAYMENT_ERROR";
                if call.method == Some(Method::CreateBooking) && error {
                    *reply = Reply::new(400, json!({ "error": "no usable token" }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "ended-is-cancelled",
        about: "Cancelling what has ended by itself is answered as cancelled already.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |_, answer| {
                let cause = answer.pointer_mut("/booking_failure/cause");
                if let Some(cause) = cause.filter(|cause| **cause == "BOOKING_NOT_CANCELLABLE") {
                    *cause = json!("BOOKING_ALREADY_CANCELLED");
                }
            })
        },
        amendments: Amendments::NONE,
    },
];
