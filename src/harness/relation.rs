//! What the slots of one scenario are to each other: neighbours at one time, another service, another day.

use super::bind::Candidate;
use crate::protocol::slot::Slot;
use crate::scenario::{Scenario, SlotNeed};
use indexmap::IndexMap;
use std::collections::BTreeMap;

const DAY_SEC: i64 = 86_400;

/// Slots by merchant, in the order of their starts.
pub(super) struct Shelves<'s>(BTreeMap<&'s str, Vec<&'s Slot>>);

impl<'s> Shelves<'s> {
    pub(super) fn new(slots: &'s [Slot]) -> Self {
        let mut shelves: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
        for slot in slots {
            shelves.entry(&slot.merchant_id).or_default().push(slot);
        }
        for shelf in shelves.values_mut() {
            shelf.sort_by_key(|slot| slot.start_sec);
        }
        Self(shelves)
    }

    /// A merchant's slots.
    pub(super) fn of(&self, merchant_id: &str) -> &[&'s Slot] {
        self.0.get(merchant_id).map_or(&[], Vec::as_slice)
    }

    /// True when another slot of the service is at the same time.
    pub(super) fn has_neighbours(&self, slot: &Slot) -> bool {
        let shelf = self.of(&slot.merchant_id);
        let first = shelf.partition_point(|other| other.start_sec < slot.start_sec);
        let at_once = shelf[first..]
            .iter()
            .take_while(|other| other.start_sec == slot.start_sec);
        at_once.filter(|other| is_beside(slot, other)).count() > 0
    }
}

/// True when the slot is to those that are bound already what the need asks for.
pub(super) fn holds(need: &SlotNeed, bound: &IndexMap<&str, Candidate<'_>>, slot: &Slot) -> bool {
    let related = |other: &Option<String>, is: fn(&Slot, &Slot) -> bool| {
        let other = other.as_ref().and_then(|other| bound.get(other.as_str()));
        other.is_none_or(|(other, _)| is(other, slot))
    };
    related(&need.beside, is_beside)
        && related(&need.other_service_than, has_other_service)
        && related(&need.other_day_than, is_on_another_day)
}

/// The needs that ask for something beside the slot of that name.
pub(super) fn following<'n>(
    scenario: &'n Scenario,
    name: &'n str,
) -> impl Iterator<Item = (&'n String, &'n SlotNeed)> {
    scenario.slots.iter().filter(move |(_, need)| {
        let others = [
            &need.beside,
            &need.other_service_than,
            &need.other_day_than,
            &need.same_service_as,
        ];
        others.into_iter().flatten().any(|other| other == name)
    })
}

/// True when `other` is to `slot` what the need asks for, whichever name it stands under.
pub(super) fn holds_between(need: &SlotNeed, slot: &Slot, other: &Slot) -> bool {
    (need.beside.is_none() || is_beside(slot, other))
        && (need.other_service_than.is_none() || has_other_service(slot, other))
        && (need.other_day_than.is_none() || is_on_another_day(slot, other))
        && (need.same_service_as.is_none() || slot.service_id == other.service_id)
}

/// True when the place of a slot follows from the place of another one.
pub(super) fn is_bound_by_place(scenario: &Scenario, name: &str) -> bool {
    let by_place = |need: &SlotNeed| need.beside.is_some() || need.other_day_than.is_some();
    scenario.slots.get(name).is_some_and(by_place)
        || following(scenario, name).any(|(_, need)| by_place(need))
}

/// True when the target has slots of this kind at some time or other.
pub(super) fn is_offered(scenario: &Scenario, shelves: &Shelves<'_>) -> bool {
    scenario.slots.values().all(|need| {
        shelves.0.values().any(|shelf| {
            let fits = |slot: &&Slot| {
                need.resources
                    .is_none_or(|named| named != slot.resources.is_empty())
                    && spots(need).is_none_or(|least| slot.spots_total >= least)
                    && need.spots_at_most.is_none_or(|most| slot.spots_total <= most)
                    && (need.beside.is_none() || shelves.has_neighbours(slot))
            };
            let services = need.other_service_than.is_none()
                || shelf.iter().any(|slot| slot.service_id != shelf[0].service_id);
            services && shelf.iter().any(|slot| fits(&slot))
        })
    })
}

fn spots(need: &SlotNeed) -> Option<i64> {
    need.spots_exactly.max(need.spots_at_least)
}

/// What the feed would have to hold.
pub(super) fn words(need: &SlotNeed) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(need.untouched.then(|| "all its spots open".to_owned()));
    words.extend(need.resources.map(|named| {
        let which = if named { "with" } else { "without" };
        format!("{which} staff, room or party size")
    }));
    let relations = [
        (
            &need.beside,
            "at the same time as",
            ", with other staff, room or party size",
        ),
        (&need.other_service_than, "of another service than", ""),
        (&need.other_day_than, "on another day than", ""),
    ];
    let related = relations
        .into_iter()
        .filter_map(|(other, before, after)| Some(format!("{before} `{}`{after}", other.as_ref()?)));
    words.extend(related);
    words
}

fn is_beside(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.service_id == other.service_id
        && one.start_sec == other.start_sec
        && one.duration_sec == other.duration_sec
        && one.resources != other.resources
        && named(one) == named(other)
}

/// Which of staff, room and party size the feed names.
fn named(slot: &Slot) -> [bool; 3] {
    let resources = &slot.resources;
    [
        resources.staff_id.is_some(),
        resources.room_id.is_some(),
        resources.party_size.is_some(),
    ]
}

fn has_other_service(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id && one.service_id != other.service_id
}

fn is_on_another_day(one: &Slot, other: &Slot) -> bool {
    one.merchant_id == other.merchant_id
        && one.start_sec.div_euclid(DAY_SEC) != other.start_sec.div_euclid(DAY_SEC)
}
