//! Servers of the right form that always say the same.

use super::duties::LOOKUP;
use super::row::{Dumb, Kept, Server};
use super::script::{Asked, counter, healthy, ok};
use crate::trial::alter::{Alter, Answer};
use crate::trial::faults::{availability, entries, one_booking_id, without};
use serde_json::{Value, json};

/// Confirms whatever is asked, and forgets it.
fn confirmed(asked: &Asked, id: &str) -> Value {
    match asked.method.as_str() {
        "BatchAvailabilityLookup" => asked.entries(&json!(true)),
        "CreateBooking" => asked.booking(id),
        "UpdateBooking" => json!({ "booking": asked.json["booking"] }),
        "GetBookingStatus" => json!({
            "booking_id": asked.json["booking_id"],
            "booking_status": "CONFIRMED",
            "prepayment_status": "PREPAYMENT_NOT_PROVIDED",
        }),
        _ => json!({ "bookings": [] }),
    }
}

/// What a server breaks that confirms everything and forgets it; each is a fault of its own.
const FORGETFUL: &[&str] = &[
    "3DS-02",
    "BS-ASYNC-01",
    "BS-ASYNC-08",
    "BS-BAL-03",
    "BS-BAL-06",
    "BS-BAL-09",
    "BS-BAL-16",
    "BS-CREATE-08",
    "BS-CREATE-15",
    "BS-CREATE-22",
    "BS-CREATE-31",
    "BS-GEN-06",
    "BS-GEN-13",
    "BS-HTTP-02",
    "BS-HTTP-03",
    "BS-HTTP-04",
    "BS-IDEM-02",
    "BS-IDEM-07",
    "BS-IDEM-09",
    "BS-JSON-11",
    "BS-LIST-01",
    "BS-MKT-01",
    "BS-STATUS-02",
    "BS-STATUS-03",
    "BS-UPDATE-08",
    "BS-UPDATE-18",
    "BS-UPDATE-20",
    "FAIL-01",
    "FAIL-03",
    "FAIL-09",
    "PAY-COM-07",
    "PAY-COM-22",
    "PAY-PREPAY-04",
    "PAY-PREPAY-07",
    "TOK-03",
];

pub(crate) const ROWS: &[Dumb] = &[
    Dumb {
        name: "one-booking-id",
        server: Server::Altered(one_booking_id),
        first: &["BS-CREATE-02"],
        words: &["1234"],
        // Requests that expire are notified under the ids that nobody was given.
        also: &["RTU-GEN-03"],
        kept: Kept::AllBut(&["BS-CREATE-02", "BS-STATUS-02", "BS-IDEM-", "RTU-GEN-05"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "everything-confirmed",
        server: Server::Script(|| {
            let next = counter();
            healthy(move |asked| ok(&confirmed(asked, &next())))
        }),
        first: FORGETFUL,
        words: &[""],
        also: FORGETFUL,
        kept: Kept::AllBut(FORGETFUL),
        most: FORGETFUL.len(),
        ..Dumb::USUAL
    },
    Dumb {
        name: "everything-refused-lawfully",
        server: Server::Altered(|| {
            let failure =
                json!({ "cause": "SLOT_UNAVAILABLE", "description": "This slot has just been taken" });
            without(
                "CreateBooking",
                Answer::json(200, json!({ "booking_failure": failure })),
            )
        }),
        first: &["BS-BAL-17", "BS-CREATE-01"],
        words: &["This slot has just been taken"],
        also: &["BS-BAL-17", "BS-CREATE-01"],
        // That a failure has a cause and stands alone is kept indeed.
        kept: Kept::AllBut(&[
            "3DS-",
            "BS-ASYNC-",
            "BS-CREATE-01",
            "BS-CREATE-02",
            "BS-CREATE-03",
            "BS-CREATE-04",
            "BS-CREATE-05",
            "BS-CREATE-08",
            "BS-CREATE-1",
            "BS-CREATE-23",
            "BS-IDEM-",
            "BS-LIST-",
            "BS-PAY-",
            "BS-STATUS-",
            "BS-UPDATE-",
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
        ..Dumb::USUAL
    },
    Dumb {
        // Nobody can say from outside that the slots of the feed are not really gone.
        name: "always-taken",
        server: Server::Altered(|| availability(|_| json!(false))),
        words: &["slot"],
        kept: Kept::AllBut(&[
            "BS-BAL-03",
            "BS-BAL-06",
            "BS-BAL-16",
            "BS-BAL-17",
            "BS-CREATE-",
            "BS-UPDATE-",
            "BS-IDEM-",
        ]),
        exit: 3,
        ..Dumb::USUAL
    },
    Dumb {
        name: "always-free",
        server: Server::Altered(|| availability(|_| json!(true))),
        first: &["BS-BAL-03", "BS-BAL-06", "BS-BAL-16", "BS-BAL-17"],
        words: &["available", "offered"],
        also: &["BS-BAL-07", "BS-BAL-09", "BS-BAL-18"],
        kept: Kept::AllBut(&["BS-BAL-03", "BS-BAL-06", "BS-BAL-16", "BS-BAL-17"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "booleans-as-text",
        server: Server::Altered(|| availability(|is_free| json!(is_free.to_string()))),
        first: &["BS-BAL-01"],
        words: &["\"true\""],
        // The slots themselves come back as they were asked for.
        kept: Kept::AllBut(&[
            "BS-BAL-01",
            "BS-BAL-03",
            "BS-BAL-04",
            "BS-BAL-05",
            "BS-BAL-06",
            "BS-BAL-1",
            "BS-UPDATE-16",
        ]),
        most: 1,
        ..Dumb::USUAL
    },
    Dumb {
        name: "availability-of-its-own",
        server: Server::Altered(|| {
            Alter::answers(|call, answer| {
                if call.method() == "BatchAvailabilityLookup" && answer.status == 200 {
                    let slots: Vec<_> = entries(answer)
                        .map(|entry| json!({ "free": entry["available"] }))
                        .collect();
                    answer.json = json!({ "slots": slots });
                }
            })
        }),
        first: LOOKUP,
        words: &["slots"],
        kept: Kept::AllBut(&["BS-BAL-", "BS-UPDATE-16"]),
        most: 1,
        ..Dumb::USUAL
    },
    Dumb {
        name: "text-for-json",
        server: Server::Altered(|| {
            Alter::answers(|_, answer| {
                let wrong = "text/html; charset=utf-8".parse().unwrap();
                answer.headers.insert("content-type", wrong);
            })
        }),
        first: &["BS-JSON-09"],
        words: &["text/html"],
        kept: Kept::AllBut(&[]),
        exit: 0,
        ..Dumb::USUAL
    },
];
