//! The mutants of a run: every leaf of every message, with every operator that changes something there.

use super::area::Area;
use super::change::mutated;
use super::memory::Memory;
use super::mutant::Mutant;
use super::operator::{
    LEGAL_OF_ANSWERS, LEGAL_OF_LEAVES, LEGAL_OF_NOTIFICATIONS, OF_ANSWERS, OF_LEAVES, OF_NOTIFICATIONS,
    OF_REFUSALS, Operator,
};
use super::place::{Place, places};
use super::recording::Recorded;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many scenarios in which a mutant would strike are looked for; the rest is known by the leaf alone.
const ENOUGH: usize = 24;

/// Which mutants are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Those that have to be found.
    Wrong,
    /// Those that nothing may be said of.
    Legal,
    /// So many pairs of the latter.
    LegalPairs(usize),
}

impl Sort {
    /// What they are called.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Wrong => "mutants",
            Self::Legal => "legal mutants",
            Self::LegalPairs(_) => "pairs of legal mutants",
        }
    }

    /// True for those that nothing may be said of.
    pub(crate) fn is_legal(self) -> bool {
        self != Self::Wrong
    }
}

/// Scenarios in which a mutant would strike.
#[derive(Debug, Clone, Default)]
pub(crate) struct Where {
    /// In their steps.
    pub(crate) in_steps: BTreeSet<String>,
    /// In their preparation or at their end.
    pub(crate) around: BTreeSet<String>,
}

impl Where {
    fn of(&mut self, recorded: &Recorded) -> &mut BTreeSet<String> {
        if recorded.is_of_steps {
            &mut self.in_steps
        } else {
            &mut self.around
        }
    }
}

/// Every mutant of what was recorded.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// The mutants, each with scenarios in which it would strike.
    pub(crate) mutants: BTreeMap<Mutant, Where>,
    /// The scenarios in which a leaf occurs; those of the whole message stand under the empty leaf.
    occurrences: BTreeMap<(Area, String), BTreeSet<String>>,
}

impl Listing {
    /// Lists the mutants of a run.
    pub(crate) fn of(recorded: &[Recorded], sort: Sort) -> Self {
        let mut listing = Self::default();
        let mut memory = Memory::default();
        let mut subjects = HashSet::new();
        for one in recorded {
            listing.add(one, sort, &memory, &subjects);
            memory.keep(one.area, one.message.clone());
            if let Some(subject) = &one.subject {
                subjects.insert((one.scenario.clone(), subject.clone()));
            }
        }
        listing
    }

    /// Every scenario in which the leaf of a mutant occurs.
    pub(crate) fn scenarios_of(&self, mutant: &Mutant) -> BTreeSet<String> {
        let place = (mutant.area, mutant.leaf.clone());
        self.occurrences.get(&place).cloned().unwrap_or_default()
    }

    /// True when the run had such a leaf.
    pub(crate) fn has_leaf(&self, area: &str, leaf: &str) -> bool {
        let mut all = self.occurrences.keys();
        all.any(|(known, name)| known.to_string() == area && name == leaf)
    }

    /// Knows a leaf of an area.
    #[cfg(test)]
    pub(crate) fn know_leaf(&mut self, area: Area, leaf: &str) {
        self.occurrences.insert((area, leaf.to_owned()), BTreeSet::new());
    }

    fn add(
        &mut self,
        recorded: &Recorded,
        sort: Sort,
        memory: &Memory,
        subjects: &HashSet<(String, String)>,
    ) {
        let found = places(recorded.area, &recorded.message.content);
        let mut leaves: BTreeSet<String> = found.iter().map(|place| place.leaf.clone()).collect();
        leaves.insert(String::new());
        for leaf in &leaves {
            let occurrences = self.occurrences.entry((recorded.area, leaf.clone())).or_default();
            occurrences.insert(recorded.scenario.clone());
        }
        for mutant in candidates(recorded.area, &leaves, sort) {
            let known = self.mutants.get_mut(&mutant).map(|place| place.of(recorded));
            let is_known =
                known.is_some_and(|known| known.len() >= ENOUGH || known.contains(&recorded.scenario));
            if !is_known && strikes((&mutant, &found), recorded, memory, subjects) {
                let place = self.mutants.entry(mutant).or_default();
                place.of(recorded).insert(recorded.scenario.clone());
            }
        }
    }
}

fn candidates(area: Area, leaves: &BTreeSet<String>, sort: Sort) -> Vec<Mutant> {
    let whole: &[Operator] = match (sort, area) {
        (Sort::Wrong, Area::Booking | Area::Inventory) => &OF_NOTIFICATIONS,
        (_, Area::Booking | Area::Inventory) => &LEGAL_OF_NOTIFICATIONS,
        (Sort::Wrong, _) if area.is_success() => &OF_ANSWERS,
        (Sort::Wrong, _) => &OF_REFUSALS,
        (_, _) if area.is_success() => &LEGAL_OF_ANSWERS,
        _ => &[Operator::Late],
    };
    let of_leaves: &[Operator] = match sort {
        Sort::Wrong => &OF_LEAVES,
        _ => &LEGAL_OF_LEAVES,
    };
    let mutants = leaves
        .iter()
        .flat_map(|leaf| of_leaves.iter().map(move |operator| (leaf.clone(), *operator)));
    mutants
        .chain(whole.iter().map(|operator| (String::new(), *operator)))
        .map(|(leaf, operator)| Mutant { area, leaf, operator })
        .collect()
}

fn strikes(
    (mutant, places): (&Mutant, &[Place]),
    recorded: &Recorded,
    memory: &Memory,
    subjects: &HashSet<(String, String)>,
) -> bool {
    match mutant.operator {
        Operator::Swapped => recorded
            .subject
            .as_ref()
            .is_some_and(|subject| subjects.contains(&(recorded.scenario.clone(), subject.clone()))),
        Operator::NoBody => !recorded.message.content.is_null(),
        Operator::Status(_) => true,
        operator if operator.is_of_delivery() => true,
        operator => {
            let place = (mutant.leaf.as_str(), places);
            mutated(operator, mutant.area, place, &recorded.message, memory).is_some()
        }
    }
}
