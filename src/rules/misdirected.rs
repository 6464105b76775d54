//! Cancellations that were notified of a booking which nobody had cancelled, while Google waited for that of another one.

use serde_json::Value;
use transcript::{BookingWait, Call, Fact, Notification, Transcript};

/// A cancellation that was notified of the wrong booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misdirected {
    /// The scenario of the booking that the notification names.
    pub scenario: String,
    /// Index of the notification's entry in that scenario's history.
    pub entry: usize,
    /// Path and query of the notification.
    pub target: String,
    /// The booking that the notification names.
    pub named: String,
    /// The booking whose cancellation was waited for in vain meanwhile.
    pub meant: String,
}

/// The acts at the partner that cancel a booking.
const CANCELLING: [&str; 2] = ["user_cancel_at_partner", "merchant_cancel"];

/// A wait in vain for what follows a cancellation at the partner, from the act to its end.
struct VainWait<'t> {
    wait: &'t BookingWait,
    since_ms: u64,
    until_ms: u64,
}

/// Those of a run. Which of several belongs to which wait is open; that each wait was in vain is not.
pub fn misdirected<'t>(transcripts: impl IntoIterator<Item = &'t Transcript> + Clone) -> Vec<Misdirected> {
    let vain: Vec<VainWait<'_>> = transcripts.clone().into_iter().flat_map(vain_waits).collect();
    if vain.is_empty() {
        return Vec::new();
    }
    let unasked = transcripts.into_iter().flat_map(|transcript| {
        let all = unasked_in(transcript).into_iter();
        all.map(move |one| (transcript.scenario.as_str(), one))
    });
    let mut all: Vec<Misdirected> = unasked
        .filter_map(|(scenario, unasked)| meanwhile(&vain, scenario, unasked))
        .collect();
    // Where it has happened, the other waits in vain have the same cause: what came for them named bookings that were
    // cancelled already, and changed nothing.
    let is_matched = |wait: &BookingWait| all.iter().any(|one| one.meant == wait.booking_id);
    let others: Vec<_> = vain.iter().filter(|vain| !is_matched(vain.wait)).collect();
    if let Some(first) = all.first().cloned() {
        all.extend(others.into_iter().map(|vain| Misdirected {
            meant: vain.wait.booking_id.clone(),
            ..first.clone()
        }));
    }
    all
}

fn meanwhile(
    vain: &[VainWait<'_>],
    scenario: &str,
    (entry, at_ms, notification): (usize, u64, &Notification),
) -> Option<Misdirected> {
    let wait = vain
        .iter()
        .find(|wait| (wait.since_ms..=wait.until_ms).contains(&at_ms))?;
    Some(Misdirected {
        scenario: scenario.to_owned(),
        entry,
        target: notification.target.clone(),
        named: notification.booking_id()?.to_owned(),
        meant: wait.wait.booking_id.clone(),
    })
}

fn vain_waits(transcript: &Transcript) -> Vec<VainWait<'_>> {
    let act_ms = |id: &str| {
        transcript.entries.iter().find_map(|entry| match &entry.fact {
            Fact::Trigger(trigger) if trigger.booking_id == id => {
                CANCELLING.contains(&trigger.name.as_str()).then_some(entry.at_ms)
            }
            _ => None,
        })
    };
    // Google still shows the booking as it was.
    let vain = |wait: &BookingWait| {
        let status = wait.copy.as_ref().and_then(|copy| copy.get("status"));
        !wait.met && status.is_some_and(|status| status != "CANCELED")
    };
    let waits = transcript.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Awaited(wait) if vain(wait) => Some(VainWait {
            wait,
            since_ms: act_ms(&wait.booking_id)?,
            until_ms: entry.at_ms,
        }),
        _ => None,
    });
    waits.collect()
}

/// The cancellations of a history that nobody had asked for.
fn unasked_in(transcript: &Transcript) -> Vec<(usize, u64, &Notification)> {
    let notifications = transcript.notifications();
    let unasked = notifications.filter(|(entry, _, notification)| {
        let id = notification.booking_id().filter(|_| cancels(notification));
        id.is_some_and(|id| !is_acted_upon(transcript, *entry, id))
    });
    unasked.collect()
}

/// True for a notification by which Google's copy became CANCELED.
fn cancels(notification: &Notification) -> bool {
    let status = |copy: &Option<Value>| Some(copy.as_ref()?.get("status")?.as_str()?.to_owned());
    let (before, after) = (status(&notification.before), status(&notification.after));
    after.as_deref() == Some("CANCELED") && before.is_some() && before != after
}

/// True when Google cancelled the booking before, or the partner was asked to act on it, whatever came of it.
fn is_acted_upon(transcript: &Transcript, until: usize, id: &str) -> bool {
    let cancels = |call: &Call| {
        let booking = call.body.as_ref().and_then(|body| body.get("booking"));
        booking.is_some_and(|booking| booking["booking_id"] == id && booking["status"] == "CANCELED")
    };
    let mut before = transcript.entries.iter().take(until);
    before.any(|entry| match &entry.fact {
        Fact::Trigger(trigger) => trigger.booking_id == id,
        Fact::Call(call) => cancels(call),
        _ => false,
    })
}
