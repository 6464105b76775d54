//! Baths that are visited with a pack of two.

use super::model::HOUR;
use super::model::{
    Location, Merchant, Override, PaymentOption, Rules, Service, Timetable, Variant, appointment, hourly,
    open_seat,
};

const TWO: &str = "po-two-swims";

pub(super) fn river_baths() -> Merchant {
    Merchant {
        id: "river-baths",
        name: "River Baths",
        telephone: "+12125550188",
        category: "swimming pool",
        location: Location {
            latitude: 40.80521,
            longitude: -73.97014,
            country: "US",
            locality: "New York",
            region: Some("NY"),
            postal_code: "10027",
            street_address: "4 Ferry Steps",
        },
        currency: "USD",
        tax_micro_percent: 0,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[PaymentOption {
            id: TWO,
            name: "Two swims",
            price: 18_000_000,
            visits: 2,
        }],
        services: vec![swim()],
    }
}

/// Every slot is sold by the pack: the first visit is the one that is booked with it.
fn swim() -> Service {
    Service {
        price: 11_000_000,
        prepaid: true,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            min_advance_online_canceling: Some(HOUR),
            refund_steps: &[(HOUR, 100)],
        },
        timetable: Timetable {
            duration_sec: HOUR,
            ..hourly()
        },
        seats: vec![open_seat(8)],
        variants: vec![Variant {
            every: 1,
            remainder: 0,
            change: Override::PaymentOption(TWO),
        }],
        ..appointment("swim", "Swim", "An hour in the river pool.")
    }
}
