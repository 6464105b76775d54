//! The slots that are kept for booking: of a large feed a part, spread over its days, whatever the order of reading.

use domain::slot::{Resources, Slot};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hash::{DefaultHasher, Hash, Hasher};

const DAY_SEC: i64 = 86_400;
/// So many days are told apart: twice what feeds have to cover.
const DAYS: u64 = 64;

/// Some of the slots of one service: those that come first by [`Rank`].
#[derive(Debug, Default)]
pub(crate) struct Sample {
    /// The day that comes first: another one for each service, so that few slots of many services are of many days.
    first_day: u64,
    slots: BinaryHeap<Ranked>,
    /// True when the feed has slots of the service that are not among these.
    left_out: bool,
}

/// What is kept of each service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SampleLimit {
    /// So many slots.
    pub(crate) most: usize,
    /// When the feed was exported: the slots of this day and the next come first where there is room for others beside them, since
    /// what starts soon is rare, and asked for.
    pub(crate) from_sec: i64,
}

/// With room for fewer, what starts soon has no precedence.
const ROOM: usize = 64;

/// Whole days come one after the other, each far from those before it; in a day, the order of the feed.
type Rank = (u64, i64, i64, Resources, (usize, u32));

#[derive(Debug)]
struct Ranked(Rank, Slot);

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl Sample {
    /// For the service of this id.
    pub(crate) fn of(service_id: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        service_id.hash(&mut hasher);
        Self {
            first_day: hasher.finish() % DAYS,
            slots: BinaryHeap::new(),
            left_out: false,
        }
    }

    /// True when a slot at this moment would be kept.
    pub(crate) fn has_room_for(&self, start_sec: i64, limit: SampleLimit) -> bool {
        let last = self.slots.peek();
        self.slots.len() < limit.most
            || last.is_some_and(|last| (self.day_rank(start_sec, limit), start_sec) <= (last.0.0, last.0.1))
    }

    /// Keeps the slot, and lets go of another one when there are too many.
    pub(crate) fn add(&mut self, slot: Slot, at: (usize, u32), limit: SampleLimit) {
        let start = slot.start_sec;
        let rank = (
            self.day_rank(start, limit),
            start,
            slot.duration_sec,
            slot.resources.clone(),
            at,
        );
        self.slots.push(Ranked(rank, slot));
        if self.slots.len() > limit.most {
            self.slots.pop();
            self.left_out = true;
        }
    }

    /// A slot of the service is not kept.
    pub(crate) fn leave_out(&mut self) {
        self.left_out = true;
    }

    /// True when every slot of the service is kept.
    pub(crate) fn is_whole(&self) -> bool {
        !self.left_out
    }

    /// The bits of the day in reverse: of sixty-four days one, the one farthest from it, the quarters, and so on.
    fn day_rank(&self, start_sec: i64, limit: SampleLimit) -> u64 {
        let day = start_sec.div_euclid(DAY_SEC) as u64;
        let first = limit.from_sec.div_euclid(DAY_SEC) as u64;
        if limit.most >= ROOM && (day == first || day == first.wrapping_add(1)) {
            return 0;
        }
        1 + ((day ^ self.first_day).reverse_bits() >> (u64::BITS - DAYS.trailing_zeros()))
    }

    /// The slots by start, no two of them the same.
    pub(crate) fn into_slots(self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self
            .slots
            .into_sorted_vec()
            .into_iter()
            .map(|ranked| ranked.1)
            .collect();
        let key = |slot: &Slot| (slot.start_sec, slot.resources.clone(), slot.duration_sec);
        slots.sort_by_cached_key(key);
        slots.dedup_by(|slot, first| key(slot) == key(first));
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(start_sec: i64) -> Slot {
        Slot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec,
            duration_sec: 60,
            availability_tag: None,
            resources: Resources::default(),
            confirmation_mode: domain::slot::ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms: domain::slot::Terms::default(),
        }
    }

    /// The days of which slots are kept, of thirty days with ten slots each.
    fn days(most: usize, order: &mut dyn Iterator<Item = i64>) -> Vec<(i64, usize)> {
        let mut sample = Sample::default();
        let limit = SampleLimit {
            most,
            from_sec: 5 * DAY_SEC + 3_600,
        };
        for number in order {
            let start = (number / 10) * DAY_SEC + (number % 10) * 3_600;
            if sample.has_room_for(start, limit) {
                sample.add(slot(start), (0, 0), limit);
            }
        }
        let mut days: Vec<(i64, usize)> = Vec::new();
        for slot in sample.into_slots() {
            let day = slot.start_sec / DAY_SEC;
            match days.last_mut().filter(|(last, _)| *last == day) {
                Some((_, count)) => *count += 1,
                None => days.push((day, 1)),
            }
        }
        days
    }

    #[test]
    fn whole_days_are_kept_far_from_one_another() {
        assert_eq!(days(40, &mut (0..300)), [(0, 10), (8, 10), (16, 10), (24, 10)]);
        assert_eq!(days(1_000, &mut (0..300)).len(), 30);
    }

    #[test]
    fn with_room_for_others_what_starts_soon_comes_first() {
        let kept = [(0, 10), (4, 10), (5, 10), (6, 10), (8, 10), (16, 10), (24, 10)];
        assert_eq!(days(70, &mut (0..300)), kept);
    }

    #[test]
    fn services_begin_with_different_days() {
        let first = |id: &str| Sample::of(id).first_day;
        let days: std::collections::BTreeSet<_> = (0..50).map(|id| first(&format!("service-{id}"))).collect();
        assert!(days.len() > 20, "{days:?}");
    }

    #[test]
    fn the_order_of_reading_does_not_matter() {
        assert_eq!(days(47, &mut (0..300).rev()), days(47, &mut (0..300)));
    }

    #[test]
    fn of_two_equal_slots_one_is_kept() {
        assert_eq!(days(10, &mut [3, 3, 3].into_iter()), [(0, 1)]);
    }
}
