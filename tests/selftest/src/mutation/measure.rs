//! One measurement: a recorded run, its mutants, and what becomes of each.

use super::area::Area;
use super::judgement::{Fate, Judgement};
use super::listing::{Listing, Sort};
use super::mutant::Mutant;
use super::operator::Operator;
use super::pairs::pairs;
use super::recording::messages;
use super::review::{ReviewError, Reviews};
use super::score::{Row, Score};
use super::trial::Trial;
use crate::amendments::Amendments;
use crate::examine::{ExamineError, examine};
use crate::wishes::Wishes;
use futures_util::StreamExt as _;
use protocol::Method;
use reference_server::Seams;

/// Why a measurement means nothing.
#[derive(Debug, thiserror::Error)]
pub enum Void {
    /// Without a mutant something is found.
    #[error("the undecorated partner is not judged conformant: {0}")]
    RedBaseline(String),
    /// A mutant of which it is known what becomes of it comes to something else.
    #[error("the canary `{mutant}` came to `{fate}`: {said}")]
    Canary {
        /// The mutant.
        mutant: String,
        /// What became of it.
        fate: &'static str,
        /// What was found.
        said: String,
    },
    /// Nothing is left to measure.
    #[error("no mutant has such a name; without --only all are taken")]
    Nothing,
    /// What was reviewed is of no use.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// A run could not be carried out.
    #[error(transparent)]
    Run(#[from] ExamineError),
}

/// A run of the undecorated partner, in which nothing was found, and whose messages can be mutated.
#[derive(Debug)]
pub struct Baseline {
    wrong: Listing,
    legal: Listing,
}

impl Baseline {
    /// Records it, and looks whether a mutant is found and a legal one is not: a layer that changes nothing would leave everything
    /// alive, and a judge who blames everything would kill everything.
    pub async fn record(seed: u64) -> Result<Self, Void> {
        let done = examine(Seams::default(), &Amendments::NONE).await?;
        if done.report.exit_code != 0 {
            let first = done.report.findings_by_cause.first();
            let said = first.map(|cause| format!("{}: {}", cause.requirement, cause.message));
            let code = done.report.exit_code;
            return Err(Void::RedBaseline(
                said.unwrap_or_else(|| format!("exit code {code}")),
            ));
        }
        let recorded = messages(&done.transcripts);
        let baseline = Self {
            wrong: Listing::of(&recorded, Sort::Wrong),
            legal: Listing::of(&recorded, Sort::Legal),
        };
        baseline.canaries(seed).await?;
        Ok(baseline)
    }

    fn listing(&self, sort: Sort) -> &Listing {
        if sort.is_legal() { &self.legal } else { &self.wrong }
    }

    async fn canaries(&self, seed: u64) -> Result<(), Void> {
        let created = |leaf: &str, operator| Mutant {
            area: Area::Answer(Method::CreateBooking, 200),
            leaf: leaf.to_owned(),
            operator,
        };
        let killed = created("", Operator::Status(500));
        let legal = created("booking.slot.start_sec", Operator::NumberForm);
        for (mutant, sort, due) in [
            (killed, Sort::Wrong, Fate::AtLeaf),
            (legal, Sort::Legal, Fate::Accepted),
        ] {
            let trial = Trial {
                listing: self.listing(sort),
                sort,
                seed,
            };
            let judgement = trial.judge_in_few(std::slice::from_ref(&mutant)).await?;
            if judgement.fate != due {
                return Err(escaped(&mutant, &judgement));
            }
        }
        Ok(())
    }
}

/// Measures all that is asked for, of pairs so many; every one is told of as soon as it is judged.
pub async fn measure(
    baseline: &Baseline,
    sort: Sort,
    wishes: &Wishes,
    tell: impl Fn(&str),
) -> Result<Score, Void> {
    let reviews = Reviews::read()?;
    let listing = baseline.listing(sort);
    if sort == Sort::Wrong {
        reviews.check(listing)?;
    }
    let (listed, chosen) = chosen(sort, wishes, listing);
    if chosen.is_empty() {
        return Err(Void::Nothing);
    }
    tell(&format!("{} of {listed} {}", chosen.len(), sort.words()));
    let trial = Trial {
        listing,
        sort,
        seed: wishes.seed,
    };
    let runs = chosen.into_iter().map(|mutants| {
        let (trial, tell, reviews) = (&trial, &tell, &reviews);
        async move {
            let judgement = trial.judge(&mutants).await?;
            let row = Row::of(&mutants, judgement, reviews);
            tell(&row.line());
            Ok::<Row, ExamineError>(row)
        }
    });
    let done: Vec<_> = futures_util::stream::iter(runs)
        .buffer_unordered(wishes.jobs.max(1))
        .collect()
        .await;
    let rows: Result<Vec<Row>, ExamineError> = done.into_iter().collect();
    let mut score = Score::of(sort, wishes.seed, listed, rows?);
    if wishes.is_whole() && sort == Sort::Wrong {
        score.stale = reviews.stale(&score.rows);
    }
    Ok(score)
}

/// How many there are, and what is tried of them: mutants by themselves, or pairs of them.
fn chosen(sort: Sort, wishes: &Wishes, listing: &Listing) -> (usize, Vec<Vec<Mutant>>) {
    if let Sort::LegalPairs(number) = sort {
        let pairs = pairs(listing, wishes, number);
        return (pairs.of, pairs.drawn);
    }
    let all = listing.mutants.keys();
    let wanted = all.filter(|mutant| wishes.is_asked_for(&mutant.to_string()));
    let drawn = wishes.drawn(wanted.cloned().collect());
    (
        listing.mutants.len(),
        drawn.into_iter().map(|mutant| vec![mutant]).collect(),
    )
}

fn escaped(mutant: &Mutant, judgement: &Judgement) -> Void {
    let said = judgement.said.first();
    Void::Canary {
        mutant: mutant.to_string(),
        fate: judgement.fate.word(),
        said: said.map_or_else(|| "nothing".to_owned(), |said| said.message.clone()),
    }
}
