//! JSON of a form that no method has.

use super::duties::{ANYTHING, ECHOING, HEALTHY, METHODS, SERVING};
use super::row::{Dumb, Kept, Server};
use super::script::{Asked, healthy, known_always, ok};
use serde_json::{Value, json};

/// What is answered right and then spoilt on its way.
fn right(asked: &Asked) -> Value {
    match asked.method.as_str() {
        "BatchAvailabilityLookup" => asked.entries(&json!(true)),
        "CreateBooking" => asked.booking("b-1"),
        "UpdateBooking" => json!({ "booking": asked.json["booking"] }),
        "GetBookingStatus" => json!({
            "booking_id": asked.json["booking_id"],
            "booking_status": "CONFIRMED",
            "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
        }),
        _ => json!({ "bookings": [] }),
    }
}

/// Every field that an answer has, and none of them set.
fn nulls(asked: &Asked) -> Value {
    match asked.method.as_str() {
        "BatchAvailabilityLookup" => json!({ "slot_time_availability": null }),
        "CreateBooking" | "UpdateBooking" => json!({ "booking": null, "booking_failure": null }),
        "GetBookingStatus" => {
            json!({ "booking_id": null, "booking_status": null, "prepayment_status": null })
        }
        _ => json!({ "bookings": null }),
    }
}

const SPOILT: Dumb = Dumb {
    first: METHODS,
    also: ANYTHING,
    kept: Kept::Only(HEALTHY),
    ..Dumb::USUAL
};

pub(crate) const ROWS: &[Dumb] = &[
    Dumb {
        name: "empty-object-for-all",
        server: Server::Script(|| known_always(ok(&json!({})))),
        words: &["{}"],
        ..SPOILT
    },
    Dumb {
        name: "list-for-all",
        server: Server::Script(|| known_always(ok(&json!([])))),
        words: &["[]"],
        ..SPOILT
    },
    Dumb {
        name: "success-for-all",
        server: Server::Script(|| known_always(ok(&json!({ "success": true })))),
        words: &["success"],
        ..SPOILT
    },
    Dumb {
        name: "null-for-all-fields",
        server: Server::Script(|| healthy(|asked| ok(&nulls(asked)))),
        words: &["null"],
        ..SPOILT
    },
    Dumb {
        name: "request-echoed",
        server: Server::Script(|| healthy(|asked| ok(&asked.json))),
        words: &["\"slot\"", "slot_time"],
        // With everything else the payment token comes back.
        also: ECHOING,
        ..SPOILT
    },
    Dumb {
        name: "json-in-a-string",
        server: Server::Script(|| healthy(|asked| ok(&Value::String(right(asked).to_string())))),
        words: &["string"],
        kept: Kept::Only(SERVING),
        ..SPOILT
    },
    Dumb {
        name: "wrapped-in-data",
        server: Server::Script(|| healthy(|asked| ok(&json!({ "status": "success", "data": right(asked) })))),
        words: &["data"],
        kept: Kept::Only(SERVING),
        ..SPOILT
    },
    Dumb {
        name: "200-with-an-error",
        server: Server::Script(|| {
            let error = json!({ "error": { "code": 1042, "message": "unknown action" } });
            healthy(move |_| ok(&error))
        }),
        words: &["unknown action"],
        ..SPOILT
    },
    Dumb {
        name: "answer-of-another-method",
        server: Server::Script(|| {
            healthy(|asked| match asked.method.as_str() {
                "BatchAvailabilityLookup" => ok(&json!({ "bookings": [] })),
                _ => ok(&json!({ "slot_time_availability": [] })),
            })
        }),
        words: &["bookings", "slot_time_availability"],
        ..SPOILT
    },
];
