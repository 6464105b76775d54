//! What becomes of slots that an inventory update replaces.

use crate::notifications::updates;
use crate::{Amendments, Defect, id};
use reference_server::Outgoing;
use serde_json::{Value, json};

const ENTRY: &str = "/extendedServiceAvailability/0";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "own-terms-not-repeated",
        about: "Inventory updates do not repeat the deposit, the fee, the price and the cutoff that a slot has itself.",
        scenario: "overrides/deposit",
        violates: &[id("RTU-10")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                let own = [
                    "deposit",
                    "noShowFee",
                    "paymentOptionId",
                    "requireCreditCard",
                    "schedulingRuleOverrides",
                ];
                for field in own {
                    slot.remove(field);
                }
            })
        },
    },
    Defect {
        name: "deposit-of-updates-in-cents",
        about: "The deposit of a slot is a hundredth in inventory updates.",
        scenario: "overrides/deposit",
        violates: &[id("RTU-10")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                if let Some(price) = slot.get_mut("deposit").map(|deposit| &mut deposit["deposit"]) {
                    price["priceMicros"] = json!("900000");
                }
            })
        },
    },
    Defect {
        name: "updates-confirm-at-once",
        about: "Inventory updates say of slots on request that they are confirmed at once.",
        scenario: "asynchronous/accepted",
        violates: &[id("RTU-ASYNC-11")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                slot.insert(
                    "confirmationMode".to_owned(),
                    json!("CONFIRMATION_MODE_SYNCHRONOUS"),
                );
            })
        },
    },
    Defect {
        name: "updates-of-another-merchant",
        about: "Inventory updates name the service and another merchant.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-15")],
        amendments: Amendments::NONE,
        seams: || updates(|message| message.body[ENTRY_LIST][0]["merchantId"] = json!("head-office")),
    },
    Defect {
        name: "updates-under-another-partner",
        about: "Inventory updates are sent under the id of another partner.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || updates(|message| message.path = message.path.replace("/partners/", "/partners/1")),
    },
    Defect {
        name: "updates-without-entries",
        about: "Inventory updates hold an empty list.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-01")],
        amendments: Amendments::NONE,
        seams: || updates(|message| message.body[ENTRY_LIST] = json!([])),
    },
    Defect {
        name: "entries-twice",
        about: "Inventory updates have each entry twice.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-13")],
        amendments: Amendments::NONE,
        seams: || {
            updates(|message| {
                if let Some(entry) = message.body.pointer(ENTRY).cloned() {
                    message.body[ENTRY_LIST] = json!([entry, entry]);
                }
            })
        },
    },
    Defect {
        name: "slots-without-length",
        about: "Inventory updates list slots without their length.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("FEED-AVL-01")],
        amendments: Amendments::NONE,
        seams: || each_slot(|slot| drop(slot.remove("duration"))),
    },
    Defect {
        name: "slots-without-start",
        about: "Inventory updates list slots without their start.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("FEED-AVL-01")],
        amendments: Amendments::NONE,
        seams: || each_slot(|slot| drop(slot.remove("startTime"))),
    },
    Defect {
        name: "rooms-without-name",
        about: "Inventory updates name rooms by their id alone.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("FEED-AVL-12")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                if let Some(Value::Object(resources)) = slot.get_mut("resources") {
                    resources.remove("roomName");
                }
            })
        },
    },
    Defect {
        name: "staff-by-other-ids",
        about: "Inventory updates name staff by the ids of another system.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("FEED-AVL-13")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                if let Some(staff) = slot.get_mut("resources").and_then(|all| all.get_mut("staffId")) {
                    *staff = json!(format!("crm-{}", staff.as_str().unwrap_or_default()));
                }
            })
        },
    },
    Defect {
        name: "parties-counted-with-the-host",
        about: "Inventory updates list tables for one more than the feed.",
        scenario: "lookup/two-at-one-time",
        violates: &[id("INV-14")],
        amendments: Amendments::NONE,
        seams: || {
            each_slot(|slot| {
                if let Some(size) = slot.get_mut("resources").and_then(|all| all.get_mut("partySize")) {
                    *size = json!(size.as_i64().unwrap_or(0) + 1);
                }
            })
        },
    },
    Defect {
        name: "total-not-told",
        about: "Inventory updates say how many spots are open, and not how many there are.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("FEED-AVL-10")],
        amendments: Amendments::NONE,
        seams: || each_slot(|slot| drop(slot.remove("spotsTotal"))),
    },
];

const ENTRY_LIST: &str = "extendedServiceAvailability";

fn each_slot(
    change: impl Fn(&mut serde_json::Map<String, Value>) + Send + Sync + 'static,
) -> reference_server::Seams {
    updates(move |message: &mut Outgoing| {
        let slots = message.body.pointer_mut(&format!("{ENTRY}/availability"));
        let slots = slots.and_then(Value::as_array_mut).into_iter().flatten();
        slots.filter_map(Value::as_object_mut).for_each(&change);
    })
}
