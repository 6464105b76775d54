//! What is charged, what is refused, and what the answer says about it.

use crate::partner::{Partner, at, google_pay, id, paid_request, request};
use serde_json::{Value, json};

fn usd(micros: i64) -> Value {
    json!({ "price_micros": micros.to_string(), "currency_code": "USD" })
}

#[tokio::test]
async fn a_prepayment_is_the_price_and_the_tax() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/color", at(48), "u"))
        .await;
    let payment = &booking["payment_information"];
    assert_eq!(payment["prepayment_status"], "PREPAYMENT_PROVIDED");
    assert_eq!(payment["payment_processed_by"], "PROCESSED_BY_PARTNER");
    assert_eq!(payment["price"], usd(96_000_000));
    assert_eq!(payment["tax_amount"], usd(8_520_000));
    assert!(
        payment["payment_transaction_id"]
            .as_str()
            .unwrap()
            .starts_with("ch_")
    );
    assert_eq!(partner.ledger(&id(&booking)).await, ["charge 104520000"]);
}

#[tokio::test]
async fn a_payment_option_overrides_the_price() {
    let partner = Partner::start().await;
    let mut wanted = paid_request("harbour-salon/color", at(49), "u");
    wanted["payment_information"] = json!({ "payment_option_id": "po-off-peak-colour", "price": usd(78_000_000),
        "tax_amount": usd(6_920_000), "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
    let booking = partner.book(wanted).await;
    assert_eq!(booking["payment_information"]["price"], usd(78_000_000));
    assert_eq!(
        booking["payment_information"]["payment_option_id"],
        "po-off-peak-colour"
    );
    assert_eq!(partner.ledger(&id(&booking)).await, ["charge 84920000"]);
}

#[tokio::test]
async fn a_no_show_fee_stores_the_card_and_charges_nothing() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/facial", at(24), "u"))
        .await;
    let payment = &booking["payment_information"];
    assert_eq!(payment["prepayment_status"], "PREPAYMENT_NOT_PROVIDED");
    assert_eq!(
        payment["no_show_fee"],
        json!({ "fee": usd(30_000_000), "fee_type": "FIXED_RATE_DEFAULT" })
    );
    assert!(
        payment["payment_transaction_id"]
            .as_str()
            .unwrap()
            .starts_with("seti_")
    );
    assert_eq!(partner.ledger(&id(&booking)).await, ["store_card 0"]);
    let dearer = partner
        .book(paid_request("harbour-salon/facial", at(27), "u"))
        .await;
    assert_eq!(
        dearer["payment_information"]["no_show_fee"]["fee"],
        usd(42_000_000)
    );
}

#[tokio::test]
async fn a_deposit_is_charged_and_echoed() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/retreat", at(72), "u"))
        .await;
    let deposit = json!({ "deposit": usd(60_000_000), "min_advance_cancellation_sec": "14400",
        "deposit_type": "FIXED_RATE_DEFAULT" });
    assert_eq!(booking["payment_information"]["deposit"], deposit);
    assert_eq!(
        booking["payment_information"]["prepayment_status"],
        "PREPAYMENT_PROVIDED"
    );
    assert_eq!(partner.ledger(&id(&booking)).await, ["charge 60000000"]);
}

#[tokio::test]
async fn a_deposit_per_person_is_multiplied_when_charged_only() {
    let partner = Partner::start().await;
    let mut wanted = paid_request("garden-grill/table", at(48), "u");
    wanted["slot"]["resources"] = json!({ "party_size": 4 });
    let booking = partner.book(wanted).await;
    assert_eq!(
        booking["payment_information"]["deposit"]["deposit"]["price_micros"],
        "10000000"
    );
    assert_eq!(
        booking["payment_information"]["deposit"]["deposit_type"],
        "PER_PERSON"
    );
    assert_eq!(partner.ledger(&id(&booking)).await, ["charge 40000000"]);
}

#[tokio::test]
async fn deposit_and_fee_stand_together() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/spa-day", at(24), "u"))
        .await;
    assert!(booking["payment_information"]["deposit"].is_object());
    assert!(booking["payment_information"]["no_show_fee"].is_object());
    assert_eq!(partner.ledger(&id(&booking)).await, ["charge 40000000"]);
}

