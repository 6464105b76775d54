//! Guided walks, which are sold by the ticket.

use super::model::{DAY, HOUR};
use super::model::{
    Location, Merchant, Published, Rules, Service, Ticket, Timetable, appointment, open_seat,
};

pub(super) fn old_town_walks() -> Merchant {
    Merchant {
        id: "old-town-walks",
        name: "Old Town Walks",
        telephone: "+4312345670",
        category: "tour operator",
        location: Location {
            latitude: 48.20849,
            longitude: 16.37208,
            country: "AT",
            locality: "Vienna",
            region: None,
            postal_code: "1010",
            street_address: "Alter Markt 4",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![night_walk(), courtyards()],
    }
}

/// Paid in full when it is ordered, with a fee for each ticket.
fn night_walk() -> Service {
    Service {
        price: 30_000_000,
        prepaid: true,
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(DAY),
            refund_steps: &[(DAY, 100)],
        },
        tickets: &[
            Ticket {
                id: "adult",
                name: "Adult",
                price: 30_000_000,
                fee: 2_000_000,
                needs_adult: false,
            },
            Ticket {
                id: "child",
                name: "Child up to 12",
                price: 12_000_000,
                fee: 0,
                needs_adult: true,
            },
        ],
        most_tickets: 8,
        timetable: tours(),
        seats: vec![open_seat(12)],
        ..appointment(
            "night-walk",
            "Night walk",
            "Two hours by lantern through the old town.",
        )
    }
}

/// Paid to the guide.
fn courtyards() -> Service {
    Service {
        price: 14_000_000,
        rules: Rules {
            min_advance_booking: HOUR,
            ..Rules::default()
        },
        tickets: &[Ticket {
            id: "seat",
            name: "One person",
            price: 14_000_000,
            fee: 0,
            needs_adult: false,
        }],
        most_tickets: 10,
        timetable: tours(),
        seats: vec![open_seat(10)],
        ..appointment(
            "courtyards",
            "Hidden courtyards",
            "Two hours behind the house fronts.",
        )
    }
}

/// Two hours, three times a day.
fn tours() -> Timetable {
    Timetable {
        grid_sec: 8 * HOUR,
        duration_sec: 2 * HOUR,
        published: &[Published {
            every_sec: 8 * HOUR,
            within_sec: super::HORIZON_SEC,
        }],
    }
}
