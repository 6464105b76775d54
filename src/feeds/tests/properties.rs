//! What holds of money, windows and terms whatever the numbers are. The seed is fixed: every run tries the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::allowed;
use crate::records::currency::{is_plausible, is_whole, unit_micros};
use crate::records::service::SchedulingRules;
use crate::terms::effective::{Overrides, effective};
use crate::terms::money::{charged, round_half_even, share, tax};
use crate::tests::example::{Example, changed};
use crate::{CardRequirement, Inventory, Merchant, PrepaymentType, Service, windows};
use domain::slot::{Deposit, Money, NoShowFee, PriceType, RefundStep, Replaced, Slot, Terms};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use std::sync::LazyLock;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(4_217),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The example; its merchant has three options with a price and one without.
static INVENTORY: LazyLock<Inventory> = LazyLock::new(|| {
    changed(|e| {
        let option = |(id, price): (&str, Value)| json!({ "payment_option_id": id, "price": price });
        let price = |micros: i64| json!({ "price_micros": micros, "currency_code": "USD" });
        let options = [
            ("a", price(1)),
            ("b", price(25_555_000)),
            ("c", price(i64::MAX)),
            ("bare", Value::Null),
        ];
        e.merchants["merchant"][0]["payment_option"] = json!(options.map(option));
        for slot in ["msg-0103-1200", "msg-0104-1200"] {
            e.slot(slot)["payment_option_id"] = Value::Null;
        }
    })
});

fn merchant() -> &'static Merchant {
    INVENTORY.merchant("mrc-417").unwrap()
}

fn usd(price_micros: i64) -> Money {
    Money {
        price_micros,
        currency_code: "USD".to_owned(),
    }
}

/// Micros of the smallest unit, from four decimals to none.
const UNITS: &[i64] = &[100, 1_000, 10_000, 1_000_000];

/// Amounts of every size, those near the bounds of `i64` no less often than those of a spa.
fn micros() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -1_000_000_000..1_000_000_000_i64,
        select(vec![i64::MIN, -1, 0, 1, i64::MAX]),
    ]
}

fn currency() -> impl Strategy<Value = String> {
    select(vec!["USD", "JPY", "KWD", "CLF", "XAU", "none"]).prop_map(ToOwned::to_owned)
}

fn amount() -> impl Strategy<Value = Money> {
    (micros(), currency()).prop_map(|(price_micros, currency_code)| Money {
        price_micros,
        currency_code,
    })
}

/// What can be paid: a number of smallest units.
fn payment() -> impl Strategy<Value = Money> {
    (0..1_000_000_i64, currency()).prop_map(|(units, currency_code)| Money {
        price_micros: units * unit_micros(&currency_code),
        currency_code,
    })
}

fn kind() -> impl Strategy<Value = PriceType> {
    select(vec![PriceType::FixedRateDefault, PriceType::PerPerson])
}

fn fee() -> impl Strategy<Value = NoShowFee> {
    (micros(), kind()).prop_map(|(micros, fee_type)| NoShowFee {
        fee: usd(micros),
        fee_type,
    })
}

fn deposit() -> impl Strategy<Value = Deposit> {
    (micros(), kind(), proptest::option::of(micros())).prop_map(|(micros, deposit_type, lead)| Deposit {
        deposit: usd(micros),
        min_advance_cancellation_sec: lead,
        deposit_type,
    })
}

fn card() -> impl Strategy<Value = CardRequirement> {
    select(vec![
        CardRequirement::Unspecified,
        CardRequirement::Conditional,
        CardRequirement::Always,
    ])
}

/// Options of the merchant and such as it does not have, or not with a price; the first one always has one.
fn named_options() -> impl Strategy<Value = Vec<String>> {
    let rest = subsequence(vec!["a", "bare", "b", "gone", "c"], 0..=5).prop_shuffle();
    (select(vec!["a", "b", "c"]), rest).prop_map(|(first, rest)| {
        let ids = std::iter::once(first).chain(rest);
        ids.map(ToOwned::to_owned).collect()
    })
}

