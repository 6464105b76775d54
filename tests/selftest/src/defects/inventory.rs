//! Inventory updates.

use crate::notifications::{Twist, is_patch, status, store, updates};
use crate::wire::{rename, take};
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use reference_server::{
    BookingChange, ChangeOutcome, CreateOutcome, NewBooking, Outgoing, Store, StoreError,
};
use serde_json::{Value, json};

const ENTRY: &str = "/extendedServiceAvailability/0";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "taken-slots-not-told",
        about: "No inventory update follows when Google books or cancels.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || store(Inward),
    },
    Defect {
        name: "freed-slots-not-told",
        about: "No inventory update follows when a cancellation on the partner's side frees a slot.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-02")],
        amendments: Amendments::NONE,
        seams: || store(Outward),
    },
    Defect {
        name: "updates-without-restricts",
        about: "Inventory updates of one service do not say for which time they are complete.",
        scenario: "mixed/merchant-cancels",
        violates: &[id("INV-14")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                // Where several bookings of a service are under way, each such update wipes out what was told of the others:
                // which of them are hurt is chance. This service has one.
                if message
                    .body
                    .pointer(ENTRY)
                    .is_some_and(|entry| entry["serviceId"] == "spa-day")
                {
                    take(&mut message.body, ENTRY, "startTimeRestrict");
                    take(&mut message.body, ENTRY, "endTimeRestrict");
                }
            })
        },
    },
    Defect {
        name: "updates-without-merchant",
        about: "Inventory updates do not name the merchant.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("INV-15")],
        amendments: Amendments::NONE,
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
        amendments: Amendments::NONE,
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
    Defect {
        name: "class-told-as-empty",
        about: "Of a class that is not full, inventory updates say that every spot is open.",
        scenario: "inventory/class-counts",
        violates: &[id("FEED-AVL-10")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                for slot in listed_slots(message) {
                    if slot["spotsOpen"] != "0" && slot["spotsTotal"] != "1" {
                        slot["spotsOpen"] = slot["spotsTotal"].clone();
                    }
                }
            })
        },
    },
    Defect {
        name: "more-spots-than-there-are",
        about: "Inventory updates say that more spots are open than there are.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("FEED-AVL-10")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                for slot in listed_slots(message) {
                    let total = slot["spotsTotal"]
                        .as_str()
                        .and_then(|text| text.parse::<i64>().ok());
                    slot["spotsOpen"] = json!((total.unwrap_or(1) + 2).to_string());
                }
            })
        },
    },
    Defect {
        name: "updates-below-the-merchant",
        about: "Inventory updates go to a path below the merchant, which the API does not have.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                let merchant = message
                    .body
                    .pointer(ENTRY)
                    .map(|entry| entry["merchantId"].clone());
                let merchant = merchant.unwrap_or_default();
                let below = format!(
                    "/merchants/{}/availability",
                    merchant.as_str().unwrap_or_default()
                );
                message.path = message.path.replace("/availability", &below);
            })
        },
    },
    Defect {
        name: "spots-as-a-flag",
        about: "Inventory updates say whether spots are open and not how many.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-18")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                for slot in listed_slots(message) {
                    slot["spotsOpen"] = json!(slot["spotsOpen"] != "0");
                }
            })
        },
    },
    Defect {
        name: "updates-without-their-list",
        about: "Inventory updates hold the entry alone, without the list around it.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-18")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                if let Some(entry) = message.body.pointer(ENTRY).cloned() {
                    message.body = entry;
                }
            })
        },
    },
];

fn listed_slots(message: &mut Outgoing) -> impl Iterator<Item = &mut Value> {
    let slots = message.body.pointer_mut(&format!("{ENTRY}/availability"));
    slots.and_then(Value::as_array_mut).into_iter().flatten()
}

fn is_cancellation(message: &Outgoing) -> bool {
    is_patch(message) && status(message) == Some("CANCELED")
}

/// Tells of slots only when the partner itself changed something.
struct Inward;

#[async_trait]
impl Twist for Inward {
    async fn create(&self, inner: &dyn Store, mut new: NewBooking) -> Result<CreateOutcome, StoreError> {
        new.outgoing.retain(is_patch);
        inner.create(new).await
    }

    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        if !change.outgoing.iter().any(is_patch) {
            change.outgoing.clear();
        }
        inner.change(change).await
    }
}

/// Tells of slots that fill up, of those that a move frees, and of those that Google freed itself.
struct Outward;

#[async_trait]
impl Twist for Outward {
    async fn create(&self, inner: &dyn Store, mut new: NewBooking) -> Result<CreateOutcome, StoreError> {
        // An update for a slot that has more spots could be late enough to be taken for the one that is missing.
        if new.candidates.iter().any(|candidate| candidate.spots > 2) {
            new.outgoing.retain(is_patch);
        }
        inner.create(new).await
    }

    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        if change.outgoing.iter().any(is_cancellation) {
            change.outgoing.retain(is_patch);
        }
        inner.change(change).await
    }
}
