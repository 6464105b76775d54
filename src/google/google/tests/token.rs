//! Nothing is done for those who do not show a token.

use super::*;
use crate::api::methods::{METHODS, Operation, StatusKind};
use crate::testing::{request, respond, secured, with_header};

/// Every method with a call that changes something, if there is anything to change.
const CHANGES: [(&str, &str, &str); 21] = [
    (
        "notification.partners.bookings.patch",
        "notification/partners/20/bookings/b?updateMask=status",
        r#"{"status":"CANCELED"}"#,
    ),
    (
        "notification.partners.orders.patch",
        "notification/partners/20/orders/o",
        r#"{"merchantId":"m"}"#,
    ),
    (
        "inventory.partners.availability.replace",
        "inventory/partners/20/availability:replace",
        r#"{"extendedServiceAvailability":[{"merchantId":"m","serviceId":"s","availability":[{"startTime":"2025-01-05T23:45:00Z"}]}]}"#,
    ),
    (
        "inventory.partners.merchants.services.availability.replace",
        "inventory/partners/20/merchants/m/services/s/availability:replace",
        r#"{"serviceAvailability":{"availability":[{"startTime":"2025-01-05T23:45:00Z"}]}}"#,
    ),
    (
        "inventory.partners.merchants.create",
        "inventory/partners/20/merchants?merchantId=n",
        "{}",
    ),
    (
        "inventory.partners.merchants.patch",
        "inventory/partners/20/merchants/m",
        r#"{"url":"https://m.example"}"#,
    ),
    (
        "inventory.partners.merchants.delete",
        "inventory/partners/20/merchants/m",
        "",
    ),
    (
        "inventory.partners.merchants.services.create",
        "inventory/partners/20/merchants/m/services?serviceId=t",
        "{}",
    ),
    (
        "inventory.partners.merchants.services.patch",
        "inventory/partners/20/merchants/m/services/s",
        r#"{"prepaymentType":"REQUIRED"}"#,
    ),
    (
        "inventory.partners.merchants.services.delete",
        "inventory/partners/20/merchants/m/services/s",
        "",
    ),
    (
        "inventory.partners.feeds.record.batchPush",
        "inventory/partners/20/feeds/f/record:batchPush",
        "{}",
    ),
    (
        "inventory.partners.feeds.record.batchDelete",
        "inventory/partners/20/feeds/f/record:batchDelete",
        "{}",
    ),
    (
        "inventory.partners.merchants.getStatus",
        "inventory/partners/20/merchants/m/status",
        "",
    ),
    (
        "inventory.partners.merchants.status.list",
        "inventory/partners/20/merchants/status?pageSize=1",
        "",
    ),
    (
        "inventory.partners.feeds.getStatus",
        "inventory/partners/20/feeds/f/a.json/status",
        "",
    ),
    (
        "inventory.partners.feeds.status.list",
        "inventory/partners/20/feeds/f/status?pageSize=1",
        "",
    ),
    (
        "invalidation.partners.pickups.invalidateResource",
        "invalidation/partners/20/pickups/p:invalidateResource",
        "{}",
    ),
    (
        "partners.adsAccountLinks.create",
        "partners/20/adsAccountLinks?adsAccountLinkId=123-456-7890",
        r#"{"itemIds":["m"]}"#,
    ),
    (
        "partners.adsAccountLinks.get",
        "partners/20/adsAccountLinks/l",
        "",
    ),
    (
        "partners.adsAccountLinks.patch",
        "partners/20/adsAccountLinks/l",
        r#"{"itemIds":["m"]}"#,
    ),
    (
        "partners.adsAccountLinks.delete",
        "partners/20/adsAccountLinks/l",
        "",
    ),
];

/// True for what only looks, or asks for what this side does not have.
fn changes_nothing(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Push
            | Operation::Unpush
            | Operation::Status(_)
            | Operation::Get(_)
            | Operation::Invalidate
    )
}

#[test]
fn without_a_token_nothing_changes_whatever_is_called() {
    let listed: Vec<&str> = METHODS.iter().map(|method| method.id).collect();
    let known = CHANGES.map(|(id, ..)| id).to_vec();
    assert_eq!(known, listed, "each method has a row here");
    for (method, (id, target, body)) in METHODS.iter().zip(CHANGES) {
        let (mut google, token) = secured();
        google.register_service("m", "s");
        google.register_resource(ResourceKind::Order, &["o"]);
        google.register_resource(ResourceKind::AdsAccountLink, &["l"]);
        let state = |google: &Google| {
            format!(
                "{:?} {:?} {:?} {:?}",
                google.bookings, google.availability, google.resources, google.faults
            )
        };
        let before = state(&google);
        let call = request(method.verb, &format!("/v1alpha/{target}"), body);
        for credential in ["", "Bearer ", "Bearer ya29.c.AAAA", "Basic Zm9vOmJhcg=="] {
            let call = with_header(call.clone(), "Authorization", credential);
            assert_eq!(respond(&mut google, &call).status, 401, "{id} {credential}");
        }
        assert_eq!(respond(&mut google, &call).status, 401, "{id}");
        assert_eq!(state(&google), before, "{id}");
        // With a token the same call does change it, so it is no empty promise; records are not kept.
        let call = with_header(call, "Authorization", &token);
        // No feed is uploaded to this side.
        let is_there = method.operation != Operation::Status(StatusKind::Feed);
        let due = if is_there { 200 } else { 404 };
        assert_eq!(respond(&mut google, &call).status, due, "{id}");
        let kept = !changes_nothing(method.operation);
        assert_eq!(state(&google) != before, kept, "{id}");
    }
}
