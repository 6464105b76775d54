//! Which slots meet a need: looked up once for all scenarios that need the same.

use super::index::SlotIndex;
use super::{money, need, relation};
use engine::TestCards;
use scenario::SlotNeed;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// The slots of one group that meet a need.
pub(super) struct GroupMatch {
    /// The group.
    pub(super) group: usize,
    /// Positions; those come first that cost nothing to cancel.
    pub(super) runs: Vec<Range<usize>>,
    /// What speaks against the group.
    pub(super) drawbacks: Drawbacks,
    /// None of the slots is in the way of fewer scenarios than this.
    pub(super) least_holders: Cell<usize>,
}

/// What speaks against a group where the need leaves it open, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Drawbacks {
    /// Not paid on arrival, or what is worse, costly to cancel.
    pub(super) money: usize,
    /// Has neighbours at its time, or terms of its own.
    oddness: usize,
    /// Has several spots, so that a look-up does not show who took one; or only one, where several are preferred.
    wrong_size: bool,
}

impl Drawbacks {
    const MONEY: usize = 3;
    const ODDNESS: usize = 4;
    /// How many of all there are.
    const COUNT: usize = Self::MONEY * Self::ODDNESS * 2;

    /// Where it stands among all of them.
    fn place(self) -> usize {
        (self.money * Self::ODDNESS + self.oddness) * 2 + usize::from(self.wrong_size)
    }

    /// Places of groups, those together which nothing tells apart.
    pub(super) fn sort(groups: &[GroupMatch], places: impl Iterator<Item = usize>) -> Sorted {
        let mut sorted = [const { Vec::new() }; Self::COUNT];
        for place in places {
            sorted[groups[place].drawbacks.place()].push(place);
        }
        sorted
    }

    /// Every sort of money with every sort of oddness, in their order.
    pub(super) fn kinds() -> impl Iterator<Item = (usize, usize)> {
        (0..Self::MONEY).flat_map(|money| (0..Self::ODDNESS).map(move |oddness| (money, oddness)))
    }

    /// Those with this sort of money and of oddness, in their order.
    pub(super) fn places(money: usize, oddness: usize) -> [usize; 2] {
        let one = Self {
            money,
            oddness,
            wrong_size: false,
        };
        let other = Self {
            wrong_size: true,
            ..one
        };
        [one.place(), other.place()]
    }
}

/// Places of groups by what speaks against these.
pub(super) type Sorted = [Vec<usize>; Drawbacks::COUNT];

/// The slots that meet a need.
pub(super) struct Matches {
    /// Tells the needs of a plan apart.
    pub(super) number: usize,
    /// By group.
    pub(super) groups: Vec<GroupMatch>,
    /// The places of the groups in that list, by what speaks against them.
    pub(super) by_drawbacks: Sorted,
    /// How many slots there are.
    pub(super) count: usize,
    /// What of the need the feeds never have, if it is so, once that has been asked.
    pub(super) never_offered: OnceCell<Option<SlotNeed>>,
}

impl Matches {
    /// The place of a group in the list.
    pub(super) fn place_of(&self, group: usize) -> Option<usize> {
        self.groups.binary_search_by_key(&group, |one| one.group).ok()
    }
}

/// What has been looked up.
pub(super) struct Lookup<'s> {
    index: &'s SlotIndex<'s>,
    now_sec: i64,
    cards: Option<&'s TestCards>,
    cache: Vec<(SlotNeed, Rc<Matches>)>,
    /// Per position, once it has been asked: whether another slot of the service is at the same time.
    has_neighbours: RefCell<Vec<Option<bool>>>,
}

impl<'s> Lookup<'s> {
    /// At a moment, epoch seconds; with a cards a slot has to take the cards that are needed.
    pub(super) fn new(index: &'s SlotIndex<'s>, now_sec: i64, cards: Option<&'s TestCards>) -> Self {
        Self {
            index,
            now_sec,
            cards,
            cache: Vec::new(),
            has_neighbours: RefCell::new(vec![None; index.len()]),
        }
    }

    /// The slots that meet a need, whatever its relations.
    pub(super) fn matches(&mut self, need: &SlotNeed) -> Rc<Matches> {
        let need = relation::without_names(need);
        if let Some((_, matches)) = self.cache.iter().find(|(other, _)| *other == need) {
            return Rc::clone(matches);
        }
        let matches = Rc::new(self.look_up(&need));
        self.cache.push((need, Rc::clone(&matches)));
        matches
    }

    fn look_up(&self, need: &SlotNeed) -> Matches {
        let index = self.index;
        let profiles = index.profiles();
        let fitting = profiles.filter(|(_, groups)| {
            let sample = groups.first().map(|group| index.sample(*group));
            sample.is_some_and(|slot| need::has_terms(slot, need))
        });
        let groups = fitting.flat_map(|(_, groups)| groups.iter().copied());
        let mut groups: Vec<_> = groups.filter_map(|group| self.of_group(group, need)).collect();
        groups.sort_unstable_by_key(|one| one.group);
        Matches {
            number: self.cache.len(),
            count: groups
                .iter()
                .flat_map(|one| &one.runs)
                .map(ExactSizeIterator::len)
                .sum(),
            by_drawbacks: Drawbacks::sort(&groups, 0..groups.len()),
            groups,
            never_offered: OnceCell::new(),
        }
    }

    fn has_neighbours(&self, position: usize) -> bool {
        let answer = &mut self.has_neighbours.borrow_mut()[position];
        *answer.get_or_insert_with(|| relation::has_neighbours(self.index, position))
    }

    fn of_group(&self, group: usize, need: &SlotNeed) -> Option<GroupMatch> {
        let index = self.index;
        let sample = index.sample(group);
        let payable = |cards: &TestCards| need.cards.iter().all(|card| cards.can_pay(card, sample));
        if !self.cards.is_none_or(payable) {
            return None;
        }
        let (mut free, mut costly) = (Vec::new(), Vec::new());
        for position in index.starting(group, need::starts(need, self.now_sec)) {
            let slot = index.slot(position);
            if need::is_open(slot, need, self.now_sec) {
                let runs = if need::costs(slot, self.now_sec) {
                    &mut costly
                } else {
                    &mut free
                };
                extend(runs, position);
            }
        }
        let money = match () {
            () if need.says_how_it_is_paid() || money::is_paid_on_arrival(sample) => 0,
            () if free.is_empty() => 2,
            () => 1,
        };
        free.append(&mut costly);
        let first = free.first()?.start;
        let is_crowded = need.is_lone() && self.has_neighbours(first);
        // A slot with terms of its own shows more than it was asked for where it is bound for something else.
        let special = need.money.overrides.is_none() && money::has_overrides(index.slot(first));
        Some(GroupMatch {
            group,
            runs: free,
            drawbacks: Drawbacks {
                money,
                oddness: 2 * usize::from(is_crowded) + usize::from(special),
                wrong_size: need::is_of_wrong_size(sample, need),
            },
            least_holders: Cell::new(0),
        })
    }
}

fn extend(runs: &mut Vec<Range<usize>>, position: usize) {
    match runs.last_mut() {
        Some(last) if last.end == position => last.end += 1,
        _ => runs.push(position..position + 1),
    }
}
