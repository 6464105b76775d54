//! Bookings of runs that were killed: the partner may still tell of them, and that says nothing of this run.

use protocol::time::timestamp_to_seconds;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use transcript::{MayStand, Notification, SlotKey, Subject};

/// What earlier runs made at the partner.
#[derive(Debug, Clone, Default)]
pub(super) struct EarlierBookings {
    ids: BTreeSet<String>,
    /// Slots of those that no answer had named.
    unnamed: HashSet<SlotKey>,
}

impl EarlierBookings {
    /// By what their journals say.
    pub(super) fn of(made: &[MayStand]) -> Self {
        let (named, unnamed): (Vec<_>, Vec<_>) = made.iter().partition(|one| one.booking_id.is_some());
        Self {
            ids: named.iter().filter_map(|one| one.booking_id.clone()).collect(),
            unnamed: unnamed.into_iter().map(slot).collect(),
        }
    }

    /// True for a notification about one of them; of one without a known id, about its slot.
    pub(super) fn is_told_of(&self, call: &Notification) -> bool {
        let Subject::Booking { booking_id, .. } = &call.subject else {
            return false;
        };
        self.ids.contains(booking_id)
            || !self.unnamed.is_empty()
                && call
                    .message()
                    .and_then(slot_told)
                    .is_some_and(|slot| self.unnamed.contains(&slot))
    }
}

fn slot(one: &MayStand) -> SlotKey {
    SlotKey {
        merchant_id: one.merchant_id.clone(),
        service_id: one.service_id.clone(),
        start_sec: one.start_sec,
    }
}

fn slot_told(booking: &Value) -> Option<SlotKey> {
    let text = |name: &str| booking.get(name).and_then(Value::as_str);
    Some(SlotKey {
        merchant_id: text("merchantId")?.to_owned(),
        service_id: text("serviceId")?.to_owned(),
        start_sec: timestamp_to_seconds(text("startTime")?).ok()?,
    })
}
