//! The library beyond what the examples show: the mock that fails on purpose, code that sends in the background, runs of several parts.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use conformance::harness::{GoogleMock, Harness, HarnessError, RunVerdict};
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

const FAILS_ONCE: &str = r#"[{ "method": "bookings", "fault": { "answer": 503, "times": 1 } }]"#;

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn cancel(client: &reqwest::Client, url: &str, booking: &str) -> u16 {
    let name = format!("partners/20002002/bookings/{booking}");
    let request = client
        .patch(format!("{url}/v1alpha/notification/{name}?updateMask=status"))
        .header("content-type", "application/json")
        .body(format!(r#"{{ "name": "{name}", "status": "CANCELED" }}"#));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_mock_fails_as_it_is_asked_to_and_waits_for_what_comes_in_the_background() {
    let mock = GoogleMock::new("20002002").tokens_optional().faults(FAILS_ONCE);
    let mut google = mock.start().await.unwrap();
    let url = google.url().to_owned();
    let sender = tokio::spawn(async move {
        let client = client();
        (
            cancel(&client, &url, "b-1").await,
            cancel(&client, &url, "b-1").await,
        )
    });
    for status in [503, 200] {
        let judged = google.next_call(PATIENCE).await.unwrap();
        assert_eq!(judged.call.answer.status, status);
    }
    assert_eq!(sender.await.unwrap(), (503, 200));
    assert!(google.next_call(Duration::ZERO).await.is_none());
    assert!(google.calls().is_empty());
    google.stop().await;
}

#[tokio::test]
async fn a_booking_that_the_mock_was_not_given_is_not_found() {
    let known = r#"[{ "name": "partners/20002002/bookings/b-1", "merchantId": "m", "serviceId": "s",
        "startTime": "2030-01-02T09:00:00Z", "duration": "3600s", "status": "CONFIRMED" }]"#;
    let mock = GoogleMock::new("20002002").tokens_optional().bookings(known);
    let google = mock.start().await.unwrap();
    assert_eq!(cancel(&client(), google.url(), "b-1").await, 200);
    assert_eq!(cancel(&client(), google.url(), "b-2").await, 404);
    google.stop().await;
}

#[tokio::test]
async fn what_the_mock_cannot_use_is_refused_by_its_kind() {
    let wrong = |mock: GoogleMock| async move { mock.start().await.err().unwrap() };
    let mock = || GoogleMock::new("20002002");
    let bookings = wrong(mock().bookings("{}")).await;
    assert!(matches!(bookings, HarnessError::Bookings(_)), "{bookings}");
    let faults = wrong(mock().faults("[{ fault: {} }]")).await;
    assert!(matches!(faults, HarnessError::Faults(_)), "{faults}");
    let feeds = wrong(mock().feeds("no-such-folder")).await;
    assert!(matches!(feeds, HarnessError::Feeds(_)), "{feeds}");
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let listen = wrong(mock().listen(taken.local_addr().unwrap())).await;
    assert!(matches!(listen, HarnessError::Google(_)), "{listen}");
}

/// The server can be told where Google's API is before it is called for the first time.
#[tokio::test]
async fn a_started_run_has_the_address_and_the_key_for_the_server() {
    let server = MockServer::start().await;
    let health = Mock::given(method("GET")).and(path("/v3/HealthCheck"));
    health
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let run = Harness::against(server.uri())
        .credentials("google", "correct-horse")
        .only("health/serving")
        .patience(Duration::from_millis(200), Duration::from_millis(50))
        .seed(7);
    let ready = run.start().await.unwrap();
    let key: serde_json::Value = serde_json::from_str(&ready.google_key()).unwrap();
    assert_eq!(
        key["token_uri"],
        format!("{}/token", ready.google_url()),
        "the key leads to the same mock"
    );
    assert_eq!(
        cancel(&client(), ready.google_url(), "b-1").await,
        401,
        "without a token"
    );
    let finished = ready.run().await.unwrap();
    assert_eq!(finished.report().seed, 7);
    assert_ne!(
        finished.verdict(),
        RunVerdict::NotConformant,
        "{}",
        finished.text()
    );
    assert!(
        finished
            .report()
            .scenarios
            .iter()
            .any(|one| one.id == "health/serving")
    );
}
