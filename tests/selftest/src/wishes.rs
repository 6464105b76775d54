//! What a measurement is asked for.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use std::path::PathBuf;

/// In how many scenarios a defect is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// In all.
    Whole,
    /// In those that it touched when the score was published, and the basics.
    Touched,
    /// In all, and again in those that it is seen to touch.
    Compared,
}

/// What is to be tried, and how.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Only what has a name that contains one of these; without any, all.
    pub only: Vec<String>,
    /// So many of these, drawn by the seed; all without a number.
    pub sample: Option<usize>,
    /// Draws samples and pairs, and the scenarios that a mutant is tried in first.
    pub seed: u64,
    /// Runs at the same time.
    pub jobs: usize,
    /// In how many scenarios a defect is tried.
    pub extent: Extent,
    /// A folder in which report and histories of defects and variants are kept.
    pub keep: Option<PathBuf>,
}

impl Wishes {
    /// Everything, with as many runs at the same time as there are cores: each keeps one busy.
    pub fn all() -> Self {
        Self {
            only: Vec::new(),
            sample: None,
            seed: 1,
            jobs: cores(),
            extent: Extent::Whole,
            keep: None,
        }
    }

    /// True for everything.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.sample.is_none()
    }

    /// True for a name that contains one of those that are asked for.
    pub(crate) fn is_asked_for(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }

    /// The sample, in the order of the whole.
    pub(crate) fn drawn<T>(&self, all: Vec<T>) -> Vec<T> {
        let Some(number) = self.sample.filter(|number| *number < all.len()) else {
            return all;
        };
        let mut places: Vec<usize> = (0..all.len()).collect();
        places.shuffle(&mut self.draw());
        places.truncate(number);
        let all = all.into_iter().enumerate();
        all.filter(|(place, _)| places.contains(place))
            .map(|(_, one)| one)
            .collect()
    }

    /// Numbers that follow from the seed.
    pub(crate) fn draw(&self) -> StdRng {
        StdRng::seed_from_u64(self.seed)
    }
}

/// How many runs keep this machine busy.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_by_the_same_seed_and_in_the_order_of_the_whole() {
        let wishes = |seed| Wishes {
            sample: Some(10),
            seed,
            ..Wishes::all()
        };
        let draw = |seed| wishes(seed).drawn((0..1000).collect());
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!(draw(1).is_sorted());
        assert_eq!(draw(1).len(), 10);
        assert_eq!(wishes(1).drawn(vec![3, 1, 2]), [3, 1, 2]);
    }
}
