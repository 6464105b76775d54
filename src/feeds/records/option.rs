//! Payment options of a merchant.

use super::convert::{missing_field, money, tax_rate};
use super::messages::merchant::PaymentOptionRecord;
use crate::code::ProblemCode;
use crate::files::wire::Int;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use domain::slot::Money;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A payment option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOption {
    /// In place of the service's price; an option without one cannot be used.
    pub price: Option<Money>,
    /// In place of the service's or merchant's rate, millionths of one percent.
    pub tax_micro_percent: Option<i64>,
    /// How many sessions it is good for, where it can be used several times.
    pub pack_visits: Option<i64>,
    /// All that is set beside it, in one spelling: options of one id are the same where this is, too.
    rest: Value,
}

/// The options of a merchant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PaymentOptions {
    /// By id.
    pub(crate) usable: BTreeMap<String, PaymentOption>,
    /// Ids of options that are defined, though with an amount or a rate that cannot be.
    pub(crate) broken: BTreeSet<String>,
}

impl PaymentOptions {
    /// Reads all of them; the first one of an id is kept.
    pub(crate) fn read(records: Vec<PaymentOptionRecord<'_>>, problems: &mut Vec<RecordProblem>) -> Self {
        let mut options = Self::default();
        for (index, record) in records.into_iter().enumerate() {
            let mut found = Vec::new();
            options.add(record, &mut found);
            let place = format!("payment_option[{index}]");
            problems.extend(found.into_iter().map(|problem| problem.inside(&place)));
        }
        options
    }

    fn add(&mut self, record: PaymentOptionRecord<'_>, problems: &mut Vec<RecordProblem>) {
        let Some(id) = record.payment_option_id.as_deref().filter(|id| !id.is_empty()) else {
            problems.push(missing_field("payment_option_id"));
            return;
        };
        let id = id.to_owned();
        problems.extend(session_count(&record));
        match read(record, problems) {
            Ok(option) => match self.usable.entry(id) {
                Entry::Vacant(entry) => _ = entry.insert(option),
                Entry::Occupied(entry) if *entry.get() != option => {
                    let message = format!("payment option {:?} differs from an earlier one", entry.key());
                    problems.push(RecordProblem::new(
                        ProblemCode::PaymentOptionDiffers,
                        "payment_option_id",
                        message,
                    ));
                }
                Entry::Occupied(_) => {}
            },
            Err(problem) => {
                problems.push(problem);
                self.broken.insert(id);
            }
        }
    }
}

fn read(
    record: PaymentOptionRecord<'_>,
    problems: &mut Vec<RecordProblem>,
) -> Result<PaymentOption, RecordProblem> {
    let price = record.price.as_ref();
    Ok(PaymentOption {
        price: price.map(|price| money(price, "price", problems)).transpose()?,
        tax_micro_percent: tax_rate(record.tax_rate.as_ref(), problems)?,
        pack_visits: sessions(&record).filter(|count| is_pack(&record) && *count > 1),
        rest: rest(record),
    })
}

/// The kind by name; a number is one of the interface, where they are in this order.
fn kind<'r>(record: &'r PaymentOptionRecord<'_>) -> Option<&'r str> {
    match record.payment_option_type.as_ref()? {
        Value::Number(number) => match number.as_u64()? {
            1 => Some("PAYMENT_OPTION_SINGLE_USE"),
            2 => Some("PAYMENT_OPTION_MULTI_USE"),
            3 => Some("PAYMENT_OPTION_UNLIMITED_USE"),
            _ => None,
        },
        value => value
            .as_str()
            .filter(|name| *name != "PAYMENT_OPTION_TYPE_UNSPECIFIED"),
    }
}

fn is_pack(record: &PaymentOptionRecord<'_>) -> bool {
    kind(record) == Some("PAYMENT_OPTION_MULTI_USE")
}

fn sessions(record: &PaymentOptionRecord<'_>) -> Option<i64> {
    let count = record.session_count.as_ref()?;
    Int::deserialize(count).ok().map(|count| count.0)
}

fn session_count(record: &PaymentOptionRecord<'_>) -> Option<RecordProblem> {
    let several = sessions(record).is_some_and(|count| count > 1);
    (is_pack(record) && !several).then(|| {
        let message = "an option that can be used several times is for more than one session";
        RecordProblem::new(ProblemCode::InvalidSessionCount, "session_count", message)
    })
}

fn rest(record: PaymentOptionRecord<'_>) -> Value {
    let kind = kind(&record).map(|kind| Value::String(kind.to_owned()));
    let fields = [
        ("name", record.name),
        ("description", record.description),
        ("payment_option_type", kind),
        ("session_count", record.session_count),
        ("purchase_interval", record.purchase_interval),
        ("valid_interval", record.valid_interval),
        ("valid_duration_sec", record.valid_duration_sec),
        ("activation_type", record.activation_type),
        ("user_restriction", record.user_restriction),
    ];
    let set = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), in_one_spelling(value?)?)));
    Value::Object(set.collect())
}

