//! Bookings that stand at the end of a recorded run, as an export that is made after it has to show them.

use domain::slot::Resources;
use feeds::BookedSlot;
use miette::Diagnostic;
use protocol::{Method, int64};
use recording::RecordingError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use thiserror::Error;
use transcript::{Exchange, Fact, Notification, Subject, Transcript};

/// Why a recording says nothing of bookings.
#[derive(Debug, Error, Diagnostic)]
pub enum BookingsError {
    /// It cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Recording(#[from] RecordingError),
    /// Nothing that it booked stands.
    #[error("no booking stands at the end of {}: each was cancelled, changed or never confirmed", file.display())]
    #[diagnostic(help("a run cancels its bookings: record one with --keep-bookings"))]
    NothingStands {
        /// The file.
        file: PathBuf,
    },
}

/// The slots of a recording in which bookings stand.
///
/// # Errors
///
/// When the file is no recording, or no booking stands at its end.
pub fn standing_bookings(file: &Path) -> Result<Vec<BookedSlot>, BookingsError> {
    let recording = recording::read(file)?;
    let slots = standing(&recording.facts.recorded.transcripts);
    if slots.is_empty() {
        let file = file.to_owned();
        return Err(BookingsError::NothingStands { file });
    }
    Ok(slots)
}

fn standing(transcripts: &[Transcript]) -> Vec<BookedSlot> {
    let touched: BTreeSet<&str> = transcripts.iter().flat_map(touched).collect();
    let mut slots: BTreeMap<(String, String, i64, i64, Resources), BookedSlot> = BTreeMap::new();
    for transcript in transcripts {
        for (id, booked) in transcript
            .exchanges()
            .filter_map(|exchange| confirmed(transcript, &exchange))
        {
            if touched.contains(id.as_str()) {
                continue;
            }
            let key = (
                booked.merchant_id.clone(),
                booked.service_id.clone(),
                booked.start_sec,
                booked.duration_sec,
                booked.resources.clone(),
            );
            let slot = slots.entry(key).or_insert_with(|| booked.clone());
            slot.booked_sec = slot.booked_sec.max(booked.booked_sec);
            // A repeated request is answered with the same booking.
            if !slot.booking_ids.contains(&id) {
                slot.booking_ids.push(id);
            }
        }
    }
    slots.into_values().collect()
}

/// The bookings that somebody changed, tried to change, or reports in another state than CONFIRMED: of these nothing is said.
fn touched(transcript: &Transcript) -> Vec<&str> {
    let changed = transcript
        .exchanges()
        .filter_map(|exchange| match exchange.call.method {
            Method::UpdateBooking => exchange.request_value("/booking/booking_id"),
            Method::GetBookingStatus if exchange.answer_text("/booking_status") != Some("CONFIRMED") => {
                exchange.request_value("/booking_id")
            }
            _ => None,
        });
    let by_others = transcript.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Notification(notification) => notified(notification),
        Fact::Trigger(trigger) => Some(trigger.booking_id.as_str()),
        _ => None,
    });
    changed.filter_map(Value::as_str).chain(by_others).collect()
}

fn notified(notification: &Notification) -> Option<&str> {
    match &notification.subject {
        Subject::Booking { booking_id, .. } => Some(booking_id),
        Subject::Availability { .. } => None,
    }
}

