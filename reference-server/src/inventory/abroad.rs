//! Merchants whose booking or whose currency is different: asynchronous, no decimals, three decimals.

use super::model::{DAY, HOUR};
use super::model::{
    DepositTerms, Location, Merchant, Rules, Service, Timetable, appointment, hourly, open_seat,
};
use crate::messages::{ConfirmationMode, PriceType};

pub(super) fn merchants() -> [Merchant; 3] {
    [quiet_corner(), sakura_bath(), gulf_spa()]
}

/// The merchant confirms by hand, so nothing may be paid through Google.
fn quiet_corner() -> Merchant {
    Merchant {
        id: "quiet-corner",
        name: "Quiet Corner",
        telephone: "+49305550166",
        category: "beauty salon",
        location: Location {
            latitude: 52.52141,
            longitude: 13.40921,
            country: "DE",
            locality: "Berlin",
            region: None,
            postal_code: "10178",
            street_address: "Stille Gasse 5",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: &[],
        networks: None,
        payment_options: &[],
        services: vec![Service {
            price: 30_000_000,
            confirmation: ConfirmationMode::Asynchronous,
            rules: Rules {
                min_advance_booking: HOUR,
                min_advance_online_canceling: Some(HOUR),
                refund_steps: &[],
            },
            seats: vec![open_seat(2)],
            ..appointment(
                "ask-first",
                "Manicure on request",
                "The salon answers within the day.",
            )
        }],
    }
}

fn sakura_bath() -> Merchant {
    Merchant {
        id: "sakura-bath",
        name: "Sakura Bath",
        telephone: "+81355501234",
        category: "day spa",
        location: Location {
            latitude: 35.71021,
            longitude: 139.79671,
            country: "JP",
            locality: "Tokyo",
            region: Some("Tokyo"),
            postal_code: "111-0032",
            street_address: "2-8-1 Asakusa",
        },
        currency: "JPY",
        tax_micro_percent: 10_000_000,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![
            prepaid("onsen", "Onsen", 1_055_000_000),
            secured("private-bath", "Private bath", 12_000_000_000, 3_000_000_000),
        ],
    }
}

fn gulf_spa() -> Merchant {
    Merchant {
        id: "gulf-spa",
        name: "Gulf Spa",
        telephone: "+96522251234",
        category: "day spa",
        location: Location {
            latitude: 29.37591,
            longitude: 47.97741,
            country: "KW",
            locality: "Kuwait City",
            region: None,
            postal_code: "13001",
            street_address: "Gulf Road 12",
        },
        currency: "KWD",
        tax_micro_percent: 5_000_000,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![
            prepaid("hammam", "Hammam", 12_345_000),
            secured("majlis-spa", "Majlis spa", 48_500_000, 7_250_000),
        ],
    }
}

fn prepaid(id: &'static str, name: &'static str, price: i64) -> Service {
    Service {
        price,
        prepaid: true,
        rules: Rules {
            // With a start every hour there is always one that is too late for a refund and not too late to be booked.
            min_advance_booking: HOUR / 2,
            min_advance_online_canceling: Some(DAY),
            refund_steps: &[(DAY, 100), (2 * HOUR, 50)],
        },
        timetable: Timetable {
            duration_sec: 2 * HOUR,
            ..hourly()
        },
        seats: vec![open_seat(8)],
        ..appointment(id, name, "An hour or two in the warm.")
    }
}

fn secured(id: &'static str, name: &'static str, price: i64, deposit: i64) -> Service {
    Service {
        price,
        deposit: Some(DepositTerms {
            amount: deposit,
            kind: PriceType::FixedRate,
            min_advance_cancellation_sec: 6 * HOUR,
        }),
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(DAY),
            refund_steps: &[(6 * HOUR, 100)],
        },
        timetable: Timetable {
            duration_sec: 2 * HOUR,
            ..hourly()
        },
        seats: vec![open_seat(2)],
        ..appointment(id, name, "A room of one's own.")
    }
}
