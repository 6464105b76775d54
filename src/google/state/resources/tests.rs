#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::testing::{google, json_of, request, respond};
use crate::{Google, Oauth, check_own};
use serde_json::json;

const MERCHANTS: &str = "/v1alpha/inventory/partners/20/merchants";

fn known() -> Google {
    let mut google = google(Oauth::Off);
    google.register_resource(ResourceKind::Merchant, &["m"]);
    google.register_resource(ResourceKind::Service, &["m", "s"]);
    google
}

fn call(google: &mut Google, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let response = respond(google, &request(method, &format!("{MERCHANTS}{path}"), &body));
    (response.status, json_of(&response))
}

#[test]
fn a_merchant_is_made_changed_and_taken_away() {
    let mut google = known();
    let made = call(
        &mut google,
        "POST",
        "?merchantId=n",
        &json!({ "merchant_name": "N", "telephone": "" }),
    );
    let named = json!({ "name": "partners/20/merchants/n", "merchantName": "N" });
    assert_eq!(made, (200, named));
    assert_eq!(check_own(&made.1, "Merchant"), Ok(()));
    let (status, body) = call(&mut google, "POST", "?merchantId=n", &json!({}));
    assert_eq!(
        (status, &body["error"]["status"]),
        (409, &json!("ALREADY_EXISTS"))
    );
    let sent = json!({ "telephone": "+41", "url": "https://n.example", "merchantName": "X" });
    let changed = call(&mut google, "PATCH", "/n?updateMask=telephone,url", &sent);
    let expected = json!({ "name": "partners/20/merchants/n", "merchantName": "N", "telephone": "+41",
        "url": "https://n.example" });
    assert_eq!(changed, (200, expected));
    assert_eq!(call(&mut google, "DELETE", "/n", &Value::Null), (200, json!({})));
    assert_eq!(call(&mut google, "DELETE", "/n", &Value::Null).0, 404);
    assert_eq!(call(&mut google, "PATCH", "/n?updateMask=url", &sent).0, 404);
    assert_eq!(call(&mut google, "POST", "?merchantId=n", &json!({})).0, 200);
}

#[test]
fn what_is_made_needs_its_id_in_the_query() {
    let mut google = known();
    for (path, field) in [("", "merchant_id"), ("/m/services", "service_id")] {
        let (status, body) = call(&mut google, "POST", path, &json!({}));
        assert_eq!(status, 400);
        assert_eq!(body["error"]["details"][0]["fieldViolations"][0]["field"], field);
    }
    assert_eq!(
        call(&mut google, "POST", "/x/services?serviceId=s", &json!({})).0,
        404
    );
    assert_eq!(
        call(&mut google, "POST", "/m/services?serviceId=t", &json!({})).0,
        200
    );
}

#[test]
fn services_go_and_come_with_their_merchant() {
    let mut google = known();
    let slot = json!({ "startTime": "2025-01-05T23:45:00Z", "duration": "900s", "spotsTotal": "1" });
    let told = json!({ "serviceAvailability": { "availability": [slot] } });
    let replace = "/m/services/s/availability:replace";
    assert_eq!(call(&mut google, "POST", replace, &told).0, 200);
    assert_eq!(call(&mut google, "DELETE", "/m", &Value::Null).0, 200);
    assert_eq!(call(&mut google, "POST", replace, &told).0, 404);
    assert_eq!(call(&mut google, "PATCH", "/m/services/s", &json!({})).0, 404);
    assert_eq!(call(&mut google, "POST", "?merchantId=m", &json!({})).0, 200);
    assert_eq!(call(&mut google, "POST", replace, &told).0, 200);
    assert_eq!(
        call(&mut google, "DELETE", "/m/services/s", &Value::Null),
        (200, json!({}))
    );
    assert_eq!(
        google.availability().report("m", "s", 1_736_120_700),
        crate::SlotReport::Never
    );
    let batch = json!({ "extendedServiceAvailability": [{ "merchantId": "m", "serviceId": "s" }] });
    let path = "/v1alpha/inventory/partners/20/availability:replace";
    let response = respond(&mut google, &request("POST", path, &batch.to_string()));
    assert_eq!((response.status, json_of(&response)), (200, json!({})));
}

