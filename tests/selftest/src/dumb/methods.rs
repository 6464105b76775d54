//! Some methods are not there, or are called otherwise.

use super::duties::{CREATE, FIRST, HEALTH, HEALTHY, LIST, LOOKUP, METHODS, STATUS, STRANGERS, UPDATE};
use super::row::{Dumb, Kept, Server};
use super::script::{credentials, healthy, known, ok, page};
use crate::trial::alter::{Alter, Answer};
use crate::trial::faults::{not_found, without};
use serde_json::json;
use wiremock::matchers::{any, method};
use wiremock::{Mock, ResponseTemplate};

/// What a partner without one method has in common with others: that is one finding.
const LACKING: Dumb = Dumb {
    words: &["404"],
    most: 1,
    ..Dumb::USUAL
};

pub(crate) const ROWS: &[Dumb] = &[
    Dumb {
        name: "no-health-check",
        server: Server::Altered(|| without("HealthCheck", not_found())),
        first: HEALTH,
        kept: Kept::AllBut(&["BS-HEALTH-01", "BS-HEALTH-03"]),
        ..LACKING
    },
    Dumb {
        name: "no-look-up",
        server: Server::Altered(|| without("BatchAvailabilityLookup", not_found())),
        first: LOOKUP,
        kept: Kept::AllBut(&["BS-BAL-", "BS-UPDATE-16"]),
        ..LACKING
    },
    Dumb {
        name: "no-create",
        server: Server::Altered(|| without("CreateBooking", not_found())),
        first: CREATE,
        kept: Kept::AllBut(&[
            "3DS-",
            "BS-ASYNC-",
            "BS-CREATE-",
            "BS-IDEM-",
            "BS-LIST-",
            "BS-PAY-",
            "BS-STATUS-",
            "BS-UPDATE-",
            "FAIL-",
            "PAY-COM-07",
            "PAY-COM-1",
            "RTU-ASYNC-0",
            "RTU-CANCEL-",
            "RTU-GEN-",
            "RTU-NOSHOW-",
            "RTU-PARTY-",
            "RTU-REFUND-",
            "RTU-RESCHED-",
            "TOK-",
        ]),
        ..LACKING
    },
    Dumb {
        name: "no-update",
        server: Server::Altered(|| without("UpdateBooking", not_found())),
        first: UPDATE,
        // That slots are given back is seen where the partner cancels by itself (BS-UPDATE-16).
        kept: Kept::AllBut(&["BS-UPDATE-0", "BS-UPDATE-10", "BS-UPDATE-18", "CXL-04", "FAIL-09"]),
        ..LACKING
    },
    Dumb {
        name: "no-status",
        server: Server::Altered(|| without("GetBookingStatus", not_found())),
        first: STATUS,
        kept: Kept::AllBut(&["BS-STATUS-"]),
        ..LACKING
    },
    Dumb {
        name: "no-list",
        server: Server::Altered(|| without("ListBookings", not_found())),
        first: LIST,
        kept: Kept::AllBut(&["BS-LIST-"]),
        ..LACKING
    },
    Dumb {
        name: "only-health-check",
        server: Server::Script(|| healthy(|_| page(404, "404 Not Found"))),
        first: METHODS,
        words: &["404"],
        also: METHODS,
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "get-for-everything",
        server: Server::Script(|| {
            known(|asked| match asked.verb.as_str() {
                "GET" => ok(&json!({})),
                _ => ResponseTemplate::new(405).insert_header("allow", "GET"),
            })
        }),
        first: METHODS,
        words: &["405"],
        also: METHODS,
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "post-for-everything",
        server: Server::Altered(|| {
            let right = credentials().parse().unwrap();
            Alter::calls(move |call| {
                if call.method() != "HealthCheck" || call.headers.get("authorization") != Some(&right) {
                    return None;
                }
                match call.verb.as_str() {
                    "POST" => call.become_health_check(),
                    _ => return Some(Answer::text(405, "text/plain", "Method Not Allowed")),
                }
                None
            })
        }),
        first: HEALTH,
        words: &["405"],
        kept: Kept::AllBut(&["BS-GEN-02", "BS-HEALTH-01", "BS-HEALTH-03"]),
        ..LACKING
    },
    Dumb {
        name: "post-501-get-500",
        server: Server::Script(|| {
            let post = Mock::given(method("POST")).respond_with(ResponseTemplate::new(501));
            vec![post, Mock::given(any()).respond_with(ResponseTemplate::new(500))]
        }),
        first: FIRST,
        words: &["500", "501"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        // HealthCheck fails in one way and everything else in another.
        most: 2,
        ..Dumb::USUAL
    },
    Dumb {
        name: "redirect-to-slash",
        server: Server::Altered(|| {
            Alter::calls(|call| {
                if call.path.ends_with('/') || !call.path.starts_with("/v3/") {
                    return None;
                }
                let mut answer = Answer::text(308, "text/plain", "Redirecting...");
                let to = format!("{}/", call.path).parse().unwrap();
                answer.headers.insert("location", to);
                Some(answer)
            })
        }),
        first: &["BS-GEN-01", "BS-GEN-03", "BS-HEALTH-01"],
        words: &["308"],
        also: FIRST,
        // What the merchant does in the console is told to Google all the same.
        kept: Kept::AllBut(&[
            "BS-AUTH-",
            "BS-BAL-",
            "BS-CREATE-",
            "BS-GEN-",
            "BS-HEALTH-01",
            "BS-HEALTH-03",
            "BS-UPDATE-",
            "TOK-",
        ]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "lower-case-paths",
        server: Server::Altered(|| {
            Alter::calls(|call| {
                if !call.path.starts_with("/v3/") {
                    return None;
                }
                if call.path.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return Some(Answer::json(404, json!({ "message": "no such route" })));
                }
                let name = NAMES
                    .iter()
                    .find(|name| name.eq_ignore_ascii_case(call.method()))?;
                call.path = format!("/v3/{name}");
                None
            })
        }),
        first: &["BS-GEN-01", "BS-GEN-04", "BS-HEALTH-01"],
        words: &["404"],
        also: FIRST,
        // The one booking that is made under the other name has its notifications, and is answered in time.
        kept: Kept::AllBut(&[
            "BS-BAL-0",
            "BS-BAL-17",
            "BS-CREATE-0",
            "BS-CREATE-2",
            "BS-GEN-",
            "BS-UPDATE-",
            "TOK-",
        ]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "credentials-ignored",
        server: Server::Altered(|| {
            Alter::calls(|call| {
                // The console has credentials of its own.
                if call.path.starts_with("/v3/") {
                    let right = credentials().parse().unwrap();
                    call.headers.insert("authorization", right);
                }
                None
            })
        }),
        first: STRANGERS,
        words: &["credentials", "password"],
        also: &["BS-AUTH-08"],
        kept: Kept::AllBut(&[
            "BS-AUTH-02",
            "BS-AUTH-03",
            "BS-AUTH-04",
            "BS-AUTH-05",
            "BS-AUTH-08",
        ]),
        ..Dumb::USUAL
    },
];

const NAMES: [&str; 6] = [
    "HealthCheck",
    "BatchAvailabilityLookup",
    "CreateBooking",
    "UpdateBooking",
    "GetBookingStatus",
    "ListBookings",
];
