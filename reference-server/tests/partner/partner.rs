//! A running partner with a clock of its own, and the calls that tests make.

use crate::google::Google;
use reference_server::{Clock, Config, Credentials, Database, InventoryKind, Limits, Seams, Server, start};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Ten past midnight, years ahead.
pub(crate) const NOW: i64 = 1_899_936_600;
pub(crate) const HOUR: i64 = 3600;
const MIDNIGHT: i64 = 1_899_936_000;

/// The full hour that is `hours` after midnight.
pub(crate) fn at(hours: i64) -> i64 {
    MIDNIGHT + hours * HOUR
}

pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn set(&self, sec: i64) {
        self.0.store(sec, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now_sec(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Partner {
    pub(crate) server: Server,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) http: reqwest::Client,
}

impl Partner {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn notifying(google: &Google) -> Self {
        let notify = google.notify_config();
        Self::with(|config| config.notify = Some(notify)).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(NOW)));
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: Database::Memory,
            credentials: Credentials {
                user: "google".to_owned(),
                password: "s3:cret".to_owned(),
            },
            console_token: "clerk".to_owned(),
            feeds_dir: None,
            notify: None,
            inventory: InventoryKind::default(),
            limits: Limits::default(),
            seams: Seams {
                clock: clock.clone(),
                ..Seams::default()
            },
        };
        change(&mut config);
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            server: start(config).await.unwrap(),
            clock,
            http,
        }
    }

    /// A POST with the right credentials: status and body.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.server.base_url());
        let request = self
            .http
            .post(url)
            .basic_auth("google", Some("s3:cret"))
            .json(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// A method that has to answer 200.
    pub(crate) async fn call(&self, method: &str, body: Value) -> Value {
        let (status, answer) = self.post(&format!("/v3/{method}"), &body).await;
        assert_eq!(status, 200, "{method}: {answer}");
        answer
    }

    pub(crate) async fn book(&self, request: Value) -> Value {
        let answer = self.call("CreateBooking", request).await;
        assert!(answer.get("booking").is_some(), "{answer}");
        answer["booking"].clone()
    }

    pub(crate) async fn refused(&self, request: Value) -> String {
        let answer = self.call("CreateBooking", request).await;
        assert!(answer.get("booking").is_none(), "{answer}");
        answer["booking_failure"]["cause"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn update(&self, booking: Value) -> Value {
        self.call("UpdateBooking", json!({ "booking": booking })).await
    }

    pub(crate) async fn cancel(&self, id: &str) -> Value {
        self.update(json!({ "booking_id": id, "status": "CANCELED" }))
            .await
    }

    pub(crate) async fn is_open(&self, service: &str, start: i64, resources: Value) -> bool {
        let (merchant, service) = service.split_once('/').unwrap();
        let mut slot = json!({ "service_id": service, "start_sec": start.to_string() });
        slot["resource_ids"] = resources;
        let request = json!({ "merchant_id": merchant, "slot_time": [slot] });
        let answer = self.call("BatchAvailabilityLookup", request).await;
        answer["slot_time_availability"][0]["available"]
            .as_bool()
            .unwrap()
    }

    pub(crate) async fn status(&self, id: &str) -> (String, String) {
        let status = self.call("GetBookingStatus", json!({ "booking_id": id })).await;
        (
            text(&status["booking_status"]),
            text(&status["prepayment_status"]),
        )
    }

    /// An action at the partner's own side; the HTTP status.
    pub(crate) async fn console(&self, action: &str, body: Value) -> u16 {
        let url = format!("{}/console/{action}", self.server.base_url());
        let response = self
            .http
            .post(url)
            .bearer_auth("clerk")
            .json(&body)
            .send()
            .await
            .unwrap();
        response.status().as_u16()
    }

    pub(crate) async fn act(&self, id: &str, action: &str) -> u16 {
        self.console(&format!("bookings/{id}/{action}"), json!({})).await
    }

    /// What the console says before a mail is sent.
    pub(crate) async fn receives_marketing(&self, user: &str) -> bool {
        let url = format!("{}/console/users/{user}/marketing", self.server.base_url());
        let response = self.http.get(url).bearer_auth("clerk").send().await.unwrap();
        response.json::<Value>().await.unwrap()["receives_marketing"] == true
    }

    /// The ledger as `kind amount`.
    pub(crate) async fn ledger(&self, id: &str) -> Vec<String> {
        let url = format!("{}/console/bookings/{id}/ledger", self.server.base_url());
        let response = self.http.get(url).bearer_auth("clerk").send().await.unwrap();
        let answer: Value = response.json().await.unwrap();
        let entries = answer["entries"].as_array().unwrap();
        entries
            .iter()
            .map(|e| format!("{} {}", text(&e["kind"]), text(&e["amount_micros"])))
            .collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

pub(crate) fn id(booking: &Value) -> String {
    text(&booking["booking_id"])
}

/// A request for `merchant/service` by `user`, with a token that is the user's and the slot's own.
pub(crate) fn request(service: &str, start: i64, user: &str) -> Value {
    let (merchant, service) = service.split_once('/').unwrap();
    json!({
        "slot": { "merchant_id": merchant, "service_id": service, "start_sec": start.to_string(),
                  "duration_sec": duration(service).to_string() },
        "user_information": { "user_id": user, "given_name": "Zoë", "family_name": "O'Neill-Řezníčková",
                              "telephone": "+44 20 7946-0018", "email": "zoe@example.org" },
        "idempotency_token": format!("{service} {start} {user}"),
    })
}

/// The same with a card.
pub(crate) fn paid_request(service: &str, start: i64, user: &str) -> Value {
    let mut request = request(service, start, user);
    let token = format!("tok_{service}_{start}_{user}");
    request["payment_processing_parameters"] =
        json!({ "unparsed_payment_method_token": google_pay("VISA", &token) });
    request
}

/// What Google Pay hands over, around a Stripe token.
pub(crate) fn google_pay(network: &str, token: &str) -> String {
    let inner = json!({ "id": token, "object": "token", "type": "card", "livemode": false }).to_string();
    json!({ "apiVersion": 2, "apiVersionMinor": 0, "paymentMethodData": {
        "type": "CARD", "info": { "cardNetwork": network, "cardDetails": "4242" },
        "tokenizationData": { "type": "PAYMENT_GATEWAY", "token": inner } } })
    .to_string()
}

fn duration(service: &str) -> i64 {
    match service {
        "cut" => 1800,
        "consult" => 1200,
        "online-pilates" => 3000,
        "spin-class" => 2700,
        "table" => 5400,
        "trim" | "trim-secured" => 2,
        "onsen" | "private-bath" | "hammam" | "majlis-spa" => 7200,
        _ => 3600,
    }
}
