//! What a feed that can be read says wrong: collected, never a reason to stop.

use crate::code::ProblemCode;
use crate::error::shortened;
use crate::kind::{FeedKind, RecordPath};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// What a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedSubject {
    /// A file as such, or the files of a feed together.
    File,
    /// The metadata of a file.
    Metadata,
    /// A record of the merchants feed.
    Merchant,
    /// A record of the services feed.
    Service,
    /// A record of the availability feed, or a group of them.
    Slot,
}

/// Something readable but wrong in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedProblem {
    /// Name of the file, without its folder; empty where it is about the feeds as a whole.
    pub file: String,
    /// What it is about.
    pub subject: FeedSubject,
    /// The record, such as `service_availability[0].availability[5]`; `metadata` for the head of the file.
    pub record: String,
    /// The field inside of the record, dotted.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// The same in a sentence, with the values.
    pub message: String,
}

/// Problems of one sort: how many there are, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemTally {
    /// All of them.
    pub count: u64,
    /// The first few, in the order of the files; never empty.
    pub first: Vec<FeedProblem>,
}

/// A problem that does not know its file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordProblem {
    pub(crate) code: ProblemCode,
    pub(crate) field: String,
    pub(crate) message: String,
}

impl RecordProblem {
    pub(crate) fn new(code: ProblemCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same problem, seen from the message that holds the field.
    pub(crate) fn inside(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// How many problems of one sort are kept in full; the rest is counted. A wrong line in a generator repeats
/// itself in every record of a file of any size.
const MOST_OF_A_SORT: usize = 20;

/// What makes problems ones of a sort: the subject, the code, and the field without the numbers in it.
type ProblemSort = (FeedSubject, ProblemCode, String);

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct FeedProblems(BTreeMap<ProblemSort, ProblemTally>);

/// What a problem is found in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ProblemPlace {
    /// Files as such.
    File,
    /// The metadata.
    Metadata,
    /// A group of the availability feed.
    Group(usize),
    /// A record of a set of data files.
    Data(usize),
    /// A record.
    Record(RecordPath),
}

impl ProblemPlace {
    fn subject(self) -> FeedSubject {
        match self {
            Self::File | Self::Data(_) => FeedSubject::File,
            Self::Metadata => FeedSubject::Metadata,
            Self::Group(_) => FeedSubject::Slot,
            Self::Record(path) => match path.kind {
                FeedKind::Merchants => FeedSubject::Merchant,
                FeedKind::Services => FeedSubject::Service,
                FeedKind::Availability => FeedSubject::Slot,
            },
        }
    }
}

impl fmt::Display for ProblemPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Metadata => f.write_str("metadata"),
            Self::Group(group) => write!(f, "{}[{group}]", FeedKind::Availability.list_key()),
            Self::Data(index) => write!(f, "data[{index}]"),
            Self::Record(path) => path.fmt(f),
        }
    }
}

impl FeedProblems {
    /// Notes `problem` at its place in `file`.
    pub(crate) fn add(&mut self, file: &str, place: ProblemPlace, problem: RecordProblem) {
        let RecordProblem { code, field, message } = problem;
        let subject = place.subject();
        let sort = (subject, code, without_numbers(&field));
        let tally = self.0.entry(sort).or_insert(ProblemTally {
            count: 0,
            first: Vec::new(),
        });
        tally.count += 1;
        if tally.first.len() < MOST_OF_A_SORT {
            tally.first.push(FeedProblem {
                file: file.to_owned(),
                subject,
                record: place.to_string(),
                field,
                code,
                message: shortened(&message),
            });
        }
    }

    /// Adds what was found in a later file.
    pub(crate) fn extend(&mut self, later: Self) {
        for (sort, more) in later.0 {
            match self.0.entry(sort) {
                Entry::Vacant(entry) => _ = entry.insert(more),
                Entry::Occupied(mut entry) => {
                    let tally = entry.get_mut();
                    tally.count += more.count;
                    let room = MOST_OF_A_SORT - tally.first.len();
                    tally.first.extend(more.first.into_iter().take(room));
                }
            }
        }
    }

    /// By subject, code and field.
    pub(crate) fn into_tallies(self) -> Vec<ProblemTally> {
        self.0.into_values().collect()
    }
}

/// `payment_option[3].price` is a field of one sort with `payment_option[4].price`.
fn without_numbers(field: &str) -> String {
    field.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zero(index: usize) -> (ProblemPlace, RecordProblem) {
        let path = RecordPath {
            kind: FeedKind::Merchants,
            group: 0,
            index,
        };
        let field = format!("payment_option[{index}].price");
        (
            ProblemPlace::Record(path),
            RecordProblem::new(ProblemCode::ZeroFee, field, "nothing"),
        )
    }

    #[test]
    fn a_problem_that_repeats_itself_is_counted_and_only_the_first_are_kept() {
        let (mut problems, mut later) = (FeedProblems::default(), FeedProblems::default());
        for index in 0..MOST_OF_A_SORT + 5 {
            let (place, problem) = zero(index);
            problems.add("a.json", place, problem);
            let (place, problem) = zero(index);
            later.add("b.json", place, problem);
        }
        later.add(
            "b.json",
            ProblemPlace::Group(3),
            RecordProblem::new(ProblemCode::RestrictedFeed, "x", ""),
        );
        problems.extend(later);
        let tallies = problems.into_tallies();
        let counts: Vec<_> = tallies
            .iter()
            .map(|tally| (tally.count, tally.first.len()))
            .collect();
        assert_eq!(
            counts,
            [(2 * (MOST_OF_A_SORT as u64 + 5), MOST_OF_A_SORT), (1, 1)]
        );
        assert!(tallies[0].first.iter().all(|problem| problem.file == "a.json"));
        assert_eq!(tallies[1].first[0].record, "service_availability[3]");
    }
}
