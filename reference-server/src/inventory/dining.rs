//! Two restaurants: a no-show fee per person here, a deposit per person there.

use super::model::{DAY, HOUR};
use super::model::{
    DepositTerms, FeeTerms, Location, Merchant, Rules, Seat, Service, ServiceKind, Timetable, appointment,
    hourly,
};
use crate::messages::PriceType;

const HALL: (&str, &str) = ("hall", "Dining hall");
const TERRACE: (&str, &str) = ("terrace", "Terrace");

pub(super) fn merchants() -> [Merchant; 2] {
    [old_bistro(), garden_grill()]
}

fn old_bistro() -> Merchant {
    Merchant {
        id: "old-bistro",
        name: "Le Vieux Bistro",
        telephone: "+33155501234",
        category: "restaurant",
        location: Location {
            latitude: 48.85341,
            longitude: 2.34881,
            country: "FR",
            locality: "Paris",
            region: None,
            postal_code: "75004",
            street_address: "3 rue des Bouquinistes",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![Service {
            price: 45_000_000,
            no_show_fee: Some(FeeTerms {
                amount: 12_000_000,
                kind: PriceType::PerPerson,
            }),
            rules: Rules {
                min_advance_booking: HOUR / 2,
                min_advance_online_canceling: Some(2 * HOUR),
                refund_steps: &[(2 * HOUR, 100)],
            },
            ..dinner("A table with the menu of the day.")
        }],
    }
}

fn garden_grill() -> Merchant {
    Merchant {
        id: "garden-grill",
        name: "The Garden Grill",
        telephone: "+442079460018",
        category: "restaurant",
        location: Location {
            latitude: 51.51421,
            longitude: -0.13772,
            country: "GB",
            locality: "London",
            region: None,
            postal_code: "W1F 9TD",
            street_address: "44 Garden Row",
        },
        currency: "GBP",
        tax_micro_percent: 0,
        tokenization: &[("gateway", "example"), ("gatewayMerchantId", "garden-grill-0001")],
        networks: None,
        payment_options: &[],
        services: vec![Service {
            price: 60_000_000,
            deposit: Some(DepositTerms {
                amount: 10_000_000,
                kind: PriceType::PerPerson,
                min_advance_cancellation_sec: 6 * HOUR,
            }),
            rules: Rules {
                min_advance_booking: HOUR / 2,
                min_advance_online_canceling: Some(DAY),
                refund_steps: &[(6 * HOUR, 100)],
            },
            ..dinner("A table by the open fire.")
        }],
    }
}

/// A large house that takes no cards: the tables are paid when the guests leave.
pub(super) fn grand_hall() -> Merchant {
    Merchant {
        id: "grand-hall",
        name: "The Grand Hall",
        telephone: "+442079460031",
        tokenization: &[],
        services: vec![Service {
            price: 0,
            rules: Rules {
                min_advance_booking: HOUR / 2,
                min_advance_online_canceling: Some(HOUR),
                refund_steps: &[],
            },
            seats: many_tables(),
            ..dinner("A table in the hall or on the terrace.")
        }],
        ..garden_grill()
    }
}

fn dinner(description: &'static str) -> Service {
    Service {
        kind: ServiceKind::Dining,
        timetable: Timetable {
            duration_sec: 5400,
            ..hourly()
        },
        seats: tables(),
        ..appointment("table", "Table", description)
    }
}

fn table(room: (&'static str, &'static str), party_size: i32, spots: i64) -> Seat {
    Seat {
        staff: None,
        room: Some(room),
        party_size,
        spots,
    }
}

/// Tables for two and for four; another party size is another table.
fn tables() -> Vec<Seat> {
    vec![
        table(HALL, 2, 3),
        table(HALL, 4, 2),
        table(TERRACE, 2, 2),
        table(TERRACE, 4, 1),
    ]
}

/// Several tables of each size in both rooms.
fn many_tables() -> Vec<Seat> {
    let sizes = [(2, 9), (4, 6), (6, 3)];
    let rooms = [HALL, TERRACE].into_iter();
    let tables = rooms.flat_map(|room| sizes.map(|(party_size, spots)| table(room, party_size, spots)));
    tables.collect()
}
