//! Right messages of both sides, for stories to take as they are or to change.
#![expect(
    clippy::needless_pass_by_value,
    reason = "a story reads better with the message in place"
)]

use super::Story;
use domain::slot::{Money, Slot};
use indexmap::IndexMap;
use protocol::time::seconds_to_timestamp;
use serde_json::{Value, json};
use transcript::{ReceivedCall, SlotKey, Subject, User};

pub(crate) fn user() -> User {
    User {
        user_id: "7203948571029384756".into(),
        given_name: "Ada".into(),
        family_name: "Novak".into(),
        telephone: "+44 20 7946 0018".into(),
        email: "ada.novak@example.org".into(),
    }
}

/// A right answer to the CreateBooking of a pay-on-arrival story, booking id `bk-0001`.
pub(crate) fn booking() -> Value {
    json!({ "booking": { "booking_id": "bk-0001", "status": "CONFIRMED",
        "slot": { "merchant_id": "salon", "service_id": "cut", "start_sec": "1893484800", "duration_sec": "1800",
                  "availability_tag": "tag-1", "confirmation_mode": "CONFIRMATION_MODE_SYNCHRONOUS" },
        "user_information": user(),
        "payment_information": { "prepayment_status": "PREPAYMENT_NOT_PROVIDED" } } })
}

/// A right answer to the CreateBooking of a paid story: what was sent, echoed, with status and transaction id.
pub(crate) fn paid_booking(story: &Story, prepayment_status: &str) -> Value {
    let mut answer = booking();
    let mut payment = story.payment_information();
    payment["prepayment_status"] = json!(prepayment_status);
    payment["payment_transaction_id"] = json!("ch_0001");
    answer["booking"]["payment_information"] = payment;
    answer
}

/// The CreateBooking that Google sends for a slot (as the engine builds it, written here a second time on purpose).
pub(crate) fn request(slot: &Slot) -> Value {
    let terms = &slot.terms;
    let money =
        |m: &Money| json!({ "price_micros": m.price_micros.to_string(), "currency_code": m.currency_code });
    let mut payment = json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
    if terms.card_required {
        payment["payment_processed_by"] = json!("PROCESSED_BY_PARTNER");
        payment["price"] = terms.price.as_ref().map(money).unwrap();
    }
    if let Some(tax) = &terms.tax {
        payment["tax_amount"] = money(tax);
    }
    if let Some(fee) = &terms.no_show_fee {
        payment["no_show_fee"] = json!({ "fee": money(&fee.fee), "fee_type": fee.fee_type });
    }
    if let Some(deposit) = &terms.deposit {
        payment["deposit"] = json!({ "deposit": money(&deposit.deposit), "deposit_type": deposit.deposit_type,
            "min_advance_cancellation_sec": deposit.min_advance_cancellation_sec.unwrap().to_string() });
    }
    let mut request = json!({
        "slot": { "merchant_id": slot.merchant_id, "service_id": slot.service_id, "start_sec": slot.start_sec.to_string(),
                  "duration_sec": slot.duration_sec.to_string(), "availability_tag": slot.availability_tag,
                  "confirmation_mode": slot.confirmation_mode },
        "user_information": user(), "payment_information": payment, "idempotency_token": "t-1" });
    if !slot.resources.is_empty() {
        request["slot"]["resources"] = json!(slot.resources);
    }
    request
}

/// A PATCH of `bk-0001` that our side accepted.
pub(crate) fn patch(mask: Option<&str>, body: Value, before: Value, after: Value) -> ReceivedCall {
    let query = mask.map(|mask| format!("?updateMask={mask}")).unwrap_or_default();
    ReceivedCall {
        subject: Subject::Booking {
            partner: "20002002".into(),
            booking_id: "bk-0001".into(),
        },
        verb: "PATCH".into(),
        target: format!("/v1alpha/notification/partners/20002002/bookings/bk-0001{query}"),
        headers: vec![("content-type".into(), "application/json".into())],
        raw: body.to_string(),
        mask: mask.map(|mask| mask.split(',').map(Into::into).collect()),
        booking_failure: IndexMap::new(),
        lints: Vec::new(),
        fault: None,
        status: 200,
        answer: after.clone(),
        before: Some(before),
        after: Some(after),
    }
}

/// A booking of a slot that starts then, and an inventory update by which the slot has so many spots in all.
pub(crate) fn told_total(start_sec: i64, total: i64) -> Story {
    let slot = json!({ "startTime": seconds_to_timestamp(start_sec).unwrap(), "duration": "1800s",
        "spotsOpen": "1", "spotsTotal": total.to_string() });
    let story = Story::arrival().slot(|slot| slot.start_sec = start_sec);
    let update = inventory_update(start_sec, json!({ "availability": [slot] }));
    story.create(booking()).notify(update)
}

/// A batch inventory update of one slot of the story's service that our side accepted, its entry changed as given.
pub(crate) fn inventory_update(start_sec: i64, entry: Value) -> ReceivedCall {
    let mut whole = json!({ "merchantId": "salon", "serviceId": "cut", "availability": [] });
    for (name, value) in entry.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let body = json!({ "extendedServiceAvailability": [whole] });
    let key = SlotKey {
        merchant_id: "salon".into(),
        service_id: "cut".into(),
        start_sec,
    };
    ReceivedCall {
        subject: Subject::Availability {
            partner: "20002002".into(),
            slots: vec![key],
        },
        verb: "POST".into(),
        target: "/v1alpha/inventory/partners/20002002/availability:replace".into(),
        mask: None,
        before: None,
        after: None,
        answer: body.clone(),
        ..patch(None, body, Value::Null, Value::Null)
    }
}

/// Google's copy of `bk-0001` with a status and, where money is involved, a prepayment status.
pub(crate) fn copy(status: &str, prepayment: Option<&str>) -> Value {
    let mut copy = json!({ "name": "partners/20002002/bookings/bk-0001", "merchantId": "salon", "serviceId": "cut",
        "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "status": status });
    if let Some(prepayment) = prepayment {
        copy["paymentInformation"] =
            json!({ "prepaymentStatus": prepayment, "paymentTransactionId": "ch_0001" });
    }
    copy
}

/// The body of a PATCH of `bk-0001` with its names and the given changes.
pub(crate) fn changes(changes: Value) -> Value {
    let mut body =
        json!({ "name": "partners/20002002/bookings/bk-0001", "merchantId": "salon", "serviceId": "cut" });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}
