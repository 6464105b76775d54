//! One measurement: a recorded run, its mutants, and what becomes of each.

use super::area::Area;
use super::judgement::{Fate, Judgement};
use super::listing::{Listing, Sort};
use super::mutant::Mutant;
use super::operator::Operator;
use super::recording::messages;
use super::review::{ReviewError, check, reviewed};
use super::score::{Row, Score};
use super::trial::Trial;
use crate::amendments::Amendments;
use crate::examine::{ExamineError, examine};
use futures_util::StreamExt as _;
use protocol::Method;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use reference_server::Seams;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Mutants that have to be found, or legal ones.
    pub sort: Sort,
    /// Only mutants whose name contains one of these; without any, all.
    pub only: Vec<String>,
    /// So many of them, drawn by the seed; all without a number.
    pub sample: Option<usize>,
    /// Draws the sample, and scenarios among many.
    pub seed: u64,
    /// Runs at the same time.
    pub jobs: usize,
}

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
    /// The reviewed survivors are of no use.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// A run could not be carried out.
    #[error(transparent)]
    Run(#[from] ExamineError),
}

/// Measures; every mutant is told of as soon as it is judged.
pub async fn measure(wishes: &Wishes, tell: impl Fn(&str)) -> Result<Score, Void> {
    let rows = reviewed()?;
    let baseline = examine(Seams::default(), &Amendments::NONE).await?;
    if baseline.report.exit_code != 0 {
        let first = baseline.report.findings_by_cause.first();
        let said = first.map(|cause| format!("{}: {}", cause.requirement, cause.message));
        let code = baseline.report.exit_code;
        return Err(Void::RedBaseline(
            said.unwrap_or_else(|| format!("exit code {code}")),
        ));
    }
    let recorded = messages(&baseline.transcripts);
    let listing = Listing::of(&recorded, wishes.sort);
    if wishes.sort == Sort::Wrong {
        check(&rows, &listing)?;
    }
    let chosen = chosen(wishes, &listing)?;
    tell(&format!("{} of {} mutants", chosen.len(), listing.mutants.len()));
    canaries(wishes.seed, &recorded).await?;
    let trial = Trial {
        listing: &listing,
        sort: wishes.sort,
        seed: wishes.seed,
    };
    let runs = chosen.into_iter().map(|mutant| {
        let (trial, tell, rows) = (&trial, &tell, &rows);
        async move {
            let judgement = trial.judge(&mutant).await?;
            let row = Row::of(&mutant, judgement, rows);
            tell(&row.line());
            Ok::<Row, ExamineError>(row)
        }
    });
    let done: Vec<_> = futures_util::stream::iter(runs)
        .buffer_unordered(wishes.jobs.max(1))
        .collect()
        .await;
    let rows: Result<Vec<Row>, ExamineError> = done.into_iter().collect();
    Ok(Score::of(wishes, listing.mutants.len(), rows?))
}

fn chosen(wishes: &Wishes, listing: &Listing) -> Result<Vec<Mutant>, Void> {
    let is_wanted = |mutant: &&Mutant| {
        let name = mutant.to_string();
        wishes.only.is_empty() || wishes.only.iter().any(|part| name.contains(part.as_str()))
    };
    let mut chosen: Vec<Mutant> = listing.mutants.keys().filter(is_wanted).cloned().collect();
    if let Some(number) = wishes.sample {
        chosen.shuffle(&mut StdRng::seed_from_u64(wishes.seed));
        chosen.truncate(number);
        chosen.sort();
    }
    if chosen.is_empty() {
        Err(Void::Nothing)
    } else {
        Ok(chosen)
    }
}

/// A layer that changes nothing would leave everything alive, and a judge who blames everything would kill everything.
async fn canaries(seed: u64, recorded: &[super::recording::Recorded]) -> Result<(), Void> {
    let created = Area::Answer(Method::CreateBooking, 200);
    let killed = Mutant {
        area: created,
        leaf: String::new(),
        operator: Operator::Status(500),
    };
    let legal = Mutant {
        area: created,
        leaf: "booking.slot.start_sec".to_owned(),
        operator: Operator::NumberForm,
    };
    for (mutant, sort, due) in [
        (killed, Sort::Wrong, Fate::AtLeaf),
        (legal, Sort::Legal, Fate::Survived),
    ] {
        let listing = Listing::of(recorded, sort);
        let trial = Trial {
            listing: &listing,
            sort,
            seed,
        };
        let judgement = trial.judge_in_few(&mutant).await?;
        if judgement.fate != due {
            return Err(escaped(&mutant, &judgement));
        }
    }
    Ok(())
}

fn escaped(mutant: &Mutant, judgement: &Judgement) -> Void {
    let said = judgement.said.first();
    Void::Canary {
        mutant: mutant.to_string(),
        fate: judgement.fate.word(),
        said: said.map_or_else(|| "nothing".to_owned(), |said| said.message.clone()),
    }
}
