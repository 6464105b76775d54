//! Every field of the example, one after the other, replaced by what no one expects there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::allowed;
use crate::tests::example::Example;
use crate::{read, windows};
use domain::slot::Slot;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn no_value_makes_the_reader_panic() {
    let example = Example::new();
    let dir = tempfile::tempdir().unwrap();
    example.write(dir.path());
    let mut readable = 0;
    let files = [
        ("services_feed_1893400100_001_of_001.json", example.services),
        (
            "availability_feed_1893400200_001_of_001.json",
            example.availability,
        ),
    ];
    for (name, original) in files {
        for variant in variants(&original) {
            std::fs::write(dir.path().join(name), variant.to_string()).unwrap();
            if let Ok(inventory) = read(dir.path()) {
                readable += 1;
                inventory.slots.iter().for_each(use_slot);
            }
        }
        std::fs::write(dir.path().join(name), original.to_string()).unwrap();
    }
    assert!(readable > 100, "only {readable} variants could be read");
}

fn variants(original: &Value) -> impl Iterator<Item = Value> {
    let mut pointers = Vec::new();
    leaves(original, String::new(), &mut pointers);
    let mut shapes = BTreeSet::new();
    pointers.retain(|pointer| shapes.insert(pointer.replace(|c: char| c.is_ascii_digit(), "")));
    let odd = [
        json!(i64::MIN),
        json!(i64::MAX),
        json!("-1"),
        json!(""),
        json!(null),
        json!({}),
    ];
    pointers.into_iter().flat_map(move |pointer| {
        odd.clone().map(|odd| {
            let mut variant = original.clone();
            *variant.pointer_mut(&pointer).unwrap() = odd;
            variant
        })
    })
}

fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| leaves(value, format!("{at}/{key}"), found)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| leaves(value, format!("{at}/{index}"), found));
        }
        _ => found.push(at),
    }
}

fn use_slot(slot: &Slot) {
    for at in [i64::MIN, 0, slot.start_sec, slot.end_sec(), i64::MAX] {
        let refund = slot
            .terms
            .price
            .as_ref()
            .map(|price| windows::refund(slot, price, at));
        assert!(refund.is_none_or(|money| money.price_micros >= 0));
        assert!(!(allowed::online_cancel_allowed(slot, at) && allowed::late_fee_allowed(slot, at)));
        assert!(slot.terms.deposit.is_some() || !allowed::deposit_refundable(slot, at));
    }
}
