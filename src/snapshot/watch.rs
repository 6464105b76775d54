//! Which notifications an awaiting step stands for.
//!
//! A scenario that awaits twice without acting in between watches one change, whatever number of PATCHes brought it: the
//! two waits are one watch. So it does not matter whether the second PATCH overtook the end of the first wait.

use protocol::Method;
use serde_json::Value;
use transcript::{BookingWait, Call, Fact, Phase, Subject, Transcript};

/// One or more waits for one booking with nothing done to it in between.
#[derive(Debug)]
pub(super) struct Watch<'t> {
    /// The booking.
    booking: &'t str,
    /// Index of the first `Awaited` entry.
    pub(super) first: usize,
    /// Index of the last one.
    last: usize,
    /// Indices of the notifications that belong here, in order of arrival.
    pub(super) notifications: Vec<usize>,
}

/// The watches of a history, and the indices of the notifications that nobody waited for. Whether an inventory update comes before the
/// end of a scenario that waits for none is chance: a partner has minutes for it.
pub(super) fn watches(transcript: &Transcript) -> (Vec<Watch<'_>>, Vec<usize>) {
    let mut watches = unfilled(transcript);
    let mut rest = Vec::new();
    let waits_for_slots = transcript
        .entries
        .iter()
        .any(|entry| matches!(entry.fact, Fact::AwaitedSlot(_)));
    for (index, _, notification) in transcript.notifications() {
        let owner = match &notification.subject {
            Subject::Booking { booking_id, .. } => owner(transcript, &watches, booking_id, index),
            Subject::Availability { .. } => None,
        };
        let is_chance = !waits_for_slots && matches!(notification.subject, Subject::Availability { .. });
        match owner {
            None if is_chance => {}
            Some(place) => watches[place].notifications.push(index),
            None => rest.push(index),
        }
    }
    (watches, rest)
}

fn unfilled(transcript: &Transcript) -> Vec<Watch<'_>> {
    let mut watches: Vec<Watch> = Vec::new();
    for (index, entry) in transcript.entries.iter().enumerate() {
        let Fact::Awaited(BookingWait { booking_id, .. }) = &entry.fact else {
            continue;
        };
        let before = watches.iter_mut().rev().find(|watch| watch.booking == booking_id);
        match before {
            Some(watch) if !acted(transcript, booking_id, watch.last, index) => watch.last = index,
            _ => watches.push(Watch {
                booking: booking_id,
                first: index,
                last: index,
                notifications: Vec::new(),
            }),
        }
    }
    watches
}

/// The first watch that was not over yet; else the last one, if nothing was done to the booking since.
fn owner(transcript: &Transcript, watches: &[Watch], booking: &str, index: usize) -> Option<usize> {
    let of_booking = || {
        watches
            .iter()
            .enumerate()
            .filter(|(_, watch)| watch.booking == booking)
    };
    let open = of_booking().find(|(_, watch)| index < watch.last);
    let late = || {
        let in_steps = transcript.entries[index].phase == Phase::Steps;
        of_booking()
            .next_back()
            .filter(|(_, watch)| in_steps && !acted(transcript, booking, watch.last, index))
    };
    open.or_else(late).map(|(place, _)| place)
}

/// True when we changed the booking, or had it changed, between two entries.
fn acted(transcript: &Transcript, booking: &str, after: usize, before: usize) -> bool {
    transcript.entries[after..before]
        .iter()
        .any(|entry| match &entry.fact {
            Fact::Trigger(trigger) => trigger.booking_id == booking,
            Fact::Call(call) => call.method == Method::UpdateBooking && booking_of(call) == Some(booking),
            _ => false,
        })
}

/// The booking that a call of ours names.
pub(super) fn booking_of(call: &Call) -> Option<&str> {
    let body = call.body.as_ref()?;
    let id = body
        .pointer("/booking/booking_id")
        .or_else(|| body.get("booking_id"));
    id.and_then(Value::as_str)
}
