//! Payment tokens, payments that fail, and 3-D Secure.

use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, replies, set, take, text};
use crate::{Amendments, Defect, id};
use config::TokenForm;
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const CREATE: Method = Method::CreateBooking;
const TOKEN: &str = "/payment_processing_parameters/unparsed_payment_method_token";
const CHALLENGE: &str = "/booking_failure/payment_failure/threeds1_parameters";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "confirmed-without-money",
        about: "A booking is confirmed although its card was declined.",
        scenario: "tokens/declined-card",
        violates: &[id("PAY-PREPAY-07")],
        amendments: Amendments::NONE,
        seams: || another_token(|_, token| Some(token.replace("declined", "taken_for_good"))),
    },
    Defect {
        name: "decline-is-any-payment-error",
        about: "A declined card is a payment error like any other.",
        scenario: "tokens/declined-card",
        violates: &[id("FAIL-03")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_DECLINED", |_, failure| {
                failure["cause"] = json!("PAYMENT_ERROR");
            })
        },
    },
    Defect {
        name: "spot-held-after-a-decline",
        about: "The spot of a booking whose card was declined stays taken.",
        scenario: "tokens/declined-card-holds-nothing",
        violates: &[id("FAIL-07")],
        amendments: Amendments::NONE,
        seams: held_after_a_decline,
    },
    Defect {
        name: "rejected-type-is-a-decline",
        about: "A card of a type that is not taken is answered as declined.",
        scenario: "tokens/rejected-card-type",
        violates: &[id("FAIL-01")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_TYPE_REJECTED", |_, failure| {
                failure["cause"] = json!("PAYMENT_ERROR_CARD_DECLINED");
                take(failure, "", "rejected_card_type");
            })
        },
    },
    Defect {
        name: "restrictions-ignored",
        about: "A merchant's restriction of card types stands in the feed and is not looked at.",
        scenario: "tokens/rejected-card-type",
        violates: &[id("FAIL-01")],
        amendments: Amendments::NONE,
        seams: || another_token(|_, token| Some(token.replace("JCB", "VISA"))),
    },
    Defect {
        name: "rejected-type-not-named",
        about: "A card type is rejected and not named.",
        scenario: "tokens/rejected-card-type",
        violates: &[id("FAIL-02")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_TYPE_REJECTED", |_, failure| {
                take(failure, "", "rejected_card_type");
            })
        },
    },
    Defect {
        name: "rejected-type-misnamed",
        about: "Whatever card type is rejected, it is called Visa.",
        scenario: "tokens/rejected-card-type",
        violates: &[id("FAIL-02")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_TYPE_REJECTED", |_, failure| {
                failure["rejected_card_type"] = json!("VISA");
            })
        },
    },
    Defect {
        name: "card-type-beside-a-decline",
        about: "A decline names a rejected card type as well.",
        scenario: "tokens/declined-card",
        violates: &[id("BS-CREATE-30")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_DECLINED", |_, failure| {
                failure["rejected_card_type"] = json!("VISA");
            })
        },
    },
    Defect {
        name: "any-token-error-is-a-decline",
        about: "A token that no gateway knows is answered as a declined card.",
        scenario: "tokens/unknown-token",
        violates: &[id("FAIL-05")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR", |_, failure| {
                failure["cause"] = json!("PAYMENT_ERROR_CARD_DECLINED");
            })
        },
    },
    Defect {
        name: "token-in-the-description",
        about: "The description of a decline holds the gateway's token.",
        scenario: "tokens/declined-card",
        violates: &[id("FAIL-08")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_DECLINED", |request, failure| {
                failure["description"] = json!(format!("gateway said no to {}", gateway_token(request)));
            })
        },
    },
    Defect {
        name: "card-number-in-the-description",
        about: "The description of a decline holds the number of the card.",
        scenario: "tokens/declined-card",
        violates: &[id("FAIL-08")],
        amendments: Amendments::NONE,
        seams: || {
            failed("PAYMENT_ERROR_CARD_DECLINED", |_, failure| {
                failure["description"] = json!("card 4000 0000 0000 0002 was declined");
            })
        },
    },
    Defect {
        name: "token-as-transaction-id",
        about: "The gateway's token serves as the transaction id of a new booking.",
        scenario: "tokens/google-pay-answer",
        violates: &[id("TOK-12"), id("BS-UPDATE-04")],
        // Whoever sees the books finds besides that it is no id of the processor's.
        amendments: Amendments {
            no_ledger: true,
            ..Amendments::NONE
        },
        seams: || {
            answers(CREATE, |request, answer| {
                let token = json!(gateway_token(request));
                set(
                    answer,
                    "/booking/payment_information/payment_transaction_id",
                    token,
                );
            })
        },
    },
    Defect {
        name: "token-used-twice",
        about: "A payment token pays as often as it comes.",
        scenario: "tokens/single-use",
        violates: &[id("TOK-03")],
        amendments: Amendments::NONE,
        seams: || {
            another_token(|request, token| {
                let own = text(request, "/idempotency_token").unwrap_or_default();
                Some(token.replace("tok_harness_", &format!("tok_{own}_")))
            })
        },
    },
    Defect {
        name: "card-on-file",
        about: "When a card is declined, the one with which the user paid before is charged.",
        scenario: "tokens/no-card-on-file",
        violates: &[id("BS-PAY-06")],
        amendments: Amendments::NONE,
        seams: card_on_file,
    },
    Defect {
        name: "bare-tokens-only",
        about: "Google Pay's own data are taken for the gateway's token.",
        scenario: "tokens/google-pay-answer",
        violates: &[id("TOK-06")],
        amendments: Amendments {
            config: Some(|file| file.token_form = TokenForm::Bare),
            ..Amendments::NONE
        },
        seams: || another_token(|_, token| token.contains("paymentMethodData").then(|| "{".to_owned())),
    },
    Defect {
        name: "google-pay-only",
        about: "A gateway's token that comes alone is not understood.",
        scenario: "tokens/bare-token",
        violates: &[id("TOK-07")],
        amendments: Amendments::NONE,
        seams: || another_token(|_, token| (!token.contains("paymentMethodData")).then(|| "{".to_owned())),
    },
    Defect {
        name: "challenge-without-parameters",
        about: "A challenge is asked for, and nothing is said about it.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-02")],
        amendments: Amendments::NONE,
        seams: || {
            challenged(|failure| {
                take(failure, "", "payment_failure");
            })
        },
    },
    Defect {
        name: "challenge-is-a-decline",
        about: "A card that needs 3-D Secure is answered as declined.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-02")],
        amendments: Amendments::NONE,
        seams: || {
            challenged(|failure| {
                take(failure, "", "payment_failure");
                failure["cause"] = json!("PAYMENT_ERROR_CARD_DECLINED");
            })
        },
    },
    Defect {
        name: "challenge-without-address",
        about: "A challenge names a path instead of an address.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-03")],
        amendments: Amendments::NONE,
        seams: || challenge_with("/acs_url", "/acs/challenge"),
    },
    Defect {
        name: "challenge-without-request",
        about: "A challenge comes with an empty authentication request.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-03")],
        amendments: Amendments::NONE,
        seams: || challenge_with("/pa_req", ""),
    },
    Defect {
        name: "challenge-without-end",
        about: "The outcome of a challenge is not read, so that the challenge comes again.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-06")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|mut call, server| async move {
                take(&mut call.body, "/payment_information", "pa_response");
                server.answer(call).await
            })
        },
    },
    Defect {
        name: "challenge-replayed",
        about: "A challenge is stored by its idempotency token and answered again.",
        scenario: "threeds/challenge",
        violates: &[id("3DS-07")],
        amendments: Amendments::NONE,
        seams: challenge_replayed,
    },
    Defect {
        name: "challenge-for-everything",
        about: "Users who were challenged once are challenged for whatever they book.",
        scenario: "threeds/not-without-payment",
        violates: &[id("3DS-09")],
        amendments: Amendments::NONE,
        seams: challenge_for_everything,
    },
];

