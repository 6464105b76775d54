//! The messages of an undecorated run, with the scenarios in which they occur.

use super::area::Area;
use super::memory::Message;
use super::notified::content_of;
use protocol::Method;
use serde_json::Value;
use transcript::{Entry, Exchange, Fact, Notification, NotificationRoute, Phase, Transcript};

/// One message of a run.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// Its sort.
    pub(crate) area: Area,
    /// What it says.
    pub(crate) message: Message,
    /// The scenario.
    pub(crate) scenario: String,
    /// True for what belongs to the steps of the scenario, and neither to its preparation nor to its end.
    pub(crate) is_of_steps: bool,
    /// What a notification is about.
    pub(crate) subject: Option<String>,
    at_ms: u64,
}

/// Every message of a run, in its order.
pub(crate) fn messages(transcripts: &[Transcript]) -> Vec<Recorded> {
    let mut all: Vec<Recorded> = transcripts.iter().flat_map(of_transcript).collect();
    all.sort_by_key(|recorded| recorded.at_ms);
    all
}

fn of_transcript(transcript: &Transcript) -> Vec<Recorded> {
    let answers = transcript.exchanges().filter_map(|exchange| {
        let reply = exchange.http()?;
        let request = exchange.call.body.clone().unwrap_or_default();
        Some(Recorded {
            area: area_of_exchange(&exchange)?,
            message: Message::answer(&request, reply.json().cloned().unwrap_or_default()),
            scenario: transcript.scenario.clone(),
            is_of_steps: exchange.phase == Phase::Steps,
            subject: None,
            at_ms: exchange.answered_ms,
        })
    });
    let calls = transcript.entries.iter().filter_map(|entry| {
        let Fact::Notification(call) = &entry.fact else {
            return None;
        };
        of_notification(transcript, entry, call)
    });
    answers.chain(calls).collect()
}

/// The area of the answer to a call with the right credentials.
pub(crate) fn area_of_exchange(exchange: &Exchange<'_>) -> Option<Area> {
    let (call, reply) = (exchange.call, exchange.http()?);
    let name = call.path.trim_start_matches("/v3/").trim_end_matches('/');
    let is_served = Method::ALL.iter().any(|method| method.name() == name) && call.verb == call.method.verb();
    (is_served && reply.status != 401).then_some(Area::Answer(call.method, reply.status))
}

/// The area of a notification.
pub(crate) fn area_of_notification(call: &Notification) -> Option<Area> {
    match call.route() {
        NotificationRoute::Booking { .. } => Some(Area::Booking),
        NotificationRoute::BatchInventory | NotificationRoute::ServiceInventory { .. } => {
            Some(Area::Inventory)
        }
        NotificationRoute::Other => None,
    }
}

fn of_notification(transcript: &Transcript, entry: &Entry, call: &Notification) -> Option<Recorded> {
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let body: &Value = call.json()?;
    Some(Recorded {
        area: area_of_notification(call)?,
        message: Message::notification(content_of(path, &query, body)),
        scenario: transcript.scenario.clone(),
        is_of_steps: entry.phase == Phase::Steps,
        subject: Some(format!("{:?}", call.subject)),
        at_ms: entry.at_ms,
    })
}
