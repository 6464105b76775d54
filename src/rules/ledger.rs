//! The partner's ledger in words. A target without a ledger probe is not asked, and nothing is claimed.

use domain::slot::Slot;
use transcript::Ledger;

/// The currency of the slot's amounts, which is one.
pub(super) fn currency(slot: &Slot) -> &str {
    let terms = &slot.terms;
    let fee = terms.no_show_fee.as_ref().map(|fee| &fee.fee);
    let deposit = terms.deposit.as_ref().map(|deposit| &deposit.deposit);
    let money = terms.price.as_ref().or(fee).or(deposit);
    money.map_or("", |money| money.currency_code.as_str())
}

/// An amount as people write it.
pub(super) fn amount(micros: i64, currency: &str) -> String {
    let (units, rest) = (micros / 1_000_000, micros % 1_000_000);
    let decimals = format!("{:06}", rest.abs());
    let decimals = decimals.trim_end_matches('0');
    let sign = if micros < 0 && units == 0 { "-" } else { "" };
    let number = match decimals {
        "" => format!("{sign}{units}"),
        decimals => format!("{sign}{units}.{decimals:0<2}"),
    };
    format!("{number} {currency}").trim_end().to_owned()
}

/// The ledger in one line.
pub(super) fn lines(said: &Ledger) -> String {
    let all: Vec<_> = said
        .lines
        .iter()
        .map(|line| {
            let moved = amount(line.amount_micros, &line.currency_code);
            match line.amount_micros {
                0 => line.kind.word().to_owned(),
                _ => format!("{} {moved}", line.kind.word()),
            }
        })
        .collect();
    if all.is_empty() {
        "the books are empty".to_owned()
    } else {
        all.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_decimals_that_they_have() {
        let written = [
            104_520_000,
            1_161_000_000,
            12_962_000,
            500_000,
            -500_000,
            -2_500_000,
        ];
        let written = written.map(|micros| amount(micros, "X"));
        assert_eq!(
            written,
            ["104.52 X", "1161 X", "12.962 X", "0.50 X", "-0.50 X", "-2.50 X"]
        );
    }
}
