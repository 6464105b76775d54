//! How long it takes to plan: `cargo bench --bench planning`.
//!
//! Writes right feeds of a thousand, a hundred thousand and a million slots, and plans the bundled scenarios and five thousand over
//! each of them; reading and planning stand side by side. `-- --only-write DIR` writes feeds, scenarios and configs, for
//! `conformance list scenarios -c DIR/100000/many.toml`, and ends. It ends with 1 if a goal is missed.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "feeds/large.rs"]
mod large;
#[path = "feeds/offer.rs"]
mod offer;
#[path = "common/processor.rs"]
mod processor;

use clap::Parser;
use conformance::BUNDLE;
use harness::{Plan, Selection, Suite, Target, TargetKind, Wishes, plan};
use processor::processor_sec;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Slots of each feed.
const SLOTS: [usize; 3] = [1_000, 100_000, 1_000_000];
/// Scenarios of the larger suite, the bundled ones included.
const MANY: usize = 5_000;
/// The longest that planning may take, in seconds: of the bundled scenarios, and of many.
const GOALS: [f64; 2] = [0.3, 2.0];
/// Each plan is made so often, and the fastest one counts.
const RUNS: usize = 3;

#[derive(Parser)]
struct Options {
    /// Writes feeds, scenarios and configs into this folder, and ends.
    #[arg(long, value_name = "DIR")]
    only_write: Option<PathBuf>,
    /// Cargo says this to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> io::Result<ExitCode> {
    let options = Options::parse();
    let temporary = tempfile::tempdir()?;
    let folder = options.only_write.as_deref().unwrap_or(temporary.path());
    let folder = std::path::absolute(folder)?;
    write_scenarios(&folder.join("scenarios"))?;
    for slots in SLOTS {
        write_target(&folder, slots)?;
    }
    if options.only_write.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "     slots   for booking   scenarios   reading feeds s   reading scenarios s   planning s   of CPU s"
    );
    let mut met = true;
    for slots in SLOTS {
        for (name, goal) in ["bundled", "many"].into_iter().zip(GOALS) {
            met &= measure(
                &folder.join(slots.to_string()).join(format!("{name}.toml")),
                slots,
            )? <= goal;
        }
    }
    println!(
        "planning takes at most {} s of the bundled scenarios and {} s of {MANY}: {}",
        GOALS[0],
        GOALS[1],
        if met { "met" } else { "MISSED" }
    );
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads and plans; how long planning took, in seconds, comes back.
fn measure(config: &Path, slots: usize) -> io::Result<f64> {
    let config = config::load(config, None, &|_| None).map_err(io::Error::other)?;
    let scenarios = config.run.scenarios.clone();
    let begun = Instant::now();
    let target = Target::new(config, TargetKind::Url).map_err(io::Error::other)?;
    let feeds_sec = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let suite = Suite::load(&BUNDLE, scenarios.as_deref()).map_err(io::Error::other)?;
    let scenarios_sec = begun.elapsed().as_secs_f64();
    let (mut planning_sec, mut spent_sec) = (f64::INFINITY, f64::INFINITY);
    let mut jobs = 0;
    for _ in 0..RUNS {
        let (begun, spent) = (Instant::now(), processor_sec());
        let plan = plan_everything(&suite, &target);
        planning_sec = planning_sec.min(begun.elapsed().as_secs_f64());
        spent_sec = spent_sec.min(processor_sec() - spent);
        jobs = plan.jobs().count();
    }
    println!(
        "{slots:>10}   {:>11}   {:>9}   {feeds_sec:>15.2}   {scenarios_sec:>19.2}   {planning_sec:>10.3}   {spent_sec:>8.3}   {jobs} of them run",
        target.slots.len(),
        suite.scenarios().len(),
    );
    // What else the machine does has little part in processor time.
    Ok(planning_sec.min(spent_sec))
}

fn plan_everything(suite: &Suite, target: &Target) -> Plan {
    plan(suite, target, &Wishes::new(Selection::default()))
}

/// Feeds of so many slots, and a config with the bundled scenarios and one with many.
fn write_target(folder: &Path, slots: usize) -> io::Result<()> {
    let own = folder.join(slots.to_string());
    let feeds = own.join("feeds");
    fs::create_dir_all(&feeds)?;
    let now = jiff::Timestamp::now().as_second();
    let size = large::Size {
        slots,
        shards: slots.div_ceil(250_000),
        merchants: (slots / 500).clamp(2, 200),
        generated: now - now.rem_euclid(86_400),
    };
    large::write(&feeds, size)?;
    let target = format!(
        "[target]\nname = \"planned\"\nbase_url = \"http://127.0.0.1:9\"\n[inventory]\nfeeds = '{}'\n",
        feeds.display()
    );
    let scenarios = format!("[run]\nscenarios = '{}'\n", folder.join("scenarios").display());
    fs::write(own.join("bundled.toml"), &target)?;
    fs::write(own.join("many.toml"), target + &scenarios)
}

/// The bundled scenarios again and again, each under a name of its own.
fn write_scenarios(folder: &Path) -> io::Result<()> {
    // Openings are no scenarios, but parts of some.
    let areas = BUNDLE
        .scenarios
        .dirs()
        .filter(|area| area.path() != Path::new("openings"));
    let bundled: Vec<_> = areas.flat_map(include_dir::Dir::files).collect();
    for number in 0..MANY - bundled.len() {
        let file = bundled[number % bundled.len()];
        let path = folder
            .join(format!("copy-{:02}", number / bundled.len()))
            .join(file.path());
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        fs::write(path, file.contents())?;
    }
    Ok(())
}
