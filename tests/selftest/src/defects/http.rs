//! Addresses, verbs and status codes.

use super::concurrency::{each, limit_concurrent};
use super::refusals::{changing, refusing};
use crate::wire::{ReceivedCall, Reply, layer, paths, replies, text};
use crate::{Amendments, Defect, id};
use axum::http::{StatusCode, Uri};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};

const LOOKUP: Method = Method::BatchAvailabilityLookup;

/// The year 2096, epoch seconds.
const FAR: i64 = 4_000_000_000;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "forbidden-for-strangers",
        about: "Who sends no or wrong credentials is answered 403.",
        scenario: "auth/credentials-missing",
        violates: &[id("BS-AUTH-05")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|_, reply| {
                if reply.status == StatusCode::UNAUTHORIZED {
                    reply.status = StatusCode::FORBIDDEN;
                }
            })
        },
    },
    Defect {
        name: "healthy-by-post",
        about: "HealthCheck answers POST and not GET.",
        scenario: "health/serving",
        violates: &[id("BS-GEN-02")],
        amendments: Amendments::NONE,
        seams: || other_verb(Method::HealthCheck, axum::http::Method::POST),
    },
    Defect {
        name: "looked-up-by-get",
        about: "Look-ups answer GET and not POST.",
        scenario: "wire/verbs",
        violates: &[id("BS-GEN-02")],
        amendments: Amendments::NONE,
        seams: || other_verb(LOOKUP, axum::http::Method::GET),
    },
    Defect {
        name: "healthy-with-a-body",
        about: "HealthCheck wants a JSON body.",
        scenario: "health/serving",
        violates: &[id("BS-HEALTH-03")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(400, |call| {
                call.method == Some(Method::HealthCheck) && call.body.is_null()
            })
        },
    },
    Defect {
        name: "no-pulse",
        about: "The answer to HealthCheck breaks off.",
        scenario: "basic/health-check",
        violates: &[id("BS-HEALTH-04")],
        amendments: Amendments::NONE,
        seams: super::refusals::breaking_off,
    },
    Defect {
        name: "mounted-elsewhere",
        about: "The methods stand below another path than /v3.",
        scenario: "basic/health-check",
        violates: &[id("BS-GEN-01")],
        amendments: Amendments::NONE,
        seams: || {
            paths(|head| {
                let below = head.uri.path().starts_with("/v3/");
                below.then(|| Reply::new(404, json!({ "error": "not found" })))
            })
        },
    },
    Defect {
        name: "slash-needed",
        about: "Paths without a slash at the end are redirected to those with one.",
        scenario: "basic/health-check",
        violates: &[id("BS-GEN-01")],
        amendments: Amendments::NONE,
        seams: || {
            paths(|head| {
                let path = head.uri.path();
                let bare = path.starts_with("/v3/") && !path.ends_with('/');
                bare.then(|| Reply::new(308, Value::Null))
            })
        },
    },
    Defect {
        name: "lower-case-paths",
        about: "The methods are found under their names in lower case.",
        scenario: "wire/paths",
        violates: &[id("BS-GEN-04")],
        amendments: Amendments::NONE,
        seams: || {
            paths(|head| {
                let named = |method: &Method| method.path().to_lowercase() == head.uri.path();
                if let Some(method) = Method::ALL.into_iter().find(named) {
                    head.uri = Uri::try_from(method.path()).unwrap_or_default();
                    return None;
                }
                let below = head.uri.path().starts_with("/v3/");
                below.then(|| Reply::new(404, json!({ "error": "not found" })))
            })
        },
    },
    Defect {
        name: "slash-redirected",
        about: "Paths with a slash at the end are redirected to those without.",
        scenario: "wire/trailing-slash",
        violates: &[id("BS-GEN-03")],
        amendments: Amendments::NONE,
        seams: || slash_answered(301, |_| true),
    },
    Defect {
        name: "slash-not-found",
        about: "Paths with a slash at the end are not found.",
        scenario: "wire/trailing-slash",
        violates: &[id("BS-GEN-03")],
        amendments: Amendments::NONE,
        seams: || slash_answered(404, |_| true),
    },
    Defect {
        name: "slash-not-found-for-updates",
        about: "Only UpdateBooking is not found with a slash at the end.",
        scenario: "wire/trailing-slash",
        violates: &[id("BS-GEN-03")],
        amendments: Amendments::NONE,
        seams: || slash_answered(404, |path| path == "/v3/UpdateBooking/"),
    },
    Defect {
        name: "a-page-for-every-path",
        about: "Paths that do not exist are answered with the page of a web site.",
        scenario: "wire/unknown-method",
        violates: &[id("BS-GEN-06")],
        amendments: Amendments::NONE,
        seams: || {
            paths(|head| {
                let lost = head.uri.path().to_lowercase().contains("horoscope");
                lost.then(|| Reply::new(200, json!("<html><title>Welcome</title></html>")))
            })
        },
    },
    Defect {
        name: "stub-for-a-method",
        about: "A method that is not offered is answered 200 by a stub.",
        scenario: "wire/unknown-method",
        violates: &[id("BS-GEN-07")],
        amendments: Amendments::NONE,
        seams: || paths(|head| (head.uri.path() == "/v3/CreateLease").then(|| Reply::new(200, json!({})))),
    },
    Defect {
        name: "swaps-simultaneous-answers",
        about: "Look-ups that are under way at the same moment get each other's answers.",
        scenario: "wire/burst",
        violates: &[id("BS-GEN-13")],
        amendments: Amendments::NONE,
        seams: super::concurrency::swapped,
    },
    Defect {
        name: "busy-means-forbidden",
        about: "When too many equal look-ups come at once, some are answered 403.",
        scenario: "wire/burst",
        violates: &[id("BS-HTTP-06")],
        amendments: Amendments::NONE,
        seams: || limit_concurrent(2, each(LOOKUP), 403),
    },
    Defect {
        name: "busy-means-broken",
        about: "When too many equal look-ups come at once, some are answered 500.",
        scenario: "wire/burst",
        violates: &[id("BS-HTTP-08")],
        amendments: Amendments::NONE,
        seams: || limit_concurrent(2, each(LOOKUP), 500),
    },
    Defect {
        name: "deadlocked-updates",
        about: "Of two changes of one booking at the same moment one is answered 500.",
        scenario: "wire/simultaneous-updates",
        violates: &[id("BS-HTTP-07")],
        amendments: Amendments::NONE,
        seams: || limit_concurrent(1, |call| call.text("/booking/booking_id"), 500),
    },
    Defect {
        name: "unknown-merchant-is-taken",
        about: "Booking at an unknown merchant is a business failure.",
        scenario: "wire/unknown-merchant",
        violates: &[id("BS-HTTP-02")],
        amendments: Amendments::NONE,
        seams: || unknown("unknown merchant", 200),
    },
    Defect {
        name: "unknown-merchant-is-not-found",
        about: "Booking at an unknown merchant is answered 404.",
        scenario: "wire/unknown-merchant",
        violates: &[id("BS-HTTP-10")],
        amendments: Amendments::NONE,
        seams: || unknown("unknown merchant", 404),
    },
    Defect {
        name: "unknown-service-is-an-error",
        about: "Booking an unknown service ends in an internal error.",
        scenario: "wire/unknown-service",
        violates: &[id("BS-HTTP-03")],
        amendments: Amendments::NONE,
        seams: || unknown("unknown service", 500),
    },
    Defect {
        name: "invalid-slot-is-an-error",
        about: "Booking a slot beyond what the calendar holds ends in an internal error.",
        scenario: "wire/invalid-slot",
        violates: &[id("BS-HTTP-04")],
        amendments: Amendments::NONE,
        seams: || beyond_the_calendar(),
    },
    Defect {
        name: "wrong-types-are-errors",
        about: "A string where a list belongs ends in an internal error.",
        scenario: "wire/wrong-types",
        violates: &[id("BS-HTTP-09")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if reply.status == 400 && call.body["slot_time"].is_string() {
                    reply.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            })
        },
    },
    Defect {
        name: "books-what-it-refuses",
        about: "A booking whose user cannot be read is made and then answered 400.",
        scenario: "wire/nothing-on-refusal",
        violates: &[id("BS-HTTP-11")],
        amendments: Amendments::NONE,
        seams: || {
            layer(|mut call, server| async move {
                if call.method == Some(Method::CreateBooking) && call.body["user_information"].is_string() {
                    call.body["user_information"] = json!({ "user_id": "somebody" });
                    server.answer(call).await;
                    return Reply::new(400, json!({ "error": "the user cannot be read" }));
                }
                server.answer(call).await
            })
        },
    },
];

