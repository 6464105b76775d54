//! What Google hears, and how stubbornly.

use crate::google::Google;
use crate::partner::{HOUR, Partner, at, id, paid_request, request, text};
use reference_server::Database;
use serde_json::{Value, json};

fn only_slot(body: &Value) -> &Value {
    let entries = body["extendedServiceAvailability"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    &entries[0]
}

#[tokio::test]
async fn a_booking_updates_the_availability_of_its_slot_and_nothing_else() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let mut wanted = request("harbour-salon/cut", at(20), "u");
    wanted["slot"]["resources"] = json!({ "staff_id": "st-1" });
    let booking = partner.book(wanted).await;
    let call = google.next().await;
    assert_eq!(
        (call.method.as_str(), call.path.as_str()),
        (
            "POST",
            "/v1alpha/inventory/partners/20002002/availability:replace"
        )
    );
    let slot = only_slot(&call.body);
    assert_eq!(
        (&slot["merchantId"], &slot["serviceId"]),
        (&json!("harbour-salon"), &json!("cut"))
    );
    assert_eq!(slot["startTimeRestrict"], "2030-03-17T20:00:00Z");
    assert_eq!(slot["endTimeRestrict"], "2030-03-17T20:00:01Z");
    let first = &slot["availability"][0];
    assert_eq!(
        (&first["spotsTotal"], &first["spotsOpen"]),
        (&json!("1"), &json!("0"))
    );
    assert_eq!(
        first["resources"],
        json!({ "staffId": "st-1", "staffName": "Imani" })
    );
    assert_eq!(first["duration"], "1800s");
    assert_eq!(slot["availability"][1]["spotsOpen"], "1");
    partner.cancel(&id(&booking)).await;
    let freed = google.next().await;
    assert_eq!(
        freed.method, "POST",
        "a cancel by Google needs no booking notification"
    );
    assert_eq!(only_slot(&freed.body)["availability"][0]["spotsOpen"], "1");
}

#[tokio::test]
async fn a_closed_slot_has_no_open_spots() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let slot = json!({ "merchant_id": "quiet-corner", "service_id": "ask-first", "start_sec": at(20) });
    partner.console("slots/close", slot).await;
    let call = google.next().await;
    let entry = &only_slot(&call.body)["availability"][0];
    assert_eq!(
        (&entry["spotsTotal"], &entry["spotsOpen"]),
        (&json!("2"), &json!("0"))
    );
    assert_eq!(entry["confirmationMode"], "CONFIRMATION_MODE_ASYNCHRONOUS");
}

#[tokio::test]
async fn overrides_are_repeated() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    partner
        .book(paid_request("harbour-salon/retreat", at(75), "u"))
        .await;
    let call = google.next().await;
    let entry = &only_slot(&call.body)["availability"][0];
    assert_eq!(entry["deposit"]["deposit"]["priceMicros"], "90000000");
    assert_eq!(entry["deposit"]["minAdvanceCancellationSec"], "21600");
}

#[tokio::test]
async fn a_cancel_with_refund_is_one_notification() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let booking = partner
        .book(paid_request("harbour-salon/retreat", at(72), "u"))
        .await;
    partner.act(&id(&booking), "user_cancel_at_partner").await;
    let call = google.next_patch().await;
    let name = format!("partners/20002002/bookings/{}", id(&booking));
    assert_eq!(call.path, format!("/v1alpha/notification/{name}"));
    assert_eq!(
        call.query,
        "updateMask=status,paymentInformation.prepaymentStatus"
    );
    let transaction = &booking["payment_information"]["payment_transaction_id"];
    let refund = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": transaction });
    let expected = json!({ "name": name, "merchantId": "harbour-salon", "serviceId": "retreat",
        "status": "CANCELED", "paymentInformation": refund });
    assert_eq!(call.body, expected);
}

