//! Feed files with damaged bytes: they are read or refused, and what is said of them is true of their bytes.
//!
//! `cargo bench --bench feeds -- --fuzz SECONDS` goes on with the same for as long as is wanted.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../benches/feeds/mutants.rs"]
mod mutants;

#[path = "../benches/feeds/told.rs"]
mod told;

use mutants::Mutant;
use std::collections::BTreeMap;

const CASES: u64 = 1_000;

#[test]
fn damaged_files_are_read_or_refused_at_the_place_of_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    mutants::example(folder.path()).unwrap();
    let mut outcomes: BTreeMap<&str, u64> = BTreeMap::new();
    for number in 0..CASES {
        let mutant = Mutant::new(number);
        let told = mutant
            .within(folder.path(), || told::judged(&mutant, folder.path()))
            .unwrap();
        let told = told.unwrap_or_else(|wrong| panic!("mutant {number}, {}: {wrong}", mutant.name));
        *outcomes.entry(told).or_default() += 1;
    }
    // What never came out was never tried.
    for outcome in told::OUTCOMES {
        assert!(
            outcomes.get(outcome).is_some_and(|times| *times > 1),
            "{outcome}: {outcomes:?}"
        );
    }
}
