//! Which slots are in the way of scenarios that are bound already.

use super::index::SlotIndex;
use std::collections::BTreeMap;

/// What is taken, and by whom.
pub(super) struct Occupancy<'s> {
    index: &'s SlotIndex<'s>,
    /// Per position: how many scenarios hold a slot that overlaps it.
    holders: Vec<usize>,
    /// Per position: the last of them.
    last: Vec<Option<usize>>,
    /// Per position: itself while it is free, else one on the way to the next free one.
    next_free: Vec<usize>,
    /// Per merchant, by start: end and holder of what is taken.
    spans: Vec<BTreeMap<i64, Vec<(i64, usize)>>>,
}

impl<'s> Occupancy<'s> {
    /// Nothing is taken.
    pub(super) fn new(index: &'s SlotIndex<'s>) -> Self {
        let length = index.len();
        Self {
            index,
            holders: vec![0; length],
            last: vec![None; length],
            next_free: (0..=length).collect(),
            spans: vec![BTreeMap::new(); index.merchants()],
        }
    }

    /// A scenario holds a slot. What one scenario holds for its needs is said in one go.
    pub(super) fn take(&mut self, position: usize, holder: usize) {
        let slot = self.index.slot(position);
        let merchant = self.merchant_at(position);
        let of_merchant = &mut self.spans[merchant];
        let at_once = of_merchant.entry(slot.start_sec).or_default();
        at_once.push((slot.end_sec(), holder));
        for position in self.index.overlapping(position) {
            if self.last[position] != Some(holder) {
                self.last[position] = Some(holder);
                self.holders[position] += 1;
            }
            if self.next_free[position] == position {
                self.next_free[position] = position + 1;
            }
        }
    }

    /// How many scenarios are in the way of a slot.
    pub(super) fn count(&self, position: usize) -> usize {
        self.holders[position]
    }

    /// The first position from here on that is in nobody's way; beyond the last one if there is none.
    pub(super) fn first_free(&mut self, from: usize) -> usize {
        let mut free = from;
        while self.next_free[free] != free {
            free = self.next_free[free];
        }
        // Whoever comes here again takes one step.
        let mut at = from;
        while self.next_free[at] != free {
            at = std::mem::replace(&mut self.next_free[at], free);
        }
        free
    }

    /// The scenarios that are in the way of a slot, in order.
    pub(super) fn holders(&self, position: usize) -> Vec<usize> {
        let slot = self.index.slot(position);
        let longest_sec = self.index.merchant(self.index.group_at(position)).longest_sec();
        let spans = &self.spans[self.merchant_at(position)];
        // What started longer ago than the longest slot lasts is over.
        let first = slot.start_sec.saturating_sub(longest_sec);
        let near = spans
            .range(first..slot.end_sec().max(first))
            .flat_map(|(_, all)| all);
        let mut holders: Vec<_> = near
            .filter(|(end, _)| slot.start_sec < *end)
            .map(|(_, holder)| *holder)
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    fn merchant_at(&self, position: usize) -> usize {
        self.index.merchant_number(self.index.group_at(position))
    }
}
