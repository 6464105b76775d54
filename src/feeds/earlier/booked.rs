//! Bookings that stand, looked for in an export that was made after them.

use super::names::SeenAt;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use domain::slot::Resources;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// So long after a booking an export may still have been read before it.
const SETTLED_SEC: i64 = 300;

/// A slot with bookings that stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedSlot {
    /// The merchant.
    pub merchant_id: String,
    /// The service.
    pub service_id: String,
    /// Its start, epoch seconds.
    pub start_sec: i64,
    /// Its length in seconds.
    pub duration_sec: i64,
    /// Staff, room and party size.
    pub resources: Resources,
    /// Spots in total and open ones before the first of the bookings; none where nobody knows.
    pub spots_before: Option<(i64, i64)>,
    /// The bookings that stand: their ids.
    pub booking_ids: Vec<String>,
    /// When the last of them was answered, epoch seconds.
    pub booked_sec: i64,
}

/// What an export shows of bookings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BookingTally {
    /// Slots with bookings that stand.
    pub slots: u64,
    /// Those that start after the export, which was made at least five minutes after the booking.
    pub looked_for: u64,
    /// Those in which the export shows all of these bookings.
    pub shown: u64,
}

/// What an export says of a slot: spots in total, open ones, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    total: i64,
    open: i64,
    at: SeenAt,
}

/// The slots that are looked for while availability is read.
#[derive(Default)]
pub(crate) struct BookedSlots<'b> {
    slots: &'b [BookedSlot],
    by_service: HashMap<(&'b str, &'b str), Vec<usize>>,
    seen: Mutex<HashMap<usize, Seen>>,
}

/// A record of the availability feed, as far as bookings are concerned.
#[derive(Clone, Copy)]
pub(crate) struct OfferedSlots<'s> {
    pub(crate) starts: &'s [i64],
    pub(crate) duration_sec: i64,
    pub(crate) resources: &'s Resources,
    /// In total, and open.
    pub(crate) spots: (i64, i64),
}

