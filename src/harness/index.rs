//! The slots of a target, indexed: by their terms, by merchant and service, and by their start.

mod terms;

use super::need::Profile;
use domain::slot::Slot;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use terms::{Traits, group_by_terms};

/// Slots of one merchant and service which differ in nothing but start, tag and open spots.
pub(super) struct TermsGroup {
    /// Where its slots stand; never empty.
    pub(super) positions: Range<usize>,
    merchant: usize,
    service: usize,
    key: OnceCell<String>,
}

/// Every slot has a position: group after group, in a group by its start.
pub(super) struct SlotIndex<'s> {
    slots: Vec<&'s Slot>,
    group_at: Vec<usize>,
    /// In the order in which they first occur.
    pub(super) groups: Vec<TermsGroup>,
    /// The groups of each profile, which is what a need asks of terms.
    profiles: Vec<(Profile, Vec<usize>)>,
    merchants: Vec<MerchantSlots>,
    services: Vec<ServiceSlots>,
    numbers: ServiceNumbers<'s>,
}

/// The numbers of services, by the ids of their merchant and their own; and of merchants.
#[derive(Default)]
struct ServiceNumbers<'s> {
    services: HashMap<(&'s str, &'s str), usize>,
    merchants: HashMap<&'s str, usize>,
}

/// The slots of one merchant.
#[derive(Default)]
pub(super) struct MerchantSlots {
    /// Its groups, in their order.
    pub(super) groups: Vec<usize>,
    by_start: Vec<usize>,
    longest_sec: i64,
}

/// The slots of one service.
#[derive(Default)]
pub(super) struct ServiceSlots {
    /// Its groups, in their order.
    pub(super) groups: Vec<usize>,
    by_start: Vec<usize>,
}

impl<'s> SlotIndex<'s> {
    /// Of slots in any order; of those that start together the first one stays the first.
    pub(super) fn new(slots: &'s [Slot]) -> Self {
        let mut sorted: Vec<&'s Slot> = slots.iter().collect();
        sorted.sort_by_key(|slot| slot.start_sec);
        let (group_of, samples) = group_by_terms(&sorted);
        let mut index = Self {
            slots: sorted.clone(),
            group_at: vec![0; sorted.len()],
            groups: Vec::with_capacity(samples.len()),
            profiles: Vec::new(),
            merchants: Vec::new(),
            services: Vec::new(),
            numbers: ServiceNumbers::default(),
        };
        for (slot, size) in samples {
            index.add_group(slot, size);
        }
        let mut next: Vec<usize> = index.groups.iter().map(|group| group.positions.start).collect();
        for (slot, group) in sorted.into_iter().zip(group_of) {
            let position = next[group];
            next[group] += 1;
            index.slots[position] = slot;
            index.group_at[position] = group;
            index.file(slot, group, position);
        }
        index.profiles = index.group_by_profile();
        index
    }

    /// The next group, of so many slots like this one.
    fn add_group(&mut self, slot: &'s Slot, size: usize) {
        let (merchant_id, service_id) = (slot.merchant_id.as_str(), slot.service_id.as_str());
        let merchants = &mut self.merchants;
        let merchant = *self
            .numbers
            .merchants
            .entry(merchant_id)
            .or_insert_with(|| add(merchants));
        let services = &mut self.services;
        let service = self.numbers.services.entry((merchant_id, service_id));
        let service = *service.or_insert_with(|| add(services));
        let start = self.groups.last().map_or(0, |last| last.positions.end);
        self.merchants[merchant].groups.push(self.groups.len());
        self.services[service].groups.push(self.groups.len());
        self.groups.push(TermsGroup {
            positions: start..start + size,
            merchant,
            service,
            key: OnceCell::new(),
        });
    }

    /// Puts a slot where it is looked up; slots come in the order of their starts.
    fn file(&mut self, slot: &Slot, group: usize, position: usize) {
        let TermsGroup {
            merchant, service, ..
        } = self.groups[group];
        let merchant = &mut self.merchants[merchant];
        merchant.by_start.push(position);
        merchant.longest_sec = merchant.longest_sec.max(slot.duration_sec);
        self.services[service].by_start.push(position);
    }

    fn group_by_profile(&self) -> Vec<(Profile, Vec<usize>)> {
        let mut numbers: HashMap<Profile, usize> = HashMap::new();
        let mut profiles: Vec<(Profile, Vec<usize>)> = Vec::new();
        for group in 0..self.groups.len() {
            let profile = Profile::of(self.sample(group));
            let number = *numbers.entry(profile.clone()).or_insert_with(|| {
                profiles.push((profile, Vec::new()));
                profiles.len() - 1
            });
            profiles[number].1.push(group);
        }
        profiles
    }

    /// What each merchant has, in the order in which they first occur.
    pub(super) fn all_of_merchants(&self) -> impl Iterator<Item = &MerchantSlots> {
        self.merchants.iter()
    }

