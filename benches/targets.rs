//! What the harness makes of hostile targets: `cargo bench --bench targets`, or with parts of cases' names behind `--`; there
//! `--fast` leaves out what takes long by nature, and `--said` prints what each run said.
//!
//! Runs the program against one after the other, and prints for each what was concluded, after how long and with how much memory. It
//! ends with 1 if a verdict was wrong, took too long, did not name the target, or took more than 256 MiB.

#![expect(clippy::print_stdout, reason = "a measurement is there to be read")]

#[path = "../tests/hostile/mod.rs"]
mod hostile;

use hostile::{MOST_MEMORY, altered, cases, complaints, measure::measure, partner::Partner};
use std::process::ExitCode;

fn main() -> ExitCode {
    let (flags, wanted): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|one| one == flag);
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = Partner::start(folder.path());
    let silent = measure(&cases::SILENT, folder.path(), &partner).took;
    println!(
        "A target that says nothing takes {:.1} s; at most {MOST_MEMORY} MiB.\n",
        silent.as_secs_f64()
    );
    println!("| case | verdict | exit | seconds | MiB | wrong |\n| --- | --- | ---: | ---: | ---: | --- |");
    let mut is_well = true;
    let all = cases::CASES.iter().chain(altered::CASES);
    for case in all.filter(|case| is_wanted(case.name) && (case.is_fast || !has("--fast"))) {
        let measured = measure(case, folder.path(), &partner);
        let wrong = complaints(case, &measured, Some(silent));
        is_well &= wrong.is_empty();
        let exit = measured.exit.map_or("killed".to_owned(), |exit| exit.to_string());
        println!(
            "| {} | {} | {exit} | {:.1} | {:.0} | {} |",
            case.name,
            measured.verdict,
            measured.took.as_secs_f64(),
            measured.peak_mib,
            wrong.join(", "),
        );
        if has("--said") {
            println!("{}", measured.said);
        }
    }
    ExitCode::from(u8::from(!is_well))
}
