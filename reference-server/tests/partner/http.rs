//! Paths, verbs, credentials and broken bodies.

use crate::partner::{Partner, at, request};
use reqwest::Method;
use serde_json::json;

async fn status(partner: &Partner, method: Method, path: &str) -> u16 {
    let url = format!("{}{path}", partner.server.base_url());
    let request = partner
        .http
        .request(method, url)
        .basic_auth("google", Some("s3:cret"));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn every_path_answers_with_and_without_slash() {
    let partner = Partner::start().await;
    for slash in ["", "/"] {
        assert_eq!(
            status(&partner, Method::GET, &format!("/v3/HealthCheck{slash}")).await,
            200
        );
        let (code, _) = partner
            .post(&format!("/v3/ListBookings{slash}"), &json!({ "user_id": "u" }))
            .await;
        assert_eq!(code, 200);
    }
}

#[tokio::test]
async fn other_paths_and_verbs_are_told_apart() {
    let partner = Partner::start().await;
    assert_eq!(status(&partner, Method::POST, "/v3/Nonsense").await, 404);
    assert_eq!(status(&partner, Method::GET, "/").await, 404);
    assert_eq!(status(&partner, Method::POST, "/v3/CheckAvailability").await, 501);
    assert_eq!(status(&partner, Method::POST, "/v3/CreateLease/").await, 501);
    assert_eq!(status(&partner, Method::GET, "/v3/CreateBooking").await, 405);
    assert_eq!(status(&partner, Method::POST, "/v3/HealthCheck").await, 405);
}

#[tokio::test]
async fn credentials_come_before_everything() {
    let partner = Partner::start().await;
    for path in ["/v3/HealthCheck", "/v3/CreateBooking", "/v3/Nonsense"] {
        for header in [
            None,
            Some("Basic Z29vZ2xlOndyb25n"),
            Some("Basic %%%"),
            Some("Bearer clerk"),
            Some("x"),
        ] {
            let url = format!("{}{path}", partner.server.base_url());
            let mut request = partner.http.get(url);
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status().as_u16(), 401, "{path} {header:?}");
            assert!(
                response.headers()["www-authenticate"]
                    .to_str()
                    .unwrap()
                    .starts_with("Basic")
            );
        }
    }
}

#[tokio::test]
async fn broken_bodies_are_the_callers_mistake() {
    let partner = Partner::start().await;
    let mut no_token = request("harbour-salon/cut", at(30), "u");
    no_token.as_object_mut().unwrap().remove("idempotency_token");
    let mut iso_time = request("harbour-salon/cut", at(30), "u");
    iso_time["slot"]["start_sec"] = json!("2030-03-17T12:00:00Z");
    let bodies = ["{".to_owned(), "[]".to_owned(), "null".to_owned(), String::new()];
    for body in bodies
        .into_iter()
        .chain([no_token.to_string(), iso_time.to_string()])
    {
        let url = format!("{}/v3/CreateBooking", partner.server.base_url());
        let sent = partner
            .http
            .post(url)
            .basic_auth("google", Some("s3:cret"))
            .body(body.clone());
        let response = sent.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 400, "{body}");
        assert!(response.json::<serde_json::Value>().await.unwrap()["error"].is_string());
    }
}

#[tokio::test]
async fn a_huge_body_is_not_read() {
    let partner = Partner::start().await;
    let url = format!("{}/v3/CreateBooking", partner.server.base_url());
    let body = " ".repeat(2 * 1024 * 1024);
    let sent = partner
        .http
        .post(url)
        .basic_auth("google", Some("s3:cret"))
        .body(body)
        .send()
        .await;
    assert!(sent.is_err() || sent.unwrap().status().as_u16() == 413);
}

#[tokio::test]
async fn the_console_has_its_own_credentials() {
    let partner = Partner::start().await;
    let url = format!("{}/console/slots/close", partner.server.base_url());
    let wrong = partner
        .http
        .post(&url)
        .bearer_auth("nobody")
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status().as_u16(), 401);
    let basic = partner
        .http
        .post(&url)
        .basic_auth("google", Some("s3:cret"))
        .send()
        .await
        .unwrap();
    assert_eq!(basic.status().as_u16(), 401);
}
