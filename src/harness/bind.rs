//! Giving every scenario its own slots: what it needs, a minute clear of every edge, no overlap per merchant.

use super::companion::Companions;
use super::index::SlotIndex;
use super::matches::{GroupMatch, Lookup, Matches};
use super::occupancy::Occupancy;
use super::order::{Order, Purpose};
use super::relation;
use super::unmet::Unmet;
use super::waitlist::Queues;
use domain::slot::Slot;
use domain::{Capability, Waitlist};
use engine::TestCards;
use indexmap::IndexMap;
use scenario::{RelationKind, Scenario, SlotNeed};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Slots that may take the place of a stale one.
const SPARES: usize = 2;
/// How much later than the one before it a slot starts that takes its place, where it starts soon: a partner that needs seconds for
/// what comes before is not late for all of them.
const LATER_SEC: [i64; SPARES] = [10, 30];

/// Merchant and service that an accepted snapshot was made with, by slot name.
pub(super) type Preference = BTreeMap<String, (String, String)>;

/// The slots of a scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Binding {
    /// By name: the bound one first, then those that may take its place.
    pub(super) slots: IndexMap<String, Vec<Slot>>,
    /// Scenarios that hold a slot in the way, and have to be over first.
    pub(super) after: Vec<usize>,
    /// More slots of the first slot's merchant.
    pub(super) page: Vec<Slot>,
    /// The waitlist.
    pub(super) waitlist: Option<Waitlist>,
    /// The groups of the bound slots, in the order of their names.
    groups: Vec<usize>,
}

/// What a slot is looked for.
struct Search<'q> {
    scenario: &'q Scenario,
    name: &'q str,
    need: &'q SlotNeed,
    preferred: Option<&'q (String, String)>,
    /// The positions of the scenario's other slots, as far as they are bound, by name.
    bound: &'q IndexMap<&'q str, usize>,
}

/// Binds scenario after scenario.
pub(super) struct Binder<'s> {
    pub(super) index: &'s SlotIndex<'s>,
    now_sec: i64,
    seed: u64,
    pub(super) lookup: Lookup<'s>,
    /// What the config says that the target can do, whatever its feeds show.
    pub(super) promises: BTreeSet<Capability>,
    pub(super) queues: Queues<'s>,
    companions: Companions<'s>,
    occupancy: Occupancy<'s>,
}

/// When the next slot may start that could take the place of those that are bound.
fn earliest_spare(need: &SlotNeed, bound: &[Slot]) -> i64 {
    let last = bound.last().filter(|_| need.is_soon());
    last.map_or(i64::MIN, |last| {
        last.start_sec + LATER_SEC[bound.len().min(SPARES) - 1]
    })
}

impl<'s> Binder<'s> {
    /// Over the slots of a target, at a moment in epoch seconds.
    pub(super) fn new(index: &'s SlotIndex<'s>, now_sec: i64, seed: u64) -> Self {
        Self {
            index,
            now_sec,
            seed,
            lookup: Lookup::new(index, now_sec, None),
            promises: BTreeSet::new(),
            queues: Queues::default(),
            companions: Companions::new(index, now_sec),
            occupancy: Occupancy::new(index),
        }
    }

    /// With the cards of the target: a slot has to take those that a scenario pays with.
    #[must_use]
    pub(super) fn paying_from(self, cards: &'s TestCards) -> Self {
        Self {
            lookup: Lookup::new(self.index, self.now_sec, Some(cards)),
            ..self
        }
    }

    /// With what the config says that the target can do.
    #[must_use]
    pub(super) fn promising(self, promises: BTreeSet<Capability>) -> Self {
        Self { promises, ..self }
    }

    /// With the waitlists of the target.
    #[must_use]
    pub(super) fn joining(self, waitlists: &'s [Waitlist]) -> Self {
        Self {
            queues: Queues::of(waitlists),
            ..self
        }
    }

    /// How many slots meet the scenario's hardest need: those with the fewest choose first.
    pub(super) fn choice(&mut self, scenario: &Scenario) -> usize {
        let counts = scenario
            .slots
            .values()
            .map(|need| self.lookup.matches(need).count);
        counts.min().unwrap_or(usize::MAX)
    }

