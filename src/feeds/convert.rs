//! From the messages that records share to amounts, fees and rates.

use super::code::Code;
use super::problem::Fault;
use super::records::{DepositRecord, NoShowFeeRecord, PriceRecord, TaxRateRecord};
use super::wire::Int;
use crate::protocol::slot::{Deposit, Money, NoShowFee};

/// Millionths of one percent in a hundred percent.
const WHOLE: i64 = 100_000_000;

/// An amount that is not negative, in a currency that looks like one.
pub(super) fn money(record: &PriceRecord<'_>) -> Result<Money, Fault> {
    let price_micros = record.price_micros.map_or(0, |int| int.0);
    let currency_code = record.currency_code.as_deref().unwrap_or_default();
    if price_micros < 0 {
        return Err(Fault::new(
            Code::InvalidAmount,
            "price_micros",
            format!("{price_micros} is negative"),
        ));
    }
    if currency_code.len() != 3 || !currency_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let message = format!("{currency_code:?} is no ISO 4217 code: three capital letters");
        return Err(Fault::new(Code::InvalidCurrency, "currency_code", message));
    }
    Ok(Money {
        price_micros,
        currency_code: currency_code.to_owned(),
    })
}

/// A rate in millionths of one percent; a message without a rate is a rate of zero.
pub(super) fn tax_rate(record: Option<&TaxRateRecord>) -> Result<Option<i64>, Fault> {
    let rate = record.map(|record| record.micro_percent.map_or(0, |int| int.0));
    checked_rate(rate, "tax_rate.micro_percent")
}

/// The deprecated rate in hundredths of one percent, as millionths of one percent.
pub(super) fn basis_points(record: Option<Int>) -> Result<Option<i64>, Fault> {
    checked_rate(
        record.map(|int| int.0.saturating_mul(10_000)),
        "tax_rate_basis_points",
    )
}

fn checked_rate(rate: Option<i64>, field: &str) -> Result<Option<i64>, Fault> {
    match rate {
        Some(rate) if !(0..=WHOLE).contains(&rate) => {
            let message = format!("{rate} millionths of one percent is not within 0 to 100 percent");
            Err(Fault::new(Code::InvalidTaxRate, field, message))
        }
        rate => Ok(rate),
    }
}

/// The fee for not coming.
pub(super) fn no_show_fee(record: &NoShowFeeRecord<'_>) -> Result<NoShowFee, Fault> {
    let fee = record.fee.as_ref().ok_or_else(|| missing("fee"));
    let fee = fee.and_then(|fee| money(fee).map_err(|fault| fault.inside("fee")));
    let fee_type = record.fee_type.map(|named| named.0).unwrap_or_default();
    fee.map(|fee| NoShowFee { fee, fee_type })
        .map_err(|fault| fault.inside("no_show_fee"))
}

/// The deposit; its cutoff is read beside the price, and inside of it where that is the only place.
pub(super) fn deposit(record: &DepositRecord<'_>, faults: &mut Vec<Fault>) -> Result<Deposit, Fault> {
    let price = record
        .deposit
        .as_ref()
        .ok_or_else(|| missing("deposit").inside("deposit"))?;
    let amount = money(price).map_err(|fault| fault.inside("deposit.deposit"))?;
    let (flat, nested) = (
        record.min_advance_cancellation_sec,
        price.min_advance_cancellation_sec,
    );
    if nested.is_some() {
        let message = "belongs beside the price, as deposit.min_advance_cancellation_sec";
        let field = "deposit.deposit.min_advance_cancellation_sec";
        faults.push(Fault::new(Code::NestedDepositCutoff, field, message));
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
pub(super) fn lead(seconds: Option<Int>, field: &str) -> Result<Option<i64>, Fault> {
    match seconds.map(|int| int.0) {
        Some(seconds) if seconds < 0 => Err(Fault::new(
            Code::InvalidLead,
            field,
            format!("{seconds} seconds is negative"),
        )),
        seconds => Ok(seconds),
    }
}

/// A required field is absent.
pub(super) fn missing(field: &str) -> Fault {
    Fault::new(Code::MissingField, field, "required, and absent")
}

/// Keeps the value, or notes the fault.
pub(super) fn keep<T>(result: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read_deposit(json: &str) -> (Result<Deposit, Fault>, Vec<Code>) {
        let mut faults = Vec::new();
        let deposit = deposit(&serde_json::from_str(json).unwrap(), &mut faults);
        (deposit, faults.into_iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn the_cutoff_is_read_flat_and_nested_and_flat_wins() {
        let nested =
            r#"{"deposit":{"price_micros":"1","currency_code":"USD","min_advance_cancellation_sec":60}}"#;
        let (deposit, faults) = read_deposit(nested);
        assert_eq!(deposit.unwrap().min_advance_cancellation_sec, Some(60));
        assert_eq!(faults, [Code::NestedDepositCutoff]);

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
            crate::protocol::slot::PriceType::FixedRateDefault
        );
    }

    #[test]
    fn a_negative_cutoff_or_amount_is_refused() {
        let price = r#""deposit":{"price_micros":1,"currency_code":"USD"}"#;
        let (deposit, _) = read_deposit(&format!("{{{price},\"min_advance_cancellation_sec\":-1}}"));
        assert_eq!(deposit.unwrap_err().code, Code::InvalidLead);
        let (deposit, _) = read_deposit(r#"{"deposit":{"price_micros":-1,"currency_code":"USD"}}"#);
        let fault = deposit.unwrap_err();
        assert_eq!(
            (fault.code, fault.field.as_str()),
            (Code::InvalidAmount, "deposit.deposit.price_micros")
        );
    }

    #[test]
    fn a_currency_has_three_capitals() {
        for wrong in ["usd", "", "EURO", "€"] {
            let json = format!(r#"{{"price_micros":1,"currency_code":"{wrong}"}}"#);
            let fault = money(&serde_json::from_str(&json).unwrap()).unwrap_err();
            assert_eq!(fault.code, Code::InvalidCurrency, "{wrong}");
        }
    }

    #[test]
    fn an_empty_tax_rate_is_zero_and_basis_points_are_hundredths() {
        let empty: TaxRateRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(tax_rate(Some(&empty)), Ok(Some(0)));
        assert_eq!(tax_rate(None), Ok(None));
        assert_eq!(basis_points(Some(Int(750))), Ok(Some(7_500_000)));
        assert_eq!(
            basis_points(Some(Int(10_001))).unwrap_err().code,
            Code::InvalidTaxRate
        );
    }
}
