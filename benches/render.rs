//! How fast a recording becomes reports, and how large they are: `cargo bench --profile dist --bench render`, or `-- --recording FILE` for one of your own.
//!
//! The scenarios of the recording are repeated under other names until there are a thousand, and the program renders each format in a process of its
//! own, as users have it. It ends with 1 if the page misses its goal.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

use clap::Parser;
use recording::RunRecording;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// So many scenarios have to be rendered...
const SCENARIOS: usize = 1_000;
/// ... as a page, in so many seconds ...
const SECONDS: f64 = 2.0;
/// ... and so many bytes.
const BYTES: u64 = 5_000_000;
/// The page first, since the goal is about it.
const FORMATS: [&str; 6] = ["html", "json", "junit", "sarif", "har", "markdown"];
/// The fastest of so many counts.
const RUNS: usize = 3;

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
    let many = folder.path().join("many.cfr");
    let scenarios = repeat(&recording::read(&file)?, &many)?;
    println!(
        "{scenarios} scenarios, {} bytes packed",
        std::fs::metadata(&many)?.len()
    );
    let mut is_met = true;
    for format in FORMATS {
        let (seconds, bytes) = render(&many, format, folder.path())?;
        println!("{format:<9} {seconds:>6.2} s {bytes:>12} bytes");
        is_met &= format != "html" || seconds <= SECONDS && bytes <= BYTES;
    }
    let word = if is_met { "meets" } else { "MISSES" };
    println!("the page {word} its goal of {SECONDS} s and {BYTES} bytes");
    Ok(if is_met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Seconds of the fastest run, and bytes of the file.
fn render(many: &Path, format: &str, folder: &Path) -> Result<(f64, u64), Failure> {
    let out = folder.join(format);
    let report = format!("{format}={}", out.display());
    let mut fastest = f64::INFINITY;
    for _ in 0..RUNS {
        let mut program = Command::new(env!("CARGO_BIN_EXE_conformance"));
        program
            .arg("report")
            .arg(many)
            .args(["--report", report.as_str()]);
        let began = Instant::now();
        let done = program.current_dir(folder).output()?;
        fastest = fastest.min(began.elapsed().as_secs_f64());
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
    }
    Ok((fastest, std::fs::metadata(&out)?.len()))
}

/// Writes a recording in which what ran stands as often as is wanted, under other names.
fn repeat(kept: &RunRecording, file: &Path) -> Result<usize, Failure> {
    let (mut facts, mut report) = (kept.facts.clone(), kept.report()?);
    let (ran, planned) = (facts.recorded.transcripts.clone(), facts.plan.scenarios.clone());
    let (durations, reports) = (facts.recorded.durations_ms.clone(), report.scenarios.clone());
    let mut round = 1;
    while !ran.is_empty() && facts.recorded.transcripts.len() < SCENARIOS {
        round += 1;
        let renamed = |id: &str| format!("{id}-{round}");
        for (history, duration_ms) in ran.iter().zip(&durations) {
            let mut history = history.clone();
            history.scenario = renamed(&history.scenario);
            facts.recorded.transcripts.push(history);
            facts.recorded.durations_ms.push(*duration_ms);
        }
        for one in &planned {
            let mut one = one.clone();
            one.id = renamed(&one.id);
            facts.plan.scenarios.push(one);
        }
        for one in &reports {
            let mut one = one.clone();
            one.id = renamed(&one.id);
            report.scenarios.push(one);
        }
    }
    let text = recording::json_text(&report, &facts, &kept.drifts)?;
    std::fs::write(file, recording::pack(&text))?;
    Ok(facts.recorded.transcripts.len())
}

fn record(folder: &Path) -> Result<PathBuf, Failure> {
    let file = folder.join("run.cfr");
    let report = format!("recording={}", file.display());
    let mut program = Command::new(env!("CARGO_BIN_EXE_conformance"));
    let done = program
        .args(["run", "--ci", "-q", "--report", report.as_str()])
        .current_dir(folder)
        .output()?;
    if !file.is_file() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    Ok(file)
}
