//! Rules about the partner's notifications of bookings.

pub(super) mod cancel_minimal;
pub(super) mod client_data;
pub(super) mod content_type;
pub(super) mod decided;
pub(super) mod deposit_kept;
pub(super) mod duration;
pub(super) mod echo;
pub(super) mod essentials;
mod failure;
pub(super) mod failure_alone;
pub(super) mod failure_cause;
pub(super) mod failure_place;
pub(super) mod fee_as_prepayment;
pub(super) mod fields;
pub(super) mod mask_complete;
pub(super) mod mask_modifiable;
pub(super) mod mask_present;
pub(super) mod mask_spelling;
pub(super) mod method;
pub(super) mod move_as_cancel;
pub(super) mod move_in_one;
pub(super) mod moved_start;
pub(super) mod name;
pub(super) mod no_show_canceled;
pub(super) mod no_show_time;
pub(super) mod partner;
pub(super) mod party_size;
pub(super) mod payment_status;
pub(super) mod penalty;
pub(super) mod prepayment_steps;
pub(super) mod refund_mask;
pub(super) mod refund_told;
pub(super) mod refund_transaction;
pub(super) mod request_unchanged;
pub(super) mod start_time;
pub(super) mod status_names;
pub(super) mod stray;
pub(super) mod verb;

use super::partner_calls::{BookingUpdate, PREPAYMENT, PREPAYMENT_PATH, is_read};
use super::{Case, PartnerCall};
use serde_json::Value;

/// Notifications of a booking after an entry of the history, up to the next act on it.
fn until_the_next_act<'c>(case: &'c Case<'_>, from: usize, id: &str) -> Vec<BookingUpdate<'c>> {
    let triggers = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.booking_id == id)
        .map(|(entry, _, _)| entry);
    let changes = case
        .transcript
        .exchanges()
        .filter(|other| other.call.method.mutates())
        .filter(|other| other.request_value("/booking/booking_id").and_then(Value::as_str) == Some(id))
        .map(|other| other.answer.call);
    let next = triggers
        .chain(changes)
        .filter(|entry| *entry > from)
        .min()
        .unwrap_or(usize::MAX);
    case.booking_updates()
        .filter(|update| update.booking_id == id && update.entry > from && update.entry < next)
        .collect()
}