#[tokio::test]
async fn changes_at_the_partner_name_what_changed() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let mut wanted = paid_request("old-bistro/table", at(20), "u");
    wanted["slot"]["resources"] = json!({ "room_id": "hall", "party_size": 2 });
    let booking = partner.book(wanted).await;
    let path = format!("bookings/{}", id(&booking));
    partner
        .console(&format!("{path}/change_party_size"), json!({ "party_size": 4 }))
        .await;
    let party = google.next_patch().await;
    assert_eq!(
        (party.query.as_str(), &party.body["partySize"]),
        ("updateMask=partySize", &json!("4"))
    );
    let moved = json!({ "start_sec": at(21), "duration_sec": 5400 });
    partner.console(&format!("{path}/reschedule"), moved).await;
    let moved = google.next_patch().await;
    assert_eq!(moved.query, "updateMask=startTime");
    assert_eq!(moved.body["startTime"], "2030-03-17T21:00:00Z");
    partner.clock.set(at(21));
    partner.act(&id(&booking), "charge_no_show_fee").await;
    let fee = google.next_patch().await;
    assert_eq!(
        (fee.query.as_str(), &fee.body["status"]),
        ("updateMask=status", &json!("NO_SHOW_PENALIZED"))
    );
}

#[tokio::test]
async fn a_move_updates_both_slots() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let booking = partner
        .book(request("north-studio/spin-class", at(20), "u"))
        .await;
    google.next().await;
    let to = json!({ "start_sec": at(22).to_string(), "duration_sec": "2700" });
    partner
        .update(json!({ "booking_id": id(&booking), "slot": to }))
        .await;
    let calls = google.next_few(2).await;
    let spots: Vec<_> = calls
        .iter()
        .map(|call| &only_slot(&call.body)["availability"][0])
        .map(|entry| (text(&entry["startTime"]), text(&entry["spotsOpen"])))
        .collect();
    let expected = [("2030-03-17T20:00:00Z", "5"), ("2030-03-17T22:00:00Z", "4")];
    assert_eq!(
        spots,
        expected.map(|(start, open)| (start.to_owned(), open.to_owned()))
    );
}

#[tokio::test]
async fn online_services_report_changes_of_either_side() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let booking = partner
        .book(request("north-studio/online-pilates", at(30), "u"))
        .await;
    partner.cancel(&id(&booking)).await;
    assert_eq!(google.next_patch().await.body["status"], "CANCELED");
}

#[tokio::test]
async fn a_failed_request_names_its_cause_in_the_query() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let booking = partner.book(request("quiet-corner/ask-first", at(20), "u")).await;
    partner
        .console(&format!("bookings/{}/fail", id(&booking)), json!({}))
        .await;
    let call = google.next_patch().await;
    assert_eq!(
        call.query,
        "updateMask=status&bookingFailure.cause=SLOT_UNAVAILABLE"
    );
    assert_eq!(call.body["status"], "FAILED");
    assert!(call.body.get("bookingFailure").is_none());
}

#[tokio::test]
async fn a_token_is_reused_and_renewed_once_after_401() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    partner
        .book(request("north-studio/spin-class", at(20), "a"))
        .await;
    assert_eq!(google.next().await.token, "token-1");
    google.answer(&[401]);
    partner
        .book(request("north-studio/spin-class", at(21), "a"))
        .await;
    assert_eq!(google.next().await.token, "token-1");
    assert_eq!(google.next().await.token, "token-2");
    partner.clock.set(at(2));
    partner
        .book(request("north-studio/spin-class", at(22), "a"))
        .await;
    assert_eq!(google.next().await.token, "token-3");
    assert_eq!(google.tokens_issued(), 3);
}

