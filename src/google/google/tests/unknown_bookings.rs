//! Notifications of bookings that nobody registered.

use super::*;

fn adopting() -> Google {
    Google::new(GoogleConfig {
        partner_id: "20".to_owned(),
        account: crate::testing::key().account().clone(),
        oauth: Oauth::Off,
        unknown_bookings: UnknownBookings::Adopted,
        unknown_services: UnknownBookings::Adopted,
        masks: Masks::Tolerant,
        quota: None,
        secret: [7; 32],
    })
}

#[test]
fn an_adopted_booking_is_what_its_first_notification_says_and_was_confirmed_before() {
    let mut google = adopting();
    let told = |google: &mut Google, query: &str, body: &str| {
        let response = respond(google, &patch("new", query, body));
        let lints = google.take_calls().remove(0).lints;
        (response.status, json_of(&response), lints)
    };
    let body = r#"{"merchantId":"m1","serviceId":"s1","status":"DECLINED_BY_MERCHANT"}"#;
    let (status, answer, lints) = told(&mut google, "?updateMask=status", body);
    assert_eq!((status, lints), (200, Vec::new()));
    let name = "partners/20/bookings/new";
    let declined =
        json!({ "name": name, "merchantId": "m1", "serviceId": "s1", "status": "DECLINED_BY_MERCHANT" });
    assert_eq!(answer, declined);
    let (status, ..) = told(&mut google, "?updateMask=status", r#"{"status":"CONFIRMED"}"#);
    assert_eq!(status, 400);
    assert_eq!(
        google.booking("new").unwrap().status,
        BookingStatus::DeclinedByMerchant
    );
}

#[test]
fn an_adopted_booking_may_be_told_later_where_it_is() {
    let mut google = adopting();
    let mut lints = |body: &str| {
        assert_eq!(
            respond(&mut google, &patch("new", "?updateMask=status", body)).status,
            200
        );
        google.take_calls().remove(0).lints
    };
    assert_eq!(lints(r#"{"status":"CANCELED"}"#), []);
    let whole = r#"{"merchantId":"m1","serviceId":"s1","status":"CANCELED"}"#;
    assert_eq!([lints(whole), lints(whole)], [[], []]);
    assert!(matches!(
        lints(&whole.replace("s1", "s2")).as_slice(),
        [Lint::SlotMismatch { .. }]
    ));
}

#[test]
fn a_refused_notification_makes_no_booking_known() {
    let mut google = adopting();
    let refused = respond(&mut google, &patch("new", "?updateMask=status", "{}"));
    assert_eq!((refused.status, google.booking("new")), (400, None));
}

#[test]
fn an_unknown_booking_is_not_found() {
    let response = respond(
        &mut open(),
        &patch("other", "?updateMask=status", r#"{"status":"CANCELED"}"#),
    );
    assert_eq!(response.status, 404);
    assert_eq!(
        json_of(&response)["error"]["message"],
        "Requested entity was not found."
    );
}

#[test]
fn while_a_booking_is_being_made_an_unknown_one_is_held() {
    let mut google = google(Oauth::Off);
    let request = patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#);
    google.open_create();
    let until = now() + SignedDuration::from_secs(1);
    assert_eq!(google.handle(&request, now()), Reply::Hold { until });
    assert_eq!(google.take_calls().len(), 0);
    google.register(copy("b"));
    google.close_create();
    assert_eq!(respond(&mut google, &request).status, 200);
    assert_eq!(google.booking("b").unwrap().status, BookingStatus::Canceled);
    assert_eq!(google.take_calls().len(), 1);
}

#[test]
fn a_held_notification_is_given_up_after_a_second_or_with_the_last_answer() {
    let mut google = google(Oauth::Off);
    let request = patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#);
    let status = |reply| match reply {
        Reply::Respond(response) => response.status,
        Reply::Hold { .. } | Reply::Drop(_) => 0,
    };
    google.open_create();
    google.open_create();
    google.close_create();
    assert_eq!(
        status(google.handle(&request, now() + SignedDuration::from_millis(999))),
        0
    );
    assert_eq!(
        status(google.handle(&request, now() + SignedDuration::from_secs(1))),
        404
    );
    google.close_create();
    assert_eq!(status(google.handle(&request, now())), 404);
}

#[test]
fn a_bad_request_is_refused_at_once_even_while_a_booking_is_being_made() {
    let mut google = google(Oauth::Off);
    google.open_create();
    for (query, body) in [
        ("?updateMask=foo", "{}"),
        ("", "{"),
        ("?updateMask=status", r#"{"status":"X"}"#),
    ] {
        assert_eq!(respond(&mut google, &patch("b", query, body)).status, 400);
    }
}
