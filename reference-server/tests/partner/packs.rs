//! Packs of visits.

use crate::partner::{Partner, at, id, paid_request, text};
use serde_json::{Value, json};

const SWIM: &str = "river-baths/swim";

async fn buy(partner: &Partner, hours: i64, user: &str) -> Value {
    let mut request = paid_request(SWIM, at(hours), user);
    request["payment_information"] = json!({ "payment_option_id": "po-two-swims" });
    partner.call("CreateBooking", request).await
}

fn from_pack(pack: &Value, hours: i64, user: &str) -> Value {
    let mut request = crate::partner::request(SWIM, at(hours), user);
    request["payment_information"] = json!({ "user_payment_option_id": pack["user_payment_option_id"] });
    request
}

#[tokio::test]
async fn a_pack_pays_for_as_many_visits_as_were_bought() {
    let partner = Partner::start().await;
    let bought = buy(&partner, 20, "u1").await;
    let pack = &bought["user_payment_option"];
    assert_eq!(
        (&pack["original_count"], &pack["current_count"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(pack["payment_option_id"], "po-two-swims");
    assert_eq!(partner.ledger(&id(&bought["booking"])).await, ["charge 18000000"]);
    assert_eq!(
        partner.refused(from_pack(pack, 21, "u2")).await,
        "PAYMENT_OPTION_NOT_VALID"
    );
    let used = partner.call("CreateBooking", from_pack(pack, 21, "u1")).await;
    assert_eq!(used["user_payment_option"]["current_count"], 0);
    assert_eq!(partner.ledger(&id(&used["booking"])).await, [""; 0]);
    assert_eq!(
        partner.refused(from_pack(pack, 22, "u1")).await,
        "PAYMENT_OPTION_NOT_VALID"
    );
}

#[tokio::test]
async fn who_cancels_in_time_has_the_visit_back_once() {
    let partner = Partner::start().await;
    let bought = buy(&partner, 20, "u1").await;
    let pack = &bought["user_payment_option"];
    let used = partner.call("CreateBooking", from_pack(pack, 21, "u1")).await;
    for _ in 0..2 {
        let cancelled = partner.cancel(&id(&used["booking"])).await;
        assert_eq!(cancelled["user_payment_option"]["current_count"], 1);
        let status = &cancelled["booking"]["payment_information"]["prepayment_status"];
        assert_eq!(text(status), "PREPAYMENT_CREDITED");
    }
    let again = partner.call("CreateBooking", from_pack(pack, 22, "u1")).await;
    assert_eq!(again["user_payment_option"]["current_count"], 0);
    assert_eq!(partner.act(&id(&again["booking"]), "merchant_cancel").await, 204);
    let again = partner.call("CreateBooking", from_pack(pack, 23, "u1")).await;
    assert_eq!(again["user_payment_option"]["current_count"], 0);
}
