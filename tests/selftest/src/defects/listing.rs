//! GetBookingStatus and ListBookings, as they are done wrong most often.

use crate::notifications::{Twist, store};
use crate::wire::{Reply, answers, replies, set};
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use protocol::Method;
use reference_server::{Booking, Seams, Store, StoreError};
use serde_json::{Value, json};

/// A server whose lists show each booking as this makes it.
pub(super) fn listed(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Seams {
    answers(Method::ListBookings, move |_, answer| {
        let listed = answer.get_mut("bookings").and_then(Value::as_array_mut);
        listed.into_iter().flatten().for_each(&edit);
    })
}

const STATUS: Method = Method::GetBookingStatus;
const LIST: Method = Method::ListBookings;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "no-get-booking-status",
        about: "GetBookingStatus is answered 404, whatever the booking.",
        scenario: "basic/status",
        violates: &[id("BS-STATUS-01")],
        amendments: Amendments::NONE,
        seams: || refuse_method(STATUS, 404, "unknown path"),
    },
    Defect {
        name: "cancelled-has-no-status",
        about: "Cancelled bookings are read back without a decided status.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("BS-STATUS-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(STATUS, |_, answer| {
                if answer["booking_status"] == "CANCELED" {
                    set(answer, "/booking_status", "BOOKING_STATUS_UNSPECIFIED");
                }
            })
        },
    },
    Defect {
        name: "user-from-the-query-string",
        about: "ListBookings looks for the user id in the query string and finds none.",
        scenario: "basic/list",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || refuse_method(LIST, 400, "parameter user_id is missing"),
    },
    Defect {
        name: "bare-list",
        about: "ListBookings answers with a bare list.",
        scenario: "basic/list",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || answers(LIST, |_, answer| *answer = answer["bookings"].clone()),
    },
    Defect {
        name: "list-in-a-string",
        about: "ListBookings answers with JSON inside a JSON string.",
        scenario: "basic/list",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || answers(LIST, |_, answer| *answer = json!(answer.to_string())),
    },
    Defect {
        name: "lists-one-merchant",
        about: "Only bookings at the merchant of the user's first one are listed.",
        scenario: "lifecycle/list-of-a-user",
        violates: &[id("BS-LIST-01")],
        amendments: Amendments::NONE,
        seams: || answers(LIST, |_, answer| one_merchant(&mut answer["bookings"])),
    },
    Defect {
        name: "lists-what-is-over",
        about: "Bookings stay in the list when they are over.",
        scenario: "lifecycle/list-after-the-end",
        violates: &[id("BS-LIST-02")],
        amendments: Amendments::NONE,
        seams: || store(Remembering),
    },
    Defect {
        name: "strangers-are-errors",
        about: "Listing the bookings of a user who has none is answered 500.",
        scenario: "lifecycle/list-of-a-user",
        violates: &[id("BS-LIST-06")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                let stranger = call
                    .text("/user_id")
                    .is_some_and(|user| user.len() == 21 && user.ends_with("09"));
                if call.method == Some(LIST) && stranger {
                    *reply = Reply::new(500, json!({ "error": "no such user" }));
                }
            })
        },
    },
];

fn refuse_method(method: Method, status: u16, why: &'static str) -> Seams {
    replies(move |call, reply| {
        if call.method == Some(method) {
            *reply = Reply::new(status, json!({ "error": why }));
        }
    })
}

fn one_merchant(bookings: &mut Value) {
    let first = bookings.pointer("/0/slot/merchant_id").cloned();
    if let (Some(first), Some(bookings)) = (first, bookings.as_array_mut()) {
        bookings.retain(|booking| booking["slot"]["merchant_id"] == first);
    }
}

/// Lists what started within the last hour, too.
struct Remembering;

#[async_trait]
impl Twist for Remembering {
    async fn upcoming(&self, inner: &dyn Store, user: &str, now: i64) -> Result<Vec<Booking>, StoreError> {
        inner.upcoming_bookings(user, now - 3600).await
    }
}
