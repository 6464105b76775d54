//! From the messages that records share to amounts, fees and rates.

use super::currency;
use super::messages::empty::Message;
use super::messages::{DepositRecord, NoShowFeeRecord, PriceRecord, TaxRateRecord};
use crate::code::ProblemCode;
use crate::files::wire::Int;
use crate::problem::RecordProblem;
use domain::slot::{Deposit, Money, NoShowFee};

/// Millionths of one percent in a hundred percent.
const WHOLE: i64 = 100_000_000;
/// No tax is below a hundredth of one percent.
const SMALLEST_RATE: i64 = 10_000;
/// Millionths in one.
const MICROS: i64 = 1_000_000;
const ABSENT: &str = "required, and absent";

/// An amount that is not negative, in a currency that looks like one; an amount of nothing needs none. `field` is
/// where it stands; what leaves it usable is noted.
pub(crate) fn money(
    record: &PriceRecord<'_>,
    field: &str,
    problems: &mut Vec<RecordProblem>,
) -> Result<Money, RecordProblem> {
    let price_micros = record.price_micros.map_or(0, |int| int.0);
    let currency_code = record.currency_code.as_deref().unwrap_or_default();
    let wrong = |code, name, message: String| RecordProblem::new(code, format!("{field}.{name}"), message);
    if price_micros < 0 {
        let message = format!("{price_micros} is negative");
        return Err(wrong(ProblemCode::InvalidAmount, "price_micros", message));
    }
    let money = Money {
        price_micros,
        currency_code: currency_code.to_owned(),
    };
    if record.is_default() {
        return Ok(money);
    }
    if currency_code.is_empty() {
        return Err(wrong(
            ProblemCode::InvalidCurrency,
            "currency_code",
            ABSENT.to_owned(),
        ));
    }
    if currency_code.len() != 3 || !currency_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let message = format!("{currency_code:?} is no ISO 4217 code: three capital letters");
        return Err(wrong(ProblemCode::InvalidCurrency, "currency_code", message));
    }
    if !currency::is_currency(currency_code) {
        let message = format!("{currency_code:?} is no currency of ISO 4217");
        problems.push(wrong(ProblemCode::InvalidCurrency, "currency_code", message));
    } else if !currency::is_plausible(&money) {
        let message = format!("{}{}", in_units(&money), scale(&money));
        problems.push(wrong(ProblemCode::ImplausibleAmount, "price_micros", message));
    } else if !currency::is_whole(&money) {
        let unit = decimal(currency::unit_micros(currency_code), 6);
        let message = format!(
            "{}, and the smallest unit is {unit} {currency_code}",
            in_units(&money)
        );
        problems.push(wrong(ProblemCode::BrokenUnit, "price_micros", message));
    }
    Ok(money)
}

/// An amount as it is written and as it is read.
fn in_units(money: &Money) -> String {
    let (micros, code) = (money.price_micros, &money.currency_code);
    format!("{micros} micros are {} {code}", decimal(micros, 6))
}

/// What is wrong with an amount that nobody pays, to follow on its value. The digits of a small one are most likely the amount that was meant.
fn scale(money: &Money) -> String {
    let (micros, code) = (money.price_micros, &money.currency_code);
    if micros < currency::unit_micros(code) {
        format!("; {micros} {code} are {} micros", micros.saturating_mul(MICROS))
    } else {
        ": more than anything costs".to_owned()
    }
}

