//! Each window a second before its end, at its end, and a second after it, and what is given back there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::allowed::{deposit_refundable, late_fee_allowed, online_cancel_allowed};
use crate::records::service::SchedulingRules;
use crate::terms::windows::{bookable, bookable_until, online_cutoff, refund, refund_percent};
use crate::tests::example::changed;
use domain::slot::{
    ConfirmationMode, Deposit, Money, NoShowFee, PriceType, RefundStep, Resources, Slot, Terms,
};
use serde_json::json;

const START: i64 = 1_893_672_000;

/// Lead and percentage of each step.
type Steps<'a> = &'a [(i64, i64)];

fn money(price_micros: i64, currency_code: &str) -> Money {
    Money {
        price_micros,
        currency_code: currency_code.to_owned(),
    }
}

fn slot(terms: Terms) -> Slot {
    Slot {
        merchant_id: "m".to_owned(),
        service_id: "s".to_owned(),
        start_sec: START,
        duration_sec: 3_600,
        availability_tag: None,
        resources: Resources::default(),
        confirmation_mode: ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms,
    }
}

fn with_steps(steps: Steps<'_>) -> Slot {
    let step = |&(sec, refund_percent): &(i64, i64)| RefundStep {
        min_duration_before_start_time_sec: sec,
        refund_percent,
    };
    slot(Terms {
        refund_steps: steps.iter().map(step).collect(),
        ..Terms::default()
    })
}

/// A second before, at and a second after a moment.
fn around(moment: i64) -> [i64; 3] {
    [moment - 1, moment, moment + 1]
}

#[test]
fn the_online_cutoff_ends_cancelling_and_begins_the_fee() {
    let table = [
        // The slot's own moment wins, earlier and later than the rule, and after the start.
        (Some(1_893_499_200), Some(86_400), 1_893_499_200),
        (Some(1_893_628_800), Some(86_400), 1_893_628_800),
        (Some(1_893_672_600), None, 1_893_672_600),
        (None, Some(86_400), 1_893_585_600),
        (None, Some(0), START),
        (None, None, START),
    ];
    for (own, min_advance_online_canceling, cutoff) in table {
        let rules = SchedulingRules {
            min_advance_online_canceling,
            ..SchedulingRules::default()
        };
        let terms = Terms {
            online_cancel_until_sec: online_cutoff(START, own, &rules),
            ..Terms::default()
        };
        let costs_nothing = slot(terms.clone());
        let fee = NoShowFee {
            fee: money(1, "USD"),
            fee_type: PriceType::PerPerson,
        };
        let with_fee = slot(Terms {
            no_show_fee: Some(fee),
            ..terms
        });
        let label = format!("{own:?} {min_advance_online_canceling:?}");
        let [online, late, never] = [
            around(cutoff).map(|at| online_cancel_allowed(&with_fee, at)),
            around(cutoff).map(|at| late_fee_allowed(&with_fee, at)),
            around(cutoff).map(|at| late_fee_allowed(&costs_nothing, at)),
        ];
        assert_eq!(online, [true, true, false], "{label}");
        assert_eq!(late, [false, false, true], "{label}");
        assert_eq!(never, [false; 3], "{label}");
    }
}

#[test]
fn a_deposit_comes_back_up_to_its_own_cutoff() {
    let table = [
        (Some(10_800), 1_893_661_200),
        (Some(1), 1_893_671_999),
        (Some(0), START),
        (None, START),
    ];
    for (min_advance_cancellation_sec, cutoff) in table {
        let deposit = Deposit {
            deposit: money(60_000_000, "USD"),
            min_advance_cancellation_sec,
            deposit_type: PriceType::FixedRateDefault,
        };
        // Cancelling online ends long before, which is of no matter.
        let slot = slot(Terms {
            deposit: Some(deposit),
            online_cancel_until_sec: START - 172_800,
            ..Terms::default()
        });
        let refundable = around(cutoff).map(|at| deposit_refundable(&slot, at));
        assert_eq!(
            refundable,
            [true, true, false],
            "{min_advance_cancellation_sec:?}"
        );
    }
    assert!(!deposit_refundable(&slot(Terms::default()), START - 1));
}

#[test]
fn a_slot_is_offered_up_to_its_last_moment() {
    let rules = |min_advance_booking, min_booking_buffer_before_end_time, time_flexible| SchedulingRules {
        min_advance_booking,
        min_booking_buffer_before_end_time,
        time_flexible,
        ..SchedulingRules::default()
    };
    let table = [
        (
            Some(1_893_600_000),
            rules(Some(3_600), Some(600), true),
            1_893_600_000,
        ),
        (None, rules(Some(3_600), None, false), 1_893_668_400),
        (None, rules(None, None, false), START),
        // The buffer counts from the end of the hour, and with flexible admission alone.
        (None, rules(Some(3_600), Some(600), true), 1_893_675_000),
        (None, rules(Some(3_600), Some(600), false), 1_893_668_400),
        (None, rules(Some(3_600), None, true), 1_893_668_400),
    ];
    for (own, rules, last) in table {
        let mut slot = slot(Terms {
            bookable_until_sec: bookable_until(START, 3_600, own, &rules),
            ..Terms::default()
        });
        let offered = |slot: &Slot| around(last).map(|now| bookable(slot, now));
        assert_eq!(offered(&slot), [true, true, false], "{own:?} {rules:?}");
        slot.terms.bookable_from_sec = Some(last);
        assert_eq!(offered(&slot), [false, true, false], "{own:?} {rules:?}");
        slot.spots_open = 0;
        assert_eq!(offered(&slot), [false; 3], "{own:?} {rules:?}");
    }
}

