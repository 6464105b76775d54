//! How the partner gets at Google's APIs.

use crate::notifications::{is_patch, notifier};
use crate::wire::Memory;
use crate::{Amendments, Defect, TokenManner, id};
use axum::http::header;
use reference_server::Seams;
use serde_json::json;

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
        name: "beyond-the-quota",
        about: "An inventory update is sent over and over, however often it was taken.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("ERR-08")],
        amendments: Amendments::NONE,
        seams: over_and_over,
    },
];

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
