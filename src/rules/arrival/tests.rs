use super::*;
use crate::testing::{BEGAN, START, changes, copy, inventory_update, patch, token_request};
use serde_json::json;
use transcript::{ReceivedCall, ResourceAct, ResourceCall, Subject};

fn receiver() -> Receiver {
    Receiver {
        partner_id: "20002002".to_owned(),
        knows_bookings: true,
        ..Receiver::default()
    }
}

fn found(receiver: &Receiver, call: ReceivedCall) -> Vec<&'static str> {
    found_at(receiver, call, BEGAN)
}

fn found_at(receiver: &Receiver, call: ReceivedCall, now_sec: i64) -> Vec<&'static str> {
    let findings = receiver.judge(Arrival::Notification(call.into()), now_sec);
    findings
        .iter()
        .map(|finding| finding.requirement.as_str())
        .collect()
}

fn cancellation() -> ReceivedCall {
    let body = changes(json!({ "status": "CANCELED" }));
    patch(
        Some("status"),
        body,
        copy("CONFIRMED", None),
        copy("CANCELED", None),
    )
}

#[test]
fn a_right_call_of_each_kind_is_left_alone() {
    let receiver = receiver();
    assert!(found(&receiver, cancellation()).is_empty());
    let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsOpen": "1", "spotsTotal": "2" });
    let entry = json!({ "startTimeRestrict": "2030-01-01T08:00:00Z", "endTimeRestrict": "2030-01-01T08:30:00Z",
        "availability": [slot] });
    assert!(found(&receiver, inventory_update(START, entry)).is_empty());
    assert_eq!(receiver.judge(Arrival::Token(token_request()), BEGAN), []);
    let made = ResourceCall {
        verb: "POST".into(),
        target: "/v1alpha/inventory/partners/20002002/merchants?merchantId=m".into(),
        at_ms: 0,
        status: 200,
        refusal: None,
        act: ResourceAct::CreateMerchant {
            id: Some("m".into()),
            merchant: json!({ "merchantName": "M" }),
        },
    };
    assert_eq!(receiver.judge(Arrival::Resource(made), BEGAN), []);
}

#[test]
fn a_violation_has_the_requirement_and_the_sentence_of_a_run() {
    let body = json!({ "name": "partners/20002002/bookings/bk-0001", "status": "CANCELED" });
    let call = patch(
        Some("status"),
        body,
        copy("CONFIRMED", None),
        copy("CANCELED", None),
    );
    let findings = receiver().judge(Arrival::Notification(call.into()), BEGAN);
    let said: Vec<_> = findings
        .iter()
        .map(|finding| (finding.requirement.as_str(), finding.message.as_str()))
        .collect();
    assert_eq!(said, [("REQ-02", "the notification lacks `merchantId`")]);
}

#[test]
fn the_time_of_arrival_says_whether_a_slot_has_started() {
    let body = changes(json!({ "status": "NO_SHOW" }));
    let call = patch(
        Some("status"),
        body,
        copy("CONFIRMED", None),
        copy("NO_SHOW", None),
    );
    assert_eq!(found_at(&receiver(), call.clone(), START - 60), ["RTU-NOSHOW-03"]);
    assert!(found_at(&receiver(), call, START + 60).is_empty());
}

#[test]
fn what_is_new_to_google_s_side_is_no_change_of_a_booking_that_it_does_not_know() {
    let told =
        changes(json!({ "status": "CANCELED", "startTime": "2030-01-01T08:00:00Z", "duration": "1800s" }));
    let known = json!({ "name": "partners/20002002/bookings/bk-0001", "status": "CONFIRMED" });
    let call = patch(Some("status"), told, known.clone(), known);
    let adopting = Receiver {
        knows_bookings: false,
        ..receiver()
    };
    assert!(found(&adopting, call.clone()).is_empty());
    assert_eq!(found(&receiver(), call), ["REQ-04"]);
}

#[test]
fn an_inventory_update_is_judged_by_itself() {
    let slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "spotsOpen": "3", "spotsTotal": "2" });
    let entry = json!({ "startTimeRestrict": "2030-01-01T09:00:00Z", "endTimeRestrict": "2030-01-01T10:00:00Z",
        "availability": [slot] });
    let ids = found(&receiver(), inventory_update(START, entry));
    assert_eq!(ids, ["FEED-AVL-10", "INV-14"]);
    let mut astray = inventory_update(START, json!({}));
    astray.target = "/v1alpha/inventory/partners/20002002/merchants/m/availability:replace".into();
    astray.status = 404;
    let ids = found(&receiver(), astray);
    assert!(ids.contains(&"INV-01"), "{ids:?}");
}

#[test]
fn an_invented_method_and_another_partner_are_named() {
    let mut invented = cancellation();
    invented.target = "/v1alpha/notification/partners/20002002/bookings:notify".into();
    (invented.verb, invented.status) = ("POST".into(), 404);
    assert_eq!(found(&receiver(), invented), ["RTU-GEN-02"]);
    let mut foreign = cancellation();
    foreign.subject = Subject::Booking {
        partner: "1".into(),
        booking_id: "bk-0001".into(),
    };
    foreign.status = 403;
    assert!(found(&receiver(), foreign).contains(&"RTU-GEN-06"));
}

#[test]
fn a_call_without_a_token_is_a_violation_and_one_whose_token_has_ended_is_not() {
    let refused = |reason: &str| {
        let answer = json!({ "error": { "code": 401, "details": [{ "reason": reason }] } });
        ReceivedCall {
            status: 401,
            answer,
            ..cancellation()
        }
    };
    assert_eq!(found(&receiver(), refused("CREDENTIALS_MISSING")), ["AUTH-01"]);
    assert!(found(&receiver(), refused("ACCESS_TOKEN_EXPIRED")).is_empty());
}
