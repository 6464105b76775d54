//! Google's side as a `wiremock` responder, for a partner's own tests.
//!
//! ```
//! # use conformance_google::{Google, GoogleConfig, KeyFile, Masks, Oauth, UnknownBookings, respond::GoogleResponder};
//! # async fn mount() -> Result<(), Box<dyn std::error::Error>> {
//! let server = wiremock::MockServer::start().await;
//! let key = KeyFile::generate(&format!("{}/token", server.uri()))?;
//! let account = key.account().clone();
//! let config = GoogleConfig { partner_id: "20".into(), account, oauth: Oauth::Required, unknown_bookings: UnknownBookings::NotFound, unknown_services: UnknownBookings::NotFound, masks: Masks::Tolerant, quota: None, secret: [7; 32] };
//! let responder = GoogleResponder::new(Google::new(config));
//! wiremock::Mock::given(wiremock::matchers::any()).respond_with(responder.clone()).mount(&server).await;
//! // point your server at `server.uri()` with `key.to_json()`, then look at `responder.google().take_calls()`
//! # Ok(()) }
//! ```

use crate::{Google, Reply, Request, Response};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wiremock::{Respond, ResponseTemplate};

/// Answers every request as Google would. Clones share one state.
#[derive(Clone)]
pub struct GoogleResponder {
    google: Arc<Mutex<Google>>,
}

impl GoogleResponder {
    /// A responder over this state.
    pub fn new(google: Google) -> Self {
        Self {
            google: Arc::new(Mutex::new(google)),
        }
    }

    /// The state, locked: register bookings, take calls. Do not keep it while requests are under way.
    pub fn google(&self) -> MutexGuard<'_, Google> {
        self.google.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Respond for GoogleResponder {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let now = Timestamp::now();
        let request = convert(request, now);
        let mut google = self.google();
        match google.handle(&request, now) {
            Reply::Respond(response) => template(&response),
            // A responder cannot wait, so a booking that is not known yet is not found.
            Reply::Hold { until } => match google.handle(&request, until) {
                Reply::Respond(response) => template(&response),
                Reply::Hold { .. } | Reply::Drop(_) => ResponseTemplate::new(503),
            },
            // Nor can it hang up.
            Reply::Drop(_) => ResponseTemplate::new(503),
        }
    }
}

fn convert(request: &wiremock::Request, at: Timestamp) -> Request {
    let query = request
        .url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    Request {
        method: request.method.to_string(),
        target: format!("{}{query}", request.url.path()),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: request.body.clone().into(),
        at,
    }
}

fn template(response: &Response) -> ResponseTemplate {
    let mime = response
        .headers
        .iter()
        .find(|(name, _)| name == "Content-Type")
        .map_or("", |(_, value)| value.as_ref());
    // A responder cannot send piece by piece: the whole comes when the last piece would.
    let template = ResponseTemplate::new(response.status)
        .set_delay(response.pace.wait + response.pace.body)
        .set_body_raw(response.body.to_vec(), mime);
    let others = response.headers.iter().filter(|(name, _)| name != "Content-Type");
    others.fold(template, |template, (name, value)| {
        template.insert_header(&**name, &**value)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer};

    use super::*;
    use crate::testing::{copy, google};
    use crate::{BookingStatus, Oauth};

    #[tokio::test]
    async fn a_partner_mounts_it_in_its_own_tests() {
        let server = MockServer::start().await;
        let responder = GoogleResponder::new(google(Oauth::Off));
        responder.google().register(copy("b"));
        Mock::given(any())
            .respond_with(responder.clone())
            .mount(&server)
            .await;

        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = |id: &str| {
            format!(
                "{}/v1alpha/notification/partners/20/bookings/{id}?updateMask=status",
                server.uri()
            )
        };
        let patch = |id: &str| {
            client
                .patch(url(id))
                .header("content-type", "application/json")
                .body(r#"{"status":"CANCELED"}"#)
        };
        let answer = patch("b").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["content-type"],
            "application/json; charset=UTF-8"
        );
        assert!(answer.text().await.unwrap().contains("\"status\": \"CANCELED\""));
        responder.google().open_create();
        assert_eq!(patch("other").send().await.unwrap().status(), 404);

        let mut google = responder.google();
        assert_eq!(google.booking("b").unwrap().status, BookingStatus::Canceled);
        assert_eq!(google.take_calls().len(), 2);
    }
}
