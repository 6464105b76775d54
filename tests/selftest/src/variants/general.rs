//! What differs everywhere: order, pace, spelling, the tolerated other form.

use super::build::{
    PREPAYMENT, bare, cancelled_already, charged_later, in_snake_case, in_two, numbers, one_at_a_time,
    one_service, refund_left_out, reversed, second_attempt, status_left_out, told_later,
};
use crate::Amendments;
use crate::notifications::{is_patch, lose, map_mask, notifier, patches, status, unmask, updates};
use crate::wire::{Reply, answers, replies, slow, take};
use crate::{Variant, id};
use axum::http::{HeaderValue, header};
use domain::Capability;
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "as-it-is",
        about: "The reference partner itself.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "core-methods-only",
        about: "No read-back methods, int64 as numbers, nothing that could be made to happen.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if matches!(call.method, Some(Method::GetBookingStatus | Method::ListBookings)) {
                    *reply = Reply::new(501, json!({ "error": "not offered" }));
                }
                numbers(&mut reply.body);
            })
        },
        amendments: Amendments {
            no_triggers: Some("the partner has no test interface"),
            config: Some(|file| {
                file.capabilities = vec![
                    (Capability::BookingStatus, false),
                    (Capability::ListBookings, false),
                    (Capability::Orders, false),
                ];
            }),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "deposit-charged-later",
        about: "Deposits are charged after the booking, so that none is reported as paid and none as refunded.",
        tolerated: &[],
        seams: charged_later,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "cancel-then-refund",
        about: "A cancellation with a refund is told in two notifications.",
        tolerated: &[],
        seams: || in_two([refund_left_out, status_left_out]),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "refund-then-cancel",
        about: "A cancellation with a refund is told in two notifications, the refund first.",
        tolerated: &[],
        seams: || in_two([status_left_out, refund_left_out]),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "refund-told-after-the-answer",
        about: "The refund of a booking that Google cancels is told by notification, not in the answer.",
        tolerated: &[],
        seams: told_later,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "other-order",
        about: "Fields come in another order, as do the entries of a look-up.",
        tolerated: &[id("BS-BAL-15")],
        seams: || {
            replies(|_, reply| {
                reversed(&mut reply.body);
                let entries = reply.body.get_mut("slot_time_availability");
                entries
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .for_each(|entries| entries.reverse());
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "slow",
        about: "Every answer takes a fifth of a second longer.",
        tolerated: &[],
        seams: || slow(Duration::from_millis(200), Duration::ZERO),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "overtaken",
        about: "Notifications arrive before the answers to the calls that cause them.",
        tolerated: &[],
        seams: || slow(Duration::ZERO, Duration::from_millis(200)),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "told-twice",
        about: "Every notification is sent twice.",
        tolerated: &[],
        seams: || {
            notifier(|message, inner| async move {
                inner.deliver(&message).await?;
                inner.deliver(&message).await
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "told-late",
        about: "The first attempt at every notification fails, and it is tried again.",
        tolerated: &[],
        seams: second_attempt,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "parent-in-the-mask",
        about: "The mask of a refund names all of the payment information.",
        tolerated: &[],
        seams: || patches(|message| map_mask(message, |mask| mask.replace(PREPAYMENT, "paymentInformation"))),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "transaction-in-the-mask",
        about: "The mask of a refund names the transaction id as well.",
        tolerated: &[],
        seams: || {
            patches(|message| {
                map_mask(message, |mask| {
                    if mask.contains(PREPAYMENT) {
                        format!("{mask},paymentInformation.paymentTransactionId")
                    } else {
                        mask.to_owned()
                    }
                });
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "mask-of-the-sample",
        about: "The mask of a refund is bare status, as a page of Google's prints it.",
        tolerated: &[id("RTU-REFUND-02")],
        seams: || {
            patches(|message| {
                if status(message).is_some() {
                    unmask(message, PREPAYMENT);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "not-found-and-bad-request",
        about: "Unknown bookings are answered 400 by UpdateBooking and by GetBookingStatus.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                let reads = [Method::UpdateBooking, Method::GetBookingStatus].map(Some);
                if reply.status == 404 && reads.contains(&call.method) {
                    *reply = Reply::new(400, json!({ "error": "unknown booking" }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "cancelled-already",
        about: "A second cancellation is a failure of its own.",
        tolerated: &[],
        seams: cancelled_already,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "required-fields-only",
        about: "Answers leave out whatever they may.",
        // Without its mode a slot on request looks like any other.
        tolerated: &[id("BS-ASYNC-07")],
        seams: || {
            replies(|call, reply| match call.method {
                Some(Method::CreateBooking | Method::UpdateBooking) => {
                    let changed = call.body.pointer("/booking/slot/resources").cloned();
                    reply.body.get_mut("booking").into_iter().for_each(bare);
                    // What an update changes it must show.
                    if let (Some(changed), Some(slot)) = (changed, reply.body.pointer_mut("/booking/slot")) {
                        slot["resources"] = changed;
                    }
                }
                Some(Method::BatchAvailabilityLookup) => {
                    let entries = reply.body["slot_time_availability"].as_array_mut();
                    for entry in entries.into_iter().flatten() {
                        take(entry, "/slot_time", "availability_tag");
                        take(entry, "/slot_time", "confirmation_mode");
                    }
                }
                _ => {}
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "short-answer-to-a-cancellation",
        about: "A cancellation is answered with booking id and status alone.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |request, answer| {
                let booking = &answer["booking"];
                // What was given back has to be said somewhere.
                let refunded = booking["payment_information"]["prepayment_status"] == "PREPAYMENT_REFUNDED";
                if request["booking"]["status"] == "CANCELED" && !refunded {
                    let short = json!({ "booking_id": booking["booking_id"], "status": booking["status"] });
                    answer["booking"] = short;
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "nulls",
        about: "What is not set is null.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method.is_some_and(Method::mutates) && reply.body["booking"].is_object() {
                    reply.body["booking_failure"] = Value::Null;
                    reply.body["booking"]["virtual_session_info"] = Value::Null;
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "conflict-for-the-loser",
        about: "Of two equal requests at the same moment the second is answered 409.",
        tolerated: &[],
        seams: one_at_a_time,
        amendments: Amendments::NONE,
    },
    Variant {
        name: "charset",
        about: "The content type names its charset.",
        tolerated: &[],
        seams: || {
            replies(|_, reply| {
                let json = HeaderValue::from_static("application/json; charset=utf-8");
                reply.headers.insert(header::CONTENT_TYPE, json);
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "healthy-in-silence",
        about: "HealthCheck is answered without a body.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method == Some(Method::HealthCheck) && reply.status == 200 {
                    reply.body = Value::Null;
                    reply.headers.remove(header::CONTENT_TYPE);
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "no-bookings-no-list",
        about: "ListBookings is answered 404 for users without a booking.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method == Some(Method::ListBookings) && reply.body["bookings"] == json!([]) {
                    *reply = Reply::new(404, json!({ "error": "no bookings" }));
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "no-inventory-updates",
        about: "Google reads the feeds and is told nothing of slots in between.",
        tolerated: &[],
        seams: || lose(|message| !is_patch(message)),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "updates-service-by-service",
        about: "Inventory updates name merchant and service in their path.",
        tolerated: &[],
        seams: || updates(one_service),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "lower-camel-case-is-not-needed",
        about: "Notifications are written in the names of the interface definition.",
        tolerated: &[],
        seams: || patches(|message| message.body = in_snake_case(&message.body)),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "post-that-stands-for-patch",
        about: "Notifications are POSTs that say in a header which method they stand for.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            calls: Some(|head| {
                if head.method == axum::http::Method::PATCH {
                    head.method = axum::http::Method::POST;
                    let patch = HeaderValue::from_static("PATCH");
                    head.headers.insert("x-http-method-override", patch);
                }
            }),
            ..Amendments::NONE
        },
    },
];
