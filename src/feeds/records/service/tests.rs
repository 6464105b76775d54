//! What is read of a service, and what is said about it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use serde_json::{Value, json};

fn read(fields: &str) -> (Service, Vec<ProblemCode>) {
    named(&format!(
        r#","localized_service_name":{{"value":"Trim"}}{fields}"#
    ))
}

fn named(fields: &str) -> (Service, Vec<ProblemCode>) {
    let mut problems = Vec::new();
    let json = format!(r#"{{"merchant_id":"m","service_id":"s"{fields}}}"#);
    let service = Service::read(serde_json::from_str(&json).unwrap(), &mut problems).unwrap();
    (
        service,
        problems.into_iter().map(|problem| problem.code).collect(),
    )
}

#[test]
fn an_online_service_tells_how_to_join() {
    let text = r#","type":"SERVICE_TYPE_ONLINE_APPOINTMENT","direct_merchant_payment":{"payment_methods":["Cash"]},
        "virtual_session":{"session_instructions":{"localized_value":[{"value":"A link comes by mail"}]}}"#;
    let expected = OnlineTerms {
        session_instructions: Some("A link comes by mail".to_owned()),
        direct_merchant_payment: true,
    };
    assert_eq!(read(text).0.online, Some(expected));
    let bare = r#","virtual_session":{"session_instructions":"Bring a mat"}"#;
    let online = read(bare).0.online.unwrap();
    assert_eq!(online.session_instructions.as_deref(), Some("Bring a mat"));
    assert_eq!(read(r#","type":5"#).0.online, None);
}

#[test]
fn the_name_is_the_localized_one() {
    let localized =
        r#","name":"old","localized_service_name":{"localized_value":[{"locale":"en","value":"Trim"}]}"#;
    assert_eq!(named(localized).0.name, "Trim");
    let (deprecated, codes) = named(r#","name":"old""#);
    assert_eq!(
        (deprecated.name.as_str(), codes),
        ("old", vec![ProblemCode::MissingField])
    );
}

#[test]
fn a_service_with_a_meaningless_amount_is_not_usable() {
    let (service, codes) =
        read(r#","no_show_fee":{"fee_type":"PER_PERSON"},"rules":{"min_advance_booking":-1}"#);
    assert!(!service.usable);
    assert_eq!(codes, [ProblemCode::MissingField, ProblemCode::InvalidLead]);
}

#[test]
fn messages_in_which_nothing_is_set_are_none() {
    for price in ["{}", "null"] {
        let (service, codes) = read(&format!(r#","price":{price},"direct_merchant_payment":{{}}"#));
        assert!(service.usable);
        assert_eq!((service.price, codes), (None, vec![]));
    }
}

/// A fee or a deposit that is set replaces another one, so that one without an amount says something: that it is wrong.
#[test]
fn fees_in_which_nothing_is_set_are_told() {
    let codes = |fields| read(fields).1;
    assert_eq!(codes(r#","no_show_fee":{}"#), [ProblemCode::MissingField]);
    assert_eq!(codes(r#","deposit":{}"#), [ProblemCode::MissingField]);
}

fn merchant(fields: &str) -> Merchant {
    let json = format!(
        r#"{{"merchant_id":"m","geo":{{"address":{{"country":"US"}}}},"payment_option":[{fields}]}}"#
    );
    Merchant::read(serde_json::from_str(&json).unwrap(), &mut Vec::new()).unwrap()
}

#[test]
fn options_are_those_of_the_merchant() {
    let codes = |ids: &str, options: &str| {
        let (service, _) = read(&format!(r#","payment_option_id":[{ids}]"#));
        let problems = service.undefined_options(&merchant(options)).into_iter();
        problems.map(|problem| problem.code).collect::<Vec<_>>()
    };
    let broken = r#"{"payment_option_id":"b","price":{"price_micros":-1}}"#;
    let both = format!(r#"{{"payment_option_id":"a"}},{broken}"#);
    assert_eq!(codes(r#""a","b""#, &both), []);
    assert_eq!(codes("", ""), []);
    assert_eq!(codes(r#""a","c""#, &both), [ProblemCode::UndefinedPaymentOption]);
    assert_eq!(codes(r#""a","c""#, ""), [ProblemCode::NoMerchantPaymentOption]);
}

#[test]
fn amounts_are_in_a_currency_of_the_country() {
    let fields = |currency: &str| {
        let amount = format!(r#"{{"price_micros":9000000,"currency_code":"{currency}"}}"#);
        read(&format!(r#","price":{amount},"no_show_fee":{{"fee":{amount}}}"#)).0
    };
    assert_eq!(fields("USD").foreign_currencies(&merchant("")), []);
    let problems = fields("EUR").foreign_currencies(&merchant("")).into_iter();
    let found: Vec<_> = problems.map(|problem| (problem.code, problem.field)).collect();
    let expected = ["price.currency_code", "no_show_fee.fee.currency_code"];
    assert_eq!(
        found,
        expected.map(|field| (ProblemCode::ForeignCurrency, field.to_owned()))
    );
    let nowhere = Merchant {
        country: None,
        ..merchant("")
    };
    assert_eq!(fields("EUR").foreign_currencies(&nowhere), []);
}

#[test]
fn a_template_has_what_a_redirect_needs() {
    let complete = |template: &str| {
        let (service, _) = read(&format!(r#","uri_template":{{"uri_template":"{template}"}}"#));
        service.has_redirect_template()
    };
    let right = "https://lane.example/{availability_slot_start_seconds}/{resources_party_size}";
    assert!(complete(right));
    assert!(!complete("https://lane.example/{resources_party_size}"));
    assert!(!read("").0.has_redirect_template());
}

/// A service that is complete, after `change`.
fn found(change: impl FnOnce(&mut Value)) -> Vec<(ProblemCode, String)> {
    let mut record = json!({ "merchant_id": "m", "service_id": "s", "type": "SERVICE_TYPE_APPOINTMENT",
        "localized_service_name": { "value": "Trim" }, "localized_description": { "value": "A <b>trim" },
        "price": { "price_micros": 45_000_000, "currency_code": "USD" } });
    change(&mut record);
    let (text, mut problems) = (record.to_string(), Vec::new());
    Service::read(serde_json::from_str(&text).unwrap(), &mut problems).unwrap();
    problems
        .into_iter()
        .map(|problem| (problem.code, problem.field))
        .collect()
}

fn at(code: ProblemCode, field: &str) -> [(ProblemCode, String); 1] {
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
    assert_eq!(name(json!(null))[..1], at(ProblemCode::MissingField, field));
    assert_eq!(
        name(json!({ "value": "" }))[..1],
        at(ProblemCode::EmptyText, field)
    );
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
    assert_eq!(found(alone), at(ProblemCode::DeprecatedField, "description"));
}

#[test]
fn a_description_is_not_endless_and_has_little_markup() {
    let field = "localized_description";
    let text = |value: &str| found(|s| s[field] = json!({ "localized_value": [{ "value": value }] }));
    assert_eq!(text("<h2>Trim</h2><ul><li>hot towel</li></ul>"), []);
    assert_eq!(text("<b>Short</b> trim"), at(ProblemCode::ForeignMarkup, field));
    assert_eq!(text(&"x".repeat(16_001)), at(ProblemCode::LongText, field));
}

/// What is said of payment and tickets.
fn sold(change: impl FnOnce(&mut Value)) -> Vec<(ProblemCode, String)> {
    found(|s| {
        s["localized_description"] = json!(null);
        change(s);
    })
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
    assert_eq!(
        terms("CHARGE_NOW", 60),
        at(ProblemCode::ChargeTimeWithoutLater, field)
    );
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
        assert_eq!(
            card(other),
            at(ProblemCode::CardNotConditional, "require_credit_card")
        );
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
    assert_eq!(
        tickets(json!("adult")),
        at(ProblemCode::DuplicateTicketType, field)
    );
    let field = "ticket_type[1].ticket_type_id";
    assert_eq!(tickets(json!("")), at(ProblemCode::MissingField, field));
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
        at(ProblemCode::ImplausibleAmount, field)
    );
    let field = "ticket_type[0].per_ticket_fee.taxes.currency_code";
    let fees = json!({ "taxes": price(9_000_000, "usd") });
    assert_eq!(
        ticket("per_ticket_fee", fees),
        at(ProblemCode::InvalidCurrency, field)
    );
    let order = sold(|s| s["per_order_fee"] = json!({ "delivery_fee": price(-1, "USD") }));
    let field = "per_order_fee.delivery_fee.price_micros";
    assert_eq!(order, at(ProblemCode::InvalidAmount, field));
}
