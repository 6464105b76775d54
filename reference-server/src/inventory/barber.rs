//! A barber with one chair and a small class: at one time there is one thing to book.

use super::model::{DAY, HOUR};
use super::model::{Location, Merchant, Published, Rules, Service, Timetable, appointment, open_seat};

pub(super) fn corner_barber() -> Merchant {
    Merchant {
        id: "corner-barber",
        name: "Corner Barber",
        telephone: "+35315550144",
        category: "barber shop",
        location: Location {
            latitude: 53.34411,
            longitude: -6.26741,
            country: "IE",
            locality: "Dublin",
            region: None,
            postal_code: "D02 F627",
            street_address: "1 Corner Row",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: &[],
        networks: None,
        payment_options: &[],
        services: vec![shave(), class()],
    }
}

/// Half an hour in the only chair, paid there.
fn shave() -> Service {
    Service {
        price: 28_000_000,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            // With a start every half hour there is always one that is booked too late to be cancelled.
            min_advance_online_canceling: Some(2 * HOUR),
            refund_steps: &[],
        },
        timetable: Timetable {
            grid_sec: HOUR / 2,
            duration_sec: HOUR / 2,
            published: &[
                Published {
                    every_sec: HOUR / 2,
                    within_sec: 4 * DAY,
                },
                Published {
                    every_sec: 6 * HOUR,
                    within_sec: super::model::HORIZON_SEC,
                },
            ],
        },
        ..appointment("shave", "Shave", "A wet shave with hot towels.")
    }
}

/// Three can learn it at a time.
fn class() -> Service {
    Service {
        price: 35_000_000,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            ..Rules::default()
        },
        timetable: Timetable {
            grid_sec: HOUR,
            duration_sec: 2 * HOUR,
            published: &[Published {
                every_sec: 12 * HOUR,
                within_sec: super::model::HORIZON_SEC,
            }],
        },
        seats: vec![open_seat(3)],
        ..appointment(
            "shaving-class",
            "Shaving class",
            "Two hours with a straight razor.",
        )
    }
}
