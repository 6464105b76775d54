#![expect(clippy::unwrap_used, reason = "a test may panic")]

use crate::testing::{
    access_token, claims, copy, google, header, json_of, now, patch, request, respond, secured, sign,
    with_header,
};
use crate::{Credential, Oauth, Reply};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn credentials_are_looked_at_before_the_body() {
    let (mut google, bearer) = secured();
    let broken = patch("b", "?foo=1", "{");
    let missing = respond(&mut google, &broken);
    assert_eq!(missing.status, 401);
    assert_eq!(
        header(&missing, "WWW-Authenticate"),
        Some("Bearer realm=\"https://accounts.google.com/\"")
    );
    let detail = &json_of(&missing)["error"]["details"][0];
    assert_eq!(detail["reason"], "CREDENTIALS_MISSING");
    assert_eq!(
        detail["metadata"]["method"],
        "google.maps.booking.v1alpha.BookingNotification.UpdateBooking"
    );
    let invalid = respond(
        &mut google,
        &with_header(broken.clone(), "Authorization", "Bearer undefined"),
    );
    assert_eq!(invalid.status, 401);
    let challenge = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
    assert_eq!(header(&invalid, "WWW-Authenticate"), Some(challenge));
    assert_eq!(json_of(&invalid)["error"].get("details"), None);
    assert_eq!(
        respond(&mut google, &with_header(broken, "Authorization", &bearer)).status,
        400
    );
}

#[test]
fn every_kind_of_credential_is_told_apart() {
    let (mut google, bearer) = secured();
    let token = bearer.strip_prefix("Bearer ").unwrap().to_owned();
    let mut own = claims();
    own["sub"] = own["iss"].clone();
    own["aud"] = "https://mapsbooking.googleapis.com/".into();
    let self_signed = format!("Bearer {}", sign(&own));
    let plain = patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#);
    for (request, status, credential) in [
        (
            with_header(plain.clone(), "Authorization", &bearer),
            200,
            Credential::AccessToken { number: 1 },
        ),
        (
            with_header(
                plain.clone(),
                "Authorization",
                &bearer.replace("Bearer", "bearer"),
            ),
            200,
            Credential::AccessToken { number: 1 },
        ),
        (
            patch(
                "b",
                &format!("?updateMask=status&access_token={token}"),
                r#"{"status":"CANCELED"}"#,
            ),
            200,
            Credential::AccessToken { number: 1 },
        ),
        (
            with_header(plain.clone(), "Authorization", &self_signed),
            200,
            Credential::SelfSigned,
        ),
        (
            with_header(
                plain.clone(),
                "Authorization",
                &format!("Bearer {}", sign(&claims())),
            ),
            401,
            Credential::Invalid,
        ),
        (
            with_header(plain.clone(), "Authorization", "Basic eA=="),
            401,
            Credential::Invalid,
        ),
        (
            with_header(plain.clone(), "X-Goog-Api-Key", "k"),
            401,
            Credential::ApiKey,
        ),
        (plain, 401, Credential::None),
    ] {
        assert_eq!(respond(&mut google, &request).status, status, "{request:?}");
        assert_eq!(google.take_calls()[0].credential, credential, "{request:?}");
    }
}

#[test]
fn an_expired_token_is_refused() {
    let (mut google, bearer) = secured();
    let request = with_header(
        patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#),
        "Authorization",
        &bearer,
    );
    let Reply::Respond(late) = google.handle(&request, now() + SignedDuration::from_secs(3599)) else {
        panic!("nothing is held")
    };
    assert_eq!(late.status, 401);
    assert_eq!(
        json_of(&late)["error"]["details"][0]["reason"],
        "ACCESS_TOKEN_EXPIRED"
    );
}

#[test]
fn a_wrong_scope_and_a_foreign_partner_are_forbidden() {
    let (mut google, bearer) = secured();
    let foreign = request(
        "PATCH",
        "/v1alpha/notification/partners/21/bookings/b?updateMask=status",
        r#"{"status":"CANCELED"}"#,
    );
    let answer = respond(&mut google, &with_header(foreign, "Authorization", &bearer));
    assert_eq!(
        (answer.status, &json_of(&answer)["error"]["message"]),
        (403, &json!("The caller does not have permission"))
    );
    let mut other = claims();
    other["scope"] = "https://www.googleapis.com/auth/cloud-platform".into();
    let narrow = format!("Bearer {}", access_token(&mut google, &other));
    let answer = respond(
        &mut google,
        &with_header(patch("b", "", "{}"), "Authorization", &narrow),
    );
    assert_eq!(answer.status, 403);
    assert_eq!(
        json_of(&answer)["error"]["details"][0]["reason"],
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    );
    assert!(
        header(&answer, "WWW-Authenticate")
            .unwrap()
            .contains("error=\"insufficient_scope\"")
    );
}

#[test]
fn accepted_takes_no_token_but_no_bad_one() {
    let mut google = google(Oauth::Accepted);
    google.register(copy("b"));
    let plain = patch("b", "?updateMask=status", r#"{"status":"CANCELED"}"#);
    assert_eq!(respond(&mut google, &plain).status, 200);
    assert_eq!(
        respond(&mut google, &with_header(plain, "Authorization", "Bearer x")).status,
        401
    );
}
