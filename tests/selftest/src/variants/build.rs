//! How the variants are built.

use crate::notifications::{is_patch, notice, notifier, on_change, unmask};
use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, replies, set, take, text};
use protocol::Method;
use reference::PARTNER_ID;
use reference_server::{
    BookingChange, DeliveryError, OutboxMessage, Outgoing, PrepaymentStatus, Seams, Subject,
};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The mask path of the prepayment status.
pub(super) const PREPAYMENT: &str = "paymentInformation.prepaymentStatus";

pub(super) fn numbers(value: &mut Value) {
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

pub(super) fn reversed(value: &mut Value) {
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

pub(super) fn in_snake_case(value: &Value) -> Value {
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
pub(super) fn charged_later() -> Seams {
    let unpaid: Memory<()> = Memory::default();
    let known = unpaid.clone();
    let http = replies(move |call, reply| {
        let payment = reply.body.pointer_mut("/booking/payment_information");
        if let Some(payment) = payment.filter(|payment| payment.get("deposit").is_some()) {
            set(payment, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
            unpaid.keep(text(&reply.body, "/booking/booking_id").unwrap_or_default(), ());
        }
        let asked = call.text("/booking_id").unwrap_or_default();
        if unpaid.recall(&asked).is_some() {
            set(&mut reply.body, "/prepayment_status", "PREPAYMENT_NOT_PROVIDED");
        }
    });
    let told = notifier(move |mut message: OutboxMessage, inner| {
        if let Subject::Booking { booking_id } = &message.content.subject
            && known.recall(booking_id).is_some()
        {
            refund_left_out(&mut message.content);
        }
        // A refund without a cancellation is then nothing to tell.
        let empty =
            is_patch(&message.content) && message.content.query.iter().any(|(_, mask)| mask.is_empty());
        async move {
            if empty {
                Ok(())
            } else {
                inner.deliver(&message).await
            }
        }
    });
    Seams {
        notifier: told.notifier,
        ..http
    }
}

pub(super) fn refund_left_out(message: &mut Outgoing) {
    take(&mut message.body, "", "paymentInformation");
    unmask(message, PREPAYMENT);
}

pub(super) fn status_left_out(message: &mut Outgoing) {
    take(&mut message.body, "", "status");
    unmask(message, "status");
}

/// A message with status and refund becomes two.
pub(super) fn in_two(parts: [fn(&mut Outgoing); 2]) -> Seams {
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
pub(super) fn told_later() -> Seams {
    let http = answers(Method::UpdateBooking, |_, answer| {
        let payment = answer.pointer_mut("/booking/payment_information");
        if let Some(payment) = payment.filter(|payment| payment["prepayment_status"] == "PREPAYMENT_REFUNDED")
        {
            set(payment, "/prepayment_status", "PREPAYMENT_PROVIDED");
        }
    });
    Seams {
        store: on_change(refunding).store,
        ..http
    }
}

fn refunding(change: &mut BookingChange) {
    let booking = &change.booking;
    let refunded = booking.payment.prepayment_status == PrepaymentStatus::Refunded;
    if refunded && !change.outgoing.iter().any(is_patch) {
        let refund = json!({ "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED",
            "paymentTransactionId": booking.payment.payment_transaction_id } });
        let told = notice(&booking.id, &booking.place, PREPAYMENT, refund);
        change.outgoing.push(told);
    }
}

pub(super) fn second_attempt() -> Seams {
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

pub(super) fn cancelled_already() -> Seams {
    let gone: Memory<()> = Memory::default();
    replies(move |call: &ReceivedCall, reply| {
        let cancels = call.text("/booking/status").as_deref() == Some("CANCELED");
        let named = call
            .text("/booking/booking_id")
            .filter(|_| cancels && reply.status == 200);
        if named.is_some_and(|id| gone.keep(id, ()).is_some()) {
            reply.body = json!({ "booking_failure": { "cause": "BOOKING_ALREADY_CANCELLED" } });
        }
    })
}

/// What no requirement asks for is gone; the type of the fields that stay says which they are.
pub(super) fn bare(booking: &mut Value) {
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

pub(super) fn one_at_a_time() -> Seams {
    let under_way: Memory<bool> = Memory::default();
    layer(move |call, server| {
        let under_way = under_way.clone();
        async move {
            let token = call
                .text("/idempotency_token")
                .filter(|_| call.method == Some(Method::CreateBooking));
            let Some(token) = token else {
                return server.answer(call).await;
            };
            if under_way.keep(token.clone(), true) == Some(true) {
                return Reply::new(409, json!({ "error": "the request is under way" }));
            }
            crate::time::sleep(Duration::from_millis(150)).await;
            let reply = server.answer(call).await;
            under_way.keep(token, false);
            reply
        }
    })
}

/// The batch of one becomes the call for one.
pub(super) fn one_service(message: &mut Outgoing) {
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
    // Its answer is no list, in which the slot would be looked for.
    message.subject = Subject::Booking {
        booking_id: message.path.clone(),
    };
}
