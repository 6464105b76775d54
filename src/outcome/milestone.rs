//! What a run predicts of the milestones that Google counts before it lets an integration go live.

use catalogue::RequirementId;
use serde::{Deserialize, Serialize};

/// One milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// The duty that it is a measure of.
    pub requirement: RequirementId,
    /// What is counted, for people.
    pub name: String,
    /// How many were good.
    pub good: usize,
    /// How many were counted.
    pub samples: usize,
    /// How many Google counts.
    pub wanted: usize,
    /// The share of good ones that Google asks for.
    pub share: f64,
    /// The prediction.
    pub prospect: Prospect,
}

/// What the samples say about a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prospect {
    /// Traffic like this reaches it.
    Reachable,
    /// Traffic like this misses it.
    Missed,
    /// There were fewer samples than Google counts; what there was is good enough.
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
        let enough = good as f64 >= share * samples as f64;
        let prospect = match (enough, samples >= wanted) {
            (false, _) => Prospect::Missed,
            (true, true) => Prospect::Reachable,
            (true, false) => Prospect::TooFewSamples,
        };
        Self {
            requirement,
            name: name.to_owned(),
            good,
            samples,
            wanted,
            share,
            prospect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_needs_as_many_samples_as_google_counts() {
        let of = |good, samples| {
            let id = RequirementId::declared("BS-OPS-02");
            Milestone::new(id, "page-load look-ups", (good, samples), (20, 0.9)).prospect
        };
        assert_eq!(
            (of(20, 20), of(18, 20)),
            (Prospect::Reachable, Prospect::Reachable)
        );
        assert_eq!((of(17, 20), of(1, 2)), (Prospect::Missed, Prospect::Missed));
        assert_eq!(
            (of(5, 5), of(0, 0)),
            (Prospect::TooFewSamples, Prospect::TooFewSamples)
        );
    }
}
