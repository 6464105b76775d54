//! Rules about what the partner tells Google of bookings.

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

use super::{Case, Note, reading};
use protocol::model::v1alpha;
use serde_json::Value;
use transcript::{Fault, Subject};

/// JSON pointer of the prepayment status.
pub(super) const PREPAYMENT: &str = "/paymentInformation/prepaymentStatus";

/// The mask path of the prepayment status.
pub(super) const PREPAYMENT_PATH: &str = "paymentInformation.prepaymentStatus";

/// A call about a booking, its body and its mask in the API's JSON names whatever spelling the partner used.
pub(super) struct Patch<'t> {
    entry: usize,
    at_ms: u64,
    partner: &'t str,
    booking_id: &'t str,
    /// Null when there was no JSON object.
    body: Value,
    /// None when no path was named.
    mask: Option<Vec<String>>,
    before: Option<&'t Value>,
}

impl<'t> Patch<'t> {
    /// The call, unless it was turned away before it was read: then it comes again.
    pub(super) fn of(note: &Note<'t>) -> Option<Self> {
        let Subject::Booking { partner, booking_id } = &note.notification.subject else {
            return None;
        };
        if !was_read(note) {
            return None;
        }
        let body = note.notification.body.as_ref().filter(|body| body.is_object());
        let paths: Vec<_> = note.notification.mask.iter().flatten().collect();
        let paths: Vec<_> = paths
            .iter()
            .map(|path| camel_case(path.trim()))
            .filter(|path| !path.is_empty())
            .collect();
        Some(Self {
            entry: note.entry,
            at_ms: note.at_ms,
            partner,
            booking_id,
            body: body
                .map(|body| reading::in_json_names("Booking", body))
                .unwrap_or_default(),
            mask: (!paths.is_empty()).then_some(paths),
            before: note.notification.before.as_ref(),
        })
    }

    /// A string of the body that is not empty.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        reading::text(&self.body, pointer)
    }

    /// A string of Google's copy before the call.
    fn was(&self, pointer: &str) -> Option<&'t str> {
        reading::text(self.before?, pointer)
    }

    /// A status of the body that the API knows.
    fn status(&self) -> Option<&str> {
        self.known("BookingStatus", "/status")
    }

    /// A prepayment status of the body that the API knows.
    pub(super) fn prepayment(&self) -> Option<&str> {
        self.known("PrepaymentStatus", PREPAYMENT)
    }

    /// The prepayment status before the call; none was reported when there is none.
    fn prepayment_before(&self) -> &'t str {
        self.was(PREPAYMENT).unwrap_or("PREPAYMENT_NOT_PROVIDED")
    }

    fn known(&self, enumeration: &str, pointer: &str) -> Option<&str> {
        let known = v1alpha().enumeration(enumeration)?;
        let unspecified = known.default_name();
        self.text(pointer)
            .filter(|name| known.contains(name) && Some(*name) != unspecified)
    }

    /// True when a mask names the path, its parent or everything; false without a mask.
    pub(super) fn names(&self, path: &str) -> bool {
        let covers = |named: &String| {
            let below = path.strip_prefix(named.as_str());
            named == "*" || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.mask.iter().flatten().any(covers)
    }

    /// True when a mask was sent.
    pub(super) fn has_mask(&self) -> bool {
        self.mask.is_some()
    }
}

/// What was told of a booking after an entry of the history, as long as nobody acted on it again.
fn until_the_next_act<'c>(case: &'c Case<'_>, from: usize, id: &str) -> Vec<Patch<'c>> {
    let triggers = case
        .triggers()
        .filter(|(_, _, trigger)| trigger.booking_id == id)
        .map(|(entry, _, _)| entry);
    let changes = case
        .transcript
        .exchanges()
        .filter(|other| other.call.method.mutates())
        .filter(|other| other.sent("/booking/booking_id").and_then(Value::as_str) == Some(id))
        .map(|other| other.answer.call);
    let next = triggers
        .chain(changes)
        .filter(|entry| *entry > from)
        .min()
        .unwrap_or(usize::MAX);
    case.notes()
        .filter(|note| note.entry > from && note.entry < next)
        .filter_map(|note| Patch::of(&note))
        .filter(|patch| patch.booking_id == id)
        .collect()
}

/// False when our side turned a call away for its credentials, its rate or a fault of our own.
fn was_read(note: &Note<'_>) -> bool {
    let status = note.notification.status;
    note.notification.fault.as_ref().is_none_or(Fault::stores) && status != 401 && status < 429
}

fn camel_case(path: &str) -> String {
    let mut upper = false;
    let mut name = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '_' => upper = true,
            letter if upper => {
                name.extend(letter.to_uppercase());
                upper = false;
            }
            letter => name.push(letter),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_paths_are_read_in_either_spelling() {
        assert_eq!(
            camel_case("payment_information.prepayment_status"),
            PREPAYMENT_PATH
        );
        assert_eq!(camel_case("startTime"), "startTime");
    }
}
