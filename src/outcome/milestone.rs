//! What a run predicts of the milestones that Google counts before it lets an integration go live.

use catalogue::RequirementId;
use serde::{Deserialize, Serialize};

/// One milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Milestone {
    /// The duty that it is a measure of.
    pub requirement: RequirementId,
    /// What is counted, for people.
    pub name: String,
    /// How many were good.
    pub good: usize,
    /// How many were counted.
    pub samples: usize,
    /// How many Google counts in the sandbox.
    pub wanted: usize,
    /// The share of good ones that Google asks for.
    pub share: f64,
    /// The prediction for the sandbox in one word.
    pub prospect: Prospect,
    /// The chance that traffic like this reaches it in the sandbox, from 0 to 1; none where nothing was counted.
    #[serde(default)]
    pub chance: Option<f64>,
    /// How many Google counts in production; none where it names no number.
    #[serde(default)]
    pub wanted_in_production: Option<usize>,
    /// The chance that traffic like this reaches it in production.
    #[serde(default)]
    pub chance_in_production: Option<f64>,
}

/// What the samples say about a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Prospect {
    /// Traffic like this reaches it more often than not.
    Reachable,
    /// Traffic like this misses it more often than not.
    Missed,
    /// There were fewer samples than Google counts.
    TooFewSamples,
}

impl Milestone {
    /// With the prediction that follows from the numbers.
    pub fn new(
        requirement: RequirementId,
        name: &str,
        (good, samples): (usize, usize),
        (wanted, share): (usize, f64),
    ) -> Self {
        let chance = chance(good, samples, wanted, share);
        let prospect = match chance {
            Some(chance) if samples >= wanted && chance >= 0.5 => Prospect::Reachable,
            Some(_) if samples >= wanted => Prospect::Missed,
            _ => Prospect::TooFewSamples,
        };
        Self {
            requirement,
            name: name.to_owned(),
            good,
            samples,
            wanted,
            share,
            prospect,
            chance,
            wanted_in_production: None,
            chance_in_production: None,
        }
    }

    /// With the number that Google counts in production.
    #[must_use]
    pub fn in_production(self, wanted: Option<usize>) -> Self {
        Self {
            wanted_in_production: wanted,
            chance_in_production: wanted
                .and_then(|wanted| chance(self.good, self.samples, wanted, self.share)),
            ..self
        }
    }

    /// How many of so many have to be good.
    pub fn least(&self, wanted: usize) -> usize {
        least(wanted, self.share)
    }
}

/// Nine of ten is a share of 0.9, whatever ten times 0.9 is in binary.
fn least(wanted: usize, share: f64) -> usize {
    (wanted as f64 * share - 1e-9).ceil() as usize
}

/// The chance that of the next `wanted` calls enough are good, rounded to a tenth of a percent. Nothing is assumed about the
/// partner (Jeffreys' prior), so five good ones of five promise less than fifty of fifty.
fn chance(good: usize, samples: usize, wanted: usize, share: f64) -> Option<f64> {
    let bad = samples.checked_sub(good).filter(|_| samples > 0)?;
    let (good, bad) = (good as f64 + 0.5, bad as f64 + 0.5);
    let all = wanted as f64;
    // The chance that all of them are good, and then that one fewer is, down to the least number that is enough.
    let mut exactly: f64 = (0..wanted)
        .map(|turn| (good + turn as f64) / (good + bad + turn as f64))
        .product();
    let mut sum = exactly;
    for number in (least(wanted, share)..wanted).rev() {
        let more = number as f64 + 1.0;
        exactly *= more / (all - more + 1.0) * (bad + all - more) / (good + more - 1.0);
        sum += exactly;
    }
    Some((sum * 1_000.0).round() / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milestone(counted: (usize, usize), wanted: (usize, f64)) -> Milestone {
        let id = RequirementId::declared("BS-OPS-02");
        Milestone::new(id, "page-load look-ups", counted, wanted)
    }

    #[test]
    fn the_chance_is_that_of_the_beta_binomial_distribution() {
        let table = [
            ((20, 20), (20, 0.9), 0.955),
            ((18, 20), (20, 0.9), 0.597),
            ((17, 20), (20, 0.9), 0.41),
            ((200, 200), (20, 0.9), 1.0),
            ((9, 10), (10, 0.9), 0.628),
            ((4, 5), (10, 0.9), 0.385),
            ((5, 5), (10, 0.9), 0.789),
            ((0, 44), (10, 0.9), 0.0),
            ((20, 20), (20, 1.0), 0.709),
            ((60, 60), (20, 1.0), 0.866),
        ];
        for (counted, wanted, chance) in table {
            assert_eq!(milestone(counted, wanted).chance, Some(chance), "{counted:?}");
        }
        assert_eq!(milestone((0, 0), (20, 0.9)).chance, None);
    }

    #[test]
    fn production_has_a_number_of_its_own() {
        let of = |counted| milestone(counted, (10, 0.9)).in_production(Some(3));
        assert_eq!(of((10, 10)).chance_in_production, Some(0.88));
        assert_eq!(of((9, 10)).chance_in_production, Some(0.668));
        let none = milestone((10, 10), (10, 0.9)).in_production(None);
        assert_eq!(
            (none.wanted_in_production, none.chance_in_production),
            (None, None)
        );
        assert_eq!((of((1, 1)).least(10), of((1, 1)).least(3)), (9, 3));
        assert_eq!(milestone((1, 1), (20, 0.9)).least(20), 18);
    }

    #[test]
    fn a_prediction_needs_as_many_samples_as_google_counts() {
        let of = |good, samples| milestone((good, samples), (20, 0.9)).prospect;
        assert_eq!(
            (of(20, 20), of(18, 20)),
            (Prospect::Reachable, Prospect::Reachable)
        );
        assert_eq!((of(17, 20), of(1, 20)), (Prospect::Missed, Prospect::Missed));
        let few = Prospect::TooFewSamples;
        assert_eq!((of(5, 5), of(4, 5), of(0, 0)), (few, few, few));
    }
}
