//! Arithmetic on amounts: smallest units, rounding, tax, and what a fee comes to for a party.

use crate::records::currency::unit_micros;
use domain::slot::{Money, PriceType};

/// `numerator / denominator` micros, rounded half to even to a multiple of `unit` micros.
///
/// `denominator` and `unit` are positive. A result outside of `i64` is clamped to its bounds.
pub(crate) fn round_half_even(numerator: i128, denominator: i64, unit: i64) -> i64 {
    let step = i128::from(denominator) * i128::from(unit);
    let (quotient, remainder) = (numerator.div_euclid(step), numerator.rem_euclid(step));
    let up = 2 * remainder > step || (2 * remainder == step && quotient % 2 != 0);
    clamp((quotient + i128::from(up)).saturating_mul(i128::from(unit)))
}

/// The tax on top of `price`; `micro_percent` is in millionths of one percent (7.253 % is 7 253 000).
pub(crate) fn tax(price: &Money, micro_percent: i64) -> Money {
    let exact = i128::from(price.price_micros) * i128::from(micro_percent);
    with_micros(
        price,
        round_half_even(exact, 100_000_000, unit_micros(&price.currency_code)),
    )
}

/// What is charged for a configured amount: per person it is taken once for each of the party, and once
/// where the slot names no party size.
pub(crate) fn charged(amount: &Money, price_type: PriceType, party_size: Option<i32>) -> Money {
    let times = match price_type {
        PriceType::FixedRateDefault => 1,
        PriceType::PerPerson => party_size.unwrap_or(1),
    };
    with_micros(amount, clamp(i128::from(amount.price_micros) * i128::from(times)))
}

/// `percent` of `paid`, rounded half to even in the smallest unit of the currency.
pub(crate) fn share(paid: &Money, percent: i64) -> Money {
    let exact = i128::from(paid.price_micros) * i128::from(percent);
    with_micros(
        paid,
        round_half_even(exact, 100, unit_micros(&paid.currency_code)),
    )
}

fn with_micros(money: &Money, price_micros: i64) -> Money {
    Money {
        price_micros,
        currency_code: money.currency_code.clone(),
    }
}

fn clamp(micros: i128) -> i64 {
    i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(price_micros: i64, currency_code: &str) -> Money {
        Money {
            price_micros,
            currency_code: currency_code.to_owned(),
        }
    }

    #[test]
    fn cents_are_rounded_half_to_even() {
        let cents = |tenths_of_cents: i128| round_half_even(tenths_of_cents * 100, 1, 10_000) / 10_000;
        assert_eq!([250, 350, 50, 251].map(cents), [2, 4, 0, 3]);
        assert_eq!([-250, -350, -251].map(cents), [-2, -4, -3]);
    }

    #[test]
    fn tax_is_rounded_in_the_smallest_unit() {
        let table = [
            (96_000_000, "USD", 8_875_000, 8_520_000),
            (33_330_000, "USD", 8_875_000, 2_960_000),
            (2_000_000, "USD", 1_250_000, 20_000),
            (2_800_000, "USD", 1_250_000, 40_000),
            (400_000, "USD", 1_250_000, 0),
            (1_055_000_000, "JPY", 10_000_000, 106_000_000),
            (1_045_000_000, "JPY", 10_000_000, 104_000_000),
            (12_345_000, "KWD", 5_000_000, 617_000),
        ];
        for (price, currency, rate, expected) in table {
            assert_eq!(
                tax(&money(price, currency), rate),
                money(expected, currency),
                "{price} {currency}"
            );
        }
    }

    #[test]
    fn tax_on_what_has_no_smallest_unit_is_rounded_to_hundredths() {
        for code in ["XAU", "XDR", "XTS", "XXX", "", "€", "dollar"] {
            assert_eq!(tax(&money(1_050_000, code), 1_000_000), money(10_000, code));
        }
    }

    #[test]
    fn a_fee_per_person_is_multiplied_and_counts_once_without_a_party() {
        let fee = money(12_000_000, "USD");
        let micros = |kind, party| charged(&fee, kind, party).price_micros;
        assert_eq!(micros(PriceType::PerPerson, Some(3)), 36_000_000);
        assert_eq!(micros(PriceType::PerPerson, None), 12_000_000);
        assert_eq!(micros(PriceType::FixedRateDefault, Some(3)), 12_000_000);
    }

    #[test]
    fn absurd_amounts_are_clamped() {
        assert_eq!(
            charged(&money(i64::MAX, "USD"), PriceType::PerPerson, Some(2)).price_micros,
            i64::MAX
        );
        assert_eq!(round_half_even(i128::from(i64::MAX) * 1_000, 1, 10_000), i64::MAX);
    }
}
