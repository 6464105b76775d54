//! Rules about the answers to BatchAvailabilityLookup.

pub(super) mod entries;
pub(super) mod flag;
pub(super) mod honoured;
pub(super) mod jointly;
pub(super) mod order;
pub(super) mod page_size;

use crate::reading;
use protocol::Method;
use scenario::matcher;
use serde_json::Value;
use transcript::Exchange;

/// The slots that a look-up asked for and the entries of its answer, where both are lists of one length.
pub(super) fn pairs<'t>(exchange: &Exchange<'t>) -> Option<(&'t [Value], &'t [Value])> {
    if exchange.call.method != Method::BatchAvailabilityLookup {
        return None;
    }
    let asked = exchange.request_value("/slot_time")?.as_array()?;
    let entries = exchange.answer_value("/slot_time_availability")?.as_array()?;
    (asked.len() == entries.len()).then_some((asked.as_slice(), entries.as_slice()))
}

/// The entry that repeats a slot, if exactly one does.
fn entry_of<'t>(asked: &Value, entries: &'t [Value]) -> Option<(usize, &'t Value)> {
    let mut fitting = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| repeats(entry, asked));
    let found = fitting.next()?;
    fitting.next().is_none().then_some(found)
}

/// True when an entry is about this slot.
pub(super) fn repeats(entry: &Value, asked: &Value) -> bool {
    let slot_time = entry.get("slot_time").unwrap_or(&Value::Null);
    // Most entries of a large page start at other times, which is seen at once.
    let due = reading::set(asked, "/start_sec");
    let starts_alike = due.is_none_or(|due| matcher::equal(due, slot_time.get("start_sec")));
    starts_alike && entries::first_difference(asked, slot_time).is_none()
}

/// What an entry says; proto3 leaves `false` out.
pub(super) fn is_available(entry: &Value) -> bool {
    entry.get("available") == Some(&Value::Bool(true))
}
