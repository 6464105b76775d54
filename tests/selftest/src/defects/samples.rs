//! Servers that were tried with calls that somebody wrote, and not with those that Google's samples show.

use super::refusals::{changing, reply_after_credentials};
use crate::wire::{ReceivedCall, Reply, Server, answers, layer, set};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const LOOKUP: Method = Method::BatchAvailabilityLookup;
const CREATE: Method = Method::CreateBooking;
const SYNCHRONOUS: &str = "CONFIRMATION_MODE_SYNCHRONOUS";
/// The largest look-up that a server takes which has a limit.
const LIMIT: usize = 20;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "mode-is-wanted",
        about: "A slot that is looked up without its confirmation mode is not available.",
        scenario: "lookup/mode-left-out",
        violates: &[id("BS-JSON-07")],
        amendments: Amendments::NONE,
        seams: || not_available(|slot| slot["confirmation_mode"].is_null()),
    },
    Defect {
        name: "mode-is-unknown",
        about: "A slot that is looked up as one that is confirmed at once is not available.",
        scenario: "lookup/mode-left-out",
        violates: &[id("BS-BAL-05")],
        amendments: Amendments::NONE,
        seams: || not_available(|slot| slot["confirmation_mode"] == SYNCHRONOUS),
    },
    Defect {
        name: "empty-ids-are-looked-for",
        about: "An empty `staff_id` or `room_id` in a look-up is nobody's, so that nobody is free.",
        scenario: "wire/written-defaults",
        violates: &[id("BS-JSON-14")],
        amendments: Amendments::NONE,
        seams: || {
            not_available(|slot| {
                slot["resource_ids"]["staff_id"] == "" || slot["resource_ids"]["room_id"] == ""
            })
        },
    },
    Defect {
        name: "type-of-deposit-is-wanted",
        about: "A deposit without its type is refused, which proto3 leaves out where it is FIXED_RATE_DEFAULT.",
        scenario: "deposit/type-left-out",
        violates: &[id("BS-JSON-07")],
        amendments: Amendments::NONE,
        seams: || wanting("/payment_information/deposit", "deposit_type"),
    },
    Defect {
        name: "type-of-fee-is-wanted",
        about: "A fee for not coming without its type is refused, which proto3 leaves out where it is FIXED_RATE_DEFAULT.",
        scenario: "no-show/type-left-out",
        violates: &[id("BS-JSON-07")],
        amendments: Amendments::NONE,
        seams: || wanting("/payment_information/no_show_fee", "fee_type"),
    },
    Defect {
        name: "type-of-deposit-is-unknown",
        about: "A deposit whose type is written though it is the default one is refused.",
        scenario: "deposit/type-left-out",
        violates: &[id("BS-CREATE-01")],
        amendments: Amendments::NONE,
        seams: || {
            let place = "/payment_information/deposit/deposit_type";
            refusing(CREATE, 400, "unknown deposit_type", move |body| {
                body.pointer(place) == Some(&json!("FIXED_RATE_DEFAULT"))
            })
        },
    },
    Defect {
        name: "twenty-slots-at-most",
        about: "A look-up of more than twenty slots ends in an error of the server.",
        scenario: "lookup/large-page",
        violates: &[id("BS-BAL-04")],
        amendments: Amendments::NONE,
        seams: || refusing(LOOKUP, 500, "too many slots", |body| slots(body) > LIMIT),
    },
    Defect {
        name: "page-is-too-large-a-body",
        about: "A look-up of hundreds of slots is a larger body than the server reads.",
        scenario: "lookup/large-page",
        violates: &[id("BS-BAL-04")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(LOOKUP, 413, "request entity too large", |body| {
                body.to_string().len() > 16_384
            })
        },
    },
    Defect {
        name: "tokens-have-a-sign",
        about: "Tokens are kept in signed 64-bit numbers, and those that do not fit are refused.",
        scenario: "wire/short-ids",
        violates: &[id("BS-JSON-13")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(CREATE, 400, "idempotency_token is out of range", |body| {
                let token = body["idempotency_token"].as_str().unwrap_or_default();
                token.parse::<i64>().is_err()
            })
        },
    },
    Defect {
        name: "user-ids-are-small",
        about: "User ids are kept in 32-bit numbers, and those that do not fit are refused.",
        scenario: "wire/short-ids",
        violates: &[id("BS-JSON-13")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(CREATE, 400, "user_id is out of range", |body| {
                let user = body.pointer("/user_information/user_id").and_then(Value::as_str);
                user.is_none_or(|user| user.parse::<i32>().is_err())
            })
        },
    },
    Defect {
        name: "telephones-of-one-country",
        about: "Only telephone numbers of the partner's own country are taken.",
        scenario: "create/telephones",
        violates: &[id("BS-CREATE-18")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(CREATE, 400, "telephone is not valid", |body| {
                let number = body
                    .pointer("/user_information/telephone")
                    .and_then(Value::as_str);
                number.is_some_and(|number| !number.starts_with("+1"))
            })
        },
    },
    Defect {
        name: "tokens-are-cut-to-size",
        about: "Tokens are kept in signed 64-bit numbers, of which those that do not fit become the largest.",
        scenario: "wire/short-ids",
        violates: &[id("BS-IDEM-05")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                call.method.filter(|method| *method == CREATE)?;
                for name in ["/idempotency_token", "/idempotencyToken"] {
                    let token = call.text(name).and_then(|token| token.parse::<u128>().ok());
                    if let Some(number) = token {
                        let largest = u128::from(i64::MAX.unsigned_abs());
                        set(&mut call.body, name, number.min(largest).to_string());
                    }
                }
                None
            })
        },
    },
];

fn slots(body: &Value) -> usize {
    body["slot_time"].as_array().map_or(0, Vec::len)
}

/// Look-ups in which some slots are never free, by what was asked.
fn not_available(which: fn(&Value) -> bool) -> Seams {
    answers(LOOKUP, move |request, answer| {
        let asked = request["slot_time"].as_array().into_iter().flatten();
        let entries = answer["slot_time_availability"].as_array_mut();
        for (asked, entry) in asked.zip(entries.into_iter().flatten()) {
            if which(asked) {
                entry["available"] = json!(false);
            }
        }
    })
}

/// Bookings are refused where a message is there without one of its fields.
fn wanting(message: &'static str, field: &'static str) -> Seams {
    refusing(CREATE, 400, "a required field is missing", move |body| {
        let message = body.pointer(message);
        message.is_some_and(|message| message[field].is_null())
    })
}

/// Calls of a method that are answered with an error in the server's own words, once its credentials were seen.
fn refusing(
    method: Method,
    status: u16,
    words: &'static str,
    which: impl Fn(&Value) -> bool + Send + Sync + 'static,
) -> Seams {
    layer(move |call: ReceivedCall, server: Server| {
        let is_refused = call.method == Some(method) && which(&call.body);
        async move {
            if is_refused {
                let refusal = Reply::new(status, json!({ "error": words }));
                reply_after_credentials(&call, &server, refusal).await
            } else {
                server.answer(call).await
            }
        }
    })
}
