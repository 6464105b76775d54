//! Arithmetic on amounts: whole numbers of micros, ties to even, in steps of the currency's smallest unit.

use crate::messages::{Price, PriceType};

impl Price {
    /// `micros` millionths of one unit of `currency`.
    pub fn new(micros: i64, currency: &str) -> Self {
        Self {
            price_micros: micros,
            currency_code: currency.to_owned(),
        }
    }

    /// The tax on this price, at millionths of a percent.
    pub(crate) fn tax(&self, micro_percent: i64) -> Self {
        self.fraction(micro_percent, 100_000_000)
    }

    /// A share of this amount.
    pub(crate) fn percent(&self, percent: i64) -> Self {
        self.fraction(percent, 100)
    }

    pub(crate) fn plus(&self, other: Option<&Self>) -> Self {
        let more = other.map_or(0, |price| price.price_micros);
        Self {
            price_micros: self.price_micros + more,
            ..self.clone()
        }
    }

    /// What is charged for a party; a missing party size counts as one.
    pub(crate) fn for_party(&self, kind: PriceType, party_size: Option<i32>) -> Self {
        let heads = match kind {
            PriceType::FixedRate => 1,
            PriceType::PerPerson => i64::from(party_size.unwrap_or(1).max(1)),
        };
        Self {
            price_micros: self.price_micros * heads,
            ..self.clone()
        }
    }

    fn fraction(&self, numerator: i64, denominator: i64) -> Self {
        let unit = unit_micros(&self.currency_code);
        let exact = i128::from(self.price_micros) * i128::from(numerator);
        let step = i128::from(denominator) * i128::from(unit);
        let steps = i64::try_from(half_even(exact, step)).unwrap_or(i64::MAX / unit);
        Self {
            price_micros: steps * unit,
            ..self.clone()
        }
    }
}

/// `value / step`, rounded to the nearest whole number, ties to the even one.
fn half_even(value: i128, step: i128) -> i128 {
    let (quotient, rest) = (value.div_euclid(step), value.rem_euclid(step));
    let up = 2 * rest > step || (2 * rest == step && quotient % 2 != 0);
    quotient + i128::from(up)
}

/// Micros in the smallest unit of the currencies that this partner's merchants use.
fn unit_micros(currency: &str) -> i64 {
    match currency {
        "JPY" => 1_000_000,
        "KWD" => 1_000,
        _ => 10_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_rounds_half_to_even_in_the_smallest_unit() {
        let cases = [
            ("USD", 96_000_000, 8_875_000, 8_520_000),
            ("USD", 33_330_000, 8_875_000, 2_960_000),
            ("USD", 2_000_000, 1_250_000, 20_000),
            ("USD", 2_800_000, 1_250_000, 40_000),
            ("USD", 400_000, 1_250_000, 0),
            ("JPY", 1_055_000_000, 10_000_000, 106_000_000),
            ("JPY", 1_045_000_000, 10_000_000, 104_000_000),
            ("KWD", 12_345_000, 5_000_000, 617_000),
        ];
        for (currency, price, rate, tax) in cases {
            assert_eq!(
                Price::new(price, currency).tax(rate).price_micros,
                tax,
                "{currency} {price}"
            );
        }
    }

    #[test]
    fn a_share_of_what_was_paid() {
        assert_eq!(
            Price::new(104_520_000, "USD").percent(50).price_micros,
            52_260_000
        );
        assert_eq!(Price::new(104_520_000, "USD").percent(0).price_micros, 0);
    }

    #[test]
    fn per_person_amounts_are_multiplied() {
        let fee = Price::new(12_000_000, "EUR");
        assert_eq!(
            fee.for_party(PriceType::PerPerson, Some(3)).price_micros,
            36_000_000
        );
        assert_eq!(fee.for_party(PriceType::PerPerson, None).price_micros, 12_000_000);
        assert_eq!(
            fee.for_party(PriceType::FixedRate, Some(3)).price_micros,
            12_000_000
        );
    }
}
