//! How feeds of the largest size are judged, and what damaged ones do: `cargo bench --profile dist --bench feeds`.
//!
//! Writes right feeds of ten million slots, unpacks them with `gzip` and judges them with `conformance feeds`, and tells both side by
//! side. `-- --only-write DIR` writes the feeds and ends; `-- --fuzz SECONDS` reads damaged ones instead. It ends with 1 if a goal is
//! missed.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "support/cpu.rs"]
mod cpu;
#[path = "feeds/fuzz.rs"]
mod fuzz;
#[path = "feeds/large.rs"]
mod large;
#[path = "feeds/measure.rs"]
mod measure;
#[path = "support/memory.rs"]
mod memory;
#[path = "feeds/mutants.rs"]
mod mutants;
#[path = "feeds/offer.rs"]
mod offer;
#[path = "feeds/told.rs"]
mod told;

use clap::Parser;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Options {
    /// Slots in all shards together.
    #[arg(long, default_value_t = 10_000_000)]
    slots: usize,
    /// Files of the availability feed.
    #[arg(long, default_value_t = 8)]
    shards: usize,
    /// Merchants, each with ten services.
    #[arg(long, default_value_t = 200)]
    merchants: usize,
    /// When the export was made, epoch seconds; the slots begin on the day after it. An old one would be judged as of now.
    #[arg(long, default_value_t = today())]
    generated: i64,
    /// Writes the feeds into this folder, and leaves them there.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// The same, and ends.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["keep", "fuzz"])]
    only_write: Option<PathBuf>,
    /// Reads damaged feeds for so long.
    #[arg(long, value_name = "SECONDS")]
    fuzz: Option<u64>,
    /// The number of the first damaged feed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Cargo says this to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> io::Result<ExitCode> {
    let options = Options::parse();
    if let Some(seconds) = options.fuzz {
        return fuzz::run(options.seed, Duration::from_secs(seconds));
    }
    if let Some(folder) = &options.only_write {
        write(&options, folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    let temporary = tempfile::tempdir()?;
    let folder = options.keep.as_deref().unwrap_or(temporary.path());
    let bytes = write(&options, folder)?;
    measure::run(folder, options.slots, bytes)
}

/// The beginning of this day, so that all feeds of a day are the same.
fn today() -> i64 {
    let now = jiff::Timestamp::now().as_second();
    now - now.rem_euclid(86_400)
}

/// Writes the feeds, and says how much that was.
fn write(options: &Options, folder: &Path) -> io::Result<u64> {
    std::fs::create_dir_all(folder)?;
    let size = large::Size {
        slots: options.slots,
        shards: options.shards.max(1),
        merchants: options.merchants.max(1),
        generated: options.generated,
    };
    let begun = Instant::now();
    let bytes = large::write(folder, size)?;
    let (mut packed, mut largest) = (0, 0);
    for file in std::fs::read_dir(folder)? {
        let length = file?.metadata()?.len();
        (packed, largest) = (packed + length, largest.max(length));
    }
    let mega = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{} slots in {} shards: {:.0} MB of JSON, {:.0} MB packed, the largest file {:.1} MB; written in {:.1} s to {}",
        size.slots,
        size.shards,
        mega(bytes),
        mega(packed),
        mega(largest),
        begun.elapsed().as_secs_f64(),
        folder.display()
    );
    Ok(bytes)
}
