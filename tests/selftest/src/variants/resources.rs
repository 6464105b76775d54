//! Partners that tell Google of merchants, services and records, too, and of slots that are booked on their own page.

use crate::defects::resources::{
    ON_ITS_OWN_PAGE, also_sends, create_merchant, create_service, list_own_page, push, unpush,
    update_service, update_service_of,
};
use crate::notifications::updates;
use crate::{Amendments, Variant};
use serde_json::json;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "tells-of-everything",
        about: "Merchants, services and records are told of in real time, each call as it is due.",
        tolerated: &[],
        seams: || {
            also_sends(|| {
                let session =
                    json!({ "sessionInstructions": { "value": "The link comes with the booking." } });
                let online =
                    json!({ "virtualSession": session, "localizedServiceName": { "value": "Yoga" } });
                let price = json!({ "price": { "priceMicros": "16000000", "currencyCode": "CAD" } });
                let waitlist = json!({ "waitlistRules": { "minPartySize": 1, "maxPartySize": 6 } });
                vec![
                    push(1_000, true),
                    unpush(),
                    create_merchant(Some("pop-up")),
                    create_service("pop-up", "visit"),
                    update_service("online-yoga", None, online),
                    update_service("online-yoga", Some("price"), price.clone()),
                    update_service("spin-class", None, price.clone()),
                    update_service_of("noodle-bar", "counter", Some("price"), price),
                    update_service_of("noodle-bar", "counter", None, waitlist),
                ]
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "states-inherited-terms",
        about: "Inventory updates state the deposit of the service, too, and enums by their numbers.",
        tolerated: &[],
        seams: || {
            updates(|message| {
                for entry in message.body["extendedServiceAvailability"]
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                {
                    let is_retreat = entry["serviceId"] == "retreat";
                    for slot in entry["availability"].as_array_mut().into_iter().flatten() {
                        if is_retreat && slot.get("deposit").is_none() {
                            slot["deposit"] = json!({ "depositType": 0, "minAdvanceCancellationSec": 14_400,
                                "deposit": { "priceMicros": 60_000_000, "currencyCode": "USD" } });
                        }
                        if slot["requireCreditCard"] == "REQUIRE_CREDIT_CARD_CONDITIONAL" {
                            slot["requireCreditCard"] = json!(1);
                        }
                    }
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "also-on-its-own-page",
        about: "Slots that are booked on the partner's own page are in inventory updates as they are in the feed.",
        tolerated: &[],
        seams: || {
            let price = json!({ "priceMicros": "28000000", "currencyCode": "EUR" });
            let says = json!({ "linkoutRequiredReason": "PAYMENT_REQUIRED",
                "prepayment": { "priceInfo": { "price": price, "priceType": "FIXED_RATE_DEFAULT" } } });
            updates(move |message| list_own_page(message, &says))
        },
        amendments: ON_ITS_OWN_PAGE,
    },
];
