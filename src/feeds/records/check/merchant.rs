//! What a merchant says of itself.

use super::{gateway, ids, place};
use crate::code::Code;
use crate::files::wire::is_set;
use crate::problem::Fault;
use crate::records::convert::missing;
use crate::records::messages::merchant::{MerchantRecord, RestrictionsRecord};

/// Checks a record of the merchants feed.
pub(crate) fn merchant(record: &MerchantRecord<'_>, faults: &mut Vec<Fault>) {
    ids::safe(record.merchant_id.as_deref(), "merchant_id", faults);
    let required = [
        ("name", record.name.as_deref()),
        ("category", record.category.as_deref()),
    ];
    let absent = required
        .into_iter()
        .filter(|(_, text)| text.is_none_or(|text| text.trim().is_empty()));
    faults.extend(absent.map(|(field, _)| missing(field)));
    place::place(record.geo.as_ref(), faults);
    contact(record, faults);
    deprecated(record, faults);
    let networks = record.payment_restrictions.as_ref().and_then(networks);
    gateway::tokenization(record.tokenization_config.as_ref(), networks.as_deref(), faults);
}

fn contact(record: &MerchantRecord<'_>, faults: &mut Vec<Fault>) {
    let telephone = record.telephone.as_deref().unwrap_or_default();
    // `00` is how many countries dial what others write as `+`.
    if !(telephone.contains('+') || telephone.trim_start().starts_with("00")) {
        let message = format!("{telephone:?} is no telephone number with a country code");
        faults.push(Fault::new(Code::NoContact, "telephone", message));
    }
    let url = record.url.as_deref().unwrap_or_default();
    let lower = url.trim_start().to_ascii_lowercase();
    if !["http://", "https://"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
    {
        let message = format!("{url:?} is no address of a web site");
        faults.push(Fault::new(Code::NoContact, "url", message));
    }
}

fn deprecated(record: &MerchantRecord<'_>, faults: &mut Vec<Fault>) {
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
    faults.extend(used.map(|(field, _, instead)| {
        Fault::new(Code::DeprecatedField, field, format!("deprecated: {instead}"))
    }));
}

fn networks<'r>(record: &'r RestrictionsRecord<'_>) -> Option<Vec<&'r str>> {
    let list = record.credit_card_restrictions.as_ref()?;
    let types = list.credit_card_type.as_deref().unwrap_or_default();
    Some(types.iter().map(|network| &**network).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::{Value, json};

    use super::*;

    /// A merchant that is complete, after `change`.
    fn found(change: impl FnOnce(&mut Value)) -> Vec<(Code, String)> {
        let mut record = json!({ "merchant_id": "m-1", "name": "Harbour Lane", "category": "spa",
            "telephone": "+12125550147", "url": "https://harbourlane.example.com",
            "geo": { "address": { "country": "US" } } });
        change(&mut record);
        let (text, mut faults) = (record.to_string(), Vec::new());
        merchant(&serde_json::from_str(&text).unwrap(), &mut faults);
        faults
            .into_iter()
            .map(|fault| (fault.code, fault.field))
            .collect()
    }

    fn at(code: Code, field: &str) -> [(Code, String); 1] {
        [(code, field.to_owned())]
    }

    #[test]
    fn a_merchant_has_a_name_a_category_and_a_place() {
        assert_eq!(found(|_| {}), []);
        for field in ["name", "category", "geo"] {
            assert_eq!(found(|m| m[field] = json!(null)), at(Code::MissingField, field));
        }
        assert_eq!(found(|m| m["name"] = json!(" ")), at(Code::MissingField, "name"));
    }

    #[test]
    fn a_contact_is_a_number_with_country_code_and_a_web_address() {
        for number in ["(+49) 731 55", "0049 731 55", "tel:+4973155"] {
            assert_eq!(found(|m| m["telephone"] = json!(number)), [], "{number}");
        }
        for number in [json!("0731 55"), json!(null), json!("")] {
            assert_eq!(
                found(|m| m["telephone"] = number),
                at(Code::NoContact, "telephone")
            );
        }
        assert_eq!(found(|m| m["url"] = json!("HTTP://lane.example")), []);
        for address in [json!("lane.example"), json!("mailto:a@lane.example"), json!(null)] {
            assert_eq!(found(|m| m["url"] = address), at(Code::NoContact, "url"));
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
            assert_eq!(found(|m| m[field] = value), at(Code::DeprecatedField, field));
        }
    }

    #[test]
    fn an_id_that_an_address_has_to_escape_is_noted() {
        assert_eq!(
            found(|m| m["merchant_id"] = json!("m 1")),
            at(Code::UnsafeId, "merchant_id")
        );
    }
}