fn options() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![Just(Vec::new()), named_options()]
}

prop_compose! {
    fn overrides()(
        payment_option_ids in options(),
        no_show_fee in proptest::option::of(fee()),
        deposit in proptest::option::of(deposit()),
        card_requirement in card(),
        party_size in proptest::option::of(any::<i32>()),
    ) -> Overrides {
        Overrides { payment_option_ids, no_show_fee, deposit, card_requirement, party_size, ..Overrides::default() }
    }
}

prop_compose! {
    /// A service that says of money whatever a slot can say, and what it alone can say.
    fn service()(
        own in overrides(),
        price in micros(),
        rate in proptest::option::of(micros()),
        prepayment_type in select(vec![
            PrepaymentType::NotSupported, PrepaymentType::Optional, PrepaymentType::Required,
        ]),
    ) -> Service {
        Service {
            price: Some(usd(price)),
            tax_micro_percent: rate,
            prepayment_type,
            ..saying(INVENTORY.service("mrc-417", "svc-massage").unwrap(), &own)
        }
    }
}

/// The service, if it said itself what the slot says.
fn saying(service: &Service, slot: &Overrides) -> Service {
    let slot = slot.clone();
    let mut service = service.clone();
    if !slot.payment_option_ids.is_empty() {
        service.payment_option_ids = slot.payment_option_ids;
    }
    service.no_show_fee = slot.no_show_fee.or(service.no_show_fee);
    service.deposit = slot.deposit.or(service.deposit);
    if slot.card_requirement != CardRequirement::Unspecified {
        service.card_requirement = slot.card_requirement;
    }
    service
}

fn resolved(slot: Overrides, service: &Service) -> Terms {
    effective(slot, service, merchant(), &mut Vec::new()).unwrap()
}

/// The steps of a policy as it is read: no lead twice, the longest first.
fn steps() -> impl Strategy<Value = Vec<RefundStep>> {
    let pairs = proptest::collection::btree_map(0..10_000_i64, 0..=100_i64, 0..6);
    pairs.prop_map(|pairs| {
        let step = |(sec, refund_percent)| RefundStep {
            min_duration_before_start_time_sec: sec,
            refund_percent,
        };
        pairs.into_iter().rev().map(step).collect()
    })
}

fn with_terms(start_sec: i64, duration_sec: i64, terms: Terms) -> Slot {
    Slot {
        start_sec,
        duration_sec,
        terms,
        ..INVENTORY.slots[0].clone()
    }
}

