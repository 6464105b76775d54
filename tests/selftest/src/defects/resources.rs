//! Calls about merchants, services and records, and slots that are booked on the partner's own page.

use crate::notifications::{is_patch, notifier, updates};
use crate::wire::Memory;
use crate::{Amendments, Defect, id};
use reference::PARTNER_ID;
use reference_server::{OutboxMessage, Outgoing, Seams, Subject};
use serde_json::{Value, json};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "pushes-everything-at-once",
        about: "More than a thousand records are pushed in one call.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-21")],
        amendments: Amendments::NONE,
        seams: || also_sends(|| vec![push(1_001, true)]),
    },
    Defect {
        name: "pushes-without-time",
        about: "Records are pushed as the feed has them, without the time at which they were made.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-22")],
        amendments: Amendments::NONE,
        seams: || also_sends(|| vec![push(3, false)]),
    },
    Defect {
        name: "merchant-created-by-its-body",
        about: "A merchant is created whose id is in the body alone.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-23")],
        amendments: Amendments::NONE,
        seams: || also_sends(|| vec![create_merchant(None)]),
    },
    Defect {
        name: "online-service-without-session",
        about: "An update of an online service has its price and not how the session is held.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("VIRT-20")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let price = json!({ "price": { "priceMicros": "15000000", "currencyCode": "CAD" } });
                vec![update_service("online-yoga", None, price)]
            })
        },
    },
    Defect {
        name: "waitlist-service-without-rules",
        about: "An update of a service with a waitlist has its name and not the rules of the waitlist.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-25")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let name = json!({ "localizedServiceName": { "value": "Counter" } });
                vec![update_service_of("noodle-bar", "counter", None, name)]
            })
        },
    },
    Defect {
        name: "service-update-with-another-price",
        about: "An update of a class has a price that is neither in the feed nor asked for.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-27")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let price = json!({ "price": { "priceMicros": "26000000", "currencyCode": "CAD" } });
                vec![update_service("spin-class", Some("price"), price)]
            })
        },
    },
    Defect {
        name: "service-update-with-an-older-deposit",
        about: "An update of a service has the deposit of last year, when it could be cancelled later.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-27")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let deposit = json!({ "deposit": { "priceMicros": "60000000", "currencyCode": "USD" },
                    "minAdvanceCancellationSec": "3600" });
                vec![update_service_of(
                    "harbour-salon",
                    "retreat",
                    None,
                    json!({ "deposit": deposit }),
                )]
            })
        },
    },
    Defect {
        name: "merchant-update-with-another-tax",
        about: "An update of a merchant has a tax rate that the feed does not have.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-28")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let merchant =
                    json!({ "merchantName": "Harbour Salon", "taxRate": { "microPercent": 8_500_000 } });
                vec![update_merchant("harbour-salon", None, merchant)]
            })
        },
    },
    Defect {
        name: "merchant-update-by-its-number",
        about: "An update of a merchant calls it by the number of the database, and not by the id of the feed.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-28")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                vec![update_merchant(
                    "17",
                    None,
                    json!({ "merchantName": "Harbour Salon" }),
                )]
            })
        },
    },
    Defect {
        name: "merchant-update-drops-an-option",
        about: "An update of a merchant has no payment options, one of which slots of the feed name.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-29")],
        amendments: Amendments::NONE,
        seams: || also_sends(|| vec![update_merchant("harbour-salon", Some("paymentOption"), json!({}))]),
    },
    Defect {
        name: "deletes-a-service-that-is-offered",
        about: "A service is deleted whose slots the feed goes on offering.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-29")],
        amendments: Amendments::NONE,
        seams: || also_sends(|| vec![delete("/merchants/old-town-walks/services/night-walk")]),
    },
    Defect {
        name: "service-update-as-in-the-feed",
        about: "An update of a service has the ids as the record of the feed has them.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("INV-30")],
        amendments: Amendments::NONE,
        seams: || {
            also_sends(|| {
                let record = json!({ "service_id": "spin-class", "localized_service_name": { "value": "Spin class" } });
                vec![update_service("spin-class", None, record)]
            })
        },
    },
    Defect {
        name: "updates-without-link",
        about: "Inventory updates list slots that are booked on the partner's own page, and do not say so.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("REDIR-05")],
        amendments: ON_ITS_OWN_PAGE,
        seams: || updates(|message| list_own_page(message, &json!({}))),
    },
    Defect {
        name: "updates-with-a-link-and-no-payment",
        about: "Inventory updates list slots that are booked on the partner's own page, without what is paid there.",
        scenario: "inventory/taken-and-freed",
        violates: &[id("REDIR-05")],
        amendments: ON_ITS_OWN_PAGE,
        seams: || {
            let link = json!({ "linkoutRequiredReason": "PAYMENT_REQUIRED" });
            updates(move |message| list_own_page(message, &link))
        },
    },
];

/// Makes these calls along with the first inventory update.
pub(crate) fn also_sends(calls: fn() -> Vec<Outgoing>) -> Seams {
    let first: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let is_first = !is_patch(&message.content) && first.keep(String::new(), ()).is_none();
        async move {
            for content in if is_first { calls() } else { Vec::new() } {
                // Whether Google takes it makes no difference to this partner.
                drop(inner.deliver(&OutboxMessage { id: 0, content }).await);
            }
            inner.deliver(&message).await
        }
    })
}