#[tokio::test]
async fn a_card_that_is_only_kept_costs_nothing() {
    let partner = Partner::start().await;
    let booking = partner
        .book(paid_request("harbour-salon/consult", at(24), "u"))
        .await;
    let payment = &booking["payment_information"];
    assert_eq!(payment["prepayment_status"], "PREPAYMENT_NOT_PROVIDED");
    assert!(payment.get("no_show_fee").is_none() && payment.get("deposit").is_none());
    assert_eq!(partner.ledger(&id(&booking)).await, ["store_card 0"]);
    partner.book(request("harbour-salon/consult", at(27), "u")).await;
}

#[tokio::test]
async fn currencies_without_and_with_three_decimals() {
    let partner = Partner::start().await;
    for (service, total) in [
        ("sakura-bath/onsen", "charge 1161000000"),
        ("gulf-spa/hammam", "charge 12962000"),
    ] {
        let booking = partner.book(paid_request(service, at(48), "u")).await;
        assert_eq!(partner.ledger(&id(&booking)).await, [total], "{service}");
    }
}

#[tokio::test]
async fn amounts_that_contradict_ours_are_not_charged() {
    let partner = Partner::start().await;
    let stated = [
        json!({ "price": usd(1_000_000) }),
        json!({ "price": { "price_micros": "96000000", "currency_code": "EUR" } }),
        json!({ "price": usd(96_000_000), "tax_amount": usd(1) }),
        json!({ "deposit": { "deposit": usd(5_000_000) } }),
    ];
    for payment in stated {
        let mut wanted = paid_request("harbour-salon/color", at(48), "u");
        wanted["payment_information"] = payment.clone();
        assert_eq!(partner.refused(wanted).await, "PAYMENT_ERROR", "{payment}");
    }
    partner
        .book(paid_request("harbour-salon/color", at(48), "u"))
        .await;
}

#[tokio::test]
async fn a_needed_card_must_be_there_be_good_and_be_taken() {
    let partner = Partner::start().await;
    let with = |token: String| {
        let mut wanted = request("harbour-salon/color", at(48), "u");
        wanted["payment_processing_parameters"] = json!({ "unparsed_payment_method_token": token });
        wanted
    };
    assert_eq!(
        partner.refused(request("harbour-salon/color", at(48), "u")).await,
        "PAYMENT_ERROR"
    );
    let declined = with(google_pay("VISA", "tok_declined"));
    assert_eq!(partner.refused(declined).await, "PAYMENT_ERROR_CARD_DECLINED");
    let answer = partner
        .call("CreateBooking", with(google_pay("AMEX", "tok_1")))
        .await;
    assert_eq!(
        answer["booking_failure"]["cause"],
        "PAYMENT_ERROR_CARD_TYPE_REJECTED"
    );
    assert_eq!(
        answer["booking_failure"]["rejected_card_type"],
        "AMERICAN_EXPRESS"
    );
    assert_eq!(answer.as_object().unwrap().len(), 1);
    partner.book(with(google_pay("MASTERCARD", "tok_1"))).await;
}

#[tokio::test]
async fn a_token_pays_for_one_booking() {
    let partner = Partner::start().await;
    let first = paid_request("harbour-salon/color", at(48), "u");
    let mut second = paid_request("harbour-salon/color", at(51), "u");
    second["payment_processing_parameters"] = first["payment_processing_parameters"].clone();
    partner.book(first).await;
    assert_eq!(partner.refused(second).await, "PAYMENT_ERROR");
    assert!(partner.is_open("harbour-salon/color", at(51), Value::Null).await);
}

#[tokio::test]
async fn packs_and_unknown_options_are_refused() {
    let partner = Partner::start().await;
    for payment in [
        json!({ "user_payment_option_id": "pack" }),
        json!({ "payment_option_id": "other" }),
    ] {
        let mut wanted = paid_request("harbour-salon/color", at(48), "u");
        wanted["payment_information"] = payment;
        assert_eq!(partner.refused(wanted).await, "PAYMENT_OPTION_NOT_VALID");
    }
}
