//! How fast a recording is judged: `cargo bench --profile dist --bench replay`, or `-- --recording FILE` for one of your own.
//!
//! Runs the bundled partner once, and judges its recording again and again on one thread. What is counted are verdicts: a requirement in a
//! scenario, or in the run as a whole, that a rule or an expectation came to; the time is that of the processor. It ends with 1 if the goal is missed.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "common/processor.rs"]
mod processor;

use clap::Parser;
use conformance::BUNDLE;
use harness::Replay;
use processor::processor_sec;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// Verdicts a second that are due.
const GOAL: f64 = 20_000.0;
/// So often is all of it judged, and the fastest time counts.
const RUNS: usize = 10;

#[derive(Parser)]
struct Options {
    /// A recording, in the place of one that is made now.
    #[arg(long, value_name = "FILE")]
    recording: Option<PathBuf>,
    /// Cargo says this to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Failure> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let file = match options.recording {
        Some(file) => file,
        None => record(folder.path())?,
    };
    let began = Instant::now();
    let recording = recording::read(&file)?;
    let read = began.elapsed();
    let began = Instant::now();
    let replay = Replay::new(recording.facts, &BUNDLE, Vec::new())?;
    let prepared = began.elapsed();
    let mut fastest = f64::INFINITY;
    let mut verdicts = 0;
    for _ in 0..RUNS {
        let began = processor_sec();
        let report = replay.judge();
        fastest = fastest.min(processor_sec() - began);
        let judged = report.scenarios.iter().map(|scenario| scenario.judged.len());
        verdicts = judged.sum::<usize>() + report.requirements.len();
    }
    let scenarios = replay.facts().recorded.transcripts.len();
    let entries = replay.facts().recorded.transcripts.iter();
    let entries: usize = entries.map(|transcript| transcript.entries.len()).sum();
    let bytes = std::fs::metadata(&file)?.len();
    println!(
        "{bytes} bytes, {scenarios} histories, {entries} entries, {} rules",
        rules::RULES.len()
    );
    println!(
        "read {:.0} ms, scenarios {:.0} ms",
        millis(read),
        millis(prepared)
    );
    let rate = verdicts as f64 / fastest;
    println!(
        "{verdicts} verdicts in {:.1} ms: {rate:.0} a second",
        fastest * 1_000.0
    );
    let is_met = rate >= GOAL;
    println!(
        "{} the goal of {GOAL:.0}",
        if is_met { "meets" } else { "MISSES" }
    );
    Ok(if is_met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn record(folder: &Path) -> Result<PathBuf, Failure> {
    let file = folder.join("run.cfr");
    let report = format!("recording={}", file.display());
    let words = ["run", "--ci", "-q", "--report", report.as_str()];
    let mut program = Command::new(env!("CARGO_BIN_EXE_conformance"));
    let done = program.args(words).current_dir(folder).output()?;
    if !file.is_file() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    Ok(file)
}
