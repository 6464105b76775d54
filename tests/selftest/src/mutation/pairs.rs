//! Two legal mutants in one run.

use super::listing::Listing;
use super::mutant::Mutant;
use super::operator::Operator;
use crate::wishes::Wishes;
use rand::Rng as _;
use std::collections::BTreeSet;

/// What is absent, in one way or another: two of these cannot be told apart at one place.
const OF_ABSENCE: [Operator; 3] = [
    Operator::DefaultOmitted,
    Operator::DefaultsWritten,
    Operator::NullsWritten,
];

/// Pairs that were drawn, of how many.
pub(crate) struct Pairs {
    /// How many there are of what is asked for.
    pub(crate) of: usize,
    /// Those that are tried, in their order.
    pub(crate) drawn: Vec<Vec<Mutant>>,
}

/// So many pairs of what is asked for, drawn by the seed: a pair is asked for where one of the two is.
pub(crate) fn pairs(listing: &Listing, wishes: &Wishes, number: usize) -> Pairs {
    let all: Vec<&Mutant> = listing.mutants.keys().collect();
    let is_asked_for: Vec<bool> = all
        .iter()
        .map(|mutant| wishes.is_asked_for(&mutant.to_string()))
        .collect();
    let possible: Vec<(usize, usize)> = (0..all.len())
        .flat_map(|one| (one + 1..all.len()).map(move |other| (one, other)))
        .filter(|(one, other)| is_asked_for[*one] || is_asked_for[*other])
        .filter(|(one, other)| are_compatible(all[*one], all[*other]))
        .collect();
    let mut random = wishes.draw();
    let mut places = BTreeSet::new();
    while places.len() < number.min(possible.len()) {
        places.insert(random.random_range(0..possible.len()));
    }
    let pair = |place: &usize| {
        let (one, other) = possible[*place];
        vec![all[one].clone(), all[other].clone()]
    };
    Pairs {
        of: possible.len(),
        drawn: places.iter().map(pair).collect(),
    }
}

/// True when one leaves the other something to change.
fn are_compatible(one: &Mutant, other: &Mutant) -> bool {
    if one.area != other.area {
        return true;
    }
    let is_around = |outer: &str, inner: &str| {
        outer.is_empty()
            || inner == outer
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let is_one_place = is_around(&one.leaf, &other.leaf) || is_around(&other.leaf, &one.leaf);
    let is_of_absence = |mutant: &Mutant| OF_ABSENCE.contains(&mutant.operator);
    !(is_one_place && is_of_absence(one) && is_of_absence(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::area::Area;
    use crate::mutation::listing::Where;
    use protocol::Method;

    fn mutant(leaf: &str, operator: Operator) -> Mutant {
        Mutant {
            area: Area::Answer(Method::CreateBooking, 200),
            leaf: leaf.to_owned(),
            operator,
        }
    }

    #[test]
    fn what_is_left_out_and_written_at_one_place_is_no_pair() {
        let omitted = mutant("booking.slot.spots", Operator::DefaultOmitted);
        for (leaf, operator, is_pair) in [
            ("booking.slot", Operator::DefaultsWritten, false),
            ("", Operator::NullsWritten, false),
            ("booking.slots", Operator::NullsWritten, true),
            ("booking.slot", Operator::Reordered, true),
            ("booking.slot.start_sec", Operator::NumberForm, true),
        ] {
            assert_eq!(
                are_compatible(&omitted, &mutant(leaf, operator)),
                is_pair,
                "{leaf} {operator}"
            );
        }
    }

    #[test]
    fn as_many_are_drawn_as_there_are_and_the_same_by_the_same_seed() {
        let leaves = ["a", "b", "c", "d"];
        let known = leaves.map(|leaf| (mutant(leaf, Operator::NumberForm), Where::default()));
        let mut listing = Listing::default();
        listing.mutants.extend(known);
        let wishes = Wishes::all();
        let four = pairs(&listing, &wishes, 4);
        assert_eq!((four.of, four.drawn.len()), (6, 4));
        assert_eq!(four.drawn, pairs(&listing, &wishes, 4).drawn);
        assert_eq!(pairs(&listing, &wishes, 100).drawn.len(), 6);
    }
}
