//! The slots of a page: more of the first slot's merchant, for a look-up when a user opens the booking panel.

use super::super::matches::Matches;
use super::{Binder, Binding, Search};
use domain::slot::{Resources, Slot};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A page of so many slots is of a merchant that has them.
const LARGE_PAGE: usize = 50;

impl<'s> Binder<'s> {
    /// The groups of the merchant that a large page is of: one with as many slots as are wanted, and of these the one whose slots are
    /// told apart by the most staff, rooms and party sizes.
    pub(super) fn merchant_of_page(&self, search: &Search<'_>, matches: &Matches) -> Option<Vec<usize>> {
        let wanted = search.scenario.page;
        if wanted < LARGE_PAGE || !search.bound.is_empty() {
            return None;
        }
        let merchants = self
            .index
            .all_of_merchants()
            .map(|merchant| merchant.groups.as_slice());
        let meeting =
            merchants.filter(|groups| groups.iter().any(|group| matches.place_of(*group).is_some()));
        let most = meeting.max_by_key(|groups| {
            let booked = groups
                .iter()
                .filter(|group| !self.index.sample(**group).terms.is_ordered());
            let slots = booked
                .clone()
                .map(|group| self.index.starting(*group, self.first_of_page()..i64::MAX).len());
            let slots: usize = slots.sum();
            let kinds: BTreeSet<_> = booked.map(|group| &self.index.sample(*group).resources).collect();
            (slots.min(wanted), kinds.len(), slots)
        });
        most.map(<[usize]>::to_vec)
    }

    /// A page shows slots from an hour on, so that none of them is too late while the run lasts.
    fn first_of_page(&self) -> i64 {
        self.now_sec + 3601
    }

    /// Slots of one merchant for a page: one of each kind, then a second of each, two at one time only where they are the
    /// same service's, and none that another scenario is to book, so that the same page comes back whatever the hour.
    pub(in super::super) fn page(&self, binding: &Binding, wanted: usize) -> Vec<Slot> {
        let Some(group) = binding.groups.first().filter(|_| wanted > 0) else {
            return Vec::new();
        };
        let mut times: BTreeMap<i64, &str> = BTreeMap::new();
        let mut named = BTreeSet::new();
        for slot in binding.slots.values().flatten() {
            times.insert(slot.start_sec, &slot.service_id);
            named.insert(place(slot));
        }
        let mut groups = self.free_of_merchant(*group);
        let mut page = Vec::new();
        while page.len() < wanted && !groups.is_empty() {
            for slots in groups.values_mut() {
                let free = std::iter::from_fn(|| slots.pop_front())
                    .filter(|slot| named.insert(place(slot)))
                    .find(|slot| *times.entry(slot.start_sec).or_insert(&slot.service_id) == slot.service_id);
                page.extend(free.cloned());
            }
            groups.retain(|_, slots| !slots.is_empty());
        }
        page.truncate(wanted);
        page
    }

    /// What nobody holds of a merchant's slots, by group, from an hour on.
    fn free_of_merchant(&self, group: usize) -> BTreeMap<(&str, usize), VecDeque<&'s Slot>> {
        let groups = &self.index.merchant(group).groups;
        let booked = groups
            .iter()
            .filter(|group| !self.index.sample(**group).terms.is_ordered());
        let free = booked.map(|group| {
            let positions = self.index.groups[*group].positions.clone();
            let free = positions
                .filter(|position| self.occupancy.count(*position) == 0)
                .map(|position| self.index.slot(position))
                .filter(|slot| slot.start_sec >= self.first_of_page());
            ((self.index.key(*group), *group), free.collect::<VecDeque<_>>())
        });
        free.filter(|(_, slots)| !slots.is_empty()).collect()
    }
}

/// What a look-up names of a slot: two that are alike in it would be asked for twice.
fn place(slot: &Slot) -> (&str, i64, i64, &Resources) {
    (
        &slot.service_id,
        slot.start_sec,
        slot.duration_sec,
        &slot.resources,
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::super::super::index::SlotIndex;
    use super::super::Preference;
    use super::super::tests::{NOW, scenario, slot};
    use super::*;
    use scenario::SlotNeed;

    const HOUR: i64 = 3600;

    /// As many hourly slots of a merchant, at each hour one for each of so many party sizes.
    fn hourly(merchant: &str, hours: i64, sizes: i32) -> Vec<Slot> {
        let hours = (2..2 + hours).flat_map(|hour| (1..=sizes).map(move |size| (hour, size)));
        let slots = hours.map(|(hour, size)| {
            let mut slot = slot(merchant, hour * HOUR, None);
            slot.resources.party_size = Some(size);
            slot
        });
        slots.collect()
    }

    fn page(slots: &[Slot], wanted: usize) -> (String, Vec<Slot>) {
        let index = SlotIndex::new(slots);
        let mut binder = Binder::new(&index, NOW, 1);
        let mut scenario = scenario("x/1", SlotNeed::default());
        scenario.page = wanted;
        let binding = binder.bind(0, &scenario, &Preference::new()).unwrap();
        let merchant = binding.slots["slot"][0].merchant_id.clone();
        (merchant, binder.page(&binding, wanted))
    }

    #[test]
    fn a_large_page_is_of_a_merchant_that_has_it_and_shows_most() {
        let merchants = [
            hourly("few", 10, 2),
            hourly("plain", 300, 1),
            hourly("tables", 90, 4),
        ];
        let (merchant, page) = page(&merchants.concat(), 299);
        assert_eq!((merchant.as_str(), page.len()), ("tables", 299));
        let days: BTreeSet<i64> = page.iter().map(|slot| slot.start_sec / (24 * HOUR)).collect();
        let sizes: BTreeSet<_> = page.iter().map(|slot| slot.resources.party_size).collect();
        assert_eq!((days.len() > 3, sizes.len()), (true, 4));
    }

    #[test]
    fn where_there_are_fewer_slots_the_page_has_as_many_as_there_are() {
        let (_, page) = page(&hourly("few", 5, 2), 299);
        assert_eq!(page.len(), 8, "all but the bound one and the one beside it");
    }

    #[test]
    fn no_slot_is_asked_for_twice() {
        let mut slots = hourly("twice", 40, 2);
        let other_terms = slots.clone().into_iter().map(|mut slot| {
            slot.spots_total = 7;
            slot
        });
        slots.extend(other_terms.collect::<Vec<_>>());
        let (_, page) = page(&slots, 299);
        let places: BTreeSet<_> = page.iter().map(place).collect();
        assert_eq!((page.len(), places.len()), (78, 78));
    }
}
