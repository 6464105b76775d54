//! A merchant, as far as booking needs it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::convert::{basis_points, keep, missing, money, tax_rate};
use super::problem::Fault;
use super::records::{MerchantRecord, PaymentOptionRecord, RestrictionsRecord};
use super::wire::Text;
use crate::protocol::slot::Money;

/// A merchant of the feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Merchant {
    /// Id of the feeds.
    pub merchant_id: String,
    /// For matching only; empty where the feed has none.
    pub name: String,
    /// Card networks that are taken: absent means all of them, empty means none.
    pub accepted_networks: Option<Vec<String>>,
    /// The tokenization configuration as it stands in the feed.
    pub tokenization_config: Option<Value>,
    /// Millionths of one percent; absent where the feed sets no rate, zero where it sets an empty one.
    pub tax_micro_percent: Option<i64>,
    /// By id.
    pub payment_options: BTreeMap<String, PaymentOption>,
    /// False when the record is wrong in a way that leaves its slots without a meaning.
    pub(super) usable: bool,
}

/// A payment option, as far as it changes the price of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOption {
    /// In place of the service's price; an option without one cannot be used.
    pub price: Option<Money>,
    /// In place of the service's or merchant's rate, millionths of one percent.
    pub tax_micro_percent: Option<i64>,
}

impl Merchant {
    /// Reads a record; `None` where it has no id.
    pub(super) fn read(record: MerchantRecord<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
        let id = record
            .merchant_id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| missing("merchant_id"));
        let merchant_id = keep(id, faults)?.into_string();
        let rate = match tax_rate(record.tax_rate.as_ref()) {
            Ok(None) => basis_points(record.tax_rate_basis_points),
            rate => rate,
        };
        let rate = keep(rate, faults);
        Some(Self {
            merchant_id,
            name: record.name.map(Text::into_string).unwrap_or_default(),
            accepted_networks: record.payment_restrictions.and_then(accepted_networks),
            tokenization_config: record.tokenization_config,
            tax_micro_percent: rate.flatten(),
            payment_options: payment_options(record.payment_option.unwrap_or_default(), faults),
            usable: rate.is_some(),
        })
    }

    /// The gateway of the tokenization configuration.
    pub fn gateway(&self) -> Option<&str> {
        let gateway = self
            .tokenization_config
            .as_ref()?
            .get("tokenization_parameter")?
            .get("gateway")?;
        gateway.as_str().filter(|name| !name.is_empty())
    }
}

fn accepted_networks(record: RestrictionsRecord<'_>) -> Option<Vec<String>> {
    let networks = record
        .credit_card_restrictions?
        .credit_card_type
        .unwrap_or_default();
    Some(networks.into_iter().map(Text::into_string).collect())
}

fn payment_options(
    records: Vec<PaymentOptionRecord<'_>>,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, PaymentOption> {
    let mut options = BTreeMap::new();
    for (index, record) in records.into_iter().enumerate() {
        let inside = |fault: Fault| fault.inside(&format!("payment_option[{index}]"));
        match payment_option(record) {
            Ok((id, option)) => _ = options.entry(id).or_insert(option),
            Err(fault) => faults.push(inside(fault)),
        }
    }
    options
}

fn payment_option(record: PaymentOptionRecord<'_>) -> Result<(String, PaymentOption), Fault> {
    let id = record
        .payment_option_id
        .filter(|id| !id.is_empty())
        .ok_or_else(|| missing("payment_option_id"))?;
    let price = record
        .price
        .as_ref()
        .map(money)
        .transpose()
        .map_err(|fault| fault.inside("price"))?;
    let tax_micro_percent = tax_rate(record.tax_rate.as_ref())?;
    Ok((
        id.into_string(),
        PaymentOption {
            price,
            tax_micro_percent,
        },
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::feeds::code::Code;

    fn read(fields: &str) -> (Merchant, Vec<Code>) {
        let mut faults = Vec::new();
        let json = format!(r#"{{"merchant_id":"m"{fields}}}"#);
        let merchant = Merchant::read(serde_json::from_str(&json).unwrap(), &mut faults).unwrap();
        (merchant, faults.into_iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn an_absent_restriction_takes_all_cards_and_an_empty_one_none() {
        let networks = |fields| read(fields).0.accepted_networks;
        assert_eq!(networks(""), None);
        assert_eq!(networks(r#","payment_restrictions":{}"#), None);
        let empty = r#","payment_restrictions":{"credit_card_restrictions":{"credit_card_type":[]}}"#;
        assert_eq!(networks(empty), Some(Vec::new()));
        assert_eq!(
            networks(&empty.replace("[]", "[\"VISA\"]")),
            Some(vec!["VISA".to_owned()])
        );
    }

    #[test]
    fn the_tax_rate_wins_over_basis_points_even_when_it_is_empty() {
        let rate = |fields| read(fields).0.tax_micro_percent;
        assert_eq!(rate(r#","tax_rate_basis_points":750"#), Some(7_500_000));
        assert_eq!(rate(r#","tax_rate_basis_points":750,"tax_rate":{}"#), Some(0));
        assert_eq!(
            rate(r#","tax_rate":{"micro_percent":"8875000"}"#),
            Some(8_875_000)
        );
        assert_eq!(rate(""), None);
    }

    #[test]
    fn a_broken_payment_option_is_noted_and_the_others_are_kept() {
        let (merchant, codes) = read(
            r#","payment_option":[{"payment_option_id":"a"},{},
                {"payment_option_id":"b","price":{"price_micros":1,"currency_code":"usd"}}]"#,
        );
        assert_eq!(merchant.payment_options.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(codes, [Code::MissingField, Code::InvalidCurrency]);
    }

    #[test]
    fn the_gateway_is_read_from_the_tokenization_parameters() {
        let (merchant, _) = read(r#","tokenization_config":{"tokenization_parameter":{"gateway":"stripe"}}"#);
        assert_eq!(merchant.gateway(), Some("stripe"));
        assert_eq!(read(r#","tokenization_config":{}"#).0.gateway(), None);
    }
}
