//! A merchant, as far as booking needs it.

use super::convert::{basis_points, keep, missing_field, tax_rate};
use super::currency;
use super::messages::merchant::{MerchantRecord, RestrictionsRecord};
pub use super::option::PaymentOption;
use super::option::PaymentOptions;
use super::{ids, place, tokenization, website};
use crate::code::ProblemCode;
use crate::files::wire::Text;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use domain::slot::Money;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A merchant of the feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Merchant {
    /// Id of the feeds.
    pub merchant_id: String,
    /// For matching only; empty where the feed has none.
    pub name: String,
    /// Empty where the feed has none.
    pub telephone: String,
    /// Its website; empty where the feed has none.
    pub url: String,
    /// `geo` as it stands in the feed.
    pub geo: Option<Value>,
    /// `terms` as they stand in the feed.
    pub terms: Option<Value>,
    /// Of its address, as it stands there.
    pub country: Option<String>,
    /// Card networks that are taken: absent means all of them, empty means none.
    pub accepted_networks: Option<Vec<String>>,
    /// The tokenization configuration as it stands in the feed.
    pub tokenization_config: Option<Value>,
    /// Millionths of one percent; absent where the feed sets no rate, zero where it sets an empty one.
    pub tax_micro_percent: Option<i64>,
    /// By id.
    pub payment_options: BTreeMap<String, PaymentOption>,
    /// Ids of payment options that are defined, though not in a way that can be used.
    pub(crate) broken_options: BTreeSet<String>,
    /// False when the record is wrong in a way that leaves its slots without a meaning.
    pub(crate) usable: bool,
}