/// What the gateway knows the card by.
fn gateway_token(request: &Value) -> String {
    let whole = text(request, TOKEN).unwrap_or_default();
    let data: Value = serde_json::from_str(&whole).unwrap_or_default();
    let inner = text(&data, "/paymentMethodData/tokenizationData/token").unwrap_or(whole);
    let token: Value = serde_json::from_str(&inner).unwrap_or_default();
    text(&token, "/id").unwrap_or(inner)
}

/// Reads another token than the one that came, where there is another one.
fn another_token(read: fn(&Value, &str) -> Option<String>) -> Seams {
    layer(move |mut call, server| async move {
        let token = call.text(TOKEN).and_then(|token| read(&call.body, &token));
        if let Some(token) = token {
            set(&mut call.body, TOKEN, token);
        }
        server.answer(call).await
    })
}

/// Changes failures of one cause; the request comes first.
fn failed(cause: &'static str, edit: fn(&Value, &mut Value)) -> Seams {
    answers(CREATE, move |request, answer| {
        let failure = answer.get_mut("booking_failure");
        if let Some(failure) = failure.filter(|failure| failure["cause"] == cause) {
            edit(request, failure);
        }
    })
}

fn challenged(edit: fn(&mut Value)) -> Seams {
    answers(CREATE, move |_, answer| {
        if answer.pointer(CHALLENGE).is_some()
            && let Some(failure) = answer.get_mut("booking_failure")
        {
            edit(failure);
        }
    })
}

