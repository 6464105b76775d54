//! Runs against mutants.

use super::judgement::{Fate, Judgement};
use super::layer::{Struck, seams};
use super::listing::{Listing, Sort};
use super::mutant::Mutant;
use crate::amendments::Amendments;
use crate::examine::{ExamineError, examine_some};
use crate::rows::touched::with_basics;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use std::collections::BTreeSet;

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
    /// Makes a mutant, and has it judged: in a few scenarios first, and in all in which its leaf occurs where these do not settle what
    /// becomes of it. Two of them are judged in a few alone, since each is judged in all by itself.
    pub(crate) async fn judge(&self, mutants: &[Mutant]) -> Result<Judgement, ExamineError> {
        let few = self.few(mutants);
        let first = self.in_scenarios(mutants, &few).await?;
        let is_settled = match self.sort {
            Sort::Wrong => first.fate.is_killed(),
            Sort::Legal => first.fate == Fate::Failed,
            Sort::LegalPairs(_) => true,
        };
        if is_settled {
            return Ok(first);
        }
        let all: BTreeSet<String> = mutants
            .iter()
            .flat_map(|mutant| self.listing.scenarios_of(mutant))
            .collect();
        if all.is_subset(&few) {
            return Ok(first);
        }
        self.in_scenarios(mutants, &all).await
    }

    /// The same in a few scenarios alone.
    pub(crate) async fn judge_in_few(&self, mutants: &[Mutant]) -> Result<Judgement, ExamineError> {
        self.in_scenarios(mutants, &self.few(mutants)).await
    }

    /// A few scenarios: those in which all of the mutants strike before those in which one does.
    fn few(&self, mutants: &[Mutant]) -> BTreeSet<String> {
        let of_each: Vec<Vec<&String>> = mutants.iter().map(|mutant| self.in_order(mutant)).collect();
        let is_common = |id: &&String| of_each.iter().all(|ids| ids.contains(id));
        let common = of_each.iter().flatten().copied().filter(is_common);
        let longest = of_each.iter().map(Vec::len).max().unwrap_or_default();
        let by_turns = (0..longest).flat_map(|at| of_each.iter().filter_map(move |ids| ids.get(at).copied()));
        let mut few = BTreeSet::new();
        for id in common.chain(by_turns) {
            if few.len() < FEW {
                few.insert(id.clone());
            }
        }
        few
    }

    /// The scenarios in which a mutant strikes: in their steps if there are such, basics before others.
    fn in_order(&self, mutant: &Mutant) -> Vec<&String> {
        let Some(known) = self.listing.mutants.get(mutant) else {
            return Vec::new();
        };
        let mut ids = shuffled(&known.in_steps, self.seed);
        ids.sort_by_key(|id| !id.starts_with("basic/"));
        ids.extend(shuffled(&known.around, self.seed));
        ids
    }

    async fn in_scenarios(
        &self,
        mutants: &[Mutant],
        ids: &BTreeSet<String>,
    ) -> Result<Judgement, ExamineError> {
        let only = with_basics(ids)?;
        let mut tries = 0;
        loop {
            let struck = Struck::default();
            tries += 1;
            match examine_some(seams(mutants, &struck), &Amendments::NONE, &only).await {
                Ok(done) => return Ok(Judgement::of(self.sort, mutants, struck.least(mutants), &done)),
                // Somebody else has taken the port in the meantime.
                Err(ExamineError::Run(_) | ExamineError::Partner(_)) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn shuffled(ids: &BTreeSet<String>, seed: u64) -> Vec<&String> {
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.shuffle(&mut StdRng::seed_from_u64(seed));
    ids
}
