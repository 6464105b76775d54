//! Right answers to calls like those of Google's samples, and pages of every size.

use crate::wire::layer;
use crate::{Amendments, Variant};
use domain::Capability;
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::Value;
use std::time::Duration;

/// A page load may take 1.5 s, and better takes less than one.
const IN_TIME: Duration = Duration::from_millis(850);
/// More slots than those of a small page.
const MANY: usize = 20;
/// So far ahead a few slots start that are there all day.
const AHEAD_SEC: i64 = 3 * 86_400;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "pages-take-their-time",
        about: "A look-up of many slots takes almost as long as it may.",
        tolerated: &[],
        seams: || {
            layer(|call, server| async move {
                let asked = call.body["slot_time"].as_array().map_or(0, Vec::len);
                if call.method == Some(Method::BatchAvailabilityLookup) && asked > MANY {
                    crate::time::sleep(IN_TIME).await;
                }
                server.answer(call).await
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "three-slots",
        about: "The feed has three slots and no more.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            feeds: Some(three_slots),
            config: Some(|file| file.capabilities = vec![(Capability::Orders, false)]),
            ..Amendments::NONE
        },
    },
];

fn three_slots(feed: &mut Value) {
    keep_first(feed, 3, |slot| slot["service_id"] == "cut");
}

/// Only the first few slots of a kind that start some days ahead stay.
fn keep_first(feed: &mut Value, number: usize, is_kept: fn(&Value) -> bool) {
    let records = feed.get_mut("service_availability").and_then(Value::as_array_mut);
    let mut left = number;
    for record in records.into_iter().flatten() {
        let Some(slots) = record.get_mut("availability").and_then(Value::as_array_mut) else {
            continue;
        };
        slots.retain(|slot| {
            let start = int64::read(&slot["start_sec"]).unwrap_or_default();
            let stays = left > 0 && is_kept(slot) && start > crate::time::now_sec() + AHEAD_SEC;
            left -= usize::from(stays);
            stays
        });
    }
}
