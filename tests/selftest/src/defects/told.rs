//! What Google is told of the wrong booking, in the wrong form, or of the wrong slots.

use crate::console::both;
use crate::notifications::{
    Acts, Twist, is_patch, notice, on_change, on_create, patches, status, store, updates,
};
use crate::wire::{Memory, replies, text};
use crate::{Amendments, Defect, id};
use async_trait::async_trait;
use protocol::Method;
use reference_server::{BookingChange, BookingStatus, ChangeOutcome, Outgoing, Seams, Store, StoreError};
use serde_json::{Value, json};

const ENTRY: &str = "/extendedServiceAvailability/0";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "absence-told-of-another",
        about: "That a guest did not come is told of another booking that Google knows.",
        scenario: "no-show/without-fee",
        violates: &[id("RTU-GEN-05")],
        amendments: Amendments::NONE,
        seams: || told_of_another("no_show"),
    },
    Defect {
        name: "party-told-of-another",
        about: "A party that was changed at the partner is told of another booking that Google knows.",
        scenario: "lifecycle/party-size-at-partner",
        violates: &[id("RTU-GEN-05")],
        amendments: Amendments::NONE,
        seams: || told_of_another("change_party_size"),
    },
    Defect {
        name: "new-bookings-told",
        about: "Google is told that the bookings are confirmed that it has just made.",
        scenario: "basic/booking",
        violates: &[id("RTU-GEN-04")],
        amendments: Amendments::NONE,
        seams: || {
            on_create(|new| {
                let booking = &new.booking;
                if booking.status == BookingStatus::Confirmed
                    && let Some(candidate) = new.candidates.first()
                {
                    let status = json!({ "status": "CONFIRMED" });
                    let told = notice(&booking.id, &candidate.place, "status", status);
                    new.outgoing.push(told);
                }
            })
        },
    },
    Defect {
        name: "wrapped-in-booking",
        about: "The body of a notification holds the booking below a name.",
        scenario: "basic/notification",
        violates: &[id("REQ-08")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body = json!({ "booking": message.body.clone() })),
    },
    Defect {
        name: "state-in-a-list",
        about: "The status of a notification is a list of one status.",
        scenario: "basic/notification",
        violates: &[id("REQ-08")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if let Some(status) = message.body.get_mut("status") {
                    *status = json!([status.take()]);
                }
            })
        },
    },
    Defect {
        name: "wrapped-in-a-list",
        about: "The body of a notification is a list of one booking.",
        scenario: "basic/notification",
        violates: &[id("REQ-02")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body = json!([message.body.clone()])),
    },
    Defect {
        name: "moves-by-google-not-told-to-inventory",
        about: "No inventory update follows when Google moves a booking.",
        scenario: "inventory/moved-by-google",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || store(SilentOnMove),
    },
    Defect {
        name: "declined-slots-not-told",
        about: "No inventory update follows when the merchant declines a request.",
        scenario: "inventory/declined",
        violates: &[id("INV-02")],
        amendments: Amendments::NONE,
        seams: || {
            on_change(|change| {
                let ends =
                    |message: &Outgoing| is_patch(message) && status(message) == Some("DECLINED_BY_MERCHANT");
                if change.outgoing.iter().any(ends) {
                    change.outgoing.retain(is_patch);
                }
            })
        },
    },
    Defect {
        name: "class-told-as-full",
        about: "Of a class with places left, inventory updates say that none is open.",
        scenario: "inventory/class-counts",
        violates: &[id("FEED-AVL-10")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                // Of requests it is another finding.
                let is_on_request =
                    message.body.pointer(&format!("{ENTRY}/serviceId")) == Some(&json!("ask-first"));
                if is_on_request {
                    return;
                }
                let slots = message.body.pointer_mut(&format!("{ENTRY}/availability"));
                for slot in slots.and_then(Value::as_array_mut).into_iter().flatten() {
                    let total = slot["spotsTotal"]
                        .as_str()
                        .and_then(|text| text.parse::<i64>().ok());
                    if total.is_some_and(|total| total > 1) {
                        slot["spotsOpen"] = json!("0");
                    }
                }
            })
        },
    },
    Defect {
        name: "window-of-all-days",
        about: "Inventory updates list one slot and say that no day has another.",
        scenario: "inventory/neighbour",
        violates: &[id("INV-14")],
        amendments: Amendments::NONE,
        seams: || window(["2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"]),
    },
    Defect {
        name: "window-elsewhere",
        about: "The window of an inventory update is another one than that of its slots.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-14")],
        amendments: Amendments::NONE,
        seams: || window(["2031-01-01T00:00:00Z", "2031-01-01T01:00:00Z"]),
    },
];

/// Gives inventory updates another window.
fn window([from, to]: [&'static str; 2]) -> Seams {
    updates(move |message| {
        if let Some(entry) = message.body.pointer_mut(ENTRY) {
            entry["startTimeRestrict"] = json!(from);
            entry["endTimeRestrict"] = json!(to);
        }
    })
}

/// Sends what follows an act under the id of the booking that was made first.
fn told_of_another(action: &'static str) -> Seams {
    let (made, acts) = (Memory::<String>::default(), Acts::default());
    let console = acts.watch();
    let first = made.clone();
    let api = replies(move |call, reply| {
        if call.method == Some(Method::CreateBooking)
            && let Some(id) = text(&reply.body, "/booking/booking_id")
        {
            made.first("first", id);
        }
    });
    let told = patches(move |message| {
        let name = text(&message.body, "/name").unwrap_or_default();
        let own = name.rsplit('/').next().unwrap_or_default();
        let other = first.recall("first").filter(|_| acts.was(action, message));
        if let Some(other) = other {
            message.path = message.path.replace(own, &other);
            message.body["name"] = json!(name.replace(own, &other));
        }
    });
    Seams {
        http: Some(both(console, api.http)),
        ..told
    }
}

/// Says nothing of slots when Google moves a booking.
struct SilentOnMove;

#[async_trait]
impl Twist for SilentOnMove {
    async fn change(
        &self,
        inner: &dyn Store,
        mut change: BookingChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let is_told = change.outgoing.iter().any(is_patch);
        if !is_told && change.booking.status != BookingStatus::Canceled {
            change.outgoing.clear();
        }
        inner.change(change).await
    }
}
