#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::auth::keys::KeyFile;
use crate::testing::{
    NOW, TOKEN_URI, claims, google, json_of, key, request, respond, sign, sign_with, token_form,
};
use crate::{Oauth, Response};
use serde_json::Value;

fn ask(form: &str) -> (Response, Value) {
    let response = respond(&mut google(Oauth::Required), &request("POST", "/token", form));
    let body = json_of(&response);
    (response, body)
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[test]
fn a_good_assertion_gets_an_access_token() {
    for claims in [
        claims(),
        with("aud", "https://oauth2.googleapis.com/token".into()),
        with("iat", NOW.to_string().into()),
        with("exp", (NOW + 60).into()),
        with("iat", (NOW - 60).into())
            .as_object()
            .map(|c| {
                let mut c = c.clone();
                c["exp"] = (NOW + 3540).into();
                c.into()
            })
            .unwrap(),
    ] {
        let (response, body) = ask(&token_form(&sign(&claims)));
        assert_eq!(response.status, 200, "{claims}");
        assert!(body["access_token"].as_str().unwrap().starts_with("ya29."));
        assert_eq!(
            (&body["expires_in"], &body["token_type"]),
            (&json!(3599), &json!("Bearer"))
        );
        assert_eq!(body.get("refresh_token"), None);
    }
}

const FRAME: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
                     Check your iat and exp values in the JWT claim.";

#[test]
fn every_fault_of_the_assertion_has_its_answer() {
    let far = json!({ "iss": key().account().client_email, "scope": SCOPE, "aud": TOKEN_URI, "iat": NOW + 7200, "exp": NOW + 10_800 });
    let old = json!({ "iss": key().account().client_email, "scope": SCOPE, "aud": TOKEN_URI, "iat": NOW - 7200, "exp": NOW - 3600 });
    for (claims, error, description) in [
        (
            with("iss", "other@example.com".into()),
            "invalid_grant",
            "Invalid grant: account not found",
        ),
        (
            without("iss"),
            "invalid_grant",
            "Invalid grant: account not found",
        ),
        (
            without("iat"),
            "invalid_grant",
            "Invalid JWT: iat (issued at) is not set.",
        ),
        (
            without("exp"),
            "invalid_grant",
            "Invalid JWT: exp (expiration time) is not set.",
        ),
        (with("exp", (NOW + 3601).into()), "invalid_grant", FRAME),
        (far, "invalid_grant", FRAME),
        (old, "invalid_grant", FRAME),
        (
            with("scope", "".into()),
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ),
        (
            without("scope"),
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ),
        (
            without("aud"),
            "invalid_grant",
            "Invalid JWT: Failed audience check.",
        ),
        (
            with("aud", "https://google.test/".into()),
            "invalid_grant",
            "Invalid JWT: Failed audience check.",
        ),
    ] {
        let (response, body) = ask(&token_form(&sign(&claims)));
        assert_eq!(response.status, 400, "{claims}");
        assert_eq!(
            body,
            json!({ "error": error, "error_description": description }),
            "{claims}"
        );
    }
}

#[test]
fn a_wrong_key_or_algorithm_is_a_bad_signature() {
    let other = KeyFile::generate(TOKEN_URI).unwrap();
    let unsigned = sign_with(key(), &json!({ "alg": "none" }), &claims());
    for assertion in [
        sign_with(&other, &json!({ "alg": "RS256" }), &claims()),
        sign_with(key(), &json!({ "alg": "HS256" }), &claims()),
        sign_with(key(), &json!({}), &claims()),
        format!("{}.", unsigned.rsplit_once('.').unwrap().0),
    ] {
        assert_eq!(
            ask(&token_form(&assertion)).1["error_description"],
            "Invalid JWT Signature.",
            "{assertion}"
        );
    }
}

#[test]
fn what_is_no_assertion_is_a_bad_request() {
    for assertion in ["", "a.b", "a.b.c.d", "!.!.!", "e30.W10.AA", "e30.e30.%%"] {
        let body = ask(&token_form(assertion)).1;
        assert_eq!(
            body,
            json!({ "error": "invalid_request", "error_description": "Bad Request" }),
            "{assertion}"
        );
    }
}

#[test]
fn the_grant_type_comes_first() {
    let body = ask("grant_type=password&assertion=x").1;
    assert_eq!(
        body,
        json!({ "error": "unsupported_grant_type", "error_description": "Invalid grant_type: password" })
    );
    assert_eq!(ask("").1["error_description"], "Invalid grant_type: ");
}

#[test]
fn the_first_fault_is_the_one_that_is_told() {
    let mut claims = with("iss", "other@example.com".into());
    claims["aud"] = "nowhere".into();
    claims["scope"] = "".into();
    assert_eq!(
        ask(&token_form(&sign(&claims))).1["error_description"],
        "Invalid grant: account not found"
    );
    claims["iss"] = key().account().client_email.clone().into();
    assert_eq!(ask(&token_form(&sign(&claims))).1["error"], "invalid_scope");
}

#[test]
fn an_unknown_scope_gets_no_access_token() {
    for scope in [
        "mapsbooking",
        "https://www.googleapis.com/auth/mapsbooking nonsense",
    ] {
        let (response, body) = ask(&token_form(&sign(&with("scope", scope.into()))));
        assert_eq!(response.status, 200);
        assert_eq!(
            body.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id_token"],
            "{scope}"
        );
    }
}

#[test]
fn neither_assertion_nor_token_is_recorded() {
    let mut google = google(Oauth::Required);
    let assertion = sign(&claims());
    let answer = json_of(&respond(
        &mut google,
        &request("POST", "/token", &token_form(&assertion)),
    ));
    let calls = google.take_calls();
    let record = format!("{calls:?}");
    assert!(!record.contains(assertion.rsplit_once('.').unwrap().1));
    assert!(!record.contains(answer["access_token"].as_str().unwrap()));
    assert_eq!(calls[0].json.as_ref().unwrap()["claims"]["aud"], TOKEN_URI);
}
