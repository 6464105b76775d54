//! A float tank, paid in full when booking: cancelling gives back all, then half, then nothing, and can be done online at
//! every one of these times.

use super::model::{DAY, HORIZON_SEC, HOUR};
use super::model::{Location, Merchant, Published, Rules, Service, Timetable, appointment};

pub(super) fn tank_room() -> Merchant {
    Merchant {
        id: "tank-room",
        name: "Tank Room",
        telephone: "+13035550172",
        category: "day spa",
        location: Location {
            latitude: 39.74311,
            longitude: -104.98712,
            country: "US",
            locality: "Denver",
            region: Some("CO"),
            postal_code: "80202",
            street_address: "5 Mill Alley",
        },
        currency: "USD",
        tax_micro_percent: 4_500_000,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![float()],
    }
}

fn float() -> Service {
    Service {
        price: 70_000_000,
        prepaid: true,
        rules: Rules {
            min_advance_booking: HOUR / 4,
            min_advance_online_canceling: Some(HOUR),
            refund_steps: &[(DAY, 100), (5 * HOUR, 50)],
        },
        timetable: every_hour_of_a_day(),
        ..appointment("float", "Float", "An hour in salt water, in the dark.")
    }
}

fn every_hour_of_a_day() -> Timetable {
    Timetable {
        grid_sec: HOUR,
        duration_sec: HOUR,
        published: &[
            Published {
                every_sec: HOUR,
                within_sec: 36 * HOUR,
            },
            Published {
                every_sec: 12 * HOUR,
                within_sec: HORIZON_SEC,
            },
        ],
    }
}
