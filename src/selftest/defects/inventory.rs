//! Inventory updates.

use super::notification::updates_lost;
use crate::protocol::int64;
use crate::selftest::notes::updates;
use crate::selftest::wire::{rename, take};
use crate::selftest::{Defect, id};
use serde_json::Value;

const ENTRY: &str = "/extendedServiceAvailability/0";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "taken-slots-not-told",
        about: "No inventory update follows when a booking takes the last spot.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-01")],
        seams: || updates_lost(|body| open_spots(body).contains(&0)),
    },
    Defect {
        name: "freed-slots-not-told",
        about: "No inventory update follows when a slot is free again.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-02")],
        seams: || updates_lost(|body| !open_spots(body).contains(&0)),
    },
    Defect {
        name: "updates-without-restricts",
        about: "Inventory updates do not say for which time they are complete.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-14")],
        seams: || {
            updates(|message| {
                take(&mut message.body, ENTRY, "startTimeRestrict");
                take(&mut message.body, ENTRY, "endTimeRestrict");
            })
        },
    },
    Defect {
        name: "updates-without-merchant",
        about: "Inventory updates do not name the merchant.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-15")],
        seams: || {
            updates(|message| {
                take(&mut message.body, ENTRY, "merchantId");
            })
        },
    },
    Defect {
        name: "updates-in-the-words-of-the-feeds",
        about: "Inventory updates have the names of the feeds.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-18")],
        seams: || {
            updates(|message| {
                rename(
                    &mut message.body,
                    ENTRY,
                    ["startTimeRestrict", "startTimestampRestrict"],
                );
            })
        },
    },
];

fn open_spots(body: &Value) -> Vec<i64> {
    let entries = body.pointer("/extendedServiceAvailability/0/availability");
    let entries = entries.and_then(Value::as_array).into_iter().flatten();
    entries
        .filter_map(|entry| int64::read(&entry["spotsOpen"]))
        .collect()
}
