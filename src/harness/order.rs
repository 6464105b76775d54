//! In which order the groups of slots that meet a need are tried.

use super::index::SlotIndex;
use super::matches::{Drawbacks, GroupMatch, Matches};
use super::users::pick;
use std::borrow::Cow;

/// So many groups are put in order at a time: with thousands of them, most are never looked at.
const BATCH: usize = 64;

/// Groups in the order of their drawbacks, of the preference and of the seed, so that a run binds the same terms again whatever
/// the hour. How the preferred ones are paid speaks against one of them beside another, and not beside the rest.
pub(super) struct Order<'m> {
    index: &'m SlotIndex<'m>,
    matches: &'m Matches,
    seed: u64,
    purpose: String,
    classes: Vec<Class<'m>>,
    preferred: Vec<usize>,
}

/// Groups of which none is better than another.
struct Class<'m> {
    is_preferred: bool,
    places: Cow<'m, [usize]>,
}

impl<'m> Class<'m> {
    fn of_preferred(places: Vec<usize>) -> Self {
        Self {
            is_preferred: true,
            places: Cow::Owned(places),
        }
    }

    fn of_rest(places: Cow<'m, [usize]>) -> Self {
        Self {
            is_preferred: false,
            places,
        }
    }
}

/// What the order follows from.
pub(super) struct Purpose<'p> {
    /// Fixes the order.
    pub(super) seed: u64,
    /// Scenario and name of the slot.
    pub(super) name: String,
    /// Merchant and service that come first.
    pub(super) preferred: Option<&'p (String, String)>,
}

impl<'m> Order<'m> {
    /// Of all groups that meet the need, or of these only.
    pub(super) fn new(
        index: &'m SlotIndex<'m>,
        matches: &'m Matches,
        purpose: Purpose<'_>,
        only: Option<&[usize]>,
    ) -> Self {
        let places = |groups: &[usize]| {
            groups
                .iter()
                .filter_map(|group| matches.place_of(*group))
                .collect()
        };
        let only: Option<Vec<usize>> = only.map(places);
        let service = purpose
            .preferred
            .and_then(|(merchant, service)| index.service_by_id(merchant, service));
        let preferred: Vec<usize> = service.map_or_else(Vec::new, |service| places(&service.groups));
        let is_open = |place: &usize| only.as_ref().is_none_or(|only| only.contains(place));
        let mut chosen = only
            .as_ref()
            .map(|only| Drawbacks::sort(&matches.groups, only.iter().copied()));
        let allowed: Vec<usize> = preferred.iter().copied().filter(is_open).collect();
        let least = allowed.iter().map(|place| matches.groups[*place].drawbacks.money);
        let least = least.min().unwrap_or_default();
        let mut best = Drawbacks::sort(&matches.groups, allowed.into_iter());
        let mut classes = Vec::new();
        for (money, oddness) in Drawbacks::kinds() {
            for number in Drawbacks::places(money + least, oddness) {
                let places = best.get_mut(number).map(std::mem::take);
                classes.push(Class::of_preferred(places.unwrap_or_default()));
            }
            for number in Drawbacks::places(money, oddness) {
                classes.push(Class::of_rest(match &mut chosen {
                    Some(chosen) => Cow::Owned(std::mem::take(&mut chosen[number])),
                    None => Cow::Borrowed(matches.by_drawbacks[number].as_slice()),
                }));
            }
        }
        Self {
            index,
            matches,
            seed: purpose.seed,
            purpose: purpose.name,
            classes,
            preferred,
        }
    }

    /// The groups one by one, those left out that nobody wants by the time when it is their turn.
    pub(super) fn visit(
        &self,
        is_wanted: impl Fn(&GroupMatch) -> bool,
    ) -> impl Iterator<Item = &'m GroupMatch> {
        let mut batches = self.batches();
        let mut batch = Vec::new().into_iter();
        std::iter::from_fn(move || {
            loop {
                if let Some(place) = batch.next() {
                    return Some(&self.matches.groups[place]);
                }
                let mut next: Vec<usize> = batches.next()?;
                next.retain(|place| is_wanted(&self.matches.groups[*place]));
                next.sort_by_cached_key(|place| (self.draw(*place), *place));
                batch = next.into_iter();
            }
        })
    }

    /// No slot is in the way of fewer scenarios than this.
    pub(super) fn least_holders(&self) -> usize {
        let places = self.classes.iter().flat_map(|class| class.places.iter());
        let least = places.map(|place| self.matches.groups[*place].least_holders.get());
        least.min().unwrap_or_default()
    }

    fn batches(&self) -> impl Iterator<Item = Vec<usize>> {
        self.classes.iter().flat_map(move |class| {
            let places = &class.places;
            let first = self.first_of(places.len());
            (0..places.len()).step_by(BATCH).map(move |begin| {
                let turns = begin..places.len().min(begin + BATCH);
                let turned = turns.map(|turn| places[(first + turn) % places.len()]);
                turned
                    .filter(|place| class.is_preferred || !self.preferred.contains(place))
                    .collect()
            })
        })
    }

    /// Where to begin in a class that is too large to be put in order.
    fn first_of(&self, length: usize) -> usize {
        if length <= BATCH {
            return 0;
        }
        let [first, second, third, fourth, ..] = pick(self.seed, &self.purpose, 1);
        u32::from_be_bytes([first, second, third, fourth]) as usize % length
    }

    fn draw(&self, place: usize) -> [u8; 32] {
        let key = self.index.key(self.matches.groups[place].group);
        pick(self.seed, &format!("{}/{key}", self.purpose), 0)
    }
}
