//! What a service says of itself and of how it is sold.

use super::{ids, member, online, text};
use crate::code::Code;
use crate::files::wire::Label;
use crate::files::wire::is_set;
use crate::problem::Fault;
use crate::records::convert::{missing, money};
use crate::records::messages::service::{RulesRecord, ServiceNameRecord, ServiceRecord};
use crate::records::messages::{CardRequirement, PriceRecord};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// The markup of descriptions; Google strips what is beyond it.
const DESCRIPTION_TAGS: [&str; 13] = [
    "h1", "h2", "h3", "h4", "h5", "ul", "ol", "li", "strong", "italic", "em", "p", "br",
];

const TICKET_FEES: [&str; 3] = ["service_charge", "facility_fee", "taxes"];
const ORDER_FEES: [&str; 2] = ["delivery_fee", "processing_fee"];

/// Checks a record of the services feed.
pub(crate) fn service(record: &ServiceRecord<'_>, faults: &mut Vec<Fault>) {
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
    amounts(
        record.per_order_fee.as_ref(),
        &ORDER_FEES,
        "per_order_fee",
        faults,
    );
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

/// True when a price of nothing may stand for one that is not shown, or that is paid on another page.
pub(crate) fn may_be_free(record: &ServiceRecord<'_>) -> bool {
    let hidden = record
        .price_interpretation
        .as_ref()
        .is_some_and(|value| value == "NOT_DISPLAYED" || value == 3 || value == "3");
    hidden || record.uri_template.as_ref().is_some_and(is_set)
}

/// Ids of ticket types, in their order.
pub(crate) fn ticket_ids(types: &[Value]) -> impl Iterator<Item = String> {
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
    for (index, one) in types.iter().enumerate() {
        let place = format!("ticket_type[{index}]");
        if ticket_ids(std::slice::from_ref(one)).next().is_none() {
            faults.push(missing("ticket_type_id").inside(&place));
        }
        amount(member(one, "price"), &format!("{place}.price"), faults);
        let fees = member(one, "per_ticket_fee");
        amounts(fees, &TICKET_FEES, &format!("{place}.per_ticket_fee"), faults);
    }
}

/// Checks these amounts of a message.
fn amounts(message: Option<&Value>, names: &[&str], place: &str, faults: &mut Vec<Fault>) {
    for name in names {
        let price = message.and_then(|message| member(message, name));
        amount(price, &format!("{place}.{name}"), faults);
    }
}

fn amount(price: Option<&Value>, field: &str, faults: &mut Vec<Fault>) {
    let price = price.and_then(|price| PriceRecord::deserialize(price).ok());
    let wrong = price.and_then(|price| money(&price, field, faults).err());
    faults.extend(wrong);
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
            let types = json!([{ "ticket_type_id": "adult" }, { "ticket_type_id": second }]);
            sold(|s| s["ticket_type"] = types)
        };
        assert_eq!(tickets(json!("child")), []);
        let field = "ticket_type.ticket_type_id";
        assert_eq!(tickets(json!("adult")), at(Code::DuplicateTicketType, field));
        let field = "ticket_type[1].ticket_type_id";
        assert_eq!(tickets(json!("")), at(Code::MissingField, field));
    }

    #[test]
    fn prices_of_tickets_are_amounts_like_others() {
        let price = |micros: i64, code: &str| json!({ "price_micros": micros, "currency_code": code });
        let ticket = |name: &str, value: Value| {
            sold(|s| s["ticket_type"] = json!([{ "ticket_type_id": "adult", name: value }]))
        };
        assert_eq!(ticket("price", price(9_000_000, "USD")), []);
        assert_eq!(ticket("price", json!({})), []);
        let field = "ticket_type[0].price.price_micros";
        assert_eq!(
            ticket("price", price(9, "USD")),
            at(Code::ImplausibleAmount, field)
        );
        let field = "ticket_type[0].per_ticket_fee.taxes.currency_code";
        let fees = json!({ "taxes": price(9_000_000, "usd") });
        assert_eq!(ticket("per_ticket_fee", fees), at(Code::InvalidCurrency, field));
        let order = sold(|s| s["per_order_fee"] = json!({ "delivery_fee": price(-1, "USD") }));
        let field = "per_order_fee.delivery_fee.price_micros";
        assert_eq!(order, at(Code::InvalidAmount, field));
    }
}
