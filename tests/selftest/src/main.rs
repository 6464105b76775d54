//! Measures the harness: partners of whom it is known what is wrong with them, and what the harness says of each.

mod machine;

use clap::{Parser, ValueEnum};
use machine::peak_memory_mib;
use selftest::mutation::{Baseline, Sort, Void, measure, read_reviewed};
use selftest::publish::{Parts, Publication, PublishError};
use selftest::rows::{RowSort, Rows, judge};
use selftest::time::{Stopwatch, today};
use selftest::{Extent, Wishes, cores, go_real, illustrations};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Something has to be looked at.
const OPEN: u8 = 1;
/// The words do not fit together.
const INPUT: u8 = 2;
/// The measurement means nothing.
const VOID: u8 = 3;

/// Runs the harness against partners of whom it is known what is wrong with them, and says of how many it said the right thing.
///
/// `selftest all` measures everything in the order of the list below; `--only` and `--sample` make it short. Needs no network but the
/// machine's own.
///
/// Exit codes: 0 nothing to look at; 1 a row that is judged as something else, a survivor that nobody reviewed, or a legal mutant that
/// fails; 2 wrong words; 3 the measurement means nothing, since the undecorated partner or a mutant that is known is judged otherwise than
/// it should be.
#[derive(Debug, Parser)]
#[command(name = "selftest", version)]
struct Arguments {
    /// What is measured.
    sort: Wanted,
    /// Only those whose name contains this, such as `price-off-by-one`, `CreateBooking booking.slot` or `dropped`; several with commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// So many of each sort, drawn by the seed.
    #[arg(long)]
    sample: Option<usize>,
    /// So many pairs of legal mutants, two in one run; without a number 1000 with `all` and none with `legal`.
    #[arg(long)]
    pairs: Option<usize>,
    /// Draws samples and pairs, and the scenarios that are tried first.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs at the same time. The result is the same with any number.
    #[arg(long, default_value_t = cores())]
    jobs: usize,
    /// Form of the result.
    #[arg(long, default_value = "text")]
    format: Format,
    /// Runs over sockets and by the machine's clock, and looks a second time at defects and variants that deviate.
    #[arg(long)]
    real: bool,
    /// Scenarios in which each defect is tried.
    #[arg(long, default_value = "all", conflicts_with = "publish")]
    scenarios: Among,
    /// Keeps report and histories of defects and variants in this folder.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Writes the score that the product carries, and what is left to be looked at; with `all`, from the root of the sources.
    #[arg(long)]
    publish: bool,
    /// Writes the accepted and rejected exchanges that `conformance explain` shows, as these rows have them; with `defects`, from the root
    /// of the sources. `all --publish` does it, too.
    #[arg(long)]
    publish_illustrations: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// The reference partner with one thing wrong.
    Defects,
    /// The reference partner, different but right.
    Variants,
    /// Servers of a few lines.
    Dumb,
    /// One kind of leaf of what the partner says changed: has to be found.
    Mutants,
    /// The same in a way that proto3 JSON and Google's pages allow: nothing may fail.
    Legal,
    /// All of them.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Among {
    /// All of them.
    All,
    /// Those that the defect touched when the score was published, as `cargo test` does.
    Touched,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One part of a measurement.
#[derive(Debug, Clone, Copy)]
enum Part {
    Rows(RowSort),
    Mutants(Sort),
}

/// So many pairs are tried where everything is.
const PAIRS: usize = 1000;

impl Arguments {
    fn parts(&self) -> Vec<Part> {
        let pairs = |number| (number > 0).then_some(Part::Mutants(Sort::LegalPairs(number)));
        let all = match self.sort {
            Wanted::Defects => vec![Part::Rows(RowSort::Defects)],
            Wanted::Variants => vec![Part::Rows(RowSort::Variants)],
            Wanted::Dumb => vec![Part::Rows(RowSort::Dumb)],
            Wanted::Mutants => vec![Part::Mutants(Sort::Wrong)],
            Wanted::Legal => vec![Part::Mutants(Sort::Legal)],
            Wanted::All => vec![
                Part::Rows(RowSort::Defects),
                Part::Rows(RowSort::Variants),
                Part::Rows(RowSort::Dumb),
                Part::Mutants(Sort::Wrong),
                Part::Mutants(Sort::Legal),
            ],
        };
        let number = match self.sort {
            Wanted::All => self
                .pairs
                .unwrap_or(self.sample.map_or(PAIRS, |sample| sample.min(PAIRS))),
            Wanted::Legal => self.pairs.unwrap_or_default(),
            _ => 0,
        };
        all.into_iter().chain(pairs(number)).collect()
    }

