//! CreateBooking, and the form of every answer.

use crate::wire::{Memory, Reply, answers, created, created_part, layer, replies, set, take, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Map, Value, json};

const CREATE: Method = Method::CreateBooking;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "refuses-cards-without-a-charge",
        about: "A card that is only kept is refused, since there is nothing to charge.",
        scenario: "card/credit-card-required",
        violates: &[id("BS-CREATE-01")],
        amendments: Amendments::NONE,
        seams: || {
            created_in_another_way(|answer| {
                if is_card_only(&answer["booking"]) {
                    *answer = failure("PAYMENT_ERROR");
                }
            })
        },
    },
    Defect {
        name: "payment-on-arrival-needs-a-card",
        about: "Slots that are paid on arrival are refused for want of a card.",
        scenario: "basic/booking",
        // Whoever cannot make the plainest booking is asked for no other.
        violates: &[id("BS-CREATE-01")],
        amendments: Amendments::NONE,
        seams: || {
            created_in_another_way(|answer| {
                let booking = &answer["booking"];
                let unpaid = booking["payment_information"]
                    .get("payment_processed_by")
                    .is_none();
                let online = booking["slot"]["service_id"] == "online-pilates";
                if booking.is_object() && unpaid && !online {
                    *answer = failure("PAYMENT_ERROR");
                }
            })
        },
    },
    Defect {
        name: "no-status",
        about: "New bookings have no status.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-03")],
        amendments: Amendments::NONE,
        seams: || {
            created(|booking| {
                take(booking, "", "status");
            })
        },
    },
    Defect {
        name: "pending",
        about: "Slots that are confirmed at once wait for the merchant.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-ASYNC-02")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/status", |status| {
                *status = json!("PENDING_MERCHANT_CONFIRMATION");
            })
        },
    },
    Defect {
        name: "own-status-names",
        about: "The partner's own word for a booking goes out as its status.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-JSON-05")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/status", |status| {
                if status == "CONFIRMED" {
                    *status = json!("BOOKED");
                }
            })
        },
    },
    Defect {
        name: "another-duration",
        about: "The booking lasts a minute longer than what was asked for.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-04")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/slot/duration_sec", |length| {
                let longer = protocol::int64::read(length).unwrap_or_default() + 60;
                *length = json!(longer.to_string());
            })
        },
    },
    Defect {
        name: "another-user",
        about: "Bookings are for the partner's own id of the user.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-05")],
        amendments: Amendments::NONE,
        seams: || created_part("/user_information/user_id", |user| *user = json!("customer-17")),
    },
    Defect {
        name: "numbers-as-text-and-back",
        about: "Telephone numbers are numbers in answers to CreateBooking.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-CREATE-27")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/user_information/telephone", |number| {
                *number = json!(12_125_550_100_u64);
            })
        },
    },
    Defect {
        name: "times-in-iso-8601",
        about: "The start of a booking is written as a date.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-GEN-11")],
        amendments: Amendments::NONE,
        seams: || created_part("/slot/start_sec", |start| *start = json!("2030-01-01T08:00:00Z")),
    },
    Defect {
        name: "camel-case",
        about: "Every answer is written in camelCase.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-JSON-06")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|_, reply| {
                if reply.status == 200 {
                    reply.body = in_camel_case(&reply.body);
                }
            })
        },
    },
    Defect {
        name: "own-fields",
        about: "Bookings hold a field that the interface does not have.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-JSON-06")],
        amendments: Amendments::NONE,
        seams: || created(|booking| booking["crm_id"] = json!("C-17")),
    },
    Defect {
        name: "html",
        about: "Answers say that they are HTML.",
        scenario: "arrival/pay-on-arrival",
        violates: &[id("BS-JSON-09")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|_, reply| {
                let html = axum::http::HeaderValue::from_static("text/html; charset=utf-8");
                reply.headers.insert(axum::http::header::CONTENT_TYPE, html);
            })
        },
    },
    Defect {
        name: "conflict",
        about: "A slot that is taken is answered 409.",
        scenario: "lifecycle/taken-slot",
        violates: &[id("BS-HTTP-01")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(CREATE) && reply.body.get("booking_failure").is_some() {
                    *reply = Reply::new(409, json!({ "error": "slot taken" }));
                }
            })
        },
    },
    Defect {
        name: "wrong-cause",
        about: "Whoever comes second is told that the slot is their own already.",
        scenario: "lifecycle/taken-slot",
        violates: &[id("BS-CREATE-08")],
        amendments: Amendments::NONE,
        seams: || edit_slot_failure(|failure| failure["cause"] = json!("SLOT_ALREADY_BOOKED_BY_USER")),
    },
    Defect {
        name: "no-cause",
        about: "Failures come without a cause.",
        scenario: "lifecycle/taken-slot",
        violates: &[id("BS-CREATE-07")],
        amendments: Amendments::NONE,
        seams: || {
            edit_slot_failure(|failure| {
                take(failure, "", "cause");
            })
        },
    },
    Defect {
        name: "own-causes",
        about: "Failures have causes of the partner's own.",
        scenario: "lifecycle/taken-slot",
        violates: &[id("BS-CREATE-29")],
        amendments: Amendments::NONE,
        seams: || edit_slot_failure(|failure| failure["cause"] = json!("SLOT_TAKEN")),
    },
    Defect {
        name: "booking-beside-failure",
        about: "A failure comes with an unfinished booking.",
        scenario: "lifecycle/taken-slot",
        violates: &[id("BS-CREATE-26")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                if answer.get("booking_failure").is_some() {
                    answer["booking"] = json!({ "status": "FAILED" });
                }
            })
        },
    },
    Defect {
        name: "constant-booking-id",
        about: "Bookings of one merchant that are paid by card all have one booking id.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("BS-CREATE-02")],
        amendments: Amendments::NONE,
        seams: constant_id,
    },
];

