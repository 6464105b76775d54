//! A salon with every way of paying, and every override of it.

use super::model::{
    CardRule, DepositTerms, FeeTerms, Location, Merchant, Override, PaymentOption, Rules, Seat, Service,
    Timetable, Variant, appointment, hourly, open_seat,
};
use super::model::{DAY, HOUR};
use crate::messages::{CreditCardType, PriceType};

const OFF_PEAK: &str = "po-off-peak-colour";

pub(super) fn harbour_salon() -> Merchant {
    Merchant {
        id: "harbour-salon",
        name: "Harbour Salon",
        telephone: "+12125550147",
        category: "beauty salon",
        location: Location {
            latitude: 40.70431,
            longitude: -74.01092,
            country: "US",
            locality: "New York",
            region: Some("NY"),
            postal_code: "10004",
            street_address: "18 Harbour Lane",
        },
        currency: "USD",
        tax_micro_percent: 8_875_000,
        tokenization: super::STRIPE,
        networks: Some(&[CreditCardType::Visa, CreditCardType::Mastercard]),
        payment_options: &[PaymentOption {
            id: OFF_PEAK,
            name: "Off-peak colour",
            price: 78_000_000,
            visits: 1,
        }],
        services: vec![
            cut(),
            color(),
            facial(),
            retreat(),
            late_retreat(),
            spa_day(),
            consult(),
        ],
    }
}

/// Pay on arrival; two members of staff, one user each.
fn cut() -> Service {
    Service {
        price: 45_000_000,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            min_advance_online_canceling: Some(HOUR),
            refund_steps: &[],
        },
        timetable: Timetable {
            duration_sec: HOUR / 2,
            ..hourly()
        },
        seats: vec![
            Seat {
                staff: Some(("st-1", "Imani")),
                room: None,
                party_size: 0,
                spots: 1,
            },
            Seat {
                staff: Some(("st-2", "Luca")),
                room: None,
                party_size: 0,
                spots: 1,
            },
        ],
        variants: vec![Variant {
            every: 4,
            remainder: 1,
            change: Override::LastBookable(2 * HOUR),
        }],
        ..appointment("cut", "Haircut", "Wash, cut and blow-dry.")
    }
}

/// Paid in full when booking.
fn color() -> Service {
    Service {
        price: 96_000_000,
        prepaid: true,
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(DAY),
            refund_steps: &[(DAY, 100), (2 * HOUR, 50)],
        },
        variants: vec![
            Variant {
                every: 4,
                remainder: 1,
                change: Override::PaymentOption(OFF_PEAK),
            },
            Variant {
                every: 4,
                remainder: 3,
                change: Override::OnlineCancelling(12 * HOUR),
            },
        ],
        ..appointment("color", "Colour", "Full colour with a stylist.")
    }
}

/// A fee for whoever does not come.
fn facial() -> Service {
    Service {
        price: 120_000_000,
        no_show_fee: Some(FeeTerms {
            amount: 30_000_000,
            kind: PriceType::FixedRate,
        }),
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(6 * HOUR),
            refund_steps: &[(6 * HOUR, 100)],
        },
        seats: vec![open_seat(2)],
        variants: vec![Variant {
            every: 4,
            remainder: 3,
            change: Override::NoShowFee(FeeTerms {
                amount: 42_000_000,
                kind: PriceType::FixedRate,
            }),
        }],
        ..appointment("facial", "Signature facial", "Cleansing, mask and massage.")
    }
}

/// A deposit that is still refunded when cancelling online has long closed.
fn retreat() -> Service {
    Service {
        price: 310_000_000,
        deposit: Some(deposit(60_000_000, 4 * HOUR)),
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(2 * DAY),
            refund_steps: &[(4 * HOUR, 100)],
        },
        seats: vec![open_seat(6)],
        variants: vec![Variant {
            every: 4,
            remainder: 3,
            change: Override::Deposit(deposit(90_000_000, 6 * HOUR)),
        }],
        ..appointment("retreat", "Retreat", "Sauna and massage.")
    }
}

/// A deposit that is already lost when the slot is a few hours away, though cancelling online is open.
fn late_retreat() -> Service {
    Service {
        price: 180_000_000,
        deposit: Some(deposit(50_000_000, DAY)),
        rules: Rules {
            min_advance_booking: HOUR / 4,
            min_advance_online_canceling: Some(HOUR),
            refund_steps: &[(DAY, 100)],
        },
        seats: vec![open_seat(6)],
        ..appointment("late-retreat", "Evening retreat", "Sauna and massage after work.")
    }
}

/// Deposit and no-show fee together.
fn spa_day() -> Service {
    Service {
        price: 240_000_000,
        deposit: Some(deposit(40_000_000, 12 * HOUR)),
        no_show_fee: Some(FeeTerms {
            amount: 80_000_000,
            kind: PriceType::FixedRate,
        }),
        rules: Rules {
            min_advance_booking: HOUR,
            min_advance_online_canceling: Some(6 * HOUR),
            refund_steps: &[(12 * HOUR, 100)],
        },
        seats: vec![open_seat(4)],
        ..appointment("spa-day", "Spa day", "Pools, steam and two treatments.")
    }
}

/// A card is kept and never charged, except on the slots that do without.
fn consult() -> Service {
    Service {
        price: 25_000_000,
        card: CardRule::Always,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            ..Rules::default()
        },
        timetable: Timetable {
            duration_sec: HOUR / 3,
            ..hourly()
        },
        variants: vec![Variant {
            every: 4,
            remainder: 3,
            change: Override::Card(CardRule::Conditional),
        }],
        ..appointment(
            "consult",
            "Skin consultation",
            "Twenty minutes with a specialist.",
        )
    }
}

fn deposit(amount: i64, min_advance_cancellation_sec: i64) -> DepositTerms {
    DepositTerms {
        amount,
        kind: PriceType::FixedRate,
        min_advance_cancellation_sec,
    }
}