#[test]
fn each_step_of_a_policy_ends_with_its_lead() {
    // Steps, a lead, and the percentages of a second more, of the lead itself, and of a second less.
    let table: [(Steps<'_>, i64, [i64; 3]); 14] = [
        (&[], 86_400, [0, 0, 0]),
        (&[(86_400, 100), (7_200, 50)], 86_400, [100, 100, 50]),
        (&[(86_400, 100), (7_200, 50)], 7_200, [50, 50, 0]),
        (&[(86_400, 100), (7_200, 50)], 0, [0, 0, 0]),
        (&[(7_200, 50), (86_400, 100)], 86_400, [100, 100, 50]),
        // Without a lead the step holds until the start, and not beyond.
        (&[(0, 30)], 0, [30, 30, 0]),
        (&[(3_600, 100), (0, 30)], 3_600, [100, 100, 30]),
        (&[(3_600, 100), (0, 30)], 0, [30, 30, 0]),
        (&[(0, 100)], 31_536_000, [100, 100, 100]),
        // The same step twice is one step.
        (&[(3_600, 80), (3_600, 80)], 3_600, [80, 80, 0]),
        (&[(3_600, 80), (0, 20), (0, 20)], 0, [20, 20, 0]),
        // Nothing early and something late: the longest lead that is kept decides, not the highest percentage.
        (&[(86_400, 0), (3_600, 40)], 86_400, [0, 0, 40]),
        (&[(86_400, 0), (3_600, 40)], 3_600, [40, 40, 0]),
        (&[(86_400, 0)], 86_400, [0, 0, 0]),
    ];
    for (steps, lead, percents) in table {
        let slot = with_steps(steps);
        let found = around(START - lead).map(|at| refund_percent(&slot, at));
        assert_eq!(found, percents, "{steps:?} at {lead} s");
    }
}

#[test]
fn half_a_smallest_unit_goes_to_the_even_neighbour() {
    let table = [
        // Half of one, three and five smallest units, and of two, which is whole.
        (
            "USD",
            50,
            [(10_000, 0), (30_000, 20_000), (50_000, 20_000), (20_000, 10_000)],
        ),
        (
            "JPY",
            50,
            [
                (1_000_000, 0),
                (3_000_000, 2_000_000),
                (5_000_000, 2_000_000),
                (2_000_000, 1_000_000),
            ],
        ),
        (
            "KWD",
            50,
            [(1_000, 0), (3_000, 2_000), (5_000, 2_000), (2_000, 1_000)],
        ),
        ("CLF", 50, [(100, 0), (300, 200), (500, 200), (200, 100)]),
        // A quarter of two and of six are ties, of one and of three none.
        (
            "USD",
            25,
            [(20_000, 0), (60_000, 20_000), (10_000, 0), (30_000, 10_000)],
        ),
        (
            "JPY",
            25,
            [
                (2_000_000, 0),
                (6_000_000, 2_000_000),
                (1_000_000, 0),
                (3_000_000, 1_000_000),
            ],
        ),
        (
            "KWD",
            25,
            [(2_000, 0), (6_000, 2_000), (1_000, 0), (3_000, 1_000)],
        ),
        // 96.00, 1055 and 12.345 with their tax, as in the documents' examples.
        (
            "USD",
            33,
            [(104_520_000, 34_490_000), (0, 0), (10_000, 0), (20_000, 10_000)],
        ),
        (
            "JPY",
            33,
            [
                (1_161_000_000, 383_000_000),
                (0, 0),
                (1_000_000, 0),
                (2_000_000, 1_000_000),
            ],
        ),
        (
            "KWD",
            33,
            [(12_962_000, 4_277_000), (0, 0), (1_000, 0), (2_000, 1_000)],
        ),
    ];
    for (code, percent, amounts) in table {
        let slot = with_steps(&[(0, percent)]);
        for (paid, back) in amounts {
            let found = refund(&slot, &money(paid, code), START);
            assert_eq!(found, money(back, code), "{percent} % of {paid} {code}");
        }
    }
}

#[test]
fn each_slot_of_a_recurrence_has_its_own_moments() {
    let nine = 1_893_488_400;
    let inventory = changed(|e| {
        let slot = e.slot("trm-0101-1200");
        slot["start_sec"] = json!(nine);
        slot["duration_sec"] = json!(1_200);
        slot["recurrence"] = json!({ "repeat_every_sec": 1_800, "repeat_until_sec": nine + 7_200 });
    });
    let trims = inventory
        .slots
        .iter()
        .filter(|slot| slot.service_id == "svc-trim");
    let found: Vec<_> = trims
        .map(|slot| {
            let terms = &slot.terms;
            (
                slot.start_sec,
                terms.bookable_until_sec,
                terms.online_cancel_until_sec,
            )
        })
        .collect();
    // Every half hour from nine to eleven; booked until an hour and cancelled until two hours before.
    let expected = [
        (1_893_488_400, 1_893_484_800, 1_893_481_200),
        (1_893_490_200, 1_893_486_600, 1_893_483_000),
        (1_893_492_000, 1_893_488_400, 1_893_484_800),
        (1_893_493_800, 1_893_490_200, 1_893_486_600),
        (1_893_495_600, 1_893_492_000, 1_893_488_400),
    ];
    assert_eq!(found, expected);
    let last = inventory
        .slots
        .iter()
        .find(|slot| slot.start_sec == 1_893_495_600)
        .unwrap();
    assert!(online_cancel_allowed(last, 1_893_488_400) && !online_cancel_allowed(last, 1_893_488_401));
}