    /// Slots for every need of the scenario.
    pub(super) fn bind(
        &mut self,
        index: usize,
        scenario: &Scenario,
        preference: &Preference,
    ) -> Result<Binding, Unmet> {
        let mut binding = Binding::default();
        self.bind_waitlist(index, scenario, &mut binding)?;
        let mut bound: IndexMap<&str, usize> = IndexMap::new();
        let mut unmet = None;
        for (name, need) in &scenario.slots {
            let search = Search {
                scenario,
                name,
                need,
                preferred: preference.get(name),
                bound: &bound,
            };
            let Some((position, after)) = self.find(&search) else {
                unmet = Some(self.explain_unmet(scenario, need));
                break;
            };
            binding.after.extend(after);
            binding.groups.push(self.index.group_at(position));
            binding
                .slots
                .insert(name.clone(), vec![self.index.slot(position).clone()]);
            bound.insert(name, position);
        }
        for position in bound.into_values() {
            self.occupancy.take(position, index);
        }
        unmet.map_or(Ok(binding), Err)
    }

    /// A slot, and the scenarios that have to be over before it can be booked.
    fn find(&mut self, search: &Search<'_>) -> Option<(usize, Vec<usize>)> {
        let matches = self.lookup.matches(search.need);
        let order = self.order(search, &matches);
        if let Some(free) = self.first_free(search, &order) {
            return Some((free, Vec::new()));
        }
        let shared = self.least_shared(search, &order)?;
        Some((shared, self.occupancy.holders(shared)))
    }

    /// The groups that meet the need, and that may be what it asks for beside the bound slots.
    fn order<'m>(&self, search: &Search<'_>, matches: &'m Matches) -> Order<'m>
    where
        's: 'm,
    {
        let purpose = Purpose {
            seed: self.seed,
            name: format!("{}/{}", search.scenario.id, search.name),
            preferred: search.preferred,
        };
        Order::new(
            self.index,
            matches,
            purpose,
            self.related_groups(search)
                .or_else(|| self.merchant_of_page(search, matches))
                .as_deref(),
        )
    }

    /// The groups of which the slot must be, as far as its relations to bound slots say so.
    fn related_groups(&self, search: &Search<'_>) -> Option<Vec<usize>> {
        let bound = relation::relations(search.need)
            .filter_map(|(relation, other)| Some((relation, *search.bound.get(other)?)));
        let mut groups: Option<&[usize]> = None;
        for (relation, other) in bound {
            let group = self.index.group_at(other);
            if relation == RelationKind::SameServiceAs {
                return Some(vec![group]);
            }
            groups = if relation.is_within_service() {
                Some(&self.index.service(group).groups)
            } else {
                groups.or(Some(&self.index.merchant(group).groups))
            };
        }
        groups.map(<[usize]>::to_vec)
    }

    /// The first slot that is in nobody's way: elsewhere if that is asked for, and if it can be, at a time of its own.
    fn first_free(&mut self, search: &Search<'_>, order: &Order<'_>) -> Option<usize> {
        let (mut elsewhere, mut anywhere) = (None, None);
        for group in order.visit(|group| group.least_holders.get() == 0) {
            let is_here = self.is_here(search, group);
            if is_here && anywhere.is_some() {
                continue;
            }
            let (starts, mut is_taken) = (self.starts(search), true);
            for run in self.runs(group, starts) {
                let mut position = self.occupancy.first_free(run.start);
                while position < run.end {
                    is_taken = false;
                    if self.is_usable(search, position) {
                        if !is_here && self.starts_alone(search, position) {
                            return Some(position);
                        }
                        anywhere = anywhere.or(Some(position));
                        if !is_here {
                            elsewhere = elsewhere.or(Some(position));
                        }
                    }
                    position = self.occupancy.first_free(position + 1);
                }
            }
            if is_taken && starts.is_none() {
                group.least_holders.set(1);
            }
        }
        elsewhere.or(anywhere)
    }

