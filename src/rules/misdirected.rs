//! Notifications that came for a booking to which nobody had done it, while Google waited for them of another one.

use super::reading;
use protocol::Method;
use scenario::matcher;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{BookingWait, Call, Fact, Notification, Transcript};

/// A change that was notified of the wrong booking.
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
    /// The booking of which it was waited for in vain meanwhile.
    pub meant: String,
    /// What was waited for.
    pub until: Value,
    /// True when its body names the booking that was meant, so that nothing is guessed.
    pub names_both: bool,
}

/// A wait in vain for what follows an act at the partner, from the act to its end.
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
    let mut all = with_two_names(&vain, transcripts.clone());
    for transcript in transcripts {
        for (entry, at_ms, notification) in transcript.notifications() {
            let is_known = all
                .iter()
                .any(|one| one.entry == entry && one.scenario == transcript.scenario);
            if !is_known {
                all.extend(meanwhile(&vain, transcript, (entry, at_ms, notification)));
            }
        }
    }
    // Where it has happened, the other waits in vain for the same have the same cause: what came for them named bookings
    // that were changed already, and changed nothing.
    let is_matched = |wait: &BookingWait| all.iter().any(|one| one.meant == wait.booking_id);
    let others: Vec<Misdirected> = vain
        .iter()
        .filter(|vain| !is_matched(vain.wait))
        .filter_map(|vain| {
            let first = all
                .iter()
                .find(|one| fields(&one.until).eq(fields(&vain.wait.until)))?;
            Some(Misdirected {
                meant: vain.wait.booking_id.clone(),
                ..first.clone()
            })
        })
        .collect();
    all.extend(others);
    all
}

/// Notifications whose body names another booking of the run than their path: once one of them says what was waited for in vain
/// of the one in its body, it is the paths that are wrong. A body with a wrong name changes the right booking.
fn with_two_names<'t>(
    vain: &[VainWait<'_>],
    transcripts: impl IntoIterator<Item = &'t Transcript> + Clone,
) -> Vec<Misdirected> {
    let known: BTreeSet<&str> = transcripts.clone().into_iter().flat_map(booking_ids).collect();
    let mut all = Vec::new();
    let mut is_proved = false;
    for transcript in transcripts {
        for (entry, at_ms, notification) in transcript.notifications() {
            let Some((named, meant)) = two_names(notification).filter(|(_, meant)| known.contains(meant))
            else {
                continue;
            };
            let wait = vain.iter().find(|wait| {
                let is_meanwhile = (wait.since_ms..=wait.until_ms).contains(&at_ms);
                let says = matcher::matches(&wait.wait.until, notification.message());
                wait.wait.booking_id == meant && is_meanwhile && says
            });
            is_proved |= wait.is_some();
            all.push(Misdirected {
                scenario: transcript.scenario.clone(),
                entry,
                target: notification.target.clone(),
                named: named.to_owned(),
                meant: meant.to_owned(),
                until: wait.map(|wait| wait.wait.until.clone()).unwrap_or_default(),
                names_both: true,
            });
        }
    }
    // The clearest first: what was waited for and did not come.
    all.sort_by_key(|one| one.until.is_null());
    if is_proved { all } else { Vec::new() }
}

/// The bookings that a history made.
fn booking_ids(transcript: &Transcript) -> Vec<&str> {
    let made = transcript.exchanges_of(Method::CreateBooking);
    made.filter_map(|made| reading::id(reading::created_booking(&made)?))
        .collect()
}

/// The booking in the path and another one in the body.
fn two_names(notification: &Notification) -> Option<(&str, &str)> {
    let in_path = notification.booking_id()?;
    let name = notification.message()?.get("name")?.as_str()?;
    let in_body = name.split_once("/bookings/")?.1;
    (in_body != in_path).then_some((in_path, in_body))
}

/// The fields of Google's copy that a condition is about.
fn fields(until: &Value) -> impl Iterator<Item = &str> {
    until
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys())
        .map(String::as_str)
}

fn meanwhile(
    vain: &[VainWait<'_>],
    transcript: &Transcript,
    (entry, at_ms, notification): (usize, u64, &Notification),
) -> Option<Misdirected> {
    let id = notification.booking_id()?;
    let wait = vain.iter().find(|wait| {
        let is_meanwhile = (wait.since_ms..=wait.until_ms).contains(&at_ms);
        let until = &wait.wait.until;
        is_meanwhile && changes_to(notification, until) && !is_explained(transcript, entry, id, until)
    })?;
    Some(Misdirected {
        scenario: transcript.scenario.clone(),
        entry,
        target: notification.target.clone(),
        named: id.to_owned(),
        meant: wait.wait.booking_id.clone(),
        until: wait.wait.until.clone(),
        names_both: false,
    })
}

fn vain_waits(transcript: &Transcript) -> Vec<VainWait<'_>> {
    let act_ms = |id: &str| {
        transcript.entries.iter().find_map(|entry| match &entry.fact {
            Fact::Trigger(trigger) if trigger.booking_id == id => Some(entry.at_ms),
            _ => None,
        })
    };
    // Google still shows the booking as it was.
    let is_vain = |wait: &BookingWait| {
        !wait.met && wait.copy.is_some() && !matcher::matches(&wait.until, wait.copy.as_ref())
    };
    let waits = transcript.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Awaited(wait) if is_vain(wait) => Some(VainWait {
            wait,
            since_ms: act_ms(&wait.booking_id)?,
            until_ms: entry.at_ms,
        }),
        _ => None,
    });
    waits.collect()
}

/// True for a notification by which Google's copy became what was waited for.
fn changes_to(notification: &Notification, until: &Value) -> bool {
    let (before, after) = (notification.before.as_ref(), notification.after.as_ref());
    let is_met = |copy: Option<&Value>| matcher::matches(until, copy);
    before.is_some() && after.is_some() && !is_met(before) && is_met(after)
}

/// True when Google had asked for such a change before, or the partner was asked to act on the booking, whatever came of it.
fn is_explained(transcript: &Transcript, until_entry: usize, id: &str, until: &Value) -> bool {
    let mut before = transcript.entries.iter().take(until_entry);
    before.any(|entry| match &entry.fact {
        Fact::Trigger(trigger) => trigger.booking_id == id,
        Fact::Call(call) => asks_for(call, id, until),
        _ => false,
    })
}

/// True for a call of Google's that may bring such a change about: a cancellation brings a status and what becomes of the
/// payment, a change of the slot all else.
fn asks_for(call: &Call, id: &str, until: &Value) -> bool {
    let booking = call.body.as_ref().and_then(|body| body.get("booking"));
    let Some(booking) = booking.filter(|booking| booking["booking_id"] == id) else {
        return false;
    };
    let brings = |field: &str| match field {
        "status" => {
            booking["status"] == "CANCELED" && matcher::matches(&until["status"], booking.get("status"))
        }
        "paymentInformation" => booking["status"] == "CANCELED",
        _ => booking.get("slot").is_some(),
    };
    fields(until).any(brings)
}