impl Merchant {
    /// Reads a record; `None` where it has no id.
    pub(crate) fn read(record: MerchantRecord<'_>, problems: &mut Vec<RecordProblem>) -> Option<Self> {
        ids::check(record.merchant_id.as_deref(), "merchant_id", problems);
        headings(&record, problems);
        let country = place::read(record.geo.as_ref(), problems).map(ToOwned::to_owned);
        contact(&record, problems);
        deprecated(&record, problems);
        let accepted_networks = record.payment_restrictions.and_then(accepted_networks);
        let configuration = record.tokenization_config;
        tokenization::check(configuration.as_ref(), accepted_networks.as_deref(), problems);
        // Without an id nothing can be booked of it.
        let id = record
            .merchant_id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| missing_field("merchant_id"));
        let merchant_id = keep(id, problems)?.into_string();
        let rate = match tax_rate(record.tax_rate.as_ref(), problems) {
            Ok(None) => basis_points(record.tax_rate_basis_points),
            rate => rate,
        };
        let rate = keep(rate, problems);
        let options = PaymentOptions::read(record.payment_option.unwrap_or_default(), problems);
        let text = |text: Option<Text<'_>>| text.map(Text::into_string).unwrap_or_default();
        let merchant = Self {
            merchant_id,
            country,
            telephone: text(record.telephone),
            url: text(record.url),
            geo: record.geo.filter(is_set),
            terms: record.terms.filter(is_set),
            name: text(record.name),
            accepted_networks,
            tokenization_config: configuration,
            tax_micro_percent: rate.flatten(),
            payment_options: options.usable,
            broken_options: options.broken,
            usable: rate.is_some(),
        };
        problems.extend(merchant.foreign_options());
        Some(merchant)
    }

    /// True when it defines any payment option.
    pub(crate) fn has_options(&self) -> bool {
        !(self.payment_options.is_empty() && self.broken_options.is_empty())
    }

    /// True when it defines this one, in whatever way.
    pub(crate) fn has_option(&self, id: &str) -> bool {
        self.payment_options.contains_key(id) || self.broken_options.contains(id)
    }

    /// Notes an amount, which stands at `field`, whose currency is not used where the merchant is.
    pub(crate) fn foreign_currency(&self, amount: &Money, field: &str) -> Option<RecordProblem> {
        let country = self.country.as_deref()?;
        let code = &amount.currency_code;
        // What is no currency has been told as such.
        let foreign = currency::is_currency(code) && currency::is_used_in(code, country) == Some(false);
        foreign.then(|| {
            let message = format!("{code} is not a currency of {country}, where the merchant is");
            RecordProblem::new(
                ProblemCode::ForeignCurrency,
                format!("{field}.currency_code"),
                message,
            )
        })
    }

    fn foreign_options(&self) -> Vec<RecordProblem> {
        let priced = self
            .payment_options
            .iter()
            .filter_map(|(id, option)| Some((id, option.price.as_ref()?)));
        let foreign = priced.filter_map(|(id, price)| {
            let mut problem = self.foreign_currency(price, "payment_option.price")?;
            problem.message = format!("option {id:?}: {}", problem.message);
            Some(problem)
        });
        foreign.collect()
    }

    /// True when it defines this one in a way that cannot be used.
    pub(crate) fn is_option_broken(&self, id: &str) -> bool {
        !self.payment_options.contains_key(id) && self.broken_options.contains(id)
    }

    /// True when anything is set in its tokenization configuration.
    pub(crate) fn has_tokenization(&self) -> bool {
        self.tokenization_config.as_ref().is_some_and(is_set)
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

/// Checks the texts that users find a merchant by.
fn headings(record: &MerchantRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let required = [
        ("name", record.name.as_deref()),
        ("category", record.category.as_deref()),
    ];
    let absent = required
        .into_iter()
        .filter(|(_, text)| text.is_none_or(|text| text.trim().is_empty()));
    problems.extend(absent.map(|(field, _)| missing_field(field)));
}

fn contact(record: &MerchantRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let telephone = record.telephone.as_deref().unwrap_or_default();
    // `00` is how many countries dial what others write as `+`.
    if !(telephone.contains('+') || telephone.trim_start().starts_with("00")) {
        let message = format!("{telephone:?} is no telephone number with a country code");
        problems.push(RecordProblem::new(ProblemCode::NoContact, "telephone", message));
    }
    website::check(record.url.as_deref().unwrap_or_default(), problems);
}

fn deprecated(record: &MerchantRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let fields = [
        (
            "tax_rate_basis_points",
            record.tax_rate_basis_points.is_some_and(|rate| rate.0 != 0),
            "use `tax_rate`",
        ),
        (
            "num_bookings_30d",
            record.num_bookings_30d.as_ref().is_some_and(is_set),
            "nothing reads it",
        ),
        (
            "payment_processor_config",
            record.payment_processor_config.as_ref().is_some_and(is_set),
            "use `tokenization_config`",
        ),
    ];
    let used = fields.into_iter().filter(|(_, used, _)| *used);
    problems.extend(used.map(|(field, _, instead)| {
        RecordProblem::new(
            ProblemCode::DeprecatedField,
            field,
            format!("deprecated: {instead}"),
        )
    }));
}

fn accepted_networks(record: RestrictionsRecord<'_>) -> Option<Vec<String>> {
    let networks = record
        .credit_card_restrictions?
        .credit_card_type
        .unwrap_or_default();
    Some(networks.into_iter().map(Text::into_string).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn read(fields: &str) -> Merchant {
        let json = format!(r#"{{"merchant_id":"m"{fields}}}"#);
        Merchant::read(serde_json::from_str(&json).unwrap(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn an_absent_restriction_takes_all_cards_and_an_empty_one_none() {
        let networks = |fields| read(fields).accepted_networks;
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
        let rate = |fields| read(fields).tax_micro_percent;
        assert_eq!(rate(r#","tax_rate_basis_points":750"#), Some(7_500_000));
        assert_eq!(rate(r#","tax_rate_basis_points":750,"tax_rate":{}"#), Some(0));
        assert_eq!(
            rate(r#","tax_rate":{"micro_percent":"8875000"}"#),
            Some(8_875_000)
        );
        assert_eq!(rate(""), None);
    }

    #[test]
    fn the_gateway_is_read_from_the_tokenization_parameters() {
        let merchant = read(r#","tokenization_config":{"tokenization_parameter":{"gateway":"stripe"}}"#);
        assert_eq!(merchant.gateway(), Some("stripe"));
        assert_eq!(read(r#","tokenization_config":{}"#).gateway(), None);
    }

    #[test]
    fn options_are_sold_in_a_currency_of_the_country() {
        let found = |currency: &str| {
            let json = format!(
                r#"{{"merchant_id":"m","geo":{{"address":{{"country":"CH"}}}},"payment_option":[
                    {{"payment_option_id":"a","price":{{"price_micros":5000000,"currency_code":"{currency}"}}}}]}}"#
            );
            let mut problems = Vec::new();
            Merchant::read(serde_json::from_str(&json).unwrap(), &mut problems).unwrap();
            problems
                .into_iter()
                .any(|problem| problem.code == ProblemCode::ForeignCurrency)
        };
        assert!(found("JPY"));
        assert!(!found("QQQ"), "told as no currency at all");
        assert!(!found("CHF"));
    }

    /// A merchant that is complete, after `change`.
    fn found(change: impl FnOnce(&mut Value)) -> Vec<(ProblemCode, String)> {
        let mut record = json!({ "merchant_id": "m-1", "name": "Harbour Lane", "category": "spa",
            "telephone": "+12125550147", "url": "https://harbourlane.example.com",
            "geo": { "address": { "country": "US" } } });
        change(&mut record);
        let (text, mut problems) = (record.to_string(), Vec::new());
        Merchant::read(serde_json::from_str(&text).unwrap(), &mut problems).unwrap();
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect()
    }

    fn at(code: ProblemCode, field: &str) -> [(ProblemCode, String); 1] {
        [(code, field.to_owned())]
    }

    #[test]
    fn a_merchant_has_a_name_a_category_and_a_place() {
        assert_eq!(found(|_| {}), []);
        for field in ["name", "category", "geo"] {
            assert_eq!(
                found(|m| m[field] = json!(null)),
                at(ProblemCode::MissingField, field)
            );
        }
        assert_eq!(
            found(|m| m["name"] = json!(" ")),
            at(ProblemCode::MissingField, "name")
        );
    }

    #[test]
    fn a_contact_is_a_number_with_country_code_and_a_web_address() {
        for number in ["(+49) 731 55", "0049 731 55", "tel:+4973155"] {
            assert_eq!(found(|m| m["telephone"] = json!(number)), [], "{number}");
        }
        for number in [json!("0731 55"), json!(null), json!("")] {
            assert_eq!(
                found(|m| m["telephone"] = number),
                at(ProblemCode::NoContact, "telephone")
            );
        }
        assert_eq!(found(|m| m["url"] = json!("HTTP://lane.example")), []);
        for address in [json!("mailto:a@lane.example"), json!(null)] {
            assert_eq!(found(|m| m["url"] = address), at(ProblemCode::NoContact, "url"));
        }
    }

    #[test]
    fn deprecated_fields_count_where_they_say_something() {
        let unset = |m: &mut Value| {
            m["num_bookings_30d"] = json!("0");
            m["tax_rate_basis_points"] = json!(0);
            m["payment_processor_config"] = json!({});
        };
        assert_eq!(found(unset), []);
        let table = [
            ("num_bookings_30d", json!("12")),
            ("tax_rate_basis_points", json!(750)),
            ("payment_processor_config", json!({ "processor": 1 })),
        ];
        for (field, value) in table {
            assert_eq!(
                found(|m| m[field] = value),
                at(ProblemCode::DeprecatedField, field)
            );
        }
    }

    #[test]
    fn an_id_that_an_address_has_to_escape_is_noted() {
        assert_eq!(
            found(|m| m["merchant_id"] = json!("m 1")),
            at(ProblemCode::UnsafeId, "merchant_id")
        );
    }
}