    fn wishes(&self) -> Wishes {
        Wishes {
            only: self.only.clone(),
            sample: self.sample,
            seed: self.seed,
            jobs: self.jobs,
            extent: match (self.publish, self.scenarios) {
                (true, _) => Extent::Compared,
                (false, Among::Touched) => Extent::Touched,
                (false, Among::All) => Extent::Whole,
            },
            keep: self.keep.clone(),
        }
    }

    /// What is wrong with the words.
    fn mistake(&self) -> Option<&'static str> {
        let is_whole = self.sort == Wanted::All && self.wishes().is_whole();
        if self.publish && !is_whole {
            return Some("--publish is for `all` without --only and --sample: a part is no score");
        }
        let is_of_all =
            self.sort == Wanted::Defects && self.wishes().is_whole() && self.scenarios == Among::All;
        if self.publish_illustrations && !is_of_all {
            return Some(
                "--publish-illustrations is for `defects` with all scenarios, without --only and --sample: any row may show best",
            );
        }
        let has_pairs = matches!(self.sort, Wanted::All | Wanted::Legal);
        (self.pairs.is_some() && !has_pairs).then_some("--pairs is for `legal` and `all`")
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(mistake) = arguments.mistake() {
        tell(mistake);
        return ExitCode::from(INPUT);
    }
    if arguments.real {
        go_real();
    }
    match run(&arguments).await {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            tell(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("void: {0}")]
    Void(#[from] Void),
    #[error("not published: {0}")]
    Publish(#[from] PublishError),
    #[error("not published: {0} (to be run from the root of the sources)")]
    Illustrations(#[from] std::io::Error),
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Void(_) => VOID,
            Self::Publish(_) | Self::Illustrations(_) => INPUT,
        }
    }
}

async fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let publication = arguments
        .publish
        .then(|| Publication::begin(Path::new(".")))
        .transpose()?;
    let parts = measured(arguments).await?;
    let result = match arguments.format {
        Format::Text => parts.to_string(),
        Format::Json => parts.to_json(),
    };
    write(&mut std::io::stdout(), result.trim_end());
    if arguments.publish || arguments.publish_illustrations {
        let all: Vec<_> = parts.rows.iter().flat_map(Rows::illustrations).collect();
        illustrations::write(Path::new("."), &all)?;
    }
    if let Some(publication) = publication {
        publication.write(&parts, arguments.seed, today())?;
    }
    Ok(if parts.is_right() { 0 } else { OPEN })
}

/// Everything that is asked for, part by part; each is told of when it is over.
async fn measured(arguments: &Arguments) -> Result<Parts, Void> {
    let (wishes, all) = (arguments.wishes(), Stopwatch::start());
    // A slip in a file of ours is not told after minutes of rows.
    read_reviewed()?;
    let baseline = Baseline::record(wishes.seed).await?;
    let mut done = Parts::default();
    for part in arguments.parts() {
        let own = Stopwatch::start();
        match part {
            Part::Rows(sort) => done.rows.push(judge(sort, &wishes, tell).await),
            Part::Mutants(sort) => done.scores.push(measure(&baseline, sort, &wishes, tell).await?),
        }
        tell(&format!("took {} s: {part:?}", own.seconds()));
    }
    let memory = peak_memory_mib().map_or_else(String::new, |peak| format!(", at most {peak} MiB of memory"));
    tell(&format!("took {} s in all{memory}", all.seconds()));
    Ok(done)
}

fn tell(line: &str) {
    write(&mut std::io::stderr(), line);
}

fn write(to: &mut impl std::io::Write, line: &str) {
    // Who has closed the pipe does not read any more.
    let _ = writeln!(to, "{line}");
}