fn failure(cause: &str) -> Value {
    json!({ "booking_failure": { "cause": cause, "description": "no" } })
}

fn edit_slot_failure(edit: fn(&mut Value)) -> Seams {
    answers(CREATE, move |_, answer| {
        let failure = answer.get_mut("booking_failure");
        if let Some(failure) = failure.filter(|failure| failure["cause"] == "SLOT_UNAVAILABLE") {
            edit(failure);
        }
    })
}

/// Takes bookings back that it then answers in another way.
fn created_in_another_way(edit: fn(&mut Value)) -> Seams {
    layer(move |call, server| async move {
        let mut reply = server.answer(call.clone()).await;
        if call.method != Some(CREATE) {
            return reply;
        }
        let made = text(&reply.body, "/booking/booking_id");
        edit(&mut reply.body);
        if let (Some(made), None) = (made, reply.body.get("booking")) {
            let cancel = json!({ "booking": { "booking_id": made, "status": "CANCELED" } });
            server.answer(call.instead(Method::UpdateBooking, cancel)).await;
        }
        reply
    })
}

fn is_card_only(booking: &Value) -> bool {
    let payment = &booking["payment_information"];
    payment.get("payment_processed_by").is_some()
        && payment["prepayment_status"] == "PREPAYMENT_NOT_PROVIDED"
        && payment.get("no_show_fee").is_none()
}

/// Calls that name the constant id are led to the booking behind it, so that nothing else is wrong.
fn constant_id() -> Seams {
    const CONSTANT: &str = "booking-1";
    let real: Memory<String> = Memory::default();
    layer(move |mut call, server| {
        let real = real.clone();
        async move {
            // Which of the two bookings a cancellation would hit is open: it hits neither.
            let about = call.text("/booking/booking_id");
            if call.method == Some(Method::UpdateBooking) && about.as_deref() == Some(CONSTANT) {
                return Reply::new(
                    200,
                    json!({ "booking": { "booking_id": CONSTANT, "status": "CANCELED" } }),
                );
            }
            for pointer in ["/booking_id", "/booking/booking_id"] {
                if call.text(pointer).as_deref() == Some(CONSTANT) {
                    set(&mut call.body, pointer, real.recall("").unwrap_or_default());
                }
            }
            let mut reply = server.answer(call.clone()).await;
            let booking = &reply.body["booking"];
            let payment = &booking["payment_information"];
            let plain = payment.get("no_show_fee").is_none() && payment.get("deposit").is_none();
            let offline = booking.get("virtual_session_info").is_none();
            let here = booking["slot"]["merchant_id"] == "gulf-spa";
            let paid = payment["prepayment_status"] == "PREPAYMENT_PROVIDED" && plain && offline && here;
            if call.method == Some(CREATE) && (paid || is_card_only(booking)) {
                let made = text(booking, "/booking_id").unwrap_or_default();
                if paid {
                    real.keep("", made.clone());
                }
                real.first("", made);
                set(&mut reply.body, "/booking/booking_id", CONSTANT);
            }
            let known = real.recall("");
            if known.is_some() && text(&reply.body, "/booking_id") == known {
                set(&mut reply.body, "/booking_id", CONSTANT);
            }
            reply
        }
    })
}

fn in_camel_case(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(in_camel_case).collect(),
        Value::Object(fields) => {
            let renamed = fields
                .iter()
                .map(|(name, value)| (camel(name), in_camel_case(value)));
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (head, tail) = part.split_at(part.len().min(1));
        camel += &head.to_ascii_uppercase();
        camel += tail;
    }
    camel
}
