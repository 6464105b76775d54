//! Two counters whose slots start every two seconds: a user who does not come has missed one soon.

use super::model::{
    FeeTerms, Location, Merchant, Published, Rules, Service, Timetable, appointment, open_seat,
};
use super::model::{HORIZON_SEC, HOUR};
use crate::messages::PriceType;

pub(super) fn merchants() -> [Merchant; 2] {
    [
        counter("walkin-east", "Walk-in East", "2 East Arcade"),
        counter("walkin-west", "Walk-in West", "9 West Arcade"),
    ]
}

fn counter(id: &'static str, name: &'static str, street_address: &'static str) -> Merchant {
    Merchant {
        id,
        name,
        telephone: "+16175550133",
        category: "barber shop",
        location: Location {
            latitude: 42.35987,
            longitude: -71.05671,
            country: "US",
            locality: "Boston",
            region: Some("MA"),
            postal_code: "02108",
            street_address,
        },
        currency: "USD",
        tax_micro_percent: 6_250_000,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![secured_trim(), trim()],
    }
}

fn secured_trim() -> Service {
    Service {
        price: 20_000_000,
        no_show_fee: Some(FeeTerms {
            amount: 15_000_000,
            kind: PriceType::FixedRate,
        }),
        rules: Rules {
            refund_steps: &[(0, 100)],
            ..Rules::default()
        },
        timetable: every_two_seconds(),
        seats: vec![open_seat(2)],
        ..appointment(
            "trim-secured",
            "Trim with a fee",
            "A moment at the counter; not coming costs a fee.",
        )
    }
}

fn trim() -> Service {
    Service {
        price: 10_000_000,
        timetable: every_two_seconds(),
        seats: vec![open_seat(2)],
        ..appointment("trim", "Trim", "A moment at the counter.")
    }
}

fn every_two_seconds() -> Timetable {
    Timetable {
        grid_sec: 2,
        duration_sec: 2,
        published: &[
            Published {
                every_sec: 2,
                within_sec: 180,
            },
            Published {
                every_sec: 12 * HOUR,
                within_sec: HORIZON_SEC,
            },
        ],
    }
}
