//! What a service says of itself and of how it is sold.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ids, is_set, member, online, text};
use crate::feeds::code::Code;
use crate::feeds::convert::missing;
use crate::feeds::problem::Fault;
use crate::feeds::records::{CardRequirement, RulesRecord, ServiceNameRecord, ServiceRecord};
use crate::feeds::wire::Label;

/// The markup of descriptions; Google strips what is beyond it.
const DESCRIPTION_TAGS: [&str; 13] = [
    "h1", "h2", "h3", "h4", "h5", "ul", "ol", "li", "strong", "italic", "em", "p", "br",
];

/// Checks a record of the services feed.
pub(in crate::feeds) fn service(record: &ServiceRecord<'_>, faults: &mut Vec<Fault>) {
    ids::no_uri(record.service_id.as_deref(), "service_id", faults);
    name(record.localized_service_name.as_ref(), faults);
    description(record, faults);
    let named = [
        ("rules", &record.rules),
        ("scheduling_rules", &record.scheduling_rules),
    ];
    for (field, rules) in named {
        faults.extend(rules.iter().flat_map(odd_rules).map(|fault| fault.inside(field)));
    }
    sale(record, faults);
    ticket_types(record.ticket_type.as_deref().unwrap_or_default(), faults);
    online::online(record, faults);
}

fn name(name: Option<&ServiceNameRecord<'_>>, faults: &mut Vec<Fault>) {
    let field = "localized_service_name";
    let Some(name) = name else {
        faults.push(missing(field));
        return;
    };
    let localized = name.localized_value.iter().flatten();
    let mut values = localized.map(|text| &text.value).chain([&name.value]).flatten();
    if values.all(|text| text.trim().is_empty()) {
        faults.push(text::empty(field));
    }
}

fn description(record: &ServiceRecord<'_>, faults: &mut Vec<Fault>) {
    let deprecated = record.description.as_deref().filter(|text| !text.is_empty());
    text::short(deprecated.into_iter(), "description", faults);
    let field = "localized_description";
    let Some(localized) = &record.localized_description else {
        let message = "deprecated: use `localized_description`";
        faults.extend(deprecated.map(|_| Fault::new(Code::DeprecatedField, "description", message)));
        return;
    };
    text::filled(Some(localized), field, faults);
    text::short(text::values(localized), field, faults);
    text::plain(text::values(localized), &DESCRIPTION_TAGS, field, faults);
}

fn odd_rules(rules: &RulesRecord) -> impl Iterator<Item = Fault> {
    let buffer = rules
        .min_booking_buffer_before_end_time
        .is_some_and(|seconds| seconds.0 > 0);
    let strict = !says(rules.admission_policy.as_ref(), "TIME_FLEXIBLE");
    let buffer = (buffer && strict).then(|| {
        let message = "counts only with the admission policy TIME_FLEXIBLE";
        Fault::new(
            Code::BufferWithoutFlexibility,
            "min_booking_buffer_before_end_time",
            message,
        )
    });
    let fees = [
        ("late_cancellation_fee", &rules.late_cancellation_fee),
        ("noshow_fee", &rules.noshow_fee),
    ];
    let amount = |fee: &Value| member(fee, "price_micros").is_some_and(is_set);
    let fees = fees
        .into_iter()
        .filter(move |(_, fee)| fee.as_ref().is_some_and(amount))
        .map(|(field, _)| Fault::new(Code::LegacyFee, field, "belongs at the service, as `no_show_fee`"));
    buffer.into_iter().chain(fees)
}

/// True where the name stands there, or a number, whose meaning no page states.
fn says(label: Option<&Label>, name: &str) -> bool {
    let is_number = |text: &str| text != "0" && text.parse::<u32>().is_ok();
    label.is_some_and(|label| label.0 == name || is_number(&label.0))
}

fn sale(record: &ServiceRecord<'_>, faults: &mut Vec<Fault>) {
    faults.extend(free(record));
    let card = record
        .require_credit_card
        .map(|named| named.0)
        .unwrap_or_default();
    if record.is_prepaid() && card != CardRequirement::Conditional {
        let message = "a prepaid service sets REQUIRE_CREDIT_CARD_CONDITIONAL";
        faults.push(Fault::new(
            Code::CardNotConditional,
            "require_credit_card",
            message,
        ));
    }
    let terms = record.prepayment_terms.as_ref();
    let early = terms.is_some_and(|terms| {
        terms
            .charge_time_before_start_time_sec
            .as_ref()
            .is_some_and(is_set)
            && !says(terms.charge_timing.as_ref(), "CHARGE_LATER")
    });
    if early {
        let field = "prepayment_terms.charge_time_before_start_time_sec";
        let message = "counts only with CHARGE_LATER";
        faults.push(Fault::new(Code::ChargeTimeWithoutLater, field, message));
    }
}

