#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;
use config::TestToken;
use domain::slot::{ConfirmationMode, Resources, Terms};
use serde_json::{Value, json};

fn slot(gateway: &str, networks: Option<&[&str]>) -> Slot {
    let terms = Terms {
        card_required: true,
        tokenization_config: Some(json!({ "tokenization_parameter": { "gateway": gateway } })),
        accepted_networks: networks.map(|all| all.iter().map(ToString::to_string).collect()),
        ..Terms::default()
    };
    Slot {
        merchant_id: "m".into(),
        service_id: "s".into(),
        start_sec: 1_893_456_000,
        duration_sec: 1800,
        availability_tag: None,
        resources: Resources::default(),
        confirmation_mode: ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms,
    }
}

fn plain(text: &str) -> Text {
    Text::Plain(text.into())
}

fn test_cards() -> TestCards {
    TestCards::new(&Payments {
        token: Some(plain("tok_{fresh}")),
        declined_token: Some(TestToken::Token(Text::Plain("tok_declined_{fresh}".into()))),
        rejected_network: Some(CardNetwork::Amex),
        threeds1_token: Some(plain("tok_threeds1_{fresh}")),
        ..Payments::default()
    })
}

/// Google Pay's data in a token, and the gateway's token in those.
fn parse(token: &str) -> (Value, String) {
    let outer: Value = serde_json::from_str(token).unwrap();
    let inner = outer
        .pointer("/paymentMethodData/tokenizationData/token")
        .unwrap();
    (outer.clone(), inner.as_str().unwrap().to_owned())
}

#[test]
fn the_token_has_the_shape_of_the_gateway_that_the_feed_names() {
    let cards = TestCards::default();
    let inner = |gateway: &str| parse(&cards.token(&Card::Good, &slot(gateway, None), "1")).1;
    let stripe: Value = serde_json::from_str(&inner("stripe")).unwrap();
    assert_eq!(
        (&stripe["id"], &stripe["object"]),
        (&json!("tok_visa"), &json!("token"))
    );
    let braintree: Value = serde_json::from_str(&inner("braintree")).unwrap();
    assert_eq!(braintree["androidPayCards"][0]["nonce"], "fake-valid-visa-nonce");
    assert_eq!(inner("example"), PLACEHOLDER);
    assert_eq!(inner("adyen"), PLACEHOLDER);
}

#[test]
fn every_request_gets_a_token_of_its_own_where_the_config_can_tell_them_apart() {
    let (cards, slot) = (test_cards(), slot("adyen", None));
    let token = |fresh| parse(&cards.token(&Card::Good, &slot, fresh)).1;
    assert_eq!(token("17"), "tok_17");
    assert_ne!(token("17"), token("18"));
    assert!(cards.is_fresh() && !TestCards::default().is_fresh());
}

#[test]
fn a_token_goes_out_alone_where_the_config_or_the_scenario_asks_for_it() {
    let slot = slot("adyen", None);
    assert_eq!(test_cards().token(&Card::Bare, &slot, "1"), "tok_1");
    let bare = TestCards::new(&Payments {
        token: Some(plain("tok_{fresh}")),
        token_form: TokenForm::Bare,
        ..Payments::default()
    });
    assert_eq!(bare.token(&Card::Good, &slot, "1"), "tok_1");
    assert_eq!(parse(&bare.token(&Card::GooglePay, &slot, "1")).1, "tok_1");
}

#[test]
fn cards_that_go_wrong_are_the_configured_ones_else_those_that_the_gateway_publishes() {
    let stripe = slot("stripe", None);
    let inner = |cards: &TestCards| {
        let inner = parse(&cards.token(&Card::Declined, &stripe, "1")).1;
        serde_json::from_str::<Value>(&inner).unwrap()["id"].clone()
    };
    assert_eq!(inner(&test_cards()), "tok_declined_1");
    assert_eq!(inner(&TestCards::default()), "tok_chargeDeclined");
    assert!(!TestCards::default().can_pay(&Card::Declined, &slot("example", None)));
    assert!(!TestCards::default().can_pay(&Card::Challenged, &stripe));
    assert!(test_cards().can_pay(&Card::Challenged, &stripe));
}

#[test]
fn a_card_type_is_rejected_where_the_feed_leaves_it_out() {
    let cards = test_cards();
    assert!(!cards.can_pay(&Card::RejectedType, &slot("stripe", None)));
    assert!(!cards.can_pay(
        &Card::RejectedType,
        &slot("stripe", Some(&["VISA", "AMERICAN_EXPRESS"]))
    ));
    let restricted = slot("stripe", Some(&["MASTERCARD"]));
    assert!(cards.can_pay(&Card::RejectedType, &restricted));
    let network = |card: &Card| {
        let (data, _) = parse(&cards.token(card, &restricted, "1"));
        data["paymentMethodData"]["info"]["cardNetwork"].clone()
    };
    assert_eq!(network(&Card::RejectedType), "AMEX");
    assert_eq!(network(&Card::Good), "MASTERCARD");
}

#[test]
fn nothing_is_paid_with_a_card_where_none_is_asked_for() {
    let mut arrival = slot("stripe", None);
    arrival.terms.card_required = false;
    assert!(!test_cards().can_pay(&Card::Good, &arrival));
}
