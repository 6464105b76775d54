//! What stands between Google and every method: credentials, the writing of messages.

use super::json::of_bookings;
use super::refusals::{changing, refusing, snake};
use crate::wire::{ReceivedCall, Reply, layer};
use crate::{Amendments, Defect, id};
use protocol::{Method, time};
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "bearer-expected",
        about: "A token is wanted in place of HTTP Basic credentials.",
        scenario: "basic/health-check",
        violates: &[id("BS-AUTH-01")],
        amendments: Amendments::NONE,
        seams: || layer(|_, _| async { Reply::new(401, json!({ "error": "a bearer token is required" })) }),
    },
    Defect {
        name: "signature-expected",
        about: "Every POST needs the signature of its body.",
        scenario: "basic/booking",
        violates: &[id("BS-AUTH-01")],
        amendments: Amendments::NONE,
        seams: || refusing(403, |call| call.method != Some(Method::HealthCheck)),
    },
    Defect {
        name: "strings-for-times-refused",
        about: "Times that come as strings are refused.",
        scenario: "wire/times-in-lookups",
        violates: &[id("BS-JSON-02")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(400, |call| {
                of_bookings(call).is_some() && any_time(&call.body, &Value::is_string)
            })
        },
    },
    Defect {
        name: "strings-for-times-not-booked",
        about: "CreateBooking fails where a time is a string.",
        scenario: "wire/times-in-bookings",
        violates: &[id("BS-JSON-02")],
        amendments: Amendments::NONE,
        seams: || refusing(500, |call| texts_in(call, Method::CreateBooking)),
    },
    Defect {
        name: "strings-for-times-not-moved",
        about: "UpdateBooking refuses times that are strings.",
        scenario: "wire/times-in-updates",
        violates: &[id("BS-JSON-02")],
        amendments: Amendments::NONE,
        seams: || refusing(422, |call| texts_in(call, Method::UpdateBooking)),
    },
    Defect {
        name: "numbers-for-times-refused",
        about: "Times that come as numbers are refused.",
        scenario: "wire/times-in-lookups",
        violates: &[id("BS-JSON-03")],
        amendments: Amendments::NONE,
        seams: || refusing(400, |call| any_time(&call.body, &Value::is_number)),
    },
    Defect {
        name: "dates-expected",
        about: "The start of a slot is wanted as an ISO 8601 date.",
        scenario: "wire/times-in-lookups",
        violates: &[id("BS-GEN-11")],
        amendments: Amendments::NONE,
        seams: || {
            changing(|call| {
                of_bookings(call)?;
                let seconds = |start: &Value| date(start).is_none();
                let refused = any_time_called("start_sec", &call.body, &seconds);
                each_time(&mut call.body, &mut |start| {
                    if let Some(sec) = date(start) {
                        *start = json!(sec.to_string());
                    }
                });
                refused.then_some(400)
            })
        },
    },
];

fn texts_in(call: &ReceivedCall, method: Method) -> bool {
    call.method == Some(method) && any_time(&call.body, &Value::is_string)
}

fn date(start: &Value) -> Option<i64> {
    time::timestamp_to_seconds(start.as_str()?).ok()
}

fn any_time(body: &Value, is: &dyn Fn(&Value) -> bool) -> bool {
    any_time_called("_sec", body, is)
}

/// True when a field whose name ends so is like this.
fn any_time_called(ending: &str, body: &Value, is: &dyn Fn(&Value) -> bool) -> bool {
    match body {
        Value::Array(items) => items.iter().any(|item| any_time_called(ending, item, is)),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            (snake(name).ends_with(ending) && is(value)) || any_time_called(ending, value, is)
        }),
        _ => false,
    }
}

fn each_time(body: &mut Value, edit: &mut dyn FnMut(&mut Value)) {
    match body {
        Value::Array(items) => items.iter_mut().for_each(|item| each_time(item, edit)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if snake(name) == "start_sec" {
                    edit(value);
                } else {
                    each_time(value, edit);
                }
            }
        }
        _ => {}
    }
}
