//! What is said of a damaged feed, and whether that can be true.

use super::mutants::Mutant;
use feeds::{self, FeedError, Inventory, JsonError, ProblemCode, ReadOptions};
use harness::{FeedWishes, judge_folder};
use outcome::{FeedReport, FeedVerdict};
use report::feeds::render;
use report::terminal::TerminalOptions;
use std::path::Path;

/// No message is longer: people read it.
const LONGEST: usize = 2_000;
/// No report is longer: it has some hundred findings at most.
const LONGEST_REPORT: usize = 400_000;
/// A moment after the export of the example.
const NOW_SEC: i64 = 1_893_410_000;

const READ: &str = "read";
const NOTED: &str = "read, with problems";
const SYNTAX: &str = "refused: broken JSON";
const TYPE: &str = "refused: a wrong type";
const FILE: &str = "refused: cannot be unpacked";
const OTHER: &str = "refused: not complete";

/// All that may come out.
pub(crate) const OUTCOMES: [&str; 6] = [READ, NOTED, SYNTAX, TYPE, FILE, OTHER];

/// Reads and judges the folder in which the mutant stands. An error says how what was told contradicts the bytes, or itself.
pub(crate) fn judged(mutant: &Mutant, folder: &Path) -> Result<&'static str, String> {
    let options = ReadOptions {
        now_sec: Some(NOW_SEC),
        ..ReadOptions::default()
    };
    let reading = feeds::examine(folder, &options);
    let wishes = FeedWishes {
        now_sec: NOW_SEC,
        strict: false,
        progress: &|_| {},
        before: None,
        booked: None,
    };
    let report = judge_folder(folder, &wishes);
    agree(&reading.errors, &report)?;
    match &reading.errors[..] {
        [] => noted(&reading.inventory),
        errors => refused(mutant, errors),
    }
}

/// Holds the report against what was read.
fn agree(errors: &[FeedError], report: &FeedReport) -> Result<(), String> {
    let is_told = |error: &FeedError| error.is_of_shards() || error.is_of_value();
    let unreadable = errors.iter().any(|error| !is_told(error));
    if (report.verdict == FeedVerdict::Unreadable) != unreadable {
        return Err(format!("{:?} after {errors:?}", report.verdict));
    }
    let text = render(report, TerminalOptions::default());
    let json = serde_json::to_string(report).map_err(|error| format!("no JSON: {error}"))?;
    match text.len().max(json.len()) {
        0..=LONGEST_REPORT => Ok(()),
        length => Err(format!("a report of {length} bytes")),
    }
}

fn noted(inventory: &Inventory) -> Result<&'static str, String> {
    let mut problems = inventory.problems.iter().flat_map(|tally| &tally.first);
    let mut codes = problems.clone().map(|problem| problem.code);
    match problems.find(|problem| problem.message.len() > LONGEST) {
        Some(problem) => Err(format!(
            "a message of {} bytes: {}",
            problem.message.len(),
            problem.code
        )),
        // The example itself has slots for a few days only.
        None if codes.all(|code| code == ProblemCode::ShortHorizon) => Ok(READ),
        None => Ok(NOTED),
    }
}

fn refused(mutant: &Mutant, errors: &[FeedError]) -> Result<&'static str, String> {
    let mut kind = OTHER;
    for error in errors {
        kind = match error {
            FeedError::Syntax(json_error) => placed(mutant, json_error).map(|()| SYNTAX)?,
            FeedError::Type(json_error) | FeedError::Value(json_error) => {
                placed(mutant, json_error).map(|()| TYPE)?
            }
            FeedError::File { .. } => FILE,
            FeedError::Missing { .. } | FeedError::Incomplete { .. } | FeedError::Root { .. } => OTHER,
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
fn placed(mutant: &Mutant, json_error: &JsonError) -> Result<(), String> {
    let told = json_error.position;
    if mutant.unpacked || json_error.file != mutant.name {
        return Ok(());
    }
    match mutant.place(told.byte) {
        Some(place) if place == (told.line, told.column) => Ok(()),
        Some(place) => Err(format!("byte {} is at {place:?} and not at {told}", told.byte)),
        None => Err(format!("there is no byte {}", told.byte)),
    }
}
