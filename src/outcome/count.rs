//! Counting verdicts.

use super::Verdict;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Number of items per verdict; verdicts that nobody got are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Counts(IndexMap<Verdict, usize>);

impl Counts {
    /// How many got this verdict.
    pub fn of(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or(0)
    }

    /// How many there are altogether.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// Verdicts with their numbers, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Verdict, usize)> + '_ {
        self.0.iter().map(|(verdict, count)| (*verdict, *count))
    }
}

impl FromIterator<Verdict> for Counts {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut counts = IndexMap::new();
        for verdict in verdicts {
            *counts.entry(verdict).or_insert(0) += 1;
        }
        counts.sort_keys();
        Self(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_it_was_given() {
        let counts: Counts = [Verdict::Fail, Verdict::Pass, Verdict::Pass]
            .into_iter()
            .collect();
        assert_eq!(
            (counts.of(Verdict::Pass), counts.of(Verdict::Warn), counts.total()),
            (2, 0, 3)
        );
        assert_eq!(counts.iter().next(), Some((Verdict::Pass, 2)));
    }
}
