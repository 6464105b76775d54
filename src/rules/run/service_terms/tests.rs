use super::*;
use crate::Offer;
use crate::testing::{Story, usd};
use domain::slot::{Deposit, NoShowFee, PriceType, RefundStep};
use feeds::SchedulingRules;
use transcript::ResourceAct;

fn offer() -> Offer {
    let cut = ServiceTerms {
        price: Some(usd(45_000_000)),
        prepayment_type: PrepaymentType::Required,
        deposit: Some(Deposit {
            deposit: usd(5_000_000),
            min_advance_cancellation_sec: Some(3600),
            deposit_type: PriceType::FixedRateDefault,
        }),
        no_show_fee: Some(NoShowFee {
            fee: usd(9_000_000),
            fee_type: PriceType::PerPerson,
        }),
        payment_option_ids: vec!["gold".into(), "silver".into()],
        rules: SchedulingRules {
            min_advance_booking: Some(1800),
            min_advance_online_canceling: Some(0),
            cancellation_policy: Some(vec![RefundStep {
                min_duration_before_start_time_sec: 7200,
                refund_percent: 100,
            }]),
            ..SchedulingRules::default()
        },
        waitlist: Some(1..=6),
        ..ServiceTerms::default()
    };
    let salon = MerchantTerms {
        tax_micro_percent: Some(8_875_000),
        ..MerchantTerms::default()
    };
    Offer {
        services: [(("salon".to_owned(), "cut".to_owned()), cut)].into(),
        merchants: [("salon".to_owned(), salon)].into(),
        ..Offer::default()
    }
}

fn act(service_id: &str, mask: Option<&str>, service: Value) -> ResourceAct {
    ResourceAct::UpdateService {
        merchant_id: "salon".into(),
        service_id: service_id.into(),
        mask: mask.map(|mask| mask.split(',').map(ToOwned::to_owned).collect()),
        service,
    }
}

fn update(mask: Option<&str>, service: Value) -> Story {
    Story::arrival()
        .offering(offer())
        .asks_google(act("cut", mask, service))
}

fn whole() -> Value {
    json!({
        "name": "partners/20002002/merchants/salon/services/cut",
        "price": { "priceMicros": "45000000", "currencyCode": "USD" },
        "prepaymentType": "REQUIRED",
        "prepaymentTerms": { "chargeTiming": "CHARGE_NOW" },
        "deposit": { "deposit": { "priceMicros": 5_000_000, "currencyCode": "USD" }, "minAdvanceCancellationSec": "3600" },
        "noShowFee": { "fee": { "priceMicros": "9000000", "currencyCode": "USD" }, "feeType": "PER_PERSON" },
        "requireCreditCard": "REQUIRE_CREDIT_CARD_CONDITIONAL",
        "taxRate": { "microPercent": 8_875_000 },
        "paymentOptionId": ["silver", "gold"],
        "rules": { "minAdvanceBooking": "1800", "cancellationPolicy": { "refundCondition": [
            { "minDurationBeforeStartTime": "7200s", "refundPercent": 100 }] } },
        "waitlistRules": { "minPartySize": 1, "maxPartySize": "6" },
        "localizedServiceName": { "value": "Cut" }
    })
}

#[test]
fn what_the_feeds_say_is_right_in_any_form() {
    update(None, whole()).judge(&RULE).passes(AGREES);
    update(Some("*"), whole()).judge(&RULE).passes(AGREES);
    update(Some("price,tax_rate"), whole())
        .judge(&RULE)
        .passes(AGREES);
}

#[test]
fn each_field_that_differs_is_named() {
    let table = [
        (
            "price",
            json!({ "priceMicros": "45000001", "currencyCode": "USD" }),
        ),
        (
            "price",
            json!({ "priceMicros": "45000000", "currencyCode": "EUR" }),
        ),
        ("prepaymentType", json!("OPTIONAL")),
        ("prepaymentTerms", json!({ "chargeTiming": "CHARGE_LATER" })),
        (
            "deposit",
            json!({ "deposit": { "priceMicros": "5000000", "currencyCode": "USD" } }),
        ),
        (
            "noShowFee",
            json!({ "fee": { "priceMicros": "9000000", "currencyCode": "USD" } }),
        ),
        ("requireCreditCard", json!("REQUIRE_CREDIT_CARD_ALWAYS")),
        ("taxRate", json!({})),
        ("paymentOptionId", json!(["gold"])),
        ("rules", json!({ "minAdvanceBooking": "1800" })),
        ("waitlistRules", json!({ "minPartySize": 2, "maxPartySize": 6 })),
    ];
    for (field, value) in table {
        let mut service = whole();
        service[field] = value;
        let found = update(None, service).judge(&RULE).warns(AGREES);
        let words = format!(
            "an update of the service \"cut\" of merchant \"salon\" has another \"{field}\" than the feed"
        );
        assert!(found.message.starts_with(&words), "{}", found.message);
        assert!(
            found.message.ends_with("one of the two is out of date"),
            "{}",
            found.message
        );
    }
}

#[test]
fn what_an_update_does_not_change_is_not_compared() {
    let other = json!({ "price": { "priceMicros": "1", "currencyCode": "USD" }, "paymentOptionId": [] });
    update(Some("localizedServiceName"), other.clone())
        .judge(&RULE)
        .says_nothing();
    update(Some("price.priceMicros"), other.clone())
        .judge(&RULE)
        .says_nothing();
    update(None, json!({ "paymentOptionId": [] }))
        .judge(&RULE)
        .says_nothing();
    Story::arrival()
        .offering(offer())
        .asks_in_vain(act("cut", None, other), 403, None)
        .judge(&RULE)
        .says_nothing();
}

#[test]
fn a_body_that_names_another_service_is_found() {
    let mut service = whole();
    service["name"] = json!("partners/20002002/merchants/salon/services/color");
    let found = update(None, service).judge(&RULE).warns(AGREES);
    assert!(
        found
            .message
            .contains("names \"partners/20002002/merchants/salon/services/color\"")
    );
}

#[test]
fn a_service_that_no_feed_has_is_one_that_has_to_be_made_first() {
    let refused = |story: Story| story.asks_in_vain(act("colour", None, json!({})), 404, None);
    let story = Story::arrival().offering(offer());
    let found = refused(story).judge(&RULE).warns(AGREES);
    assert!(found.message.contains("\"colour\""), "{}", found.message);
    let made = ResourceAct::CreateService {
        merchant_id: "salon".into(),
        id: Some("colour".into()),
        service: json!({}),
    };
    // It was made, and taken away again.
    refused(Story::arrival().offering(offer()).asks_google(made))
        .judge(&RULE)
        .says_nothing();
    refused(Story::arrival()).judge(&RULE).says_nothing();
}
