//! Histories as text.

use super::super::fixture::{History, at, refund};
use super::*;
use domain::ledger::{Line, Move};
use serde_json::json;
use transcript::{EarlyEnd, Fact, Phase};

#[test]
fn a_history_reads_like_a_story() {
    insta::assert_snapshot!(body(&refund(1).transcript), @r#"
    > POST /v3/CreateBooking
    slot:
      merchant_id: [merchant-1]
      service_id: [service-1]
      start_sec: [start-1]
      duration_sec: "3600"
    user_information:
      user_id: [user-1]
      given_name: [given-name-1]
    payment_processing_parameters:
      unparsed_payment_method_token: [payment-token-1]
    idempotency_token: [token-1]
    < 200 application/json
    booking:
      booking_id: [booking-1]
      payment_information:
        payment_transaction_id: [transaction-1]
        prepayment_status: PREPAYMENT_PROVIDED
        price:
          currency_code: USD
          price_micros: "200000000"
      slot:
        duration_sec: "3600"
        merchant_id: [merchant-1]
        service_id: [service-1]
        start_sec: [start-1]
      status: CONFIRMED
    ! trigger user_cancel_at_partner [booking-1]
    >> PATCH /v1alpha/notification/partners/[partner]/bookings/[booking-1]?updateMask=status
    name: partners/[partner]/bookings/[booking-1]
    startTime: [start-1]
    status: CANCELED
    << 200
    ! quiet
    # notifications nobody waited for
    >> POST /v1alpha/inventory/partners/[partner]/merchants/[merchant-1]/services/[service-1]/availability:replace
    serviceAvailability:
      availability:
        - spotsOpen: [spots]
          startTime: [start-1]
      name: partners/[partner]/merchants/[merchant-1]/services/[service-1]
    << 200
    "#);
}

#[test]
fn books_are_shown_where_a_step_asked_for_them() {
    let line = |kind: Move, amount_micros: i64, id: &str| Line {
        kind,
        amount_micros,
        currency_code: if amount_micros == 0 { "" } else { "USD" }.to_owned(),
        transaction_id: (!id.is_empty()).then(|| id.to_owned()),
    };
    let mut history = History::new(1);
    let look = |step| {
        Fact::Ledger(Ledger {
            step,
            booking_id: "bk-7".to_owned(),
            lines: vec![
                line(Move::StoreCard, 0, ""),
                line(Move::Charge, 60_000_000, "ch_1"),
                line(Move::Refund, 60_000_000, "re_1"),
            ],
            waited_ms: 3,
            failure: None,
        })
    };
    history.push(look(Some(at(0))));
    history.push(look(None));
    insta::assert_snapshot!(body(&history.transcript), @r"
    ! ledger [booking-1]
    store_card: 0
    charge: 60000000 USD [transaction-1]
    refund: 60000000 USD [transaction-2]
    ");
}

#[test]
fn two_runs_give_one_text() {
    assert_eq!(body(&refund(1).transcript), body(&refund(2).transcript));
}

#[test]
fn a_late_repeat_of_what_was_awaited_is_not_news() {
    let mut history = refund(1);
    history.phase(Phase::Cleanup);
    history.patch(1, "CANCELED");
    assert_eq!(body(&history.transcript), body(&refund(1).transcript));
    history.patch(1, "NO_SHOW");
    assert_ne!(body(&history.transcript), body(&refund(1).transcript));
}

#[test]
fn failures_are_told_without_their_circumstances() {
    let mut history = History::new(1);
    let call = history.call(Some(at(0)), Method::ListBookings, json!({ "user_id": "user-1" }));
    history.reply(
        call,
        Reply::Nothing {
            kind: Silence::Timeout,
            detail: "after 15 s".to_owned(),
        },
    );
    let call = history.call(Some(at(1)), Method::ListBookings, json!({}));
    let text = "Oops at line 7\n stack".to_owned();
    let page = HttpReply::new(Method::ListBookings, 500, vec![], text);
    history.reply(call, Reply::Http(page));
    history.awaited(2, 1, false);
    history.push(Fact::Stopped(EarlyEnd {
        step: Some(at(3)),
        reason: "why".to_owned(),
        unreachable: false,
        needs: None,
        no_slot: false,
    }));
    let expected = "> POST /v3/ListBookings\nuser_id: [user-1]\n< nothing: timeout\n> POST /v3/ListBookings\n{}\n\
        < 500\ntext: \"Oops at line 7\"\n! awaited [booking-1] in vain\n! stopped";
    assert_eq!(body(&history.transcript), expected);
}
