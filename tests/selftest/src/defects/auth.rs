//! Credentials.

use crate::wire::{Memory, ReceivedCall, Reply, layer};
use crate::{Amendments, Defect, id};
use axum::http::{HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Method;
use reference_server::Seams;
use serde_json::json;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "credentials-not-needed",
        about: "It serves whoever sends no credentials.",
        scenario: "auth/credentials-missing",
        violates: &[id("BS-AUTH-02")],
        amendments: Amendments::NONE,
        seams: || trusting(|call| !is_health(call) && !has_credentials(call)),
    },
    Defect {
        name: "health-without-credentials",
        about: "HealthCheck is mounted outside the authenticated routes.",
        scenario: "auth/health-check-without-credentials",
        violates: &[id("BS-AUTH-04")],
        amendments: Amendments::NONE,
        seams: || trusting(|call| is_health(call) && !has_credentials(call)),
    },
    Defect {
        name: "only-the-user-is-checked",
        about: "The user name is compared and the password is not.",
        scenario: "auth/credentials-wrong",
        violates: &[id("BS-AUTH-03")],
        amendments: Amendments::NONE,
        seams: || trusting(names_a_user),
    },
    Defect {
        name: "any-authorization-will-do",
        about: "Only the presence of the header is checked.",
        scenario: "auth/credentials-wrong",
        violates: &[id("BS-AUTH-03")],
        amendments: Amendments::NONE,
        seams: || trusting(has_credentials),
    },
    Defect {
        name: "books-before-it-checks",
        about: "A request without credentials is carried out and then answered 401.",
        scenario: "auth/credentials-missing",
        violates: &[id("BS-AUTH-08")],
        amendments: Amendments::NONE,
        seams: || carrying_out(|call| !has_credentials(call)),
    },
    Defect {
        name: "books-for-a-wrong-password",
        about: "A request with a wrong password is carried out and then answered 401.",
        scenario: "auth/credentials-wrong",
        violates: &[id("BS-AUTH-08")],
        amendments: Amendments::NONE,
        seams: || carrying_out(names_a_user),
    },
];

/// Lets some callers in as if they had sent the right credentials, which are learnt from the calls that did.
fn trusting(stranger: fn(&ReceivedCall) -> bool) -> Seams {
    guarded(stranger, |reply| reply)
}

/// Does what some callers ask for, and answers 401 all the same.
fn carrying_out(stranger: fn(&ReceivedCall) -> bool) -> Seams {
    guarded(stranger, |_| {
        Reply::new(401, json!({ "error": "not authorized" }))
    })
}

fn guarded(stranger: fn(&ReceivedCall) -> bool, answered: fn(Reply) -> Reply) -> Seams {
    let known: Memory<HeaderValue> = Memory::default();
    layer(move |mut call, server| {
        let known = known.clone();
        async move {
            let reply = server.answer(call.clone()).await;
            if reply.status != 401 {
                if let Some(own) = call.head.headers.get(header::AUTHORIZATION) {
                    known.keep("", own.clone());
                }
                return reply;
            }
            let Some(right) = known.recall("").filter(|_| stranger(&call)) else {
                return reply;
            };
            call.head.headers.insert(header::AUTHORIZATION, right);
            answered(server.answer(call).await)
        }
    })
}

fn has_credentials(call: &ReceivedCall) -> bool {
    call.head.headers.contains_key(header::AUTHORIZATION)
}

fn names_a_user(call: &ReceivedCall) -> bool {
    let header = call.head.headers.get(header::AUTHORIZATION);
    let encoded = header.and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let decoded = encoded.and_then(|text| STANDARD.decode(text).ok());
    decoded.is_some_and(|pair| pair.contains(&b':'))
}

fn is_health(call: &ReceivedCall) -> bool {
    call.method == Some(Method::HealthCheck)
}
