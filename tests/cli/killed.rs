//! The reference partner keeps what Google does not know yet, whatever becomes of its process.

use super::google::{JSON, Server, call};
use super::support::{free_port, json, program};
use base64::Engine as _;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// The reference partner with a database, in a process that may be killed.
pub(crate) struct Partner {
    process: Child,
    base_url: String,
}

impl Partner {
    pub(crate) fn start(folder: &Path, notify_url: &str) -> Self {
        let mut process = program(folder)
            .args([
                "reference",
                "--db",
                "partner.db",
                "--feeds",
                "feeds",
                "--write-config",
                "c.toml",
            ])
            .args(["--notify-url", notify_url])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let base_url = first.split([' ', ',']).find(|word| word.starts_with("http://"));
        let base_url = base_url.unwrap().to_owned();
        // The config and its secrets are there with the second line.
        lines.next().unwrap().unwrap();
        Self { process, base_url }
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// A booking of a slot, by its id.
    pub(crate) fn book(&self, folder: &Path, slot: &Value, number: usize) -> String {
        let body = json!({
            "idempotency_token": format!("token-{number}"),
            "slot": slot,
            "user_information": {
                "user_id": format!("user-{number}"), "given_name": "A", "family_name": "B",
                "telephone": "+12125550100", "email": "guest@example.org",
            },
            "payment_information": { "prepayment_status": "PREPAYMENT_NOT_PROVIDED" },
        });
        let secret = |name: &str| std::fs::read_to_string(folder.join("c.secrets").join(name)).unwrap();
        let login = format!("{}:{}", secret("user").trim(), secret("password").trim());
        let login = format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(login)
        );
        let headers = [JSON, ("Authorization", login.as_str())];
        let (status, answer) = call(
            &self.base_url,
            "POST /v3/CreateBooking",
            &headers,
            &body.to_string(),
        );
        assert_eq!(status, 200, "{answer}");
        answer["booking"]["booking_id"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// Somebody acts in the merchant's console.
    pub(crate) fn act(&self, folder: &Path, booking_id: &str, action: &str, body: &Value) {
        let token = std::fs::read_to_string(folder.join("c.secrets/console-token")).unwrap();
        let bearer = format!("Bearer {}", token.trim());
        let line = format!("POST /console/bookings/{booking_id}/{action}");
        let (status, answer) = call(
            &self.base_url,
            &line,
            &[JSON, ("Authorization", &bearer)],
            &body.to_string(),
        );
        assert_eq!(status, 204, "{action}: {answer}");
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Slots that are paid on arrival and start at different times far from now, as CreateBooking names them.
pub(crate) fn slots(folder: &Path, wanted: usize) -> Vec<Value> {
    let feeds = std::fs::read_dir(folder.join("feeds")).unwrap();
    let mut feeds = feeds.map(|entry| entry.unwrap().path());
    let feed = feeds
        .find(|path| path.to_string_lossy().contains("availability_feed"))
        .unwrap();
    let feed = json(&feed);
    let all = feed["service_availability"][0]["availability"]
        .as_array()
        .unwrap();
    let mine = |slot: &&Value| slot["merchant_id"] == "corner-barber" && slot["service_id"] == "shave";
    let mut found: Vec<Value> = Vec::new();
    for slot in all.iter().rev().filter(mine) {
        let start = slot["start_sec"].to_string();
        if found
            .iter()
            .all(|other| other["start_sec"].as_str() != Some(&start))
        {
            found.push(json!({
                "merchant_id": slot["merchant_id"], "service_id": slot["service_id"],
                "start_sec": slot["start_sec"].to_string(), "duration_sec": slot["duration_sec"].to_string(),
                "availability_tag": slot["availability_tag"],
            }));
        }
    }
    found.truncate(wanted);
    assert_eq!(found.len(), wanted);
    found
}

pub(crate) fn number(slot: &Value, name: &str) -> i64 {
    slot[name].as_str().unwrap().parse().unwrap()
}

/// The notifications about a booking that Google has taken: new start, or new status.
fn told<'l>(log: &'l [Value], booking_id: &str) -> Vec<&'l Value> {
    let about = |line: &&Value| line["route"]["booking_id"] == booking_id && line["status"] == 200;
    log.iter().filter(about).collect()
}

#[test]
fn what_google_was_not_told_before_a_kill_it_is_told_after_it_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let notify = format!("127.0.0.1:{}", free_port());
    let notify_url = format!("http://{notify}");
    // Nobody listens there yet, so nothing can be delivered.
    let partner = Partner::start(folder, &notify_url);
    let slots = slots(folder, 7);
    let (last, pairs) = slots.split_last().unwrap();
    let mut bookings = Vec::new();
    for (number_of, pair) in pairs.chunks(2).enumerate() {
        let id = partner.book(folder, &pair[0], number_of);
        let to = json!({ "start_sec": number(&pair[1], "start_sec"), "duration_sec": number(&pair[1], "duration_sec") });
        partner.act(folder, &id, "reschedule", &to);
        partner.act(folder, &id, "merchant_cancel", &json!({}));
        bookings.push(id);
    }
    partner.kill();

    let google = Server::start(
        folder,
        &notify,
        &["--format", "json", "--key-file", "google-key.json"],
    );
    let partner = Partner::start(folder, &notify_url);
    // What comes after all that was left over shows that nothing comes twice.
    let fence = partner.book(folder, last, bookings.len());
    partner.act(folder, &fence, "merchant_cancel", &json!({}));
    let mut log = Vec::new();
    let done = |log: &[Value], id: &str| {
        told(log, id)
            .iter()
            .any(|line| line["booking"]["status"] == "CANCELED")
    };
    while !bookings.iter().chain([&fence]).all(|id| done(&log, id)) {
        log.push(google.json());
    }
    partner.kill();
    let (rest, code) = google.stop();
    log.extend(
        rest.iter()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()),
    );
    assert_eq!(code, Some(0));
    for (id, pair) in bookings.iter().zip(pairs.chunks(2)) {
        let all = told(&log, id);
        let cancelled = |line: &&Value| line["booking"]["status"] == "CANCELED";
        assert_eq!(all.iter().copied().filter(cancelled).count(), 1, "{all:#?}");
        assert!(
            all.last().is_some_and(cancelled),
            "an older state came last: {all:#?}"
        );
        assert_eq!(
            all.last().unwrap()["booking"]["start_sec"],
            number(&pair[1], "start_sec"),
            "{all:#?}"
        );
    }
}