#[test]
fn a_mask_says_what_is_set_and_what_is_set_back() {
    let mut google = known();
    let path = "/m/services/s";
    let sent = json!({ "rules": { "min_advance_booking": 60, "noshowFee": { "priceMicros": 5 } },
        "prepaymentType": "REQUIRED", "name": "partners/20/merchants/m/services/t" });
    let (status, all) = call(&mut google, "PATCH", path, &sent);
    let name = json!("partners/20/merchants/m/services/s");
    let rules = json!({ "minAdvanceBooking": "60", "noshowFee": { "priceMicros": "5" } });
    assert_eq!((status, &all["name"], &all["rules"]), (200, &name, &rules));
    let lints = google.take_calls().pop().unwrap().lints;
    let sent = "partners/20/merchants/m/services/t".to_owned();
    assert_eq!(lints, [Lint::MaskMissing, Lint::NameMismatch { sent }]);
    let masked = format!("{path}?updateMask=rules.noshow_fee,prepaymentType");
    let (_, body) = call(
        &mut google,
        "PATCH",
        &masked,
        &json!({ "rules": { "minAdvanceBooking": "9" } }),
    );
    assert_eq!(
        body,
        json!({ "name": name, "rules": { "minAdvanceBooking": "60" } })
    );
    let path_lint = Lint::MaskSnakeCase {
        path: "rules.noshow_fee".to_owned(),
    };
    assert_eq!(google.take_calls().pop().unwrap().lints, [path_lint]);
    for mask in ["noSuchField", "ticketType.x", "rules.noshowFee.priceMicros.x"] {
        assert_eq!(
            call(
                &mut google,
                "PATCH",
                &format!("{path}?updateMask={mask}"),
                &json!({})
            )
            .0,
            400
        );
    }
}

#[test]
fn what_is_refused_is_named_from_the_request_message_on() {
    let mut google = known();
    let (status, body) = call(
        &mut google,
        "PATCH",
        "/m/services/s",
        &json!({ "prepaymentType": "SOMETIMES" }),
    );
    let place = &body["error"]["details"][0]["fieldViolations"][0]["field"];
    assert_eq!((status, place), (400, &json!("service.prepayment_type")));
    let (status, body) = call(&mut google, "DELETE", "/m?foo=1", &Value::Null);
    assert!(
        status == 400
            && body["error"]["message"]
                .as_str()
                .unwrap()
                .contains("Unknown name \"foo\"")
    );
    assert_eq!(call(&mut google, "PATCH", "/x?updateMask=url", &json!({})).0, 404);
    let other = "/v1alpha/inventory/partners/21/merchants/m";
    assert_eq!(respond(&mut google, &request("DELETE", other, "")).status, 403);
}

#[test]
fn an_order_is_changed_line_by_line() {
    let mut google = google(Oauth::Off);
    google.register_resource(ResourceKind::Order, &["o"]);
    let path = "/v1alpha/notification/partners/20/orders/o?updateMask=item";
    let line = json!({ "item": [{ "serviceId": "s", "startSec": 5, "status": "CANCELED" }] });
    let answer = respond(&mut google, &request("PATCH", path, &line.to_string()));
    let whole = json!({ "name": "partners/20/orders/o",
        "item": [{ "serviceId": "s", "startSec": "5", "status": "CANCELED" }] });
    assert_eq!((answer.status, json_of(&answer)), (200, whole));
    let unknown = respond(
        &mut google,
        &request("PATCH", &path.replace("/o?", "/p?"), &line.to_string()),
    );
    assert_eq!(unknown.status, 404);
}

#[test]
fn the_oldest_that_nobody_registered_is_forgotten() {
    let mut resources = Resources::new(UnknownBookings::NotFound, UnknownBookings::Adopted);
    let big = Map::from_iter([("merchantName".to_owned(), "x".repeat(1024 * 1024).into())]);
    let key = |id: usize| ResourceKey {
        kind: ResourceKind::Merchant,
        ids: vec![id.to_string()],
    };
    resources.register(key(0));
    for id in 0..100 {
        resources.store(key(id), big.clone());
    }
    assert!(resources.unregistered_bytes <= KEPT_BYTES);
    assert_eq!(resources.entries.len(), 1 + resources.unregistered.len());
    assert!(resources.entries[&key(0)].message.is_empty() && !resources.entries.contains_key(&key(1)));
    assert!(resources.entries.contains_key(&key(99)));
    resources.store(key(99), Map::new());
    let bytes: usize = resources.entries.values().map(|entry| entry.bytes).sum();
    assert_eq!(resources.unregistered_bytes, bytes);
}
