//! Runs against mutants.

use super::judgement::{Fate, Judgement};
use super::layer::seams;
use super::listing::{Listing, Sort, Where};
use super::mutant::Mutant;
use crate::amendments::Amendments;
use crate::examine::{ExamineError, bundled, examine_some};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use scenario::Scenario;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many scenarios are tried first: most mutants are found in any of them.
const FEW: usize = 8;

/// So often a run is begun that cannot begin.
const TRIES: usize = 3;

/// What runs against mutants have in common.
pub(crate) struct Trial<'l> {
    /// Where their leaves occur.
    pub(crate) listing: &'l Listing,
    /// Whether they have to be found.
    pub(crate) sort: Sort,
    /// Chooses scenarios among many.
    pub(crate) seed: u64,
}

impl Trial<'_> {
    /// Makes a mutant, and has it judged: in a few scenarios first, and in all in which its leaf occurs where these
    /// do not find it.
    pub(crate) async fn judge(&self, mutant: &Mutant) -> Result<Judgement, ExamineError> {
        let all = self.listing.scenarios_of(mutant);
        let few = self.few(mutant);
        let first = in_scenarios(mutant, &few).await?;
        let is_settled = match self.sort {
            Sort::Wrong => first.fate.is_killed(),
            Sort::Legal => !matches!(first.fate, Fate::Idle | Fate::Survived),
        };
        if is_settled || all.is_subset(&few) {
            return Ok(first);
        }
        in_scenarios(mutant, &all).await
    }

    /// The same in a few scenarios alone.
    pub(crate) async fn judge_in_few(&self, mutant: &Mutant) -> Result<Judgement, ExamineError> {
        in_scenarios(mutant, &self.few(mutant)).await
    }

    /// A few scenarios in which it strikes: in their steps if there are such, basics before others.
    fn few(&self, mutant: &Mutant) -> BTreeSet<String> {
        let nowhere = Where::default();
        let known = self.listing.mutants.get(mutant).unwrap_or(&nowhere);
        let mut ids = shuffled(&known.in_steps, self.seed);
        ids.sort_by_key(|id| !id.starts_with("basic/"));
        ids.extend(shuffled(&known.around, self.seed));
        ids.dedup();
        ids.truncate(FEW);
        ids.into_iter().collect()
    }
}

fn shuffled(ids: &BTreeSet<String>, seed: u64) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().cloned().collect();
    ids.shuffle(&mut StdRng::seed_from_u64(seed));
    ids
}

async fn in_scenarios(mutant: &Mutant, ids: &BTreeSet<String>) -> Result<Judgement, ExamineError> {
    let only = with_basics(ids)?;
    let mut tries = 0;
    loop {
        let strikes = Arc::new(AtomicUsize::new(0));
        tries += 1;
        match examine_some(seams(mutant, &strikes), &Amendments::NONE, &only).await {
            Ok(done) => return Ok(Judgement::of(mutant, strikes.load(Ordering::Relaxed), &done)),
            // Somebody else has taken the port in the meantime.
            Err(ExamineError::Run(_) | ExamineError::Partner(_)) if tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// The scenarios, and the basics that they need.
fn with_basics(ids: &BTreeSet<String>) -> Result<Vec<String>, ExamineError> {
    let all = bundled()?.suite.scenarios();
    let chosen = all.iter().filter(|scenario| ids.contains(&scenario.id));
    let needs: BTreeSet<_> = chosen.flat_map(Scenario::needs).collect();
    let shown = |scenario: &&Scenario| {
        let is_needed = scenario.basic.is_some_and(|basic| needs.contains(&basic));
        is_needed || ids.contains(&scenario.id)
    };
    Ok(all
        .iter()
        .filter(shown)
        .map(|scenario| scenario.id.clone())
        .collect())
}
