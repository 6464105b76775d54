//! Damaged feeds for as long as one likes.

use super::memory::memory;
use super::mutants::{self, Mutant};
use super::told;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// What a file of a few KiB or a MiB may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Memory is looked at after so many cases, when every buffer has its size, and again at the end.
const FIRST: u64 = 2_000;
/// How much the two may differ, for what the allocator keeps.
const SPREAD_KIB: u64 = 32 << 10;

/// One case that is over.
struct Case {
    number: u64,
    took: Duration,
    /// How it ended, or in what it contradicts the bytes.
    told: Result<&'static str, String>,
}

/// Reads damaged feeds, from this number on, for so long. The exit code is 1 if one was too much.
pub(crate) fn run(seed: u64, duration: Duration) -> io::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    mutants::example(folder.path())?;
    let (sender, cases) = mpsc::channel();
    let path = folder.path().to_owned();
    let worker = std::thread::spawn(move || read(&path, seed, duration, &sender));
    let mut tally = Tally::default();
    loop {
        match cases.recv_timeout(PATIENCE) {
            Ok(case) => tally.add(case),
            Err(RecvTimeoutError::Timeout) => {
                println!("HANGS: mutant {} is still being read", seed + tally.number);
                return Ok(ExitCode::FAILURE);
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if worker.join().is_err() {
        println!("PANICS: mutant {}", seed + tally.number);
        return Ok(ExitCode::FAILURE);
    }
    Ok(tally.tell())
}

fn read(folder: &Path, seed: u64, duration: Duration, cases: &Sender<Case>) {
    let begun = Instant::now();
    for number in seed.. {
        if begun.elapsed() >= duration {
            return;
        }
        let mutant = Mutant::new(number);
        let begun = Instant::now();
        let told = mutant.within(folder, || told::judged(&mutant, folder));
        let told = told.expect("the folder is ours");
        let took = begun.elapsed();
        if cases.send(Case { number, took, told }).is_err() {
            return;
        }
    }
}

/// What came out so far.
struct Tally {
    begun: Instant,
    number: u64,
    outcomes: BTreeMap<&'static str, u64>,
    wrong: Vec<String>,
    slowest: (Duration, u64),
    first_kib: Option<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            number: 0,
            outcomes: BTreeMap::new(),
            wrong: Vec::new(),
            slowest: (Duration::ZERO, 0),
            first_kib: None,
        }
    }
}

impl Tally {
    fn add(&mut self, case: Case) {
        self.number += 1;
        self.slowest = self.slowest.max((case.took, case.number));
        match case.told {
            Ok(outcome) => *self.outcomes.entry(outcome).or_default() += 1,
            Err(wrong) => self.wrong.push(format!("mutant {}: {wrong}", case.number)),
        }
        if self.number == FIRST {
            self.first_kib = resident("VmRSS");
        }
    }

    fn tell(self) -> ExitCode {
        let rate = self.number as f64 / self.begun.elapsed().as_secs_f64();
        println!("{} damaged feeds, {rate:.0}/s", self.number);
        for outcome in told::OUTCOMES {
            let times = self.outcomes.get(outcome).copied().unwrap_or_default();
            println!("{times:>10}  {outcome}");
        }
        self.wrong
            .iter()
            .take(20)
            .for_each(|wrong| println!("     WRONG  {wrong}"));
        let (took, number) = self.slowest;
        println!(
            "the slowest was mutant {number}: {:.1} ms",
            took.as_secs_f64() * 1000.0
        );
        let (last, peak) = (resident("VmRSS"), resident("VmHWM"));
        let mib = |kib: Option<u64>| kib.unwrap_or_default() as f64 / 1024.0;
        println!(
            "memory after {FIRST}: {:.1} MiB, at the end: {:.1} MiB, at most: {:.1} MiB",
            mib(self.first_kib),
            mib(last),
            mib(peak)
        );
        let grew = self
            .first_kib
            .zip(last)
            .is_some_and(|(first, last)| last > first + SPREAD_KIB);
        if grew {
            println!("MEMORY GROWS");
        }
        ExitCode::from(u8::from(grew || !self.wrong.is_empty()))
    }
}

fn resident(name: &str) -> Option<u64> {
    memory(std::process::id(), name)
}