/// Numbers as text, and nothing of what is not set.
fn in_one_spelling(value: Value) -> Option<Value> {
    Some(match value {
        value if !is_set(&value) => return None,
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(items) => Value::Array(items.into_iter().filter_map(in_one_spelling).collect()),
        Value::Object(members) => {
            let set = members
                .into_iter()
                .filter_map(|(name, value)| Some((name, in_one_spelling(value)?)));
            Value::Object(set.collect::<Map<_, _>>())
        }
        value => value,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn options(text: &str) -> (PaymentOptions, Vec<(ProblemCode, String)>) {
        let mut problems = Vec::new();
        let options = PaymentOptions::read(serde_json::from_str(text).unwrap(), &mut problems);
        let problems = problems.into_iter().map(|problem| (problem.code, problem.field));
        (options, problems.collect())
    }

    fn pack() -> Value {
        json!({ "payment_option_id": "ten", "name": "Ten", "session_count": 10, "payment_option_type": 2,
            "price": { "price_micros": "9000000", "currency_code": "USD" },
            "valid_interval": { "begin_sec": 1, "end_sec": "9" }, "description": "",
            "user_restriction": { "new_to_merchant": false } })
    }

    /// The pack after `change`.
    fn changed(change: impl FnOnce(&mut Value)) -> PaymentOption {
        let mut record = pack();
        change(&mut record);
        let (mut options, _) = options(&json!([record]).to_string());
        options.usable.pop_first().unwrap().1
    }

    #[test]
    fn options_are_the_same_however_they_are_spelt() {
        let same = changed(|o| {
            *o = json!({ "user_restriction": null, "payment_option_type": "PAYMENT_OPTION_MULTI_USE",
                "valid_interval": { "end_sec": 9, "begin_sec": "1" }, "session_count": "10", "name": "Ten",
                "price": { "currency_code": "USD", "price_micros": 9_000_000 }, "payment_option_id": "ten" });
        });
        assert_eq!(changed(|_| {}), same);
    }

    #[test]
    fn every_field_makes_a_difference() {
        for (field, value) in [
            ("name", json!("10")),
            ("description", json!("ten times")),
            ("session_count", json!(11)),
            ("payment_option_type", json!(3)),
            ("purchase_interval", json!({ "begin_sec": 1 })),
            ("valid_duration_sec", json!(60)),
            ("activation_type", json!("ACTIVATION_ON_FIRST_USE")),
            ("user_restriction", json!({ "new_to_merchant": true })),
            ("tax_rate", json!({})),
        ] {
            assert_ne!(changed(|_| {}), changed(|o| o[field] = value), "{field}");
        }
        assert_ne!(
            changed(|_| {}),
            changed(|o| o["valid_interval"]["end_sec"] = json!(10))
        );
    }

    #[test]
    fn what_can_be_used_several_times_is_a_pack() {
        let visits = |kind: Value| changed(|o| o["payment_option_type"] = kind).pack_visits;
        assert_eq!(visits(json!(2)), Some(10));
        assert_eq!(visits(json!("PAYMENT_OPTION_SINGLE_USE")), None);
        assert_eq!(visits(json!(3)), None);
        assert_eq!(changed(|o| o["session_count"] = json!(1)).pack_visits, None);
    }

    #[test]
    fn an_option_for_several_uses_counts_several_sessions() {
        let found = |kind: Value, count: Value| {
            let mut record = pack();
            record["payment_option_type"] = kind;
            record["session_count"] = count;
            options(&json!([record]).to_string()).1
        };
        assert_eq!(found(json!("PAYMENT_OPTION_MULTI_USE"), json!("2")), []);
        assert_eq!(found(json!("PAYMENT_OPTION_SINGLE_USE"), json!(1)), []);
        assert_eq!(found(json!("PAYMENT_OPTION_UNLIMITED_USE"), json!(null)), []);
        for (kind, count) in [
            (json!(2), json!(1)),
            (json!("PAYMENT_OPTION_MULTI_USE"), json!(null)),
        ] {
            let expected = (
                ProblemCode::InvalidSessionCount,
                "payment_option[0].session_count".to_owned(),
            );
            assert_eq!(found(kind, count), [expected]);
        }
    }

    #[test]
    fn two_options_of_one_id_are_the_same() {
        let found = |name: &str| {
            let mut again = pack();
            again["name"] = json!(name);
            options(&json!([pack(), again]).to_string()).1
        };
        assert_eq!(found("Ten"), []);
        let field = "payment_option[1].payment_option_id".to_owned();
        assert_eq!(found("10"), [(ProblemCode::PaymentOptionDiffers, field)]);
    }

    #[test]
    fn a_broken_payment_option_is_noted_and_the_others_are_kept() {
        let (options, problems) = options(
            r#"[{"payment_option_id":"a"},{},
                {"payment_option_id":"b","price":{"price_micros":1,"currency_code":"usd"}}]"#,
        );
        assert_eq!(options.usable.keys().collect::<Vec<_>>(), ["a"]);
        assert!(options.broken.contains("b"));
        let expected = [
            (ProblemCode::MissingField, "payment_option[1].payment_option_id"),
            (
                ProblemCode::InvalidCurrency,
                "payment_option[2].price.currency_code",
            ),
        ];
        assert_eq!(problems, expected.map(|(code, field)| (code, field.to_owned())));
    }
}
