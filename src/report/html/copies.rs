//! What Google knew of a booking and of slots, over time: its copies after each call of the partner's.

use crate::cut::cut;
use maud::{Markup, html};
use serde_json::Value;
use transcript::{Fact, Notification, Subject, Transcript};

/// Fields of a booking in which a notification changes something.
const FIELDS: [&str; 6] = [
    "/status",
    "/startTime",
    "/duration",
    "/partySize",
    "/paymentInformation/prepaymentStatus",
    "/virtualSessionInfo/sessionUrl",
];

/// More slots of one update say little.
const SLOTS: usize = 4;

/// A table where anything was stored.
pub(super) fn table(transcript: &Transcript) -> Markup {
    let calls = transcript.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Notification(call) => Some((entry.at_ms, call)),
        _ => None,
    });
    let began = transcript.entries.first().map_or(0, |entry| entry.at_ms);
    let rows: Vec<(u64, String, String)> = calls
        .flat_map(|(at_ms, call)| {
            let at = at_ms.saturating_sub(began);
            changes(call).into_iter().map(move |(what, now)| (at, what, now))
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            details {
                summary { "What Google knew, over time" }
                div.wide tabindex="0" role="region" aria-label="What Google knew, over time" {
                    table {
                        thead { tr { th scope="col" { "after" } th scope="col" { "of" } th scope="col" { "is now" } } }
                        tbody {
                            @for (at, what, now) in &rows {
                                tr { td.n { (at) " ms" } td { (what) } td { (now) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn changes(call: &Notification) -> Vec<(String, String)> {
    match &call.subject {
        Subject::Booking { booking_id, .. } => {
            let what = format!("booking {}", cut(booking_id, 60));
            let (before, after) = (call.before.as_ref(), call.after.as_ref());
            let changed = FIELDS.iter().filter_map(|field| {
                let now = after?.pointer(field)?;
                let was = before.and_then(|before| before.pointer(field));
                let name = field.rsplit('/').next().unwrap_or_default();
                (was != Some(now)).then(|| format!("{name} {}", short(now)))
            });
            let words: Vec<String> = changed.collect();
            if words.is_empty() {
                return Vec::new();
            }
            vec![(what, words.join(", "))]
        }
        Subject::Availability { slots, .. } if call.is_stored() => {
            let spots = spots(call.message());
            let named = slots.iter().zip(spots).take(SLOTS).map(|(slot, spots)| {
                let start = jiff::Timestamp::from_second(slot.start_sec).unwrap_or_default();
                (
                    format!(
                        "{} / {} at {start}",
                        cut(&slot.merchant_id, 40),
                        cut(&slot.service_id, 40)
                    ),
                    format!("open: {}", short(&spots)),
                )
            });
            named.collect()
        }
        Subject::Availability { .. } => Vec::new(),
    }
}

/// The open spots of every slot that an update lists, in its order.
fn spots(message: Option<&Value>) -> Vec<Value> {
    let lists = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let Some(message) = message else {
        return Vec::new();
    };
    let entries = lists(message, "extendedServiceAvailability")
        .into_iter()
        .chain(message.get("serviceAvailability").cloned());
    entries
        .flat_map(|entry| lists(&entry, "availability"))
        .map(|slot| slot.get("spotsOpen").cloned().unwrap_or_else(|| "0".into()))
        .collect()
}

fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    cut(&text, 80)
}
