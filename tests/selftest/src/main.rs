//! Measures the harness with mutants of what a partner says.

use clap::{Parser, ValueEnum};
use selftest::mutation::{Score, Sort, Void, Wishes, measure};
use std::process::ExitCode;

/// The measurement means nothing.
const VOID: u8 = 3;

/// Changes one kind of leaf of what the reference partner says in every run, and looks what the harness says of it.
///
/// Exit codes: 0 nothing to look at; 1 a survivor that nobody reviewed, or a legal mutant of which something is said; 3 the measurement
/// means nothing, since the undecorated partner or a mutant that is known is judged otherwise than it should be.
#[derive(Debug, Parser)]
#[command(name = "selftest", version)]
struct Arguments {
    /// Mutants that have to be found, or legal ones of which nothing may be said.
    sort: Wanted,
    /// Only mutants whose name contains this, such as `CreateBooking booking.slot` or `dropped`; several with commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// So many of them, drawn by the seed.
    #[arg(long)]
    sample: Option<usize>,
    /// Draws the sample, and the scenarios that are tried first.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs at the same time.
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// Form of the score.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wanted {
    Mutants,
    Legal,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let wishes = Wishes {
        sort: match arguments.sort {
            Wanted::Mutants => Sort::Wrong,
            Wanted::Legal => Sort::Legal,
        },
        only: arguments.only,
        sample: arguments.sample,
        seed: arguments.seed,
        jobs: arguments.jobs,
    };
    let measured = measure(&wishes, |line| write(&mut std::io::stderr(), line)).await;
    conclude(measured, arguments.format)
}

fn conclude(measured: Result<Score, Void>, format: Format) -> ExitCode {
    match measured {
        Ok(score) => {
            let text = match format {
                Format::Text => score.to_string(),
                Format::Json => score.to_json(),
            };
            write(&mut std::io::stdout(), &text);
            ExitCode::from(score.exit_code())
        }
        Err(void) => {
            write(&mut std::io::stderr(), &format!("void: {void}"));
            ExitCode::from(VOID)
        }
    }
}

fn write(to: &mut impl std::io::Write, line: &str) {
    // Who has closed the pipe does not read any more.
    let _ = writeln!(to, "{line}");
}