/// `number` shifted to the right by so many decimals, without zeros at its end. Not negative.
fn decimal(number: i64, decimals: u32) -> String {
    let one = 10_i64.pow(decimals);
    let text = format!(
        "{}.{:0width$}",
        number / one,
        number % one,
        width = decimals as usize
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A rate in millionths of one percent; a message without a rate is a rate of zero.
pub(crate) fn tax_rate(
    record: Option<&TaxRateRecord>,
    problems: &mut Vec<RecordProblem>,
) -> Result<Option<i64>, RecordProblem> {
    const FIELD: &str = "tax_rate.micro_percent";
    let rate = record.map(|record| record.micro_percent.map_or(0, |int| int.0));
    let rate = checked_rate(rate, FIELD)?;
    problems.extend(rate.filter(|rate| (1..SMALLEST_RATE).contains(rate)).map(|rate| {
        // Percent up to a hundred, hundredths of a percent beyond.
        let meant = if rate <= 100 {
            decimal(rate, 0)
        } else {
            decimal(rate, 2)
        };
        let right = if rate <= 100 {
            rate * MICROS
        } else {
            rate * MICROS / 100
        };
        let message = format!(
            "{rate} is {} percent; {meant} percent are {right}",
            decimal(rate, 6)
        );
        RecordProblem::new(ProblemCode::ImplausibleTaxRate, FIELD, message)
    }));
    Ok(rate)
}

/// The deprecated rate in hundredths of one percent, as millionths of one percent.
pub(crate) fn basis_points(record: Option<Int>) -> Result<Option<i64>, RecordProblem> {
    checked_rate(
        record.map(|int| int.0.saturating_mul(10_000)),
        "tax_rate_basis_points",
    )
}

fn checked_rate(rate: Option<i64>, field: &str) -> Result<Option<i64>, RecordProblem> {
    match rate {
        Some(rate) if !(0..=WHOLE).contains(&rate) => {
            let message = format!("{rate} millionths of one percent is not within 0 to 100 percent");
            Err(RecordProblem::new(ProblemCode::InvalidTaxRate, field, message))
        }
        rate => Ok(rate),
    }
}

/// The fee for not coming.
pub(crate) fn no_show_fee(
    record: &NoShowFeeRecord<'_>,
    problems: &mut Vec<RecordProblem>,
) -> Result<NoShowFee, RecordProblem> {
    let fee = record.fee.as_ref().filter(|fee| fee.has_content());
    let fee = fee.ok_or_else(|| missing_field("no_show_fee.fee"))?;
    Ok(NoShowFee {
        fee: money(fee, "no_show_fee.fee", problems)?,
        fee_type: record.fee_type.map(|named| named.0).unwrap_or_default(),
    })
}

/// The deposit; its cutoff is read beside the price, and inside of it where that is the only place.
pub(crate) fn deposit(
    record: &DepositRecord<'_>,
    problems: &mut Vec<RecordProblem>,
) -> Result<Deposit, RecordProblem> {
    let price = record
        .deposit
        .as_ref()
        .filter(|price| price.has_content())
        .ok_or_else(|| missing_field("deposit").inside("deposit"))?;
    let amount = money(price, "deposit.deposit", problems)?;
    let (flat, nested) = (
        record.min_advance_cancellation_sec,
        price.min_advance_cancellation_sec,
    );
    if nested.is_some() {
        let message = "belongs beside the price, as deposit.min_advance_cancellation_sec";
        let field = "deposit.deposit.min_advance_cancellation_sec";
        problems.push(RecordProblem::new(
            ProblemCode::NestedDepositCutoff,
            field,
            message,
        ));
    }
    let cutoff = lead(flat.or(nested), "deposit.min_advance_cancellation_sec")?;
    let deposit_type = record.deposit_type.map(|named| named.0).unwrap_or_default();
    Ok(Deposit {
        deposit: amount,
        min_advance_cancellation_sec: cutoff,
        deposit_type,
    })
}

/// A length of time before the start, which cannot be negative.
pub(crate) fn lead(seconds: Option<Int>, field: &str) -> Result<Option<i64>, RecordProblem> {
    match seconds.map(|int| int.0) {
        Some(seconds) if seconds < 0 => Err(RecordProblem::new(
            ProblemCode::InvalidLead,
            field,
            format!("{seconds} seconds is negative"),
        )),
        seconds => Ok(seconds),
    }
}

/// A required field is absent.
pub(crate) fn missing_field(field: &str) -> RecordProblem {
    RecordProblem::new(ProblemCode::MissingField, field, ABSENT)
}

/// Keeps the value, or notes the problem.
pub(crate) fn keep<T>(result: Result<T, RecordProblem>, problems: &mut Vec<RecordProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read_deposit(json: &str) -> (Result<Deposit, RecordProblem>, Vec<ProblemCode>) {
        let mut problems = Vec::new();
        let deposit = deposit(&serde_json::from_str(json).unwrap(), &mut problems);
        (
            deposit,
            problems.into_iter().map(|problem| problem.code).collect(),
        )
    }

    #[test]
    fn the_cutoff_is_read_flat_and_nested_and_flat_wins() {
        let nested = r#"{"deposit":{"price_micros":"1000000","currency_code":"USD","min_advance_cancellation_sec":60}}"#;
        let (deposit, problems) = read_deposit(nested);
        assert_eq!(deposit.unwrap().min_advance_cancellation_sec, Some(60));
        assert_eq!(problems, [ProblemCode::NestedDepositCutoff]);

        let both = nested.replacen('{', r#"{"min_advance_cancellation_sec":"90","#, 1);
        assert_eq!(
            read_deposit(&both).0.unwrap().min_advance_cancellation_sec,
            Some(90)
        );
    }

    #[test]
    fn an_unset_type_is_a_fixed_amount() {
        let price = r#"{"deposit":{"price_micros":1,"currency_code":"USD"}}"#;
        let (deposit, _) = read_deposit(price);
        assert_eq!(
            deposit.unwrap().deposit_type,
            domain::slot::PriceType::FixedRateDefault
        );
    }

    #[test]
    fn a_negative_cutoff_or_amount_is_refused() {
        let price = r#""deposit":{"price_micros":1,"currency_code":"USD"}"#;
        let (deposit, _) = read_deposit(&format!("{{{price},\"min_advance_cancellation_sec\":-1}}"));
        assert_eq!(deposit.unwrap_err().code, ProblemCode::InvalidLead);
        let (deposit, _) = read_deposit(r#"{"deposit":{"price_micros":-1,"currency_code":"USD"}}"#);
        let problem = deposit.unwrap_err();
        assert_eq!(
            (problem.code, problem.field.as_str()),
            (ProblemCode::InvalidAmount, "deposit.deposit.price_micros")
        );
    }

    #[test]
    fn a_currency_has_three_capitals() {
        for wrong in ["usd", "EURO", "€"] {
            let json = format!(r#"{{"price_micros":1,"currency_code":"{wrong}"}}"#);
            let problem = money(&serde_json::from_str(&json).unwrap(), "price", &mut Vec::new()).unwrap_err();
            assert_eq!(problem.code, ProblemCode::InvalidCurrency, "{wrong}");
        }
    }

    #[test]
    fn an_amount_of_nothing_needs_no_currency_and_any_other_does() {
        let read = |json: &str| {
            let mut problems = Vec::new();
            let money = money(&serde_json::from_str(json).unwrap(), "price", &mut problems);
            assert_eq!(problems, []);
            money
        };
        for nothing in [
            r#"{"price_micros":0}"#,
            r#"{"price_micros":"0","currency_code":""}"#,
        ] {
            assert_eq!(read(nothing).unwrap().price_micros, 0, "{nothing}");
        }
        let problem = read(r#"{"price_micros":45000000}"#).unwrap_err();
        assert_eq!(
            (problem.code, problem.field.as_str(), problem.message.as_str()),
            (
                ProblemCode::InvalidCurrency,
                "price.currency_code",
                "required, and absent"
            )
        );
    }

    #[test]
    fn amounts_and_rates_are_told_as_they_are_read() {
        let amount = |json: &str| {
            let mut problems = Vec::new();
            money(&serde_json::from_str(json).unwrap(), "price", &mut problems).unwrap();
            problems.pop().unwrap().message
        };
        assert_eq!(
            amount(r#"{"price_micros":45,"currency_code":"USD"}"#),
            "45 micros are 0.000045 USD; 45 USD are 45000000 micros"
        );
        assert_eq!(
            amount(r#"{"price_micros":"2000000000000","currency_code":"USD"}"#),
            "2000000000000 micros are 2000000 USD: more than anything costs"
        );
        assert_eq!(
            amount(r#"{"price_micros":45005000,"currency_code":"USD"}"#),
            "45005000 micros are 45.005 USD, and the smallest unit is 0.01 USD"
        );
        let rate = |micro_percent: i64| {
            let mut problems = Vec::new();
            let json = format!(r#"{{"micro_percent":{micro_percent}}}"#);
            let rate = tax_rate(Some(&serde_json::from_str(&json).unwrap()), &mut problems);
            assert_eq!(rate, Ok(Some(micro_percent)));
            problems.pop().map(|problem| (problem.code, problem.message))
        };
        let odd = |message: &str| Some((ProblemCode::ImplausibleTaxRate, message.to_owned()));
        assert_eq!(rate(19), odd("19 is 0.000019 percent; 19 percent are 19000000"));
        assert_eq!(
            rate(725),
            odd("725 is 0.000725 percent; 7.25 percent are 7250000")
        );
        assert_eq!([0, 10_000, 19_000_000].map(rate), [None, None, None]);
    }

    #[test]
    fn an_amount_that_nobody_pays_is_noted_and_kept() {
        let found = |micros: i64, currency: &str| {
            let json = format!(r#"{{"price_micros":{micros},"currency_code":"{currency}"}}"#);
            let mut problems = Vec::new();
            let money = money(&serde_json::from_str(&json).unwrap(), "price", &mut problems).unwrap();
            assert_eq!(money.price_micros, micros);
            let problems = problems.into_iter().map(|problem| (problem.code, problem.field));
            problems.collect::<Vec<_>>()
        };
        for (micros, currency) in [
            (0, "USD"),
            (990_000, "USD"),
            (120_000_000_000, "JPY"),
            (1_500_000, "KWD"),
        ] {
            assert_eq!(found(micros, currency), [], "{micros} {currency}");
        }
        let table = [
            (1, "USD", ProblemCode::ImplausibleAmount, "price.price_micros"),
            (45_001_000, "USD", ProblemCode::BrokenUnit, "price.price_micros"),
            (1_500_000, "JPY", ProblemCode::BrokenUnit, "price.price_micros"),
            (
                45_000_000,
                "QQQ",
                ProblemCode::InvalidCurrency,
                "price.currency_code",
            ),
        ];
        for (micros, currency, code, field) in table {
            assert_eq!(
                found(micros, currency),
                [(code, field.to_owned())],
                "{micros} {currency}"
            );
        }
    }

    #[test]
    fn an_empty_tax_rate_is_zero_and_basis_points_are_hundredths() {
        let empty: TaxRateRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(tax_rate(Some(&empty), &mut Vec::new()), Ok(Some(0)));
        assert_eq!(tax_rate(None, &mut Vec::new()), Ok(None));
        assert_eq!(basis_points(Some(Int(750))), Ok(Some(7_500_000)));
        assert_eq!(
            basis_points(Some(Int(10_001))).unwrap_err().code,
            ProblemCode::InvalidTaxRate
        );
    }
}
