//! The mock of Google's API by itself, for tests of what a partner sends.

use super::harness_error::HarnessError;
use config::Config;
use feeds::Inventory;
use google::server::{GoogleServer, Running, ServerConfig};
use google::{BookingCopy, Call, Google, Oauth, UnknownBookings, seed};
use harness::{ArrivalJudge, JudgedCall};
use scenario::Scheduled;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// A mock of Google's notification, inventory and token endpoints, to be described and started.
///
/// Without [`GoogleMock::bookings`] and [`GoogleMock::feeds`] it knows every booking and service from the first notification on;
/// with them, others are answered 404, as Google does.
#[derive(Clone)]
#[must_use = "nothing listens before `start`"]
pub struct GoogleMock {
    server: ServerConfig,
    feeds: Option<PathBuf>,
    bookings: Option<String>,
    faults: Option<String>,
}

impl GoogleMock {
    /// For the partner with this id at Google, which stands in the paths of notifications. It will listen on a free port of the
    /// loopback.
    pub fn new(partner_id: &str) -> Self {
        Self {
            server: ServerConfig {
                unknown_bookings: UnknownBookings::Adopted,
                unknown_services: UnknownBookings::Adopted,
                ..ServerConfig::new(partner_id)
            },
            feeds: None,
            bookings: None,
            faults: None,
        }
    }

    /// Where it listens.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.server.listen = address;
        self
    }

    /// Takes calls without an access token, too. One that comes is checked.
    pub fn tokens_optional(mut self) -> Self {
        self.server.oauth = Oauth::Accepted;
        self
    }

    /// The folder of feed files whose merchants and services Google knows.
    pub fn feeds(mut self, folder: impl Into<PathBuf>) -> Self {
        self.feeds = Some(folder.into());
        self
    }

    /// The bookings that Google knows: a JSON list of `Booking` messages of the notification API, each with its `name`.
    pub fn bookings(mut self, json: impl Into<String>) -> Self {
        self.bookings = Some(json.into());
        self
    }

    /// What goes wrong on purpose: a YAML list, as in `[{ method: bookings, fault: { answer: 503, times: 1 } }]`.
    pub fn faults(mut self, yaml: impl Into<String>) -> Self {
        self.faults = Some(yaml.into());
        self
    }

    /// Makes a key, listens and answers.
    pub async fn start(mut self) -> Result<RunningMock, HarnessError> {
        let inventory = match &self.feeds {
            // Who and what there is counts here, and not when.
            Some(folder) => feeds::read_for(folder, Some(&[]))?,
            None => Inventory::default(),
        };
        if self.feeds.is_some() {
            self.server.unknown_services = UnknownBookings::NotFound;
        }
        let bookings = self.known_bookings()?;
        let faults = match &self.faults {
            Some(text) => scenario::schedule("faults", text)?,
            None => Vec::new(),
        };
        let mut config = Config::default();
        config.notifications.partner_id = Some(self.server.partner_id.clone());
        let bound = GoogleServer::bind(self.server).await?;
        let google = bound.running();
        let judge = ArrivalJudge::new(&config, &inventory, google.key(), self.bookings.is_some());
        google.google().change(|google| {
            for (merchant, service) in &inventory.service_ids() {
                google.register_service(merchant, service);
            }
            prepare(google, bookings, faults);
        });
        let calls = google.subscribe();
        Ok(RunningMock {
            google: bound.serve(),
            judge,
            calls,
        })
    }

    fn known_bookings(&mut self) -> Result<Vec<BookingCopy>, HarnessError> {
        let Some(text) = &self.bookings else {
            return Ok(Vec::new());
        };
        self.server.unknown_bookings = UnknownBookings::NotFound;
        seed::bookings(text, &self.server.partner_id).map_err(HarnessError::Bookings)
    }
}

fn prepare(google: &mut Google, bookings: Vec<BookingCopy>, faults: Vec<Scheduled>) {
    for copy in bookings {
        google.register(copy);
    }
    for Scheduled { aim, fault, times } in faults {
        google.schedule(aim, fault, times);
    }
}

/// A mock that listens. Dropping it stops it.
pub struct RunningMock {
    google: Running,
    judge: ArrivalJudge,
    calls: UnboundedReceiver<Arc<Call>>,
}

impl RunningMock {
    /// What your code calls in place of `https://mapsbooking.googleapis.com`; no slash at its end.
    pub fn url(&self) -> &str {
        self.google.url()
    }

    /// The service-account key for Google's client libraries, as JSON; its `token_uri` is the mock's own. A secret of this mock.
    pub fn key(&self) -> String {
        self.google.key().to_json()
    }

    /// The calls that came and were not handed out yet, token requests included, in order, each with what is wrong with it. A call
    /// is among them before its caller has the answer.
    pub fn calls(&mut self) -> Vec<JudgedCall> {
        let calls = std::iter::from_fn(|| self.calls.try_recv().ok());
        calls.map(|call| self.judge.judge(&call)).collect()
    }

    /// The next call, for code that sends in the background; none if none comes within this time.
    pub async fn next_call(&mut self, within: Duration) -> Option<JudgedCall> {
        let call = tokio::time::timeout(within, self.calls.recv()).await.ok()??;
        Some(self.judge.judge(&call))
    }

    /// Answers what is under way, and stops.
    pub async fn stop(self) {
        self.google.shutdown().await;
    }
}