    /// With too few slots scenarios share one, one after the other: that which is in the way of the fewest.
    fn least_shared(&mut self, search: &Search<'_>, order: &Order<'_>) -> Option<usize> {
        let (fewest, mut shared) = (Cell::new(usize::MAX), None);
        let least = order.least_holders();
        let starts = self.starts(search);
        for group in order.visit(|group| group.least_holders.get() < fewest.get()) {
            let mut least_here = usize::MAX;
            for position in self.runs(group, starts).flatten() {
                let count = self.occupancy.count(position);
                least_here = least_here.min(count);
                if count < fewest.get() && self.is_usable(search, position) {
                    fewest.set(count);
                    shared = Some(position);
                    if count <= least {
                        return shared;
                    }
                }
            }
            if starts.is_none() {
                group.least_holders.set(least_here);
            }
        }
        shared
    }

    /// The one start that is possible, where the scenario asks for slots at once.
    fn starts(&self, search: &Search<'_>) -> Option<i64> {
        let mut others = relation::relations(search.need).filter(|(relation, _)| relation.is_at_once());
        let position = others.find_map(|(_, other)| search.bound.get(other))?;
        Some(self.index.slot(*position).start_sec)
    }

    fn runs<'g>(
        &self,
        group: &'g GroupMatch,
        start: Option<i64>,
    ) -> impl Iterator<Item = Range<usize>> + use<'g, 's> {
        let within = match start {
            Some(start) => self.index.starting(group.group, start..start.saturating_add(1)),
            None => self.index.groups[group.group].positions.clone(),
        };
        let runs = group.runs.iter();
        runs.map(move |run| run.start.max(within.start)..run.end.min(within.end))
    }

    /// True when another merchant is asked for than this one.
    fn is_here(&self, search: &Search<'_>, group: &GroupMatch) -> bool {
        let here = search.need.related(RelationKind::ElsewhereThan);
        let here = here.and_then(|other| search.bound.get(other));
        here.is_some_and(|here| {
            let here = self.index.group_at(*here);
            self.index.is_same_merchant(here, group.group)
        })
    }

    /// Whether two slots of one scenario start together must not depend on what else is bound: the history shows it.
    fn starts_alone(&self, search: &Search<'_>, position: usize) -> bool {
        let start_sec = self.index.slot(position).start_sec;
        let mut others = search.bound.iter();
        others.all(|(other, own)| {
            relation::is_at_once_with(search.need, other) || self.index.slot(*own).start_sec != start_sec
        })
    }

    /// True when the slot is to the scenario's other ones what it must be.
    fn is_usable(&mut self, search: &Search<'_>, position: usize) -> bool {
        let slot = self.index.slot(position);
        let mut others = search.bound.iter();
        others.all(|(name, other)| {
            let other = self.index.slot(*other);
            (relation::is_at_once_with(search.need, name) || !overlap(other, slot))
                && relation::holds_with(search.need, name, other, slot)
        }) && self.leads_on(search, position)
    }

    /// True when the slots that have to be found beside this one exist.
    fn leads_on(&mut self, search: &Search<'_>, position: usize) -> bool {
        let mut following = relation::following(search.scenario, search.name);
        following.all(|need| self.companions.has(need, position))
    }

    /// More slots for a bound scenario, should its own turn out to be stale.
    pub(super) fn add_spares(&mut self, index: usize, scenario: &Scenario, binding: &mut Binding) {
        for ((name, need), group) in scenario.slots.iter().zip(&binding.groups) {
            // A slot that others are bound to by their place cannot be replaced alone.
            if relation::is_bound_by_place(scenario, name) {
                continue;
            }
            let (matches, Some(bound)) = (self.lookup.matches(need), binding.slots.get_mut(name)) else {
                continue;
            };
            let runs = matches.place_of(*group).map(|place| &matches.groups[place].runs);
            for run in runs.into_iter().flatten() {
                while bound.len() <= SPARES {
                    let earliest = earliest_spare(need, bound);
                    let mut position = self.occupancy.first_free(run.start);
                    while position < run.end && self.index.slot(position).start_sec < earliest {
                        position = self.occupancy.first_free(position + 1);
                    }
                    if position >= run.end {
                        break;
                    }
                    self.occupancy.take(position, index);
                    bound.push(self.index.slot(position).clone());
                }
            }
        }
    }
}

fn overlap(a: &Slot, b: &Slot) -> bool {
    a.merchant_id == b.merchant_id && a.start_sec < b.end_sec() && b.start_sec < a.end_sec()
}

mod page;

#[cfg(test)]
mod kinds;
#[cfg(test)]
mod scan;
#[cfg(test)]
mod tests;
