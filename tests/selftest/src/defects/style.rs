//! What inventory updates say, and of which slots.

use crate::notifications::{Twist, is_patch, notifier, on_change, store, updates};
use crate::wire::take;
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use reference_server::{BookingChange, DeliveryError, Outgoing, SlotClosing, Store, StoreError};
use serde_json::{Value, json};

const LISTED: &str = "/extendedServiceAvailability/0/availability";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "taken-slots-told-when-freed",
        about: "An inventory update says how the slot was before.",
        scenario: "inventory/last-spot-of-several",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                each(message, |slot| {
                    if slot["spotsOpen"] == "0" && slot["spotsTotal"] == "2" {
                        slot["spotsOpen"] = json!("1");
                    }
                });
            })
        },
    },
    Defect {
        name: "moves-not-told-to-inventory",
        about: "No inventory update follows when a booking is moved at the partner.",
        scenario: "inventory/moved",
        violates: &[id("RTU-RESCHED-05")],
        amendments: Amendments::NONE,
        seams: || on_change(moving),
    },
    Defect {
        name: "closed-slots-not-told",
        about: "No inventory update follows when the merchant closes a slot.",
        scenario: "inventory/closed",
        violates: &[id("INV-04")],
        amendments: Amendments::NONE,
        seams: || store(Closing),
    },
    Defect {
        name: "left-out-entries-unnoticed",
        about: "Status 200 is taken for the whole batch.",
        scenario: "inventory/entry-left-out",
        violates: &[id("INV-16")],
        amendments: Amendments::NONE,
        seams: || {
            notifier(|message, inner| async move {
                match inner.deliver(&message).await {
                    Err(DeliveryError::Again { reason, .. }) if reason.contains("missing") => Ok(()),
                    other => other,
                }
            })
        },
    },
    Defect {
        name: "recurrences-for-spots",
        about: "The feed has spots, and inventory updates have recurrences.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-10")],
        amendments: Amendments::NONE,
        seams: || updates(|message| each(message, |slot| recur(slot, 0))),
    },
    Defect {
        name: "both-styles",
        about: "Inventory updates have a recurrence beside the slot.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-11")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                beside(message, |slot| {
                    // The edge of the window: no other slot starts there.
                    slot["startTime"] = json!(a_second_later(&slot["startTime"]));
                    recur(slot, 0);
                });
            })
        },
    },
    Defect {
        name: "recurrences-for-a-week",
        about: "Inventory updates have recurrences that span a week.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-12")],
        amendments: Amendments::NONE,
        seams: || updates(|message| each(message, |slot| recur(slot, 7 * 86_400 + 1_800))),
    },
    Defect {
        name: "slots-twice",
        about: "Inventory updates list every slot twice.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-13")],
        amendments: Amendments::NONE,
        seams: || updates(|message| beside(message, |_| {})),
    },
    Defect {
        name: "unknown-payment-options",
        about: "Inventory updates name a payment option of another merchant.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-19")],
        amendments: Amendments::NONE,
        seams: || updates(|message| each(message, |slot| slot["paymentOptionId"] = json!(["elsewhere"]))),
    },
];

fn slots(message: &mut Outgoing) -> Option<&mut Vec<Value>> {
    message.body.pointer_mut(LISTED)?.as_array_mut()
}

fn each(message: &mut Outgoing, edit: impl Fn(&mut Value)) {
    slots(message).into_iter().flatten().for_each(edit);
}

/// Adds a changed copy of every slot.
fn beside(message: &mut Outgoing, edit: impl Fn(&mut Value)) {
    if let Some(slots) = slots(message) {
        let mut copies = slots.clone();
        copies.iter_mut().for_each(edit);
        slots.append(&mut copies);
    }
}

/// Says the same with a recurrence that goes on for so long: what is taken is an exception.
fn a_second_later(start: &Value) -> String {
    let start = start
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok());
    (start.unwrap_or_default() + jiff::SignedDuration::from_secs(1)).to_string()
}

fn recur(slot: &mut Value, span_sec: i64) {
    let at = |value: &Value| {
        value
            .as_str()
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
    };
    let start = at(&slot["startTime"]).unwrap_or_default();
    let last = jiff::SignedDuration::from_secs(span_sec);
    // No second start falls on another slot.
    let every = format!("{}s", span_sec.max(86_400));
    slot["recurrence"] = json!({ "repeatEvery": every, "repeatUntil": (start + last).to_string() });
    if slot["spotsOpen"] == "0" {
        let end = start + jiff::SignedDuration::from_secs(60);
        let range = json!({ "startTime": start.to_string(), "endTime": end.to_string() });
        slot["scheduleException"] = json!([{ "timeRange": range }]);
    }
    take(slot, "", "spotsTotal");
    take(slot, "", "spotsOpen");
}

/// Tells nothing of slots when a booking moves.
fn moving(change: &mut BookingChange) {
    let moves = |message: &Outgoing| is_patch(message) && message.body.get("startTime").is_some();
    if change.outgoing.iter().any(moves) {
        change.outgoing.retain(is_patch);
    }
}

/// Tells nothing of slots that are closed.
struct Closing;

#[async_trait]
impl Twist for Closing {
    async fn close(&self, inner: &dyn Store, mut closing: SlotClosing) -> Result<(), StoreError> {
        closing.outgoing.clear();
        inner.close_slot(closing).await
    }
}