impl<'b> BookedSlots<'b> {
    pub(crate) fn new(slots: &'b [BookedSlot]) -> Self {
        let mut by_service: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, slot) in slots.iter().enumerate() {
            let ids = (slot.merchant_id.as_str(), slot.service_id.as_str());
            by_service.entry(ids).or_default().push(index);
        }
        Self {
            slots,
            by_service,
            seen: Mutex::default(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Notes what a record says of the slots that are looked for; of two that say different things, the one with fewer open spots.
    pub(crate) fn see(&self, (merchant_id, service_id): (&str, &str), offered: OfferedSlots<'_>, at: SeenAt) {
        let Some(indices) = self.by_service.get(&(merchant_id, service_id)) else {
            return;
        };
        let is_meant = |slot: &BookedSlot| {
            slot.duration_sec == offered.duration_sec
                && slot.resources == *offered.resources
                && offered.starts.binary_search(&slot.start_sec).is_ok()
        };
        let (total, open) = offered.spots;
        let now = Seen { total, open, at };
        let taken = |seen: &Seen| (seen.total - seen.open, std::cmp::Reverse(seen.at));
        for index in indices.iter().filter(|index| is_meant(&self.slots[**index])) {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let known = seen.entry(*index).or_insert(now);
            if taken(&now) > taken(known) {
                *known = now;
            }
        }
    }

    /// What an export of this moment shows of them; what it does not show is handed to `note`, with its place if it has one.
    pub(crate) fn conclude(
        self,
        export_sec: i64,
        mut note: impl FnMut(Option<SeenAt>, RecordProblem),
    ) -> BookingTally {
        let seen = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut tally = BookingTally {
            slots: self.slots.len() as u64,
            ..BookingTally::default()
        };
        for (index, slot) in self.slots.iter().enumerate() {
            if slot.start_sec <= export_sec || slot.booked_sec.saturating_add(SETTLED_SEC) > export_sec {
                continue;
            }
            tally.looked_for += 1;
            let seen = seen.get(&index);
            match problem(slot, seen) {
                Some(problem) => note(seen.map(|seen| seen.at), problem),
                None => tally.shown += 1,
            }
        }
        tally
    }
}

/// What is wrong with how the export shows the bookings of a slot. However many others came or left, as many spots are taken
/// as there are bookings that stand. A slot that is left out may be full.
fn problem(slot: &BookedSlot, seen: Option<&Seen>) -> Option<RecordProblem> {
    let bookings = slot.booking_ids.len() as i64;
    let ids = match &slot.booking_ids[..] {
        [one] => format!("booking {one}"),
        several => format!("{} bookings, {} among them", several.len(), several[0]),
    };
    let place = format!("{}/{} at {}", slot.merchant_id, slot.service_id, slot.start_sec);
    let Some(Seen { total, open, .. }) = seen else {
        let room_left = slot.spots_before.is_some_and(|(_, open)| open > bookings);
        let message = format!("{place} had room left after {ids}, and is not in the export");
        return room_left.then(|| RecordProblem::new(ProblemCode::BookedSlotGone, "", message));
    };
    if total - open >= bookings.min(*total) {
        return None;
    }
    let before = slot.spots_before.map_or_else(String::new, |(total, open)| {
        format!("; before it was {open} of {total}")
    });
    let message =
        format!("{open} of {total} spots open for {place}, though {ids} stands in the recording{before}");
    let fell = slot.spots_before == Some((total + bookings, open + bookings));
    let (code, field) = if fell {
        (ProblemCode::TotalLowered, "spots_total")
    } else {
        (ProblemCode::BookingNotShown, "spots_open")
    };
    Some(RecordProblem::new(code, field, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(bookings: usize, before: (i64, i64)) -> BookedSlot {
        BookedSlot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec: 50_000,
            duration_sec: 60,
            resources: Resources::default(),
            spots_before: Some(before),
            booking_ids: (0..bookings).map(|id| format!("b{id}")).collect(),
            booked_sec: 1_000,
        }
    }

    fn code(bookings: usize, before: (i64, i64), now: Option<(i64, i64)>) -> Option<ProblemCode> {
        let path = crate::kind::RecordPath {
            kind: crate::kind::FeedKind::Availability,
            group: 0,
            index: 0,
        };
        let seen = now.map(|(total, open)| Seen {
            total,
            open,
            at: (0, path),
        });
        problem(&slot(bookings, before), seen.as_ref()).map(|problem| problem.code)
    }

    #[test]
    fn as_many_spots_are_taken_as_bookings_stand() {
        assert_eq!(code(1, (1, 1), Some((1, 1))), Some(ProblemCode::BookingNotShown));
        assert_eq!(code(2, (9, 9), Some((9, 8))), Some(ProblemCode::BookingNotShown));
        assert_eq!(code(1, (1, 1), Some((1, 0))), None);
        assert_eq!(code(2, (9, 9), Some((9, 7))), None);
    }

    #[test]
    fn what_others_book_and_cancel_proves_nothing() {
        assert_eq!(code(1, (9, 5), Some((9, 5))), None, "somebody else cancelled");
        assert_eq!(code(1, (9, 5), Some((9, 0))), None, "many booked");
        assert_eq!(code(1, (9, 9), Some((20, 19))), None, "a larger room");
    }

    #[test]
    fn a_total_that_falls_with_the_open_spots_is_told_as_such() {
        assert_eq!(code(1, (4, 4), Some((3, 3))), Some(ProblemCode::TotalLowered));
    }

    #[test]
    fn a_slot_that_is_full_may_be_left_out() {
        assert_eq!(code(1, (1, 1), None), None);
        assert_eq!(code(2, (9, 2), None), None);
        assert_eq!(code(1, (9, 9), None), Some(ProblemCode::BookedSlotGone));
    }

    #[test]
    fn only_slots_to_come_that_were_booked_before_the_export_are_looked_for() {
        let slots = [slot(1, (1, 1))];
        let looked_for = |export_sec| {
            BookedSlots::new(&slots)
                .conclude(export_sec, |_, _| {})
                .looked_for
        };
        assert_eq!(
            [1_000, 1_299, 1_300, 49_999, 50_000].map(looked_for),
            [0, 0, 1, 1, 0]
        );
    }
}
