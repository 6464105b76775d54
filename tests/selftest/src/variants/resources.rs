//! Partners that tell Google of merchants, services and records, too, and of slots that are booked on their own page.

use crate::defects::resources::{
    ON_ITS_OWN_PAGE, also_sends, create_merchant, create_service, delete, list_own_page, push, unpush,
    update_merchant, update_service, update_service_of,
};
use crate::notifications::updates;
use crate::{Amendments, Variant};
use serde_json::{Value, json};

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
                let price = |micros: &str, currency: &str| json!({ "price": { "priceMicros": micros, "currencyCode": currency } });
                let waitlist = json!({ "waitlistRules": { "minPartySize": 1, "maxPartySize": 6 } });
                vec![
                    push(1_000, true),
                    unpush(),
                    create_merchant(Some("pop-up")),
                    create_service("pop-up", "visit", json!({})),
                    delete("/merchants/pop-up/services/visit"),
                    delete("/merchants/pop-up"),
                    update_service("online-yoga", None, online),
                    update_service("online-yoga", Some("price"), price("15000000", "CAD")),
                    update_service("spin-class", None, price("25000000", "CAD")),
                    update_service_of("noodle-bar", "counter", Some("price"), price("0", "USD")),
                    update_service_of("noodle-bar", "counter", None, waitlist.clone()),
                    delete("/merchants/noodle-bar/services/counter"),
                    create_service("noodle-bar", "counter", waitlist.clone()),
                    update_service_of("noodle-bar", "counter", Some("*"), waitlist),
                    update_service_of("harbour-salon", "retreat", None, retreat()),
                    update_service_of(
                        "harbour-salon",
                        "cut",
                        Some("localized_service_name"),
                        price("1", "USD"),
                    ),
                    update_merchant("harbour-salon", None, salon()),
                    update_merchant(
                        "harbour-salon",
                        Some("merchant_name"),
                        json!({ "merchant_name": "harbour salon" }),
                    ),
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

/// The service of the feed, as far as a partner may repeat it, in either spelling of names.
fn retreat() -> Value {
    json!({ "deposit": { "deposit": { "price_micros": 60_000_000, "currencyCode": "USD" }, "min_advance_cancellation_sec": "14400",
            "depositType": "FIXED_RATE_DEFAULT" },
        "prepaymentType": "NOT_SUPPORTED", "tax_rate": { "micro_percent": 8_875_000 } })
}

/// The merchant of the feed, written as another program writes it.
fn salon() -> Value {
    json!({ "merchantName": "HARBOUR SALON", "telephone": "(212) 555-0147",
        "geo": { "latitude": 40.7043, "longitude": -74.0109,
            "address": { "addressCountry": "US", "postalCode": "10004", "streetAddress": "18 harbour lane" } },
        "paymentOption": [{ "paymentOptionId": "po-off-peak-colour", "price": { "priceMicros": "78000000", "currencyCode": "USD" } }] })
}
