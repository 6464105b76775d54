//! What arrives, as a page in a browser.
//!
//! The page shows what the log shows, and nothing else of a call: both are given the same `ShownCall`. What changes something asks for the token that
//! stands in the page, which no page of another origin can read.

mod access;
mod card;
mod http;
mod hub;

use super::Form;
use super::line::Shown;
use crate::exit::Failure;
use crate::output;
use google::server::{Handle, Running};
use google::{ArmedFault, BookingCopy};
use hub::Hub;
use report::watch::{self, WatchedFault, WatchedServer};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where the page is when `--ui` names no address.
pub(super) const ADDRESS: &str = "127.0.0.1:8789";

/// A page that is served.
pub(super) struct Ui {
    url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What all readers of the page share.
struct Shared {
    hub: Hub,
    google: Handle,
    about: WatchedServer,
    form: Form,
}

/// Listens, so that a mistake is known before anything else is opened.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::wrong(
            format!("--ui {address}: {error}"),
            "name another address of this machine, such as --ui 127.0.0.1:0 for a free port",
        )
    })
}

/// What the page says of Google's side.
pub(super) fn about(
    google: &Running,
    key_file: &Path,
    partner_id: &str,
    shows_bodies: bool,
) -> WatchedServer {
    WatchedServer {
        url: google.url().to_owned(),
        token_url: google.key().account().token_uri.clone(),
        key_file: key_file.display().to_string(),
        partner_id: partner_id.to_owned(),
        shows_bodies,
        token: access::secret(),
        last_event: 0,
    }
}

impl Ui {
    /// Serves the page until this value is dropped.
    pub(super) fn open(listener: TcpListener, google: Handle, about: WatchedServer, form: Form) -> Self {
        let address = listener.local_addr().ok();
        let key = address
            .filter(|address| !address.ip().is_loopback())
            .map(|_| access::secret());
        let base = key.map(|key| format!("/{key}")).unwrap_or_default();
        let shown = address.map(|address| address.to_string()).unwrap_or_default();
        let shared = Arc::new(Shared {
            hub: Hub::new(watch::faults(&words_of_all(&google))),
            google,
            about,
            form,
        });
        let task = tokio::spawn(http::serve(listener, base.clone(), Arc::clone(&shared)));
        Self {
            url: format!("http://{shown}{base}/"),
            shared,
            task,
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Bookings that Google knows from the start.
    pub(super) fn know(&self, copies: &[BookingCopy]) {
        for copy in copies {
            let row = card::booking(copy, None);
            self.shared.hub.know(&copy.booking_id, row);
        }
    }

    /// A call, as the log may show it.
    pub(super) fn show(&self, shown: &Shown<'_>) {
        let card = card::of(shown, &self.shared.about.url);
        self.shared.hub.tell_call(card.piece, card.booking);
    }

    pub(super) fn show_missed(&self, calls: u64) {
        self.shared.hub.tell_missed(watch::missed(calls));
    }

    /// What is armed, if that has changed.
    pub(super) fn show_faults(&self) {
        self.shared.show_faults();
    }
}

impl Drop for Ui {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn show_faults(&self) {
        self.hub.tell_faults(watch::faults(&words_of_all(&self.google)));
    }

    /// Arms what a list of faults names, in the form of `--faults`; what is wrong comes back as sentences.
    fn arm(&self, list: &str) -> Result<String, String> {
        let faults = scenario::schedule("faults", list).map_err(|problems| {
            let sentences = problems.0.iter().map(|problem| problem.message.clone());
            sentences.collect::<Vec<_>>().join("\n")
        })?;
        let number = faults.len();
        let armed = self.google.change(|google| {
            for fault in faults {
                google.schedule(fault.aim, fault.fault, fault.times);
            }
            google.armed()
        });
        let new = armed.iter().rev().take(number).rev();
        let words: Vec<String> = new.map(card::fault).collect();
        Ok(self.note("armed", &words.join("; ")))
    }

    /// Takes an armed fault away; none if it is not there any more.
    fn disarm(&self, number: u64) -> Option<String> {
        let armed = self.google.inspect(google::Google::armed);
        let one = armed.iter().find(|one| one.number == number)?;
        let is_gone = self.google.change(|google| google.disarm_number(number));
        is_gone.then(|| self.note("taken away", &card::fault(one)))
    }

    /// What was done in the page stands in the log, too.
    fn note(&self, what: &str, words: &str) -> String {
        self.show_faults();
        output::out(&match self.form {
            Form::Text => format!("{:10}{what}: {words}", ""),
            Form::Json => json!({ "event": "faults", "done": what, "words": words }).to_string(),
        });
        format!("{what}: {words}")
    }
}

fn words_of_all(google: &Handle) -> Vec<WatchedFault> {
    let armed: Vec<ArmedFault> = google.inspect(google::Google::armed);
    let each = armed.iter().map(|one| WatchedFault {
        number: one.number,
        words: card::fault(one),
    });
    each.collect()
}