/// A price of nothing for something that happens in person. Without a type it may be a table, so that the type
/// is in question then, not the price.
fn free(record: &ServiceRecord<'_>) -> Option<Fault> {
    let price = record
        .price
        .as_ref()
        .filter(|price| price.currency_code.is_some())?;
    let micros = price.price_micros.map_or(0, |micros| micros.0);
    let kind = record.kind.as_ref().map(|kind| kind.0.as_str());
    let in_person = matches!(kind, Some("SERVICE_TYPE_APPOINTMENT" | "5"));
    let untyped = matches!(kind, None | Some("" | "SERVICE_TYPE_UNSPECIFIED" | "0"));
    let hidden = record
        .price_interpretation
        .as_ref()
        .is_some_and(|value| value == "NOT_DISPLAYED" || value == 3 || value == "3");
    let elsewhere = record.ticket_type.as_ref().is_some_and(|types| !types.is_empty())
        || record
            .payment_option_id
            .as_ref()
            .is_some_and(|ids| !ids.is_empty())
        || record.uri_template.as_ref().is_some_and(is_set);
    if micros != 0 || !(in_person || untyped) || hidden || elsewhere || record.is_online() {
        return None;
    }
    let field = if in_person { "price" } else { "type" };
    let message = "a price of zero, of a service that is not said to be online";
    Some(Fault::new(Code::FreeInPerson, field, message))
}

