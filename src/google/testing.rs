//! Requests, keys and tokens for the tests of this folder.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use crate::auth::keys::KeyFile;
use crate::{
    BookingCopy, BookingStatus, Google, GoogleConfig, Masks, Oauth, PrepaymentStatus, Reply, Request,
    Response, UnknownBookings,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::LazyLock;

pub(super) const NOW: i64 = 1_736_000_000;
pub(super) const TOKEN_URI: &str = "https://google.test/token";

pub(super) fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

pub(super) fn key() -> &'static KeyFile {
    static KEY: LazyLock<KeyFile> = LazyLock::new(|| KeyFile::generate(TOKEN_URI).unwrap());
    &KEY
}

pub(super) fn google(oauth: Oauth) -> Google {
    let account = key().account().clone();
    Google::new(GoogleConfig {
        partner_id: "20".to_owned(),
        account,
        oauth,
        unknown_bookings: UnknownBookings::NotFound,
        unknown_services: UnknownBookings::NotFound,
        masks: Masks::Tolerant,
        quota: None,
        secret: [7; 32],
    })
}

pub(super) fn copy(id: &str) -> BookingCopy {
    BookingCopy {
        booking_id: id.to_owned(),
        merchant_id: "m1".to_owned(),
        service_id: "s1".to_owned(),
        start_sec: 1_736_120_700,
        duration_sec: 900,
        status: BookingStatus::Confirmed,
        prepayment_status: PrepaymentStatus::Provided,
        payment_transaction_id: Some("t1".to_owned()),
        party_size: Some(2),
    }
}

pub(super) fn request(method: &str, target: &str, body: &str) -> Request {
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: Bytes::copy_from_slice(body.as_bytes()),
        at: now(),
    }
}

pub(super) fn patch(booking: &str, query: &str, body: &str) -> Request {
    request(
        "PATCH",
        &format!("/v1alpha/notification/partners/20/bookings/{booking}{query}"),
        body,
    )
}

pub(super) fn with_header(mut request: Request, name: &str, value: &str) -> Request {
    request.headers.push((name.to_owned(), value.to_owned()));
    request
}

pub(super) fn respond(google: &mut Google, request: &Request) -> Response {
    match google.handle(request, now()) {
        Reply::Respond(response) => response,
        Reply::Hold { until } => panic!("held until {until}"),
        Reply::Drop(_) => panic!("no answer"),
    }
}

pub(super) fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

pub(super) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn claims() -> Value {
    json!({
        "iss": key().account().client_email, "scope": "https://www.googleapis.com/auth/mapsbooking",
        "aud": TOKEN_URI, "iat": NOW, "exp": NOW + 3600,
    })
}

pub(super) fn sign_with(key: &KeyFile, header: &Value, claims: &Value) -> String {
    let document: Value = serde_json::from_str(&key.to_json()).unwrap();
    let pem = document["private_key"].as_str().unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::RS256).unwrap();
    format!("{signed}.{signature}")
}

pub(super) fn sign(claims: &Value) -> String {
    sign_with(key(), &json!({ "alg": "RS256" }), claims)
}

pub(super) fn token_form(assertion: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("assertion", assertion)
        .finish()
}

pub(super) fn access_token(google: &mut Google, claims: &Value) -> String {
    let answer = respond(google, &request("POST", "/token", &token_form(&sign(claims))));
    json_of(&answer)["access_token"].as_str().unwrap().to_owned()
}

pub(super) fn secured() -> (Google, String) {
    let mut google = google(Oauth::Required);
    google.register(copy("b"));
    let token = access_token(&mut google, &claims());
    google.take_calls();
    (google, format!("Bearer {token}"))
}

pub(super) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_ref())
}
