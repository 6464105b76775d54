//! Rules about slots that the merchant decides later.

pub(super) mod mode_echo;
pub(super) mod pending;
pub(super) mod unpaid;
pub(super) mod withdrawal;

use super::Case;
use domain::slot::{ConfirmationMode, Slot};
use protocol::Method;
use serde_json::{Value, json};
use transcript::Exchange;

const PENDING: &str = "PENDING_MERCHANT_CONFIRMATION";

/// The slot of a CreateBooking, if Google and the feed agree that the merchant decides.
fn requested<'c>(case: &'c Case<'_>, exchange: &Exchange<'_>) -> Option<&'c Slot> {
    let later = ConfirmationMode::Asynchronous;
    let asked = exchange.request_value("/slot/confirmation_mode") == Some(&json!(later));
    case.slot_of(exchange)
        .filter(|slot| asked && slot.confirmation_mode == later)
}

/// The confirmation mode of a slot in a message; an absent one means that the slot is confirmed at once.
fn mode(slot: &Value) -> Option<ConfirmationMode> {
    match slot.get("confirmation_mode").and_then(Value::as_str) {
        None | Some("" | "CONFIRMATION_MODE_UNSPECIFIED" | "CONFIRMATION_MODE_SYNCHRONOUS") => {
            Some(ConfirmationMode::Synchronous)
        }
        Some("CONFIRMATION_MODE_ASYNCHRONOUS") => Some(ConfirmationMode::Asynchronous),
        Some(_) => None,
    }
}

/// What one entry of a look-up says of the slot that it repeats.
struct LookupEntry<'c> {
    exchange: Exchange<'c>,
    pointer: String,
    asked: &'c Value,
    returned: &'c Value,
}

/// The entries of the scenario's look-ups, each with the slot that was asked for.
fn entries<'c>(case: &'c Case<'_>) -> Vec<LookupEntry<'c>> {
    entries_of(case.answers())
}

fn entries_of<'c>(exchanges: impl Iterator<Item = Exchange<'c>>) -> Vec<LookupEntry<'c>> {
    let mut all = Vec::new();
    for exchange in exchanges {
        let asked = exchange.request_value("/slot_time").and_then(Value::as_array);
        let returned = exchange
            .answer_value("/slot_time_availability")
            .and_then(Value::as_array);
        let (Some(asked), Some(returned), Method::BatchAvailabilityLookup) =
            (asked, returned, exchange.call.method)
        else {
            continue;
        };
        for (place, entry) in returned.iter().enumerate() {
            let Some(slot) = entry.get("slot_time") else {
                continue;
            };
            if let Some(asked) = asked.iter().find(|asked| same_slot(asked, slot)) {
                let pointer = format!("/slot_time_availability/{place}/slot_time/confirmation_mode");
                all.push(LookupEntry {
                    exchange,
                    pointer,
                    asked,
                    returned: slot,
                });
            }
        }
    }
    all
}

fn same_slot(asked: &Value, returned: &Value) -> bool {
    let same = |name: &str| scenario::matcher::equal(&asked[name], returned.get(name));
    same("service_id") && same("start_sec")
}