/// Ids of ticket types, in their order.
pub(in crate::feeds) fn ticket_ids(types: &[Value]) -> impl Iterator<Item = String> {
    let ids = types.iter().filter_map(|one| member(one, "ticket_type_id"));
    ids.filter_map(|id| match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn ticket_types(types: &[Value], faults: &mut Vec<Fault>) {
    let mut known = BTreeSet::new();
    let twice = ticket_ids(types).find(|id| !known.insert(id.clone()));
    faults.extend(twice.map(|id| {
        let message = format!("{id:?} is there already");
        Fault::new(Code::DuplicateTicketType, "ticket_type.ticket_type_id", message)
    }));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    /// A service that is complete, after `change`.
    fn found(change: impl FnOnce(&mut Value)) -> Vec<(Code, String)> {
        let mut record = json!({ "merchant_id": "m", "service_id": "s", "type": "SERVICE_TYPE_APPOINTMENT",
            "localized_service_name": { "value": "Trim" }, "localized_description": { "value": "A <b>trim" },
            "price": { "price_micros": 45_000_000, "currency_code": "USD" } });
        change(&mut record);
        let (text, mut faults) = (record.to_string(), Vec::new());
        service(&serde_json::from_str(&text).unwrap(), &mut faults);
        faults
            .into_iter()
            .map(|fault| (fault.code, fault.field))
            .collect()
    }

    fn at(code: Code, field: &str) -> [(Code, String); 1] {
        [(code, field.to_owned())]
    }

    #[test]
    fn a_service_has_a_localized_name_that_says_something() {
        let field = "localized_service_name";
        let name = |value: Value| found(|s| s[field] = value);
        let clean = |value: Value| {
            found(|s| {
                s[field] = value;
                s["localized_description"] = json!(null);
            })
        };
        assert_eq!(
            clean(json!({ "localized_value": [{ "locale": "en", "value": "Trim" }] })),
            []
        );
        assert_eq!(name(json!(null))[..1], at(Code::MissingField, field));
        assert_eq!(name(json!({ "value": "" }))[..1], at(Code::EmptyText, field));
    }

    #[test]
    fn the_deprecated_description_may_stand_beside_the_localized_one() {
        let both = |s: &mut Value| {
            s["name"] = json!("Trim");
            s["description"] = json!("A trim");
            s["localized_description"] = json!({ "value": "A <strong>trim</strong>" });
        };
        assert_eq!(found(both), []);
        let alone = |s: &mut Value| {
            both(s);
            s["localized_description"] = json!(null);
        };
        assert_eq!(found(alone), at(Code::DeprecatedField, "description"));
    }

    #[test]
    fn a_description_is_not_endless_and_has_little_markup() {
        let field = "localized_description";
        let text = |value: &str| found(|s| s[field] = json!({ "localized_value": [{ "value": value }] }));
        assert_eq!(text("<h2>Trim</h2><ul><li>hot towel</li></ul>"), []);
        assert_eq!(text("<b>Trim</b>"), at(Code::ForeignMarkup, field));
        assert_eq!(text(&"x".repeat(16_001)), at(Code::LongText, field));
    }

    /// What is said of rules, payment and tickets.
    fn sold(change: impl FnOnce(&mut Value)) -> Vec<(Code, String)> {
        found(|s| {
            s["localized_description"] = json!(null);
            change(s);
        })
    }

    #[test]
    fn a_buffer_before_the_end_needs_the_flexible_policy() {
        let rules = |policy: Value| {
            sold(|s| {
                s["scheduling_rules"] =
                    json!({ "min_booking_buffer_before_end_time": 60, "admission_policy": policy });
            })
        };
        assert_eq!(rules(json!("TIME_FLEXIBLE")), []);
        assert_eq!(rules(json!(2)), [], "no page says what the numbers mean");
        let field = "scheduling_rules.min_booking_buffer_before_end_time";
        for policy in [json!(null), json!("TIME_STRICT")] {
            assert_eq!(rules(policy), at(Code::BufferWithoutFlexibility, field));
        }
    }

    #[test]
    fn fees_belong_beside_the_rules() {
        let fee = |amount: i64| sold(|s| s["rules"] = json!({ "noshow_fee": { "price_micros": amount } }));
        assert_eq!(fee(0), []);
        assert_eq!(fee(5), at(Code::LegacyFee, "rules.noshow_fee"));
    }

    #[test]
    fn a_time_of_charging_needs_charge_later() {
        let terms = |timing: &str, seconds: i64| {
            sold(|s| {
                s["prepayment_terms"] =
                    json!({ "charge_timing": timing, "charge_time_before_start_time_sec": seconds });
            })
        };
        assert_eq!(terms("CHARGE_LATER", 60), []);
        assert_eq!(terms("CHARGE_NOW", 0), []);
        let field = "prepayment_terms.charge_time_before_start_time_sec";
        assert_eq!(terms("CHARGE_NOW", 60), at(Code::ChargeTimeWithoutLater, field));
    }

    #[test]
    fn only_what_is_no_appointment_may_cost_nothing() {
        let free = |change: fn(&mut Value)| {
            sold(|s| {
                s["price"]["price_micros"] = json!(0);
                change(s);
            })
        };
        assert_eq!(free(|_| {}), at(Code::FreeInPerson, "price"));
        assert_eq!(free(|s| s["type"] = json!(null)), at(Code::FreeInPerson, "type"));
        let right: [fn(&mut Value); 5] = [
            |s| s["type"] = json!("SERVICE_TYPE_DINING_RESERVATION"),
            |s| s["price_interpretation"] = json!("NOT_DISPLAYED"),
            |s| s["ticket_type"] = json!([{ "ticket_type_id": "t" }]),
            |s| s["payment_option_id"] = json!(["po"]),
            |s| s["uri_template"] = json!({ "uri_template": "https://lane.example/{resources_party_size}" }),
        ];
        for change in right {
            assert_eq!(free(change), []);
        }
    }

    #[test]
    fn a_prepaid_service_asks_for_a_card_on_condition() {
        let card = |requirement: Value| {
            sold(|s| {
                s["prepayment_type"] = json!("REQUIRED");
                s["require_credit_card"] = requirement;
            })
        };
        assert_eq!(card(json!("REQUIRE_CREDIT_CARD_CONDITIONAL")), []);
        for other in [json!(null), json!("REQUIRE_CREDIT_CARD_ALWAYS")] {
            assert_eq!(card(other), at(Code::CardNotConditional, "require_credit_card"));
        }
    }

    #[test]
    fn ticket_types_have_ids_of_their_own() {
        let tickets = |second: Value| {
            let types = json!([{ "ticket_type_id": "adult" }, { "ticket_type_id": second }, {}]);
            sold(|s| s["ticket_type"] = types)
        };
        assert_eq!(tickets(json!("child")), []);
        let field = "ticket_type.ticket_type_id";
        assert_eq!(tickets(json!("adult")), at(Code::DuplicateTicketType, field));
    }
}
