//! A workshop whose slots are not all of one length.

use super::model::HOUR;
use super::model::{Location, Merchant, Override, Rules, Service, Timetable, Variant, appointment, hourly};

pub(super) fn canal_cycles() -> Merchant {
    Merchant {
        id: "canal-cycles",
        name: "Canal Cycles",
        telephone: "+31205550142",
        category: "bicycle repair shop",
        location: Location {
            latitude: 52.37417,
            longitude: 4.88321,
            country: "NL",
            locality: "Amsterdam",
            region: None,
            postal_code: "1016 DV",
            street_address: "Grachtkade 21",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: &[],
        networks: None,
        payment_options: &[],
        services: vec![tune_up()],
    }
}

/// Paid on arrival; every other slot leaves time for a second wheel.
fn tune_up() -> Service {
    Service {
        price: 35_000_000,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            ..Rules::default()
        },
        timetable: Timetable {
            duration_sec: HOUR / 2,
            ..hourly()
        },
        variants: vec![Variant {
            every: 2,
            remainder: 1,
            change: Override::Duration(HOUR),
        }],
        ..appointment("tune-up", "Tune-up", "Brakes, gears and a clean chain.")
    }
}
