//! What had to be looked at when the score was published: it is there to become empty.

use super::score::Score;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where it stands below the root of the sources.
pub(crate) const PATH: &str = "tests/selftest/src/mutation/open.json";

const PUBLISHED: &str = include_str!("open.json");

/// Mutants that survive or of which too much is found, and legal ones that fail, by name; pairs where neither mutant does so by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Open(BTreeSet<String>);

/// Between the names of a pair.
const BESIDE: &str = " + ";

impl Open {
    /// What was open when the score was published.
    pub fn published() -> Self {
        serde_json::from_str(PUBLISHED).unwrap_or_default()
    }

    /// What is open in a measurement.
    pub(crate) fn of(scores: &[Score]) -> Self {
        let mut open = Self(scores.iter().flat_map(Score::open).collect());
        let all = open.0.clone();
        open.0.retain(|name| !name.contains(BESIDE));
        let pairs: Vec<String> = all.into_iter().filter(|name| !open.covers(name)).collect();
        open.0.extend(pairs);
        open
    }

    /// True for what is among these, and for a pair of which one is.
    pub fn covers(&self, name: &str) -> bool {
        self.0.contains(name) || name.split(BESIDE).any(|one| self.0.contains(one))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn what_was_published_can_be_read() {
        let read: Open = serde_json::from_str(PUBLISHED).unwrap();
        assert_eq!(read, Open::published());
    }

    #[test]
    fn a_pair_is_covered_by_one_of_its_mutants() {
        let open = Open(["A a step".to_owned(), "B b up + C c late".to_owned()].into());
        assert!(open.covers("A a step") && open.covers("A a step + B b up"));
        assert!(open.covers("B b up + C c late"));
        assert!(!open.covers("B b up") && !open.covers("C c late + B b down"));
    }
}
