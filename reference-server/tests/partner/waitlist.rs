//! Waitlists, as Google uses them.

use crate::partner::Partner;
use serde_json::{Value, json};

const LIST: (&str, &str) = ("noodle-bar", "counter");

fn join(user: &str, token: &str, size: i32) -> Value {
    json!({ "merchant_id": LIST.0, "service_id": LIST.1, "party_size": size, "idempotency_token": token,
        "user_information": { "user_id": user, "given_name": "Ada", "telephone": "+44 20 7946 0018" } })
}

async fn ahead(partner: &Partner, id: &str) -> Value {
    let entry = partner
        .call("GetWaitlistEntry", json!({ "waitlist_entry_id": id }))
        .await;
    entry["waitlist_entry"]["wait_estimate"]["wait_length"]["parties_ahead_count"].clone()
}

async fn joined(partner: &Partner, user: &str, token: &str) -> String {
    let answer = partner.call("CreateWaitlistEntry", join(user, token, 2)).await;
    answer["waitlist_entry_id"].as_str().unwrap().to_owned()
}

async fn cause(partner: &Partner, request: Value) -> Value {
    let answer = partner.call("CreateWaitlistEntry", request).await;
    answer["waitlist_business_logic_failure"]["cause"].clone()
}

#[tokio::test]
async fn who_leaves_makes_room_for_those_behind() {
    let partner = Partner::start().await;
    let [first, second] = [joined(&partner, "a", "1").await, joined(&partner, "b", "2").await];
    assert_eq!(
        (ahead(&partner, &first).await, ahead(&partner, &second).await),
        (Value::Null, json!(1))
    );
    assert_eq!(joined(&partner, "a", "1").await, first, "the same token");
    let left = json!({ "waitlist_entry_id": first });
    assert_eq!(partner.call("DeleteWaitlistEntry", left.clone()).await, json!({}));
    assert_eq!(partner.call("DeleteWaitlistEntry", left.clone()).await, json!({}));
    let entry = partner.call("GetWaitlistEntry", left).await;
    assert_eq!(entry["waitlist_entry"]["waitlist_entry_state"], "CANCELED");
    assert_eq!(ahead(&partner, &second).await, Value::Null);
    let unknown = json!({ "waitlist_entry_id": "nobody" });
    assert_eq!(partner.post("/v3/DeleteWaitlistEntry", &unknown).await.0, 404);
    assert_ne!(joined(&partner, "a", "3").await, first, "another token");
}

#[tokio::test]
async fn parties_of_no_size_of_the_list_and_those_that_wait_already_are_refused() {
    let partner = Partner::start().await;
    joined(&partner, "a", "1").await;
    assert_eq!(
        cause(&partner, join("a", "2", 2)).await,
        "EXISTING_WAITLIST_ENTRY"
    );
    assert_eq!(cause(&partner, join("b", "3", 7)).await, "ABOVE_MAX_PARTY_SIZE");
    assert_eq!(cause(&partner, join("b", "3", 0)).await, "BELOW_MIN_PARTY_SIZE");
    let asked = json!({ "merchant_id": LIST.0, "service_id": LIST.1, "party_size": [6, 7] });
    let answer = partner.call("BatchGetWaitEstimates", asked).await;
    let estimates = answer["wait_estimate"].as_array().unwrap();
    assert_eq!((estimates.len(), &estimates[0]["party_size"]), (1, &json!(6)));
}

#[tokio::test]
async fn the_host_calls_seats_and_closes() {
    let partner = Partner::start().await;
    let id = joined(&partner, "a", "1").await;
    let act = |action: &str| format!("waitlist-entries/{id}/{action}");
    assert_eq!(partner.console(&act("waitlist_ready"), json!({})).await, 204);
    assert_eq!(partner.console(&act("waitlist_seat"), json!({})).await, 204);
    assert_eq!(partner.console(&act("waitlist_no_show"), json!({})).await, 409);
    let entry = partner
        .call("GetWaitlistEntry", json!({ "waitlist_entry_id": id }))
        .await;
    let entry = &entry["waitlist_entry"];
    assert_eq!(entry["waitlist_entry_state"], "SEATED");
    let times = entry["waitlist_entry_state_times"].as_object().unwrap();
    assert_eq!(
        times.keys().collect::<Vec<_>>(),
        [
            "created_time_seconds",
            "service_readied_time_seconds",
            "seated_time_seconds"
        ]
    );
    let list = json!({ "merchant_id": LIST.0, "service_id": LIST.1 });
    assert_eq!(
        partner.console("waitlists/close_waitlist", list.clone()).await,
        204
    );
    let mut asked = list.clone();
    asked["party_size"] = json!([2]);
    let answer = partner.call("BatchGetWaitEstimates", asked).await;
    assert_eq!(answer, json!({ "waitlist_status": "CLOSED_OTHER" }));
    assert_eq!(cause(&partner, join("b", "2", 2)).await, "WAITLIST_CLOSED");
    assert_eq!(partner.console("waitlists/open_waitlist", list).await, 204);
    joined(&partner, "b", "2").await;
}