#[tokio::test]
async fn what_google_cannot_take_now_is_repeated() {
    let google = Google::start().await;
    google.answer(&[503, 429]);
    let partner = Partner::notifying(&google).await;
    partner
        .book(request("north-studio/spin-class", at(20), "a"))
        .await;
    for _ in 0..3 {
        assert_eq!(google.next().await.method, "POST");
    }
    google.drop_next_entry();
    partner
        .book(request("north-studio/spin-class", at(21), "a"))
        .await;
    let (first, again) = (google.next().await, google.next().await);
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn what_google_refuses_is_kept_with_the_reason() {
    let google = Google::start().await;
    google.answer(&[400]);
    let partner = Partner::notifying(&google).await;
    partner
        .book(request("north-studio/spin-class", at(20), "a"))
        .await;
    google.next().await;
    partner
        .book(request("north-studio/spin-class", at(20), "b"))
        .await;
    google.next().await;
    let url = format!("{}/console/undeliverable", partner.server.base_url());
    let listed: Vec<Value> = partner
        .http
        .get(url)
        .bearer_auth("clerk")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert!(
        listed[0]["reason"].as_str().unwrap().starts_with("status 400"),
        "{listed:?}"
    );
}

#[tokio::test]
async fn a_bookings_messages_keep_their_order_and_hold_up_no_other() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let first = partner.book(request("quiet-corner/ask-first", at(20), "a")).await;
    let second = partner.book(request("quiet-corner/ask-first", at(21), "b")).await;
    google.next_few(2).await;
    google.answer(&[503]);
    partner.act(&id(&first), "confirm").await;
    assert!(google.next_patch().await.path.ends_with(&id(&first)));
    partner.act(&id(&first), "merchant_cancel").await;
    partner.act(&id(&second), "confirm").await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        let call = google.next_patch().await;
        heard.push((call.path.ends_with(&id(&first)), text(&call.body["status"])));
    }
    let of_first: Vec<_> = heard
        .iter()
        .filter(|(is_first, _)| *is_first)
        .map(|(_, status)| status)
        .collect();
    assert_eq!(of_first, ["CONFIRMED", "CANCELED"]);
    assert_eq!(heard.len() - of_first.len(), 1);
}

#[tokio::test]
async fn the_outbox_survives_a_restart() {
    let google = Google::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("bookings.db");
    let mut notify = google.notify_config();
    notify.base_url = "http://127.0.0.1:9".to_owned();
    let down = Partner::with(|config| {
        config.database = Database::File(file.clone());
        config.notify = Some(notify);
    })
    .await;
    let booking = down
        .book(paid_request("harbour-salon/retreat", at(72), "u"))
        .await;
    down.act(&id(&booking), "merchant_cancel").await;
    down.server.shutdown().await;
    let notify = google.notify_config();
    let up = Partner::with(|config| {
        config.database = Database::File(file);
        config.notify = Some(notify);
    })
    .await;
    assert_eq!(google.next_patch().await.body["status"], "CANCELED");
    assert_eq!(up.status(&id(&booking)).await.0, "CANCELED");
    assert_eq!(
        up.ledger(&id(&booking)).await,
        ["charge 60000000", "refund 60000000"]
    );
}

#[tokio::test]
async fn a_key_file_may_come_late() {
    let google = Google::start().await;
    let late = google.key_file().with_extension("late");
    std::fs::rename(google.key_file(), &late).unwrap();
    let partner = Partner::notifying(&google).await;
    partner
        .book(request("north-studio/spin-class", at(20), "a"))
        .await;
    std::fs::rename(&late, google.key_file()).unwrap();
    assert_eq!(google.next().await.method, "POST");
}

#[tokio::test]
async fn a_kept_deposit_is_not_called_refunded() {
    let google = Google::start().await;
    let partner = Partner::notifying(&google).await;
    let booking = partner
        .book(paid_request("harbour-salon/late-retreat", at(30), "u"))
        .await;
    partner.clock.set(at(30) - 10 * HOUR);
    partner.act(&id(&booking), "user_cancel_at_partner").await;
    let call = google.next_patch().await;
    assert_eq!(call.query, "updateMask=status");
    assert!(call.body.get("paymentInformation").is_none());
    assert_eq!(partner.status(&id(&booking)).await.1, "PREPAYMENT_PROVIDED");
}
