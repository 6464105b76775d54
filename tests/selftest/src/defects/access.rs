//! How the partner gets at Google's APIs.

use crate::notifications::{is_patch, notifier};
use crate::wire::Memory;
use crate::{Amendments, Defect, TokenManner, id};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use reference_server::{DeliveryError, Seams};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the reference partner says where a token answer has no token.
pub(crate) const NO_TOKEN: &str = "gave no access token";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "no-token",
        about: "Calls to Google carry no token.",
        scenario: "delivery/unavailable",
        violates: &[id("AUTH-01")],
        amendments: Amendments {
            calls: Some(|head| drop(head.headers.remove(header::AUTHORIZATION))),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "another-scope",
        about: "Tokens are asked for with a scope of another API.",
        scenario: "delivery/unavailable",
        violates: &[id("AUTH-02")],
        amendments: asking(|claims| {
            claims["scope"] = json!("https://www.googleapis.com/auth/cloud-platform");
        }),
        seams: Seams::default,
    },
    Defect {
        name: "assertions-for-a-day",
        about: "The assertion of a token request lives for a day.",
        scenario: "delivery/unavailable",
        violates: &[id("AUTH-05")],
        amendments: asking(|claims| {
            let issued = claims["iat"].as_i64().unwrap_or_default();
            claims["exp"] = json!(issued + 86_400);
        }),
        seams: Seams::default,
    },
    Defect {
        name: "audience-of-the-api",
        about: "The audience of the assertion is the API, not the token endpoint.",
        scenario: "delivery/unavailable",
        violates: &[id("AUTH-06")],
        amendments: asking(|claims| claims["aud"] = json!("https://mapsbooking.googleapis.com/")),
        seams: Seams::default,
    },
    Defect {
        name: "token-for-each-call",
        about: "Every call fetches a token of its own.",
        scenario: "delivery/unavailable",
        violates: &[id("AUTH-07")],
        amendments: Amendments {
            tokens: Some(TokenManner {
                answer: |answer| answer["expires_in"] = json!(0),
                ..TokenManner::USUAL
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "token-by-hand",
        about: "One token was made by hand, and no other is ever fetched.",
        scenario: "delivery/token-revoked",
        violates: &[id("AUTH-08")],
        amendments: Amendments {
            tokens: Some(TokenManner {
                once: true,
                ..TokenManner::USUAL
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "undefined-as-token",
        about: "A token answer without a token is taken for one, and `undefined` is sent as the token.",
        scenario: "delivery/token-withheld",
        violates: &[id("AUTH-09")],
        amendments: Amendments {
            tokens: Some(TokenManner {
                answer: |answer| {
                    if answer.get("access_token").is_none() && answer.get("error").is_none() {
                        answer["access_token"] = json!("undefined");
                    }
                },
                ..TokenManner::USUAL
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "gives-up-without-a-token",
        about: "What was to be told when the token endpoint gave no token is never told.",
        scenario: "delivery/token-withheld",
        violates: &[id("AUTH-09")],
        amendments: Amendments::NONE,
        seams: || {
            notifier(|message, inner| async move {
                match inner.deliver(&message).await {
                    Err(DeliveryError::Again { reason, .. }) if reason.contains(NO_TOKEN) => {
                        Err(DeliveryError::GiveUp { reason })
                    }
                    delivered => delivered,
                }
            })
        },
    },
    Defect {
        name: "beyond-the-quota",
        about: "An inventory update is sent over and over, however often it was taken.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("ERR-08")],
        amendments: Amendments::NONE,
        seams: over_and_over,
    },
    Defect {
        name: "old-tokens-for-bookings",
        about: "One of three processes tells of bookings with a token that has ended, and only then asks for another.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("OPS-06")],
        amendments: Amendments {
            calls: Some(|head| use_old_token(head, "/notification/", &TOLD)),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "old-tokens-for-inventory",
        about: "One of three processes updates the inventory with a token that has ended, and only then asks for another.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("OPS-07")],
        amendments: Amendments {
            calls: Some(|head| use_old_token(head, "/inventory/", &UPDATED)),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
];

/// Calls so far, by what they are about.
static TOLD: AtomicUsize = AtomicUsize::new(0);
static UPDATED: AtomicUsize = AtomicUsize::new(0);

/// Every third call below a path carries a token that Google no longer takes.
fn use_old_token(head: &mut Parts, path: &str, calls: &AtomicUsize) {
    if head.uri.path().contains(path) && calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
        let old = HeaderValue::from_static("Bearer ya29.ended-an-hour-ago");
        head.headers.insert(header::AUTHORIZATION, old);
    }
}

fn over_and_over() -> Seams {
    let first: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let repeats = !is_patch(&message.content) && first.keep(String::new(), ()).is_none();
        async move {
            if repeats {
                for _ in 0..16 {
                    let (message, inner) = (message.clone(), std::sync::Arc::clone(&inner));
                    // Nobody waits for what comes of it: that is what is wrong with this partner.
                    drop(tokio::spawn(async move {
                        for _ in 0..100 {
                            drop(inner.deliver(&message).await);
                        }
                    }));
                }
            }
            inner.deliver(&message).await
        }
    })
}

const fn asking(claims: fn(&mut serde_json::Value)) -> Amendments {
    Amendments {
        tokens: Some(TokenManner {
            claims,
            ..TokenManner::USUAL
        }),
        ..Amendments::NONE
    }
}
