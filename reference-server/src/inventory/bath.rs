//! A bath whose slots all close for cancelling online at another time than their services do: one later, one earlier.

use super::model::{DAY, HORIZON_SEC, HOUR};
use super::model::{
    Location, Merchant, Override, Published, Rules, Service, Timetable, Variant, appointment,
};

pub(super) fn thermal_bath() -> Merchant {
    Merchant {
        id: "thermal-bath",
        name: "Thermal Bath",
        telephone: "+35316550152",
        category: "thermal bath",
        location: Location {
            latitude: 53.27388,
            longitude: -9.05121,
            country: "IE",
            locality: "Galway",
            region: None,
            postal_code: "H91 E6PY",
            street_address: "7 Quay Lane",
        },
        currency: "EUR",
        tax_micro_percent: 0,
        tokenization: &[],
        networks: None,
        payment_options: &[],
        services: vec![cancelled_late(), cancelled_early()],
    }
}

/// Cancelling closes two days before by the service, and an hour before by each slot.
fn cancelled_late() -> Service {
    Service {
        rules: closing(2 * DAY),
        variants: each_slot(HOUR),
        ..visit("hot-spring", "Hot spring", "An hour in the hot spring.")
    }
}

/// Cancelling closes an hour before by the service, and two days before by each slot.
fn cancelled_early() -> Service {
    Service {
        rules: closing(HOUR),
        variants: each_slot(2 * DAY),
        ..visit(
            "mud-bath",
            "Mud bath",
            "An hour in warm mud, which is made for you.",
        )
    }
}

fn visit(id: &'static str, name: &'static str, description: &'static str) -> Service {
    Service {
        price: 45_000_000,
        timetable: Timetable {
            grid_sec: HOUR,
            duration_sec: HOUR,
            published: &[
                Published {
                    every_sec: 2 * HOUR,
                    within_sec: 36 * HOUR,
                },
                Published {
                    every_sec: DAY,
                    within_sec: HORIZON_SEC,
                },
            ],
        },
        ..appointment(id, name, description)
    }
}

fn closing(lead_sec: i64) -> Rules {
    Rules {
        min_advance_booking: HOUR / 2,
        min_advance_online_canceling: Some(lead_sec),
        refund_steps: &[],
    }
}

fn each_slot(lead_sec: i64) -> Vec<Variant> {
    vec![Variant {
        every: 1,
        remainder: 0,
        change: Override::OnlineCancelling(lead_sec),
    }]
}
