//! A noodle bar that takes no bookings: who comes is put on the waitlist.

use super::model::{Location, Merchant, Service, ServiceKind, Timetable, WaitlistRules, appointment, hourly};

pub(super) fn noodle_bar() -> Merchant {
    Merchant {
        id: "noodle-bar",
        name: "Noodle Bar",
        telephone: "+15035550119",
        category: "restaurant",
        location: Location {
            latitude: 45.52121,
            longitude: -122.67462,
            country: "US",
            locality: "Portland",
            region: Some("OR"),
            postal_code: "97204",
            street_address: "12 Ferry Street",
        },
        currency: "USD",
        tax_micro_percent: 0,
        tokenization: &[],
        networks: None,
        payment_options: &[],
        services: vec![Service {
            kind: ServiceKind::Dining,
            timetable: Timetable {
                published: &[],
                ..hourly()
            },
            seats: vec![],
            waitlist: Some(WaitlistRules {
                min_party_size: 1,
                max_party_size: 6,
            }),
            ..appointment(
                "counter",
                "Counter",
                "A seat at the counter, as soon as one is free.",
            )
        }],
    }
}