proptest! {
    #![proptest_config(config(1_024))]

    #[test]
    fn rounding_goes_to_the_nearest_and_of_two_to_the_even(
        numerator in micros(),
        denominator in prop_oneof![1..=20_i64, 1..=100_000_000_i64],
        unit in select(UNITS),
    ) {
        let rounded = round_half_even(i128::from(numerator), denominator, unit);
        prop_assume!(rounded != i64::MIN && rounded != i64::MAX);
        let [rounded, step, denominator] = [rounded, unit, denominator].map(i128::from);
        let off = (i128::from(numerator) - rounded * denominator).abs();
        prop_assert_eq!(rounded % step, 0);
        prop_assert!(2 * off <= step * denominator, "{} is off by {}", rounded, off);
        prop_assert!(2 * off < step * denominator || rounded / step % 2 == 0, "{} is odd", rounded);
        prop_assert_eq!(i128::from(round_half_even(rounded, 1, unit)), rounded);
    }

    #[test]
    fn ties_go_to_the_even_neighbour(half in -1_000_000..1_000_000_i64, unit in select(UNITS)) {
        let tie = 2 * half + 1;
        let rounded = round_half_even(i128::from(tie) * i128::from(unit), 2, unit) / unit;
        prop_assert!(rounded % 2 == 0 && (2 * rounded - tie).abs() == 1, "{} halves to {}", tie, rounded);
    }

    #[test]
    fn no_number_is_too_large_for_the_arithmetic(
        amount in amount(), other in micros(), party in proptest::option::of(any::<i32>()), kind in kind(),
        numerator in any::<i128>(), denominator in 1..=i64::MAX, unit in 1..=i64::MAX,
    ) {
        round_half_even(numerator, denominator, unit);
        for result in [tax(&amount, other), share(&amount, other), charged(&amount, kind, party)] {
            prop_assert_eq!(&result.currency_code, &amount.currency_code);
        }
        prop_assert!(!is_plausible(&amount) || amount.price_micros >= 0);
        is_whole(&amount);
    }

    #[test]
    fn tax_grows_with_the_price_and_adds_up_to_a_unit(
        a in payment(), more in 0..1_000_000_i64, rate in 0..=100_000_000_i64,
    ) {
        let unit = unit_micros(&a.currency_code);
        let at = |price_micros: i64, rate: i64| tax(&Money { price_micros, ..a.clone() }, rate).price_micros;
        let of = |price_micros: i64| at(price_micros, rate);
        let (b, both) = (more * unit, a.price_micros + more * unit);
        prop_assert!(0 <= of(a.price_micros) && of(a.price_micros) <= of(both) && of(both) <= both);
        prop_assert!((of(both) - of(a.price_micros) - of(b)).abs() <= unit);
        // Hundreds of units at a whole percentage need no rounding, so that the parts add up.
        let exact = |micros: i64| at(100 * micros, rate / 1_000_000 * 1_000_000);
        prop_assert_eq!(exact(both), exact(a.price_micros) + exact(b));
    }

    #[test]
    fn per_person_is_as_often_as_there_are_people(each in payment(), party in 1..50_i32) {
        let total: i64 = (0..party).map(|_| each.price_micros).sum();
        prop_assert_eq!(charged(&each, PriceType::PerPerson, Some(party)).price_micros, total);
        prop_assert_eq!(charged(&each, PriceType::PerPerson, None), each.clone());
        prop_assert_eq!(charged(&each, PriceType::FixedRateDefault, Some(party)), each);
    }

    #[test]
    fn no_refund_exceeds_what_was_paid(
        paid in payment(), refund_steps in steps(), at in 1_893_490_000..1_893_510_000_i64,
    ) {
        let slot = with_terms(1_893_500_000, 60, Terms { refund_steps: refund_steps.clone(), ..Terms::default() });
        let back = windows::refund(&slot, &paid, at);
        prop_assert!(is_whole(&back) && (0..=paid.price_micros).contains(&back.price_micros));
        let percent = windows::refund_percent(&slot, at);
        prop_assert!(percent == 0 || refund_steps.iter().any(|step| step.refund_percent == percent));
        let backwards = Terms { refund_steps: refund_steps.into_iter().rev().collect(), ..Terms::default() };
        prop_assert_eq!(windows::refund_percent(&with_terms(1_893_500_000, 60, backwards), at), percent);
    }

    #[test]
    fn who_cancels_later_gets_no_more_where_percentages_fall(
        paid in payment(), mut refund_steps in steps(),
        at in 1_893_490_000..1_893_505_000_i64, later in 0..9_000_i64,
    ) {
        let mut percents: Vec<_> = refund_steps.iter().map(|step| step.refund_percent).collect();
        percents.sort_unstable_by(|a, b| b.cmp(a));
        for (step, percent) in refund_steps.iter_mut().zip(percents) {
            step.refund_percent = percent;
        }
        let slot = with_terms(1_893_500_000, 60, Terms { refund_steps, ..Terms::default() });
        let (first, then) = (windows::refund(&slot, &paid, at), windows::refund(&slot, &paid, at + later));
        prop_assert!(then.price_micros <= first.price_micros);
    }

    #[test]
    fn no_moment_is_too_far_for_the_windows(
        times in [micros(), micros(), micros()], own in proptest::option::of(micros()),
        leads in [micros(), micros(), micros()], time_flexible in any::<bool>(),
        deposit in deposit(), fee in fee(), paid in amount(),
    ) {
        let [start, length, at] = times;
        let [booking, buffer, cancelling] = leads.map(Some);
        let rules = SchedulingRules {
            min_advance_booking: booking,
            min_booking_buffer_before_end_time: buffer,
            min_advance_online_canceling: cancelling,
            time_flexible,
            cancellation_policy: None,
        };
        let step = RefundStep { min_duration_before_start_time_sec: leads[0], refund_percent: leads[1] };
        let slot = with_terms(start, length, Terms {
            online_cancel_until_sec: windows::online_cutoff(start, own, &rules),
            bookable_until_sec: windows::bookable_until(start, length, own, &rules),
            refund_steps: vec![step],
            deposit: Some(deposit),
            no_show_fee: Some(fee),
            ..Terms::default()
        });
        slot.end_sec();
        windows::bookable(&slot, at);
        allowed::deposit_refundable(&slot, at);
        windows::refund(&slot, &paid, at);
        // Where there is a fee, either Google still offers to cancel, or it may be charged.
        prop_assert_ne!(allowed::online_cancel_allowed(&slot, at), allowed::late_fee_allowed(&slot, at));
    }

    /// Whole messages and whole lists: nothing of the service's own is left in what the slot replaces.
    #[test]
    fn a_slot_overrides_as_if_its_service_had_said_so(slot in overrides(), service in service()) {
        let by_slot = resolved(slot.clone(), &service);
        let fee = if slot.no_show_fee.is_some() { &slot.no_show_fee } else { &service.no_show_fee };
        let deposit = if slot.deposit.is_some() { &slot.deposit } else { &service.deposit };
        prop_assert_eq!((&by_slot.no_show_fee, &by_slot.deposit), (fee, deposit));
        let silent = Overrides { party_size: slot.party_size, ..Overrides::default() };
        let by_service = resolved(silent, &saying(&service, &slot));
        prop_assert_eq!(&by_service.replaced, &Replaced::default());
        prop_assert_eq!(Terms { replaced: Replaced::default(), ..by_slot }, by_service);
    }

    #[test]
    fn a_slots_list_replaces_that_of_its_service(
        slot in overrides(), own in named_options(), service in service(), other in options(),
    ) {
        let slot = Overrides { payment_option_ids: own, ..slot };
        let elsewhere = Service { payment_option_ids: other, ..service.clone() };
        let (here, there) = (resolved(slot.clone(), &service), resolved(slot.clone(), &elsewhere));
        prop_assert_eq!((here.price, here.tax), (there.price, there.tax));
        prop_assert_eq!(here.payment_option_id, Some(slot.payment_option_ids[0].clone()));
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn fields_mean_the_same_in_any_order(seed in any::<u64>()) {
        static PLAIN: LazyLock<Inventory> = LazyLock::new(|| changed(|_| {}));
        let mut example = Example::new();
        let mut order = seed;
        for feed in [&mut example.merchants, &mut example.services, &mut example.availability] {
            shuffle(feed, &mut order);
        }
        prop_assert_eq!(&example.read().unwrap(), &*PLAIN);
    }
}

/// Every object's fields in another order, the lists as they are.
fn shuffle(value: &mut Value, order: &mut u64) {
    match value {
        Value::Object(fields) => {
            let mut left: Vec<_> = std::mem::take(fields).into_iter().collect();
            while !left.is_empty() {
                *order = order
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(*order >> 33).unwrap() % left.len();
                let (key, mut inner) = left.swap_remove(at);
                shuffle(&mut inner, order);
                fields.insert(key, inner);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shuffle(item, order)),
        _ => {}
    }
}
