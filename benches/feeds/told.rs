//! What the reader of feeds says of a damaged file, and whether that can be true.

use super::mutants::Mutant;
use conformance::feeds::{self, FeedError, FeedErrors, Stumble};
use std::path::Path;

/// No message is longer: people read it.
const LONGEST: usize = 2_000;

const READ: &str = "read";
const NOTED: &str = "read, with problems";
const SYNTAX: &str = "refused: broken JSON";
const TYPE: &str = "refused: a wrong type";
const FILE: &str = "refused: cannot be unpacked";
const OTHER: &str = "refused: not complete";

/// All that may come out.
pub(crate) const OUTCOMES: [&str; 6] = [READ, NOTED, SYNTAX, TYPE, FILE, OTHER];

/// Reads the folder in which the mutant stands. An error says how what was told contradicts the bytes.
pub(crate) fn judged(mutant: &Mutant, folder: &Path) -> Result<&'static str, String> {
    match feeds::read(folder) {
        Ok(inventory) => {
            let long = inventory
                .problems
                .iter()
                .find(|problem| problem.message.len() > LONGEST << 20);
            match long {
                Some(problem) => Err(format!(
                    "a message of {} bytes: {}",
                    problem.message.len(),
                    problem.code
                )),
                None if inventory.problems.is_empty() => Ok(READ),
                None => Ok(NOTED),
            }
        }
        Err(errors) => refused(mutant, &errors),
    }
}

fn refused(mutant: &Mutant, errors: &FeedErrors) -> Result<&'static str, String> {
    let mut kind = OTHER;
    for error in &errors.errors {
        kind = match error {
            FeedError::Syntax(stumble) => placed(mutant, stumble).map(|()| SYNTAX)?,
            FeedError::Type(stumble) => placed(mutant, stumble).map(|()| TYPE)?,
            FeedError::File { .. } => FILE,
            FeedError::Missing { .. } | FeedError::Incomplete { .. } => OTHER,
            other => return Err(format!("an error that cannot be: {other}")),
        };
        let length = error.to_string().len();
        if length > LONGEST {
            return Err(format!("a message of {length} bytes"));
        }
    }
    Ok(kind)
}

/// Holds a place against the bytes of the file.
fn placed(mutant: &Mutant, stumble: &Stumble) -> Result<(), String> {
    let told = stumble.position;
    if mutant.unpacked || stumble.file != mutant.name {
        return Ok(());
    }
    match mutant.place(told.byte) {
        Some(place) if place == (told.line, told.column) => Ok(()),
        Some(place) => Err(format!("byte {} is at {place:?} and not at {told}", told.byte)),
        None => Err(format!("there is no byte {}", told.byte)),
    }
}
