//! The change that an UpdateBooking asks for, beside its answer and the later readings.

use crate::{Case, reading};
use protocol::{Method, int64};
use serde_json::Value;
use transcript::{Exchange, HttpReply};

/// An UpdateBooking that was answered with a booking.
pub(super) struct RequestedUpdate<'c> {
    /// The call and its answer.
    pub(super) exchange: Exchange<'c>,
    /// The booking that was to be changed.
    pub(super) id: &'c str,
    /// The booking in the answer.
    pub(super) booking: &'c Value,
}

/// The fields of a slot that Google changes.
const CHANGEABLE: [&str; 3] = [
    "/slot/start_sec",
    "/slot/duration_sec",
    "/slot/resources/party_size",
];

/// Every change that was answered with a booking, in order.
pub(super) fn changes<'c>(case: &'c Case<'_>) -> Vec<RequestedUpdate<'c>> {
    read(case.answers())
}

/// The same of the changes that the harness makes by itself: cancellations at the end.
pub(super) fn own_changes<'c>(case: &'c Case<'_>) -> Vec<RequestedUpdate<'c>> {
    read(case.own_answers())
}

fn read<'c>(answers: impl Iterator<Item = Exchange<'c>>) -> Vec<RequestedUpdate<'c>> {
    let read = |exchange: Exchange<'c>| {
        let id = exchange.request_value("/booking/booking_id")?.as_str()?;
        let booking = reading::updated_booking(&exchange)?;
        // An answer about another booking has a finding of its own, and says nothing of this one.
        if reading::id(booking).is_some_and(|shown| shown != id) {
            return None;
        }
        Some(RequestedUpdate {
            exchange,
            id,
            booking,
        })
    };
    answers.filter_map(read).collect()
}

impl<'c> RequestedUpdate<'c> {
    /// True when Google cancels.
    pub(super) fn cancels(&self) -> bool {
        self.exchange
            .request_value("/booking/status")
            .is_some_and(|status| status == "CANCELED")
    }

    /// A field of the booking that the change names.
    pub(super) fn requested_value(&self, pointer: &str) -> Option<&'c Value> {
        self.exchange.request_value(&format!("/booking{pointer}"))
    }

    /// The first field of the slot that the answer does not show as it was asked for, with what it shows. What cannot be
    /// read has rules of its own.
    pub(super) fn first_difference(&self) -> Option<(&'static str, Value)> {
        let differs = |pointer: &&'static str| {
            let asked = self.requested_value(pointer).and_then(int64::read);
            let got = reading::set(self.booking, pointer);
            let unreadable = got.is_some_and(|got| int64::read(got).is_none());
            asked.is_some() && !unreadable && got.and_then(int64::read) != asked
        };
        let pointer = CHANGEABLE.iter().find(|pointer| differs(pointer))?;
        Some((
            pointer,
            reading::set(self.booking, pointer).cloned().unwrap_or_default(),
        ))
    }

    /// True when the answer shows a new start or party size as it was asked for.
    pub(super) fn is_shown_in_part(&self) -> bool {
        let mut fields = ["/slot/start_sec", "/slot/resources/party_size"].into_iter();
        fields.any(|pointer| {
            let asked = self.requested_value(pointer).and_then(int64::read);
            asked.is_some() && reading::set(self.booking, pointer).and_then(int64::read) == asked
        })
    }

    /// The readings between this change and the next act on the booking.
    pub(super) fn readings_after(&self, case: &'c Case<'_>) -> Vec<Exchange<'c>> {
        let next = case
            .answers()
            .filter(|other| self.is_about_it(other))
            .map(|other| other.answer.call)
            .chain(case.triggers().map(|(entry, _, _)| entry))
            .filter(|entry| *entry > self.exchange.entry)
            .min()
            .unwrap_or(usize::MAX);
        let later = case.answers();
        later
            .filter(|other| other.answer.call > self.exchange.entry && other.entry < next)
            .filter(|other| other.http().is_some_and(HttpReply::is_success))
            .collect()
    }

    fn is_about_it(&self, other: &Exchange<'_>) -> bool {
        other.call.method == Method::UpdateBooking
            && other.request_value("/booking/booking_id").and_then(Value::as_str) == Some(self.id)
    }
}
