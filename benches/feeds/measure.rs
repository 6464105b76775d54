//! Unpacking beside judging: time and memory of each, as a process of its own.

use super::cpu::cpu;
use super::memory::memory;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const RUNS: usize = 3;
/// Judging runs at this part of the speed of unpacking, at least.
const LEAST_RATIO: f64 = 0.9;
/// How often memory is looked at; the system itself remembers the peak.
const LOOK: Duration = Duration::from_millis(5);

/// Ten bytes a slot beside a hundred MiB: 200 MiB for ten million, 400 for thirty.
fn most_mib(slots: usize) -> f64 {
    100.0 + slots as f64 / 100_000.0
}

/// How one process went.
#[derive(Clone)]
struct Run {
    took: Duration,
    /// Processor time, of all its threads.
    spent: Duration,
    peak_mib: f64,
    code: Option<i32>,
}

/// The runs of one command.
struct Runs(Vec<Run>);

impl Runs {
    fn of(mut command: impl FnMut() -> io::Result<Command>) -> io::Result<Self> {
        // The first one brings the files into memory, and does not count.
        once(&mut command()?)?;
        let runs = (0..RUNS)
            .map(|_| once(&mut command()?))
            .collect::<io::Result<_>>()?;
        Ok(Self(runs))
    }

    fn best(&self) -> f64 {
        let times = self.0.iter().map(|run| run.took.as_secs_f64());
        times.fold(f64::INFINITY, f64::min)
    }

    /// The least processor time of a run, in seconds: what else the machine does has little part in it.
    fn spent(&self) -> f64 {
        let times = self.0.iter().map(|run| run.spent.as_secs_f64());
        times.fold(f64::INFINITY, f64::min)
    }

    fn peak(&self) -> f64 {
        self.0.iter().map(|run| run.peak_mib).fold(0.0, f64::max)
    }

    fn row(&self, name: &str, slots: usize, bytes: u64) -> String {
        let all: Vec<_> = self
            .0
            .iter()
            .map(|run| format!("{:.2}", run.took.as_secs_f64()))
            .collect();
        format!(
            "{name:<20} {:>7.2} {:>7.0} {:>12.0} {:>7.2} {:>10.1}   {}",
            self.best(),
            bytes as f64 / 1e6 / self.best(),
            slots as f64 / self.best(),
            self.spent(),
            self.peak(),
            all.join(", ")
        )
    }
}

/// Measures both over the feeds in `folder`; the goals decide about the exit code.
pub(crate) fn run(folder: &Path, slots: usize, bytes: u64) -> io::Result<ExitCode> {
    let packed = files(folder)?;
    let gzip = Runs::of(|| {
        let mut command = Command::new("gzip");
        command.arg("-dc").args(&packed).stdout(Stdio::null());
        Ok(command)
    })?;
    let said = tempfile::tempdir()?;
    let said = said.path().join("said");
    let judged = Runs::of(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        command.args(["feeds", "--quiet"]).arg(folder);
        command.stdout(File::create(&said)?);
        Ok(command)
    })?;
    println!("\nbusy before it: {}\n", load());
    println!(
        "                      best s    MB/s      slots/s   CPU s   peak MiB   the {RUNS} runs, s (after one that does not count)"
    );
    println!("{}", gzip.row("gzip -dc", slots, bytes));
    println!("{}", judged.row("conformance feeds", slots, bytes));
    let said = std::fs::read_to_string(&said)?;
    Ok(conclude(&gzip, &judged, most_mib(slots), &said))
}

fn conclude(gzip: &Runs, judged: &Runs, most_mib: f64, said: &str) -> ExitCode {
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    let (ratio, peak) = (gzip.best() / judged.best(), judged.peak());
    let (fast, small) = (ratio >= LEAST_RATIO, peak > 0.0 && peak < most_mib);
    let right = judged.0.iter().all(|run| run.code == Some(0));
    println!(
        "\nspeed beside gzip's: {ratio:.2}; at least {LEAST_RATIO} is the goal: {}",
        verdict(fast)
    );
    println!(
        "memory: {peak:.1} MiB; less than {most_mib:.0} is the goal: {}",
        verdict(small)
    );
    println!("right feeds are found right: {}", verdict(right));
    let lines: Vec<_> = said.lines().collect();
    let shown = if right { lines.len().saturating_sub(5) } else { 0 };
    println!("\nIt said:");
    lines[shown..]
        .iter()
        .take(40)
        .for_each(|line| println!("  {line}"));
    ExitCode::from(u8::from(!(fast && small && right)))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
    files.sort();
    Ok(files)
}

fn once(command: &mut Command) -> io::Result<Run> {
    let begun = Instant::now();
    let mut process = command.stdin(Stdio::null()).spawn()?;
    let (id, ended) = (process.id(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let used = scope.spawn(|| used(id, &ended));
        let status = process.wait();
        let took = begun.elapsed();
        ended.store(true, Ordering::Relaxed);
        let (spent, peak_kib) = used.join().unwrap_or_default();
        Ok(Run {
            took,
            spent,
            peak_mib: peak_kib as f64 / 1024.0,
            code: status?.code(),
        })
    })
}

/// The processor time that a process has used and the most memory that it has had, in KiB, when it was last looked at.
fn used(process: u32, ended: &AtomicBool) -> (Duration, u64) {
    let (mut spent, mut most) = (Duration::ZERO, 0);
    while !ended.load(Ordering::Relaxed) {
        spent = cpu(process).map_or(spent, |now| now.max(spent));
        most = memory(process, "VmHWM").map_or(most, |now| now.max(most));
        std::thread::sleep(LOOK);
    }
    (spent, most)
}

/// What else the machine does: processes that want to run, over the last minute, and how many can.
fn load() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minute = load.split(' ').next().unwrap_or_default();
    format!("load {minute} on {processors} processors, these measurements included")
}
