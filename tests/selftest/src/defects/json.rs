//! How messages are read.

use super::refusals::{changing, refusing, snake};
use crate::wire::{ReceivedCall, answers, replies, set};
use crate::{Amendments, Defect, id};
use axum::http::StatusCode;
use domain::Capability;
use protocol::Method;
use protocol::schema::{Api, Fault, validate};
use protocol::spelling::to_proto_names;
use serde_json::{Value, json};

const LOOKUP: Method = Method::BatchAvailabilityLookup;
const CREATE: Method = Method::CreateBooking;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "camel-case-expected",
        about: "Messages are read with lowerCamelCase names only.",
        scenario: "wire/field-names",
        violates: &[id("BS-JSON-01")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                let message = of_bookings(call)?.request_message()?;
                let refused = any_name(&call.body, &|name| name.contains('_'));
                call.body = to_proto_names(&message, &call.body).0;
                refused.then_some(400)
            })
        },
    },
    Defect {
        name: "party-size-in-text",
        about: "The party size is wanted as a string.",
        scenario: "wire/party-size",
        violates: &[id("BS-JSON-04")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                of_bookings(call)?;
                let size = |name: &str| snake(name) == "party_size";
                let refused = any_field(&call.body, &|name, value| size(name) && value.is_number());
                each_field(&mut call.body, &|name, value| {
                    if let Some(text) = value.as_str().filter(|_| size(name)) {
                        *value = json!(text.parse::<i32>().unwrap_or_default());
                    }
                });
                refused.then_some(400)
            })
        },
    },
    Defect {
        name: "nulls-refused",
        about: "A field that is null is a mistake.",
        scenario: "wire/absent-fields",
        violates: &[id("BS-JSON-07")],
        amendments: Amendments::NONE,
        seams: || refusing(500, |call| any_field(&call.body, &|_, value| value.is_null())),
    },
    Defect {
        name: "confirmation-mode-required",
        about: "A booking without a confirmation mode is refused.",
        scenario: "wire/absent-fields",
        violates: &[id("BS-JSON-07")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(400, |call| {
                call.method == Some(CREATE)
                    && call.body["slot"].is_object()
                    && call.body["slot"].get("confirmation_mode").is_none()
            })
        },
    },
    Defect {
        name: "unknown-fields-refused",
        about: "A field that the server does not know is a mistake.",
        scenario: "wire/unknown-fields",
        violates: &[id("BS-JSON-08")],
        amendments: Amendments::NONE,
        seams: || refusing(400, has_unknown_field),
    },
    Defect {
        name: "only-ascii",
        about: "Letters outside ASCII are refused.",
        scenario: "wire/utf8",
        violates: &[id("BS-JSON-10")],
        amendments: Amendments::NONE,
        seams: || refusing(400, |call| !call.body.to_string().is_ascii()),
    },
    Defect {
        name: "charset-refused",
        about: "A content type with a charset is refused.",
        scenario: "wire/utf8",
        violates: &[id("BS-JSON-10")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(415, |call| {
                let header = call.head.headers.get(axum::http::header::CONTENT_TYPE);
                header.is_some_and(|value| value.as_bytes().contains(&b';'))
            })
        },
    },
    Defect {
        name: "garbled-names",
        about: "Names are kept in an encoding that has ASCII letters only.",
        scenario: "wire/utf8",
        violates: &[id("BS-JSON-10")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                let name = answer.pointer_mut("/booking/user_information/given_name");
                if let Some(Value::String(name)) = name {
                    *name = name
                        .chars()
                        .map(|letter| if letter.is_ascii() { letter } else { '?' })
                        .collect();
                }
            })
        },
    },
    Defect {
        name: "malformed-is-an-error",
        about: "A body that is not JSON ends in an internal error.",
        scenario: "wire/malformed-json",
        violates: &[id("BS-JSON-11")],
        amendments: Amendments::NONE,
        seams: || refusing(500, is_malformed),
    },
    Defect {
        name: "malformed-shows-the-code",
        about: "A body that is not JSON is answered 400 with a stack trace.",
        scenario: "wire/malformed-json",
        violates: &[id("BS-JSON-11")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if is_malformed(call) && reply.status == StatusCode::BAD_REQUEST {
                    reply.body =
                        json!("<pre>SyntaxError: Unexpected token\n    at JSON.parse (anonymous)</pre>");
                }
            })
        },
    },
    Defect {
        name: "fields-in-order",
        about: "A look-up must begin with its merchant.",
        scenario: "wire/key-order",
        violates: &[id("BS-JSON-12")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(400, |call| {
                let first = call.body.as_object().and_then(|fields| fields.keys().next());
                call.method == Some(LOOKUP) && first.is_some_and(|name| name != "merchant_id")
            })
        },
    },
    Defect {
        name: "user-ids-are-numbers",
        about: "A user id of digits is read as a number and loses the last ones.",
        scenario: "wire/long-digits",
        violates: &[id("BS-JSON-13"), id("BS-ORDER-03")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                for pointer in ["/user_information/user_id", "/user_id"] {
                    round(call, pointer);
                }
                None
            })
        },
    },
    Defect {
        name: "tokens-are-numbers",
        about: "An idempotency token of digits is read as a number and loses the last ones.",
        scenario: "wire/long-digits",
        violates: &[id("BS-JSON-13")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                round(call, "/idempotency_token");
                None
            })
        },
    },
];

/// The nearest number that a double can hold; shorter ids come out as they were.
fn round(call: &mut ReceivedCall, pointer: &str) {
    let digits = call.text(pointer).filter(|text| text.len() > 18);
    if let Some(number) = digits.and_then(|text| text.parse::<f64>().ok()) {
        set(&mut call.body, pointer, format!("{number:.0}"));
    }
}

/// The method of a call, but for those that few partners have, which another team wrote.
pub(super) fn of_bookings(call: &ReceivedCall) -> Option<Method> {
    let is_opt_in = |method: &Method| Capability::of_method(*method).is_some_and(|one| !one.is_standard());
    call.method.filter(|method| !is_opt_in(method))
}

fn is_malformed(call: &ReceivedCall) -> bool {
    call.method.is_some_and(|method| method != Method::HealthCheck) && call.body.is_null()
}

fn has_unknown_field(call: &ReceivedCall) -> bool {
    let message = call.method.and_then(Method::request_message);
    let faults = message.map(|message| validate(Api::V3, &message, &call.body));
    faults.is_some_and(|faults| faults.iter().any(|found| found.fault == Fault::Unknown))
}

fn any_name(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
    any_field(value, &|name, _| is(name))
}

fn each_field(value: &mut Value, edit: &dyn Fn(&str, &mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_field(item, edit)),
        Value::Object(fields) => {
            for (name, value) in fields {
                edit(name, value);
                each_field(value, edit);
            }
        }
        _ => {}
    }
}

fn any_field(value: &Value, is: &dyn Fn(&str, &Value) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| any_field(item, is)),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| is(name, value) || any_field(value, is)),
        _ => false,
    }
}