/// One method answers another verb than the interface's.
fn other_verb(method: Method, verb: axum::http::Method) -> Seams {
    changing(move |call| {
        if call.method != Some(method) {
            return None;
        }
        let other = call.head.method == verb;
        call.head.method = axum::http::Method::from_bytes(method.verb().as_bytes()).unwrap_or_default();
        (!other).then_some(405)
    })
}

fn slash_answered(status: u16, which: fn(&str) -> bool) -> Seams {
    paths(move |head| {
        let path = head.uri.path();
        let slashed = path.starts_with("/v3/") && path.ends_with('/') && which(path);
        slashed.then(|| Reply::new(status, Value::Null))
    })
}

/// What CreateBooking refuses for this reason is answered otherwise; 200 stands for a business failure.
/// Bookings of the far future fail inside.
fn beyond_the_calendar() -> Seams {
    replies(move |call: &ReceivedCall, reply| {
        let start = call
            .text("/slot/start_sec")
            .and_then(|text| text.parse::<i64>().ok());
        let create = call.method == Some(Method::CreateBooking) && reply.status == 400;
        if create && start.is_some_and(|start| start > FAR) {
            *reply = Reply::new(500, json!({ "error": "out of range" }));
        }
    })
}

fn unknown(reason: &'static str, status: u16) -> Seams {
    replies(move |call: &ReceivedCall, reply| {
        let create = call.method == Some(Method::CreateBooking) && reply.status == 400;
        if create && text(&reply.body, "/error").as_deref() == Some(reason) {
            let failure = json!({ "booking_failure": { "cause": "SLOT_UNAVAILABLE" } });
            let body = if status == 200 {
                failure
            } else {
                reply.body.clone()
            };
            *reply = Reply::new(status, body);
        }
    })
}