fn call(method: &str, path: &str, query: &[(&str, &str)], body: Value) -> Outgoing {
    Outgoing {
        subject: Subject::Booking {
            booking_id: String::new(),
        },
        method: method.to_owned(),
        path: format!("/v1alpha/inventory/partners/{PARTNER_ID}{path}"),
        query: query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body,
    }
}

/// Pushes so many records, with their times or without.
pub(crate) fn push(count: usize, dated: bool) -> Outgoing {
    let mut record = json!({ "dataRecord": "e30=" });
    if dated {
        record["generationTimestamp"] = json!("2026-01-01T00:00:00Z");
    }
    let body = json!({ "records": vec![record; count] });
    call("POST", "/feeds/google.merchant/record:batchPush", &[], body)
}

/// Deletes a record.
pub(crate) fn unpush() -> Outgoing {
    let record = json!({ "dataRecord": "e30=", "deleteTime": "2026-01-01T00:00:00Z" });
    let body = json!({ "records": [record] });
    call("POST", "/feeds/google.merchant/record:batchDelete", &[], body)
}

/// Makes a merchant, with its id in the query or in the body alone.
pub(crate) fn create_merchant(merchant: Option<&str>) -> Outgoing {
    let query: Vec<_> = merchant
        .into_iter()
        .map(|merchant| ("merchantId", merchant))
        .collect();
    let id = merchant.unwrap_or("pop-up");
    let body = json!({ "name": format!("partners/{PARTNER_ID}/merchants/{id}"), "merchantName": "Pop-up" });
    call("POST", "/merchants", &query, body)
}

/// Changes a merchant.
pub(crate) fn update_merchant(merchant: &str, mask: Option<&str>, body: Value) -> Outgoing {
    let query: Vec<_> = mask.into_iter().map(|mask| ("updateMask", mask)).collect();
    call("PATCH", &format!("/merchants/{merchant}"), &query, body)
}

/// Takes a merchant or a service away.
pub(crate) fn delete(path: &str) -> Outgoing {
    call("DELETE", path, &[], Value::Null)
}

/// Makes a service of a merchant, with these fields.
pub(crate) fn create_service(merchant: &str, service: &str, mut fields: Value) -> Outgoing {
    let name = format!("partners/{PARTNER_ID}/merchants/{merchant}/services/{service}");
    let path = format!("/merchants/{merchant}/services");
    fields["name"] = json!(name);
    call("POST", &path, &[("serviceId", service)], fields)
}

/// Changes a service of the studio.
pub(crate) fn update_service(service: &str, mask: Option<&str>, body: Value) -> Outgoing {
    update_service_of("north-studio", service, mask, body)
}

/// Changes a service.
pub(crate) fn update_service_of(merchant: &str, service: &str, mask: Option<&str>, body: Value) -> Outgoing {
    let query: Vec<_> = mask.into_iter().map(|mask| ("updateMask", mask)).collect();
    let path = format!("/merchants/{merchant}/services/{service}");
    call("PATCH", &path, &query, body)
}

/// Beside the barber's chair there is one that is booked and paid on the barber's own page.
pub(crate) const ON_ITS_OWN_PAGE: Amendments = Amendments {
    feeds: Some(|feed| {
        for service in list(feed, "/service") {
            if service["service_id"] == "shave" {
                let page = "https://barber.example/book?t={availability_slot_start_seconds}&n={resources_party_size}";
                service["uri_template"] = json!({ "uri_template": page });
            }
        }
        for group in list(feed, "/service_availability") {
            let Some(slots) = group["availability"].as_array_mut() else {
                continue;
            };
            let mut linked: Vec<Value> = slots.clone();
            linked.retain(|slot| slot["service_id"] == "shave");
            for slot in &mut linked {
                slot["resources"] = json!({ "room_id": OWN_PAGE, "room_name": "Own page" });
                slot["linkout_required_reason"] = json!("PAYMENT_REQUIRED");
                let price = json!({ "price_micros": 28_000_000, "currency_code": "EUR" });
                slot["prepayment"] =
                    json!({ "price_info": { "price": price, "price_type": "FIXED_RATE_DEFAULT" } });
                slot["availability_tag"] = json!(format!("page.{}", slot["start_sec"]));
            }
            slots.extend(linked);
        }
    }),
    ..Amendments::NONE
};

const OWN_PAGE: &str = "own-page";

fn list<'v>(feed: &'v mut Value, pointer: &str) -> impl Iterator<Item = &'v mut Value> {
    let listed = feed.pointer_mut(pointer).and_then(Value::as_array_mut);
    listed.into_iter().flatten()
}

/// Lists the slot of the other chair, too, which says these things.
pub(crate) fn list_own_page(message: &mut Outgoing, says: &Value) {
    for entry in list(&mut message.body, "/extendedServiceAvailability") {
        let is_shave = entry["serviceId"] == "shave";
        let Some(slots) = entry["availability"].as_array_mut().filter(|_| is_shave) else {
            continue;
        };
        let Some(mut slot) = slots.first().cloned() else {
            continue;
        };
        slot["resources"] = json!({ "roomId": OWN_PAGE, "roomName": "Own page" });
        for (name, value) in says.as_object().into_iter().flatten() {
            slot[name] = value.clone();
        }
        slots.push(slot);
    }
}
