//! Servers that are different, but right.

use super::notes::{Twist, is_patch, lost, masked, notifier, patches, status, store, unmask, updates};
use super::partner::{Amendments, PARTNER_ID};
use super::wire::{Memory, Reply, Visit, answers, layer, replies, set, slow, take, text};
use super::{Variant, id};
use crate::protocol::Method;
use async_trait::async_trait;
use axum::http::{HeaderValue, header};
use reference_server::{
    BookingChange, ChangeOutcome, DeliveryError, OutboxMessage, Outgoing, PrepaymentStatus, Seams, Store,
    StoreError, Subject,
};
use serde_json::{Map, Value, json};
use std::time::Duration;

const AS_USUAL: Amendments = Amendments {
    no_triggers: None,
    more: "",
};
const PREPAYMENT: &str = "paymentInformation.prepaymentStatus";

/// Every variant.
pub static VARIANTS: &[Variant] = &[
    Variant {
        name: "as-it-is",
        about: "The reference partner itself.",
        tolerated: &[],
        seams: Seams::default,
        amendments: AS_USUAL,
    },
    Variant {
        name: "core-methods-only",
        about: "No read-back methods, int64 as numbers, nothing that could be made to happen.",
        tolerated: &[],
        seams: || {
            replies(|visit, reply| {
                if matches!(
                    visit.method,
                    Some(Method::GetBookingStatus | Method::ListBookings)
                ) {
                    *reply = Reply::new(501, json!({ "error": "not offered" }));
                }
                numbers(&mut reply.body);
            })
        },
        amendments: Amendments {
            no_triggers: Some("the partner has no test interface"),
            more: "\n[capabilities]\nbooking_status = false\nlist_bookings = false\n",
        },
    },
    Variant {
        name: "deposit-charged-later",
        about: "Deposits are charged after the booking, so that none is reported as paid and none as refunded.",
        tolerated: &[],
        seams: charged_later,
        amendments: AS_USUAL,
    },
    Variant {
        name: "cancel-then-refund",
        about: "A cancellation with a refund is told in two notifications.",
        tolerated: &[],
        seams: || in_two([refund_left_out, status_left_out]),
        amendments: AS_USUAL,
    },
    Variant {
        name: "refund-then-cancel",
        about: "A cancellation with a refund is told in two notifications, the refund first.",
        tolerated: &[],
        seams: || in_two([status_left_out, refund_left_out]),
        amendments: AS_USUAL,
    },
    Variant {
        name: "refund-told-after-the-answer",
        about: "The refund of a booking that Google cancels is told by notification, not in the answer.",
        tolerated: &[],
        seams: told_later,
        amendments: AS_USUAL,
    },
    Variant {
        name: "other-order",
        about: "Fields come in another order, as do the entries of a look-up.",
        tolerated: &[],
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
        amendments: AS_USUAL,
    },
    Variant {
        name: "slow",
        about: "Every answer takes a fifth of a second longer.",
        tolerated: &[],
        seams: || slow(Duration::from_millis(200), Duration::ZERO),
        amendments: AS_USUAL,
    },
    Variant {
        name: "overtaken",
        about: "Notifications arrive before the answers to the calls that cause them.",
        tolerated: &[],
        seams: || slow(Duration::ZERO, Duration::from_millis(200)),
        amendments: AS_USUAL,
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
        amendments: AS_USUAL,
    },
    Variant {
        name: "told-late",
        about: "The first attempt at every notification fails, and it is tried again.",
        tolerated: &[],
        seams: second_attempt,
        amendments: AS_USUAL,
    },
    Variant {
        name: "parent-in-the-mask",
        about: "The mask of a refund names all of the payment information.",
        tolerated: &[],
        seams: || patches(|message| masked(message, |mask| mask.replace(PREPAYMENT, "paymentInformation"))),
        amendments: AS_USUAL,
    },
    Variant {
        name: "transaction-in-the-mask",
        about: "The mask of a refund names the transaction id as well.",
        tolerated: &[],
        seams: || {
            patches(|message| {
                masked(message, |mask| match mask.contains(PREPAYMENT) {
                    true => format!("{mask},paymentInformation.paymentTransactionId"),
                    false => mask.to_owned(),
                });
            })
        },
        amendments: AS_USUAL,
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
        amendments: AS_USUAL,
    },
    Variant {
        name: "not-found-and-bad-request",
        about: "Unknown bookings are answered 400 by UpdateBooking and by GetBookingStatus.",
        tolerated: &[],
        seams: || {
            replies(|_, reply| {
                if reply.status == 404 {
                    *reply = Reply::new(400, json!({ "error": "unknown booking" }));
                }
            })
        },
        amendments: AS_USUAL,
    },
    Variant {
        name: "cancelled-already",
        about: "A second cancellation is a failure of its own.",
        tolerated: &[],
        seams: cancelled_already,
        amendments: AS_USUAL,
    },
    Variant {
        name: "required-fields-only",
        about: "Answers leave out whatever they may.",
        tolerated: &[],
        seams: || {
            replies(|visit, reply| match visit.method {
                Some(Method::CreateBooking | Method::UpdateBooking) => {
                    reply.body.get_mut("booking").into_iter().for_each(bare);
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
        amendments: AS_USUAL,
    },
    Variant {
        name: "short-answer-to-a-cancellation",
        about: "A cancellation is answered with booking id and status alone.",
        tolerated: &[],
        seams: || {
            answers(Method::UpdateBooking, |request, answer| {
                let unpaid = answer["booking"]["payment_information"].get("deposit").is_none();
                if request["booking"]["status"] == "CANCELED" && unpaid {
                    let booking = &answer["booking"];
                    let short = json!({ "booking_id": booking["booking_id"], "status": booking["status"] });
                    answer["booking"] = short;
                }
            })
        },
        amendments: AS_USUAL,
    },
    Variant {
        name: "nulls",
        about: "What is not set is null.",
        tolerated: &[],
        seams: || {
            replies(|visit, reply| {
                if visit.method.is_some_and(Method::mutates) && reply.body["booking"].is_object() {
                    reply.body["booking_failure"] = Value::Null;
                    reply.body["booking"]["virtual_session_info"] = Value::Null;
                }
            })
        },
        amendments: AS_USUAL,
    },
    Variant {
        name: "conflict-for-the-loser",
        about: "Of two equal requests at the same moment the second is answered 409.",
        tolerated: &[],
        seams: one_at_a_time,
        amendments: AS_USUAL,
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
        amendments: AS_USUAL,
    },
    Variant {
        name: "healthy-in-silence",
        about: "HealthCheck is answered without a body.",
        tolerated: &[],
        seams: || {
            replies(|visit, reply| {
                if visit.method == Some(Method::HealthCheck) && reply.status == 200 {
                    reply.body = Value::Null;
                    reply.headers.remove(header::CONTENT_TYPE);
                }
            })
        },
        amendments: AS_USUAL,
    },
    Variant {
        name: "no-bookings-no-list",
        about: "ListBookings is answered 404 for users without a booking.",
        tolerated: &[],
        seams: || {
            replies(|visit, reply| {
                if visit.method == Some(Method::ListBookings) && reply.body["bookings"] == json!([]) {
                    *reply = Reply::new(404, json!({ "error": "no bookings" }));
                }
            })
        },
        amendments: AS_USUAL,
    },
    Variant {
        name: "no-inventory-updates",
        about: "Google reads the feeds and is told nothing of slots in between.",
        tolerated: &[],
        seams: || lost(|message| !is_patch(message)),
        amendments: AS_USUAL,
    },
    Variant {
        name: "updates-service-by-service",
        about: "Inventory updates name merchant and service in their path.",
        tolerated: &[],
        seams: || updates(one_service),
        amendments: AS_USUAL,
    },
    Variant {
        name: "lower-camel-case-is-not-needed",
        about: "Notifications are written in the names of the interface definition.",
        tolerated: &[],
        seams: || patches(|message| message.body = in_snake_case(&message.body)),
        amendments: AS_USUAL,
    },
];

fn numbers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(numbers),
        Value::Object(fields) => {
            for (name, value) in fields {
                let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
                match number.filter(|_| name.ends_with("_sec") || name == "price_micros") {
                    Some(number) => *value = json!(number),
                    None => numbers(value),
                }
            }
        }
        _ => {}
    }
}

fn reversed(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(reversed),
        Value::Object(fields) => {
            let backwards = std::mem::take(fields).into_iter().rev();
            *fields = backwards.collect();
            fields.values_mut().for_each(reversed);
        }
        _ => {}
    }
}

fn in_snake_case(value: &Value) -> Value {
    let snake = |name: &str| {
        let letters = name.chars().flat_map(|letter| {
            let mark = letter.is_ascii_uppercase().then_some('_');
            mark.into_iter()
                .chain(std::iter::once(letter.to_ascii_lowercase()))
        });
        letters.collect::<String>()
    };
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (snake(name), in_snake_case(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// No answer and no notification says that a deposit was paid or refunded.
fn charged_later() -> Seams {
    let unpaid: Memory<()> = Memory::default();
    let known = unpaid.clone();
    let http = replies(move |visit, reply| {
        let payment = reply.body.pointer_mut("/booking/payment_information");
        if let Some(payment) = payment.filter(|payment| payment.get("deposit").is_some()) {
            set(payment, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
            unpaid.keep(text(&reply.body, "/booking/booking_id").unwrap_or_default(), ());
        }
        let asked = visit.text("/booking_id").unwrap_or_default();
        if unpaid.recall(&asked).is_some() {
            set(&mut reply.body, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
        }
    });
    let told = patches(move |message| {
        if let Subject::Booking { booking_id } = &message.subject
            && known.recall(booking_id).is_some()
        {
            refund_left_out(message);
        }
    });
    Seams {
        notifier: told.notifier,
        ..http
    }
}

fn refund_left_out(message: &mut Outgoing) {
    take(&mut message.body, "", "paymentInformation");
    unmask(message, PREPAYMENT);
}

fn status_left_out(message: &mut Outgoing) {
    take(&mut message.body, "", "status");
    unmask(message, "status");
}

/// A message with status and refund becomes two.
fn in_two(parts: [fn(&mut Outgoing); 2]) -> Seams {
    notifier(move |message: OutboxMessage, inner| async move {
        let body = &message.content.body;
        if !is_patch(&message.content)
            || body.get("status").is_none()
            || body.get("paymentInformation").is_none()
        {
            return inner.deliver(&message).await;
        }
        for edit in parts {
            let mut part = message.clone();
            edit(&mut part.content);
            inner.deliver(&part).await?;
        }
        Ok(())
    })
}

/// Answers that the deposit is still there, and tells of its refund afterwards.
fn told_later() -> Seams {
    let http = answers(Method::UpdateBooking, |_, answer| {
        let payment = answer.pointer_mut("/booking/payment_information");
        if let Some(payment) = payment.filter(|payment| payment["prepayment_status"] == "PREPAYMENT_REFUNDED")
        {
            set(payment, "/prepayment_status", "PREPAYMENT_PROVIDED");
        }
    });
    Seams {
        store: store(Refunding).store,
        ..http
    }
}

struct Refunding;

#[async_trait]
impl Twist for Refunding {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let booking = &change.booking;
        let refunded = booking.payment.prepayment_status == PrepaymentStatus::Refunded;
        if refunded && !change.outgoing.iter().any(is_patch) {
            let name = format!("partners/{PARTNER_ID}/bookings/{}", booking.id);
            change.outgoing.push(Outgoing {
                subject: Subject::Booking {
                    booking_id: booking.id.clone(),
                },
                method: "PATCH".to_owned(),
                path: format!("/v1alpha/notification/{name}"),
                query: vec![("updateMask".to_owned(), PREPAYMENT.to_owned())],
                body: json!({ "name": name, "merchantId": booking.place.merchant_id,
                    "serviceId": booking.place.service_id,
                    "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED",
                        "paymentTransactionId": booking.payment.payment_transaction_id } }),
            });
        }
        inner.change(change).await
    }
}

fn second_attempt() -> Seams {
    let tried: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let first = tried.keep(message.id.to_string(), ()).is_none();
        async move {
            if first {
                let reason = "connection reset".to_owned();
                return Err(DeliveryError::Again { reason, after: None });
            }
            inner.deliver(&message).await
        }
    })
}

fn cancelled_already() -> Seams {
    let gone: Memory<()> = Memory::default();
    replies(move |visit: &Visit, reply| {
        let cancels = visit.text("/booking/status").as_deref() == Some("CANCELED");
        let named = visit
            .text("/booking/booking_id")
            .filter(|_| cancels && reply.status == 200);
        if named.is_some_and(|id| gone.keep(id, ()).is_some()) {
            reply.body = json!({ "booking_failure": { "cause": "BOOKING_ALREADY_CANCELLED" } });
        }
    })
}

/// What no requirement asks for is gone; the type of the fields that stay says which they are.
fn bare(booking: &mut Value) {
    for name in ["availability_tag", "confirmation_mode", "resources"] {
        take(booking, "/slot", name);
    }
    for name in [
        "given_name",
        "family_name",
        "telephone",
        "email",
        "language_code",
        "address",
    ] {
        take(booking, "/user_information", name);
    }
    if booking["payment_information"]
        .get("payment_processed_by")
        .is_none()
    {
        take(booking, "", "payment_information");
    }
    if booking["payment_information"]["deposit"]["deposit_type"] == "FIXED_RATE_DEFAULT" {
        take(booking, "/payment_information/deposit", "deposit_type");
    }
}

fn one_at_a_time() -> Seams {
    let under_way: Memory<bool> = Memory::default();
    layer(move |visit, server| {
        let under_way = under_way.clone();
        async move {
            let token = visit.text("/idempotency_token").unwrap_or_default();
            if visit.method != Some(Method::CreateBooking) {
                return server.answer(visit).await;
            }
            if under_way.keep(token.clone(), true) == Some(true) {
                return Reply::new(409, json!({ "error": "the request is under way" }));
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
            let reply = server.answer(visit).await;
            under_way.keep(token, false);
            reply
        }
    })
}

/// The batch of one becomes the call for one.
fn one_service(message: &mut Outgoing) {
    let Some(mut entry) = message.body.pointer("/extendedServiceAvailability/0").cloned() else {
        return;
    };
    let [merchant, service] = ["merchantId", "serviceId"].map(|name| take(&mut entry, "", name));
    let name = |value: Option<Value>| {
        value
            .and_then(|id| Some(id.as_str()?.to_owned()))
            .unwrap_or_default()
    };
    message.path = format!(
        "/v1alpha/inventory/partners/{PARTNER_ID}/merchants/{}/services/{}/availability:replace",
        name(merchant),
        name(service)
    );
    message.body = json!({ "serviceAvailability": entry });
}
