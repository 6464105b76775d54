//! Whether the slots exist that have to be found beside another one.

use super::index::SlotIndex;
use super::matches::{Lookup, Matches};
use super::relation;
use scenario::{RelationKind, SlotNeed};

/// Answers, each of which is looked up once.
pub(super) struct Companions<'s> {
    index: &'s SlotIndex<'s>,
    /// However a slot is paid.
    lookup: Lookup<'s>,
    /// By need and position; what holds for a whole group stands at its first position.
    answers: Vec<Vec<Option<bool>>>,
}

impl<'s> Companions<'s> {
    /// At a moment, epoch seconds.
    pub(super) fn new(index: &'s SlotIndex<'s>, now_sec: i64) -> Self {
        Self {
            index,
            lookup: Lookup::new(index, now_sec, None),
            answers: Vec::new(),
        }
    }

    /// True when a slot meets the need that is to the slot at a position what the need asks for.
    pub(super) fn has(&mut self, need: &SlotNeed, position: usize) -> bool {
        let matches = self.lookup.matches(need);
        let index = self.index;
        let has = |is: fn(RelationKind) -> bool| relation::relations(need).any(|(relation, _)| is(relation));
        let is_at_once = has(RelationKind::is_at_once);
        let depends_on_start = is_at_once || has(|relation| relation == RelationKind::OtherDayThan);
        let place = if depends_on_start {
            position
        } else {
            index.groups[index.group_at(position)].positions.start
        };
        if self.answers.len() <= matches.number {
            self.answers
                .resize_with(matches.number + 1, || vec![None; index.len()]);
        }
        let answer = &mut self.answers[matches.number][place];
        *answer.get_or_insert_with(|| {
            if is_at_once {
                is_companion_at_once(index, need, &matches, position)
            } else {
                is_companion_anywhere(index, need, &matches, position)
            }
        })
    }
}

fn is_companion_at_once(index: &SlotIndex<'_>, need: &SlotNeed, matches: &Matches, position: usize) -> bool {
    let slot = index.slot(position);
    let is_match = |other: usize| {
        let place = matches.place_of(index.group_at(other));
        place.is_some_and(|place| matches.groups[place].runs.iter().any(|run| run.contains(&other)))
    };
    let mut others = index.at_once(position).iter();
    others.any(|other| relation::holds_between(need, slot, index.slot(*other)) && is_match(*other))
}

fn is_companion_anywhere(index: &SlotIndex<'_>, need: &SlotNeed, matches: &Matches, position: usize) -> bool {
    let slot = index.slot(position);
    let group = index.group_at(position);
    let groups = if relation::relations(need).any(|(relation, _)| relation.is_within_service()) {
        &index.service(group).groups
    } else {
        &index.merchant(group).groups
    };
    let places = groups.iter().filter_map(|group| matches.place_of(*group));
    let mut runs = places.flat_map(|place| &matches.groups[place].runs);
    // In a run only the start differs, and with it the day: if any is on another day, then the first or the last one.
    runs.any(|run| {
        let mut ends = [run.start, run.end - 1].into_iter();
        ends.any(|other| relation::holds_between(need, slot, index.slot(other)))
    })
}
