//! A right partner with something hostile in its answers, or with strangers beside it.

use super::case::{Alter, Case, Target};
use serde_json::{Value, json};

const MIB: usize = 1024 * 1024;

const fn altered(name: &'static str, alter: Alter, exits: &'static [i32]) -> Case {
    Case {
        name,
        target: Target::Altered(alter),
        exits,
        is_fast: false,
    }
}

const fn strangers(
    name: &'static str,
    count: usize,
    body: fn() -> Vec<u8>,
    token: Option<&'static str>,
) -> Case {
    Case {
        name,
        target: Target::Strangers(count, body, token),
        exits: &[0, 3, 4],
        is_fast: false,
    }
}

/// What hurts only where the run goes on.
pub(crate) const CASES: &[Case] = &[
    altered("right, and nothing altered", |_, _, _| {}, &[0, 3, 4]),
    altered(
        "right, with 1 MB of blanks in every answer",
        |_, _, body| pad(body, b' '),
        &[0, 3, 4],
    ),
    altered(
        "right, with an unknown text of 60 KB in every answer",
        |_, _, body| unknown(body, &json!("a".repeat(60_000))),
        &[0, 1, 3, 4],
    ),
    altered(
        "right, with an unknown text of 1 MB in every answer",
        |_, _, body| unknown(body, &json!("a".repeat(MIB))),
        &[1, 3],
    ),
    altered(
        "right, with 20,000 empty objects in every answer",
        |_, _, body| unknown(body, &json!(vec![json!({}); 20_000])),
        &[0, 1, 3, 4],
    ),
    altered(
        "right, with 600,000 empty objects in every answer",
        |_, _, body| unknown(body, &json!(vec![json!({}); 600_000])),
        &[1, 3],
    ),
    altered(
        "booking ids of 1 MB",
        |_, _, body| ids(body, |id| format!("{id}{}", "x".repeat(MIB))),
        &[1, 3],
    ),
    altered(
        "booking ids of 15 KB",
        |_, _, body| ids(body, |id| format!("{id}{}", "x".repeat(15_000))),
        &[0, 1, 3, 4],
    ),
    altered(
        "booking ids of 60 KB",
        |_, _, body| ids(body, |id| format!("{id}{}", "x".repeat(60_000))),
        &[1, 3],
    ),
    altered(
        "booking ids that climb out of their folder",
        |_, _, body| ids(body, |id| format!("../../../../etc/{id}\u{0}\u{1b}[2J")),
        &[1, 3],
    ),
    altered(
        "times beyond all numbers",
        |_, _, body| replace(body, "start_sec", &json!("999999999999999999999999")),
        &[1, 3],
    ),
    altered(
        "every answer of UpdateBooking is cut off",
        |method, _, body| {
            if method == "UpdateBooking" {
                body.truncate(5);
            }
        },
        &[1, 3],
    ),
    strangers(
        "strangers: 300 notifications of 1 MB of empty objects",
        300,
        || format!("{{\"a\":[{}{{}}]}}", "{},".repeat(340_000)).into_bytes(),
        None,
    ),
    strangers(
        "strangers: 300 notifications of 1 MB with a token of somebody else",
        300,
        || format!("{{\"status\":\"{}\"}}", "a".repeat(1_000_000)).into_bytes(),
        Some("ya29.somebody-else"),
    ),
    strangers("strangers: 6,000 calls", 6_000, || b"{}".to_vec(), None),
];

/// Blanks at the end of JSON mean nothing.
fn pad(body: &mut Vec<u8>, with: u8) {
    body.resize(body.len() + MIB, with);
}

fn change(body: &mut Vec<u8>, change: impl FnOnce(&mut Value)) {
    if let Ok(mut message) = serde_json::from_slice(body) {
        change(&mut message);
        *body = message.to_string().into_bytes();
    }
}

fn unknown(body: &mut Vec<u8>, value: &Value) {
    change(body, |message| {
        if let Value::Object(fields) = message {
            fields.insert("x_unknown".to_owned(), value.clone());
        }
    });
}

fn replace(body: &mut Vec<u8>, name: &str, with: &Value) {
    change(body, |message| {
        walk(message, &mut |key, value| {
            if key == name {
                *value = with.clone();
            }
        });
    });
}

fn ids(body: &mut Vec<u8>, id: fn(&str) -> String) {
    change(body, |message| {
        walk(message, &mut |key, value| {
            if let ("booking_id", Value::String(text)) = (key, &mut *value) {
                *text = id(text);
            }
        });
    });
}

fn walk(value: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Object(fields) => {
            for (name, value) in fields {
                visit(name, value);
                walk(value, visit);
            }
        }
        _ => {}
    }
}
