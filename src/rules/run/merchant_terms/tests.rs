use super::*;
use crate::Offer;
use crate::testing::{Story, usd};
use transcript::ResourceAct;

fn offer() -> Offer {
    let gold = OptionTerms {
        price: Some(usd(78_000_000)),
        tax_micro_percent: None,
    };
    let salon = MerchantTerms {
        name: "Harbour Salon".into(),
        telephone: "+1 212 555 0147".into(),
        url: "https://salon.example.com".into(),
        geo: Some(
            json!({ "latitude": 40.70431, "longitude": "-74.01092", "address": {
            "country": "US", "locality": "New York", "postal_code": "10004", "street_address": "18 Harbour Lane" } }),
        ),
        terms: Some(json!({ "url": "https://salon.example.com/terms", "text": "Come in time." })),
        tax_micro_percent: Some(8_875_000),
        networks: Some(vec!["VISA".into(), "MASTERCARD".into()]),
        tokenization: Some(json!({ "tokenization_parameter": { "gateway": "stripe" } })),
        options: [("gold".to_owned(), gold)].into(),
    };
    Offer {
        merchants: [("salon".to_owned(), salon)].into(),
        ..Offer::default()
    }
}

fn act(merchant_id: &str, mask: Option<&str>, merchant: Value) -> ResourceAct {
    ResourceAct::UpdateMerchant {
        merchant_id: merchant_id.into(),
        mask: mask.map(|mask| mask.split(',').map(ToOwned::to_owned).collect()),
        merchant,
    }
}

fn update(mask: Option<&str>, merchant: Value) -> Story {
    Story::arrival()
        .offering(offer())
        .asks_google(act("salon", mask, merchant))
}

fn whole() -> Value {
    json!({
        "name": "partners/20002002/merchants/salon",
        "merchantName": "HARBOUR  Salon",
        "telephone": "(212) 555-0147",
        "url": "http://SALON.example.com/",
        "geo": { "latitude": 40.7043, "longitude": -74.0109, "address": { "addressCountry": "US",
            "addressLocality": "new york", "addressRegion": "NY", "postalCode": "10004", "streetAddress": "18 Harbour Lane" } },
        "taxRate": { "microPercent": 8_875_000 },
        "paymentRestrictions": { "creditCardRestrictions": { "creditCardType": ["MASTERCARD", "VISA"] } },
        "paymentOption": [
            { "paymentOptionId": "gold", "price": { "priceMicros": "78000000", "currencyCode": "USD" } },
            { "paymentOptionId": "new", "price": { "priceMicros": "1000000", "currencyCode": "USD" } }],
        "terms": { "text": "Come in time." },
        "tokenizationConfig": { "tokenizationParameter": { "gateway": "stripe" } }
    })
}

#[test]
fn what_the_feed_says_is_right_in_any_form() {
    update(None, whole()).judge(&RULE).passes(AGREES);
    update(Some("merchant_name,telephone"), whole())
        .judge(&RULE)
        .passes(AGREES);
    let named = json!({ "merchantName": "Harbour Salon" });
    update(Some("merchantName"), named).judge(&RULE).passes(AGREES);
}

#[test]
fn each_field_that_differs_is_named() {
    let table = [
        ("merchantName", json!("Harbour Spa")),
        ("telephone", json!("+12125550148")),
        ("url", json!("https://spa.example.com")),
        (
            "geo",
            json!({ "address": { "streetAddress": "19 Harbour Lane" } }),
        ),
        ("geo", json!({ "latitude": 41.7 })),
        ("taxRate", json!({ "microPercent": 7_000_000 })),
        (
            "paymentRestrictions",
            json!({ "creditCardRestrictions": { "creditCardType": ["VISA"] } }),
        ),
        (
            "paymentOption",
            json!([{ "paymentOptionId": "gold", "price": { "priceMicros": "1", "currencyCode": "USD" } }]),
        ),
        ("terms", json!({ "text": "Come late." })),
        (
            "tokenizationConfig",
            json!({ "tokenizationParameter": { "gateway": "adyen" } }),
        ),
    ];
    for (field, value) in table {
        let mut merchant = whole();
        merchant[field] = value;
        let found = update(None, merchant).judge(&RULE).warns(AGREES);
        let words = format!("an update of the merchant \"salon\" has another \"{field}\" than the feed");
        assert!(found.message.starts_with(&words), "{}", found.message);
    }
}

#[test]
fn what_an_update_does_not_change_is_not_compared() {
    let other = json!({ "merchantName": "Harbour Spa" });
    update(Some("telephone"), other.clone())
        .judge(&RULE)
        .says_nothing();
    update(None, json!({ "category": "spa" }))
        .judge(&RULE)
        .says_nothing();
    Story::arrival()
        .offering(offer())
        .asks_in_vain(act("salon", None, other), 403, None)
        .judge(&RULE)
        .says_nothing();
}

#[test]
fn a_body_that_names_another_merchant_is_found() {
    let mut merchant = whole();
    merchant["name"] = json!("partners/20002002/merchants/spa");
    let found = update(None, merchant).judge(&RULE).warns(AGREES);
    assert!(
        found
            .message
            .ends_with("names \"partners/20002002/merchants/spa\" in its body")
    );
}

#[test]
fn a_merchant_that_no_feed_has_is_one_that_has_to_be_made_first() {
    let refused = |story: Story| story.asks_in_vain(act("spa", None, json!({})), 404, None);
    let found = refused(Story::arrival().offering(offer()))
        .judge(&RULE)
        .warns(AGREES);
    assert!(found.message.contains("\"spa\""), "{}", found.message);
    refused(Story::arrival()).judge(&RULE).says_nothing();
}