fn challenge_with(pointer: &'static str, value: &'static str) -> Seams {
    answers(CREATE, move |_, answer| {
        if let Some(parameters) = answer.pointer_mut(CHALLENGE) {
            set(parameters, pointer, value);
        }
    })
}

/// Merchant, service and start, under which a slot is remembered.
fn slot_of(slot: &Value, merchant: Option<String>) -> String {
    let merchant = text(slot, "/merchant_id").or(merchant).unwrap_or_default();
    format!("{merchant}/{}/{}", slot["service_id"], slot["start_sec"])
}

fn held_after_a_decline() -> Seams {
    let held: Memory<()> = Memory::default();
    replies(move |call: &ReceivedCall, reply: &mut Reply| match call.method {
        Some(Method::CreateBooking)
            if reply.body["booking_failure"]["cause"] == "PAYMENT_ERROR_CARD_DECLINED" =>
        {
            held.keep(slot_of(&call.body["slot"], None), ());
        }
        Some(Method::BatchAvailabilityLookup) => {
            let entries = reply.body["slot_time_availability"].as_array_mut();
            for entry in entries.into_iter().flatten() {
                let slot = slot_of(&entry["slot_time"], call.text("/merchant_id"));
                if held.recall(&slot).is_some() {
                    entry["available"] = json!(false);
                }
            }
        }
        _ => {}
    })
}

fn card_on_file() -> Seams {
    let paid: Memory<()> = Memory::default();
    layer(move |mut call, server| {
        let paid = paid.clone();
        async move {
            let user = call.text("/user_information/user_id").unwrap_or_default();
            let token = call.text(TOKEN).filter(|_| paid.recall(&user).is_some());
            if let Some(token) = token {
                set(&mut call.body, TOKEN, token.replace("declined", "on_file"));
            }
            let reply = server.answer(call).await;
            if reply.body["booking"]["payment_information"]["prepayment_status"] == "PREPAYMENT_PROVIDED" {
                paid.keep(user, ());
            }
            reply
        }
    })
}

fn challenge_replayed() -> Seams {
    let stored: Memory<Reply> = Memory::default();
    layer(move |call, server| {
        let stored = stored.clone();
        async move {
            let token = call.text("/idempotency_token").unwrap_or_default();
            if let Some(reply) = stored.recall(&token) {
                return reply;
            }
            let reply = server.answer(call).await;
            if reply.body.pointer(CHALLENGE).is_some() {
                stored.keep(token, reply.clone());
            }
            reply
        }
    })
}

/// Only who sends no outcome is challenged again.
fn challenge_for_everything() -> Seams {
    let asked: Memory<Reply> = Memory::default();
    layer(move |call, server| {
        let asked = asked.clone();
        async move {
            let user = call.text("/user_information/user_id").unwrap_or_default();
            let free = call.method == Some(CREATE) && call.text(TOKEN).is_none();
            if let Some(reply) = asked.recall(&user).filter(|_| free) {
                return reply;
            }
            let reply = server.answer(call).await;
            if reply.body.pointer(CHALLENGE).is_some() {
                asked.keep(user, reply.clone());
            }
            reply
        }
    })
}