/// The id and the slot of a booking that was confirmed at once.
fn confirmed(transcript: &Transcript, exchange: &Exchange<'_>) -> Option<(String, BookedSlot)> {
    if exchange.call.method != Method::CreateBooking
        || exchange.answer_text("/booking/status") != Some("CONFIRMED")
    {
        return None;
    }
    let id = exchange
        .answer_text("/booking/booking_id")
        .filter(|id| !id.is_empty())?;
    let message = exchange.request_value("/slot")?;
    let text = |name: &str| message.get(name)?.as_str().map(ToOwned::to_owned);
    let number = |name: &str| message.get(name).and_then(int64::read);
    let resources = match message.get("resources") {
        Some(resources) => serde_json::from_value(resources.clone()).ok()?,
        None => Resources::default(),
    };
    let bound = transcript.slot_of(message);
    let answered_sec = i64::try_from(exchange.answered_ms / 1_000).ok()?;
    let booked = BookedSlot {
        merchant_id: text("merchant_id")?,
        service_id: text("service_id")?,
        start_sec: number("start_sec")?,
        duration_sec: number("duration_sec")?,
        resources,
        spots_before: bound.map(|slot| (slot.spots_total, slot.spots_open)),
        booking_ids: Vec::new(),
        booked_sec: transcript.binding()?.began_sec.saturating_add(answered_sec),
    };
    Some((id.to_owned(), booked))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use serde_json::json;

    fn transcript(entries: &[Value]) -> Transcript {
        let slot = json!({ "merchant_id": "m", "service_id": "s", "start_sec": 9_000, "duration_sec": 60, "availability_tag": null,
            "resources": {}, "confirmation_mode": "CONFIRMATION_MODE_SYNCHRONOUS", "spots_total": 2, "spots_open": 2,
            "terms": { "price": null, "tax": null, "payment_option_id": null, "prepayment": false, "no_show_fee": null,
                "deposit": null, "card_required": false, "online_cancel_until_sec": 0, "bookable_until_sec": 0,
                "bookable_from_sec": null, "refund_steps": [], "online": null, "tokenization_config": null,
                "accepted_networks": null } });
        let bound = json!({ "bound": { "slots": { "slot": slot }, "page": [], "began_sec": 1_000, "within_ms": 1,
            "user": { "user_id": "u", "given_name": "A", "family_name": "B", "telephone": "+1", "email": "a@b" } } });
        let all = std::iter::once(&bound).chain(entries);
        let entries: Vec<_> = all
            .map(|fact| json!({ "at_ms": 2_000, "phase": "steps", "fact": fact }))
            .collect();
        serde_json::from_value(json!({ "scenario": "a/b", "entries": entries })).unwrap()
    }

    fn call(method: &str, body: &Value) -> Value {
        json!({ "call": { "step": null, "label": null, "method": method, "verb": "POST", "path": "/v3", "headers": [],
            "credentials": "valid", "body": body, "raw": null, "breaks_model": false } })
    }

    fn answer(call: usize, body: &Value) -> Value {
        json!({ "answer": { "call": call, "took_us": 1, "lagged_us": 0, "reply": { "http": { "status": 200,
            "headers": [["content-type", "application/json"]], "body": body.to_string(), "json": body } } } })
    }

    fn booking(id: &str, status: &str, from: usize) -> [Value; 2] {
        let slot = json!({ "slot": { "merchant_id": "m", "service_id": "s", "start_sec": "9000", "duration_sec": "60" } });
        let body = json!({ "booking": { "booking_id": id, "status": status } });
        [call("CreateBooking", &slot), answer(from, &body)]
    }

    #[test]
    fn confirmed_bookings_of_one_slot_stand_together_once_each() {
        let entries: Vec<_> = [("b1", 1), ("b1", 3), ("b2", 5)]
            .into_iter()
            .flat_map(|(id, from)| booking(id, "CONFIRMED", from))
            .collect();
        let slots = standing(&[transcript(&entries)]);
        assert_eq!(slots.len(), 1);
        assert_eq!(slots[0].booking_ids, ["b1", "b2"]);
        assert_eq!(
            (slots[0].spots_before, slots[0].booked_sec),
            (Some((2, 2)), 1_002)
        );
    }

    #[test]
    fn what_was_cancelled_or_changed_or_never_confirmed_does_not_stand() {
        let pending = booking("b1", "PENDING_MERCHANT_CONFIRMATION", 1);
        assert_eq!(standing(&[transcript(&pending)]), []);
        let cancel = json!({ "booking": { "booking_id": "b1", "status": "CANCELED" } });
        let mut cancelled = booking("b1", "CONFIRMED", 1).to_vec();
        cancelled.extend([call("UpdateBooking", &cancel), answer(3, &cancel)]);
        assert_eq!(standing(&[transcript(&cancelled)]), []);
        let trigger = json!({ "trigger": { "step": { "step": 1, "branch": null }, "name": "reschedule", "booking_id": "b1",
            "channel": "http", "failure": null } });
        let mut moved = booking("b1", "CONFIRMED", 1).to_vec();
        moved.push(trigger);
        assert_eq!(standing(&[transcript(&moved)]), []);
    }
}
