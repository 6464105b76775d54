//! The mock of Google's API in your own tests: your code sends a notification, and the test asserts on what was judged.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use conformance::harness::{GoogleMock, JudgedCall};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

const PARTNER: &str = "20002002";

/// The booking that Google knows, since it was made through Google.
const BOOKED: &str = r#"[{
    "name": "partners/20002002/bookings/b-1",
    "merchantId": "merchant-1",
    "serviceId": "service-1",
    "startTime": "2030-01-02T09:00:00Z",
    "duration": "3600s",
    "partySize": 2,
    "status": "CONFIRMED"
}]"#;

/// The code under test; here yours would stand, with Google's client library.
struct Notifier {
    client: reqwest::Client,
    api: String,
    key: Value,
}

impl Notifier {
    fn new(api: &str, key: &str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            client: reqwest::Client::builder().no_proxy().build()?,
            api: api.to_owned(),
            key: serde_json::from_str(key)?,
        })
    }

    /// An access token for the service account, as Google's documents describe it.
    async fn token(&self) -> Result<String, Box<dyn Error>> {
        let text = |name: &str| self.key[name].as_str().unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": text("client_email"),
            "scope": "https://www.googleapis.com/auth/mapsbooking",
            "aud": text("token_uri"),
            "iat": now,
            "exp": now + 3600,
        });
        let key = EncodingKey::from_rsa_pem(text("private_key").as_bytes())?;
        let assertion = encode(&Header::new(Algorithm::RS256), &claims, &key)?;
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let form = format!("grant_type={grant}&assertion={assertion}");
        let request = self
            .client
            .post(text("token_uri"))
            .header("content-type", "application/x-www-form-urlencoded");
        let answer: Value = serde_json::from_slice(&request.body(form).send().await?.bytes().await?)?;
        Ok(answer["access_token"].as_str().unwrap_or_default().to_owned())
    }

    /// Tells Google that a guest cancelled at the merchant.
    async fn canceled(&self, booking_id: &str, status: &str) -> Result<(), Box<dyn Error>> {
        let name = format!("partners/{PARTNER}/bookings/{booking_id}");
        let url = format!("{}/v1alpha/notification/{name}?updateMask=status", self.api);
        let body = json!({
            "name": name,
            "merchantId": "merchant-1",
            "serviceId": "service-1",
            "startTime": "2030-01-02T09:00:00Z",
            "duration": "3600s",
            "status": status,
        });
        let request = self
            .client
            .patch(url)
            .bearer_auth(self.token().await?)
            .header("content-type", "application/json");
        request.body(body.to_string()).send().await?;
        Ok(())
    }
}

/// What came and was judged, of one notification with this status. Your test would assert that there are no findings.
pub(crate) async fn judged(status: &str) -> Result<Vec<JudgedCall>, Box<dyn Error>> {
    let mut google = GoogleMock::new(PARTNER).bookings(BOOKED).start().await?;
    let notifier = Notifier::new(google.url(), &google.key())?;
    notifier.canceled("b-1", status).await?;
    let calls = google.calls();
    google.stop().await;
    Ok(calls)
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    for status in ["CANCELED", "CANCELLED"] {
        for JudgedCall { call, findings } in judged(status).await? {
            println!(
                "{} {} was answered {}",
                call.method, call.target, call.answer.status
            );
            for finding in findings {
                println!("  {}: {}", finding.requirement, finding.message);
            }
        }
    }
    Ok(())
}