    /// How many slots there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The slot at a position.
    pub(super) fn slot(&self, position: usize) -> &'s Slot {
        self.slots[position]
    }

    /// The group of the slot at a position.
    pub(super) fn group_at(&self, position: usize) -> usize {
        self.group_at[position]
    }

    /// Tells groups apart, from run to run.
    pub(super) fn key(&self, group: usize) -> &str {
        let key = &self.groups[group].key;
        key.get_or_init(|| Traits::of(self.sample(group)).key())
    }

    /// The first slot of a group: it has the terms of all of them.
    pub(super) fn sample(&self, group: usize) -> &'s Slot {
        self.slots[self.groups[group].positions.start]
    }

    /// The profiles that there are, with the groups of each.
    pub(super) fn profiles(&self) -> impl Iterator<Item = (&Profile, &[usize])> {
        let profiles = self.profiles.iter();
        profiles.map(|(profile, groups)| (profile, groups.as_slice()))
    }

    /// What the merchant of a group has.
    pub(super) fn merchant(&self, group: usize) -> &MerchantSlots {
        &self.merchants[self.groups[group].merchant]
    }

    /// What the service of a group has.
    pub(super) fn service(&self, group: usize) -> &ServiceSlots {
        &self.services[self.groups[group].service]
    }

    /// What a service has, by the ids of its merchant and its own.
    pub(super) fn service_by_id(&self, merchant_id: &str, service_id: &str) -> Option<&ServiceSlots> {
        let number = self.numbers.services.get(&(merchant_id, service_id))?;
        Some(&self.services[*number])
    }

    /// The positions of a service's slots that start together with one of them.
    pub(super) fn at_once(&self, position: usize) -> &[usize] {
        let by_start = &self.service(self.group_at[position]).by_start;
        let start_sec = self.slots[position].start_sec;
        let first = by_start.partition_point(|other| self.slots[*other].start_sec < start_sec);
        let later = &by_start[first..];
        let is_at_once = |other: &&usize| self.slots[**other].start_sec == start_sec;
        &later[..later.iter().take_while(is_at_once).count()]
    }

    /// The positions of a merchant's slots that overlap one of them.
    pub(super) fn overlapping(&self, position: usize) -> impl Iterator<Item = usize> {
        let MerchantSlots {
            by_start,
            longest_sec,
            ..
        } = self.merchant(self.group_at[position]);
        let slot = self.slots[position];
        let (start, end) = (slot.start_sec, slot.end_sec());
        let first = by_start
            .partition_point(|other| self.slots[*other].start_sec.saturating_add(*longest_sec) <= start);
        let beyond = by_start.partition_point(|other| self.slots[*other].start_sec < end);
        let near = by_start.get(first..beyond).unwrap_or_default().iter().copied();
        near.filter(move |other| start < self.slots[*other].end_sec())
    }

    /// True when two groups are of one merchant.
    pub(super) fn is_same_merchant(&self, one: usize, other: usize) -> bool {
        self.groups[one].merchant == self.groups[other].merchant
    }

    /// The number of a group's merchant.
    pub(super) fn merchant_number(&self, group: usize) -> usize {
        self.groups[group].merchant
    }

    /// How many merchants there are.
    pub(super) fn merchants(&self) -> usize {
        self.merchants.len()
    }

    /// True when the merchant of a group has more services than one.
    pub(super) fn has_several_services(&self, group: usize) -> bool {
        let groups = &self.merchant(group).groups;
        groups
            .iter()
            .any(|other| self.groups[*other].service != self.groups[group].service)
    }

    /// The part of a group's positions whose slots start in this range of epoch seconds.
    pub(super) fn starting(&self, group: usize, starts: Range<i64>) -> Range<usize> {
        let positions = self.groups[group].positions.clone();
        let slots = &self.slots[positions.clone()];
        let first = slots.partition_point(|slot| slot.start_sec < starts.start);
        let end = slots.partition_point(|slot| slot.start_sec < starts.end);
        positions.start + first..positions.start + end.max(first)
    }
}

impl MerchantSlots {
    /// The length of its longest slot.
    pub(super) fn longest_sec(&self) -> i64 {
        self.longest_sec
    }
}

/// One more of a list; its number comes back.
fn add<T: Default>(list: &mut Vec<T>) -> usize {
    list.push(T::default());
    list.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::slot::{ConfirmationMode, Resources, Terms};

    fn slot(start_sec: i64, lead: i64, spots_open: i64) -> Slot {
        Slot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec,
            duration_sec: 1800,
            availability_tag: Some(format!("tag-{start_sec}")),
            resources: Resources::default(),
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 4,
            spots_open,
            terms: Terms {
                bookable_until_sec: start_sec - lead,
                online_cancel_until_sec: start_sec,
                ..Terms::default()
            },
        }
    }

    #[test]
    fn start_tag_and_open_spots_make_no_group_but_leads_do() {
        let slots = [slot(1000, 60, 4), slot(2000, 60, 1), slot(3000, 120, 4)];
        let index = SlotIndex::new(&slots);
        let starts = |group: usize| {
            let positions = index.groups[group].positions.clone();
            positions.map(|at| index.slot(at).start_sec).collect::<Vec<_>>()
        };
        assert_eq!(
            (index.groups.len(), starts(0), starts(1)),
            (2, vec![1000, 2000], vec![3000])
        );
        assert_ne!(index.key(0), index.key(1));
        assert_eq!(index.starting(0, 1001..2001), 1..2);
    }

    #[test]
    fn what_overlaps_is_found_whatever_its_length() {
        let mut slots = [slot(1000, 60, 4), slot(2000, 60, 1), slot(9000, 120, 4)];
        slots[0].duration_sec = 5000;
        let index = SlotIndex::new(&slots);
        let overlapping = |at: usize| {
            let mut positions = 0..index.len();
            let own = positions
                .find(|position| index.slot(*position) == &slots[at])
                .unwrap_or(0);
            let found = index.overlapping(own);
            found.map(|at| index.slot(at).start_sec).collect::<Vec<_>>()
        };
        assert_eq!(overlapping(0), [1000, 2000]);
        assert_eq!(overlapping(1), [1000, 2000]);
        assert_eq!(overlapping(2), [9000]);
    }
}
