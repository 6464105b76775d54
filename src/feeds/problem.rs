//! What a feed that can be read says wrong: collected, never a reason to stop.

use crate::code::Code;
use crate::error::shortened;
use crate::kind::{Kind, RecordPath};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// What a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Name of the file, without its folder; empty where it is about the feeds as a whole.
    pub file: String,
    /// What it is about.
    pub subject: Subject,
    /// The record, such as `service_availability[0].availability[5]`; `metadata` for the head of the file.
    pub record: String,
    /// The field inside of the record, dotted.
    pub field: String,
    /// What is wrong.
    pub code: Code,
    /// The same in a sentence, with the values.
    pub message: String,
}

/// Problems of one sort: how many there are, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All of them.
    pub count: u64,
    /// The first few, in the order of the files; never empty.
    pub first: Vec<Problem>,
}

/// A problem that does not know its file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same fault, seen from the message that holds the field.
    pub(crate) fn inside(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// How many problems of one sort are kept in full; the rest is counted. A wrong line in a generator repeats
/// itself in every record of a file of any size.
const KEPT: usize = 20;

/// What makes problems ones of a sort: the subject, the code, and the field without the numbers in it.
type Sort = (Subject, Code, String);

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Problems(BTreeMap<Sort, Tally>);

/// What a problem is found in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// Files as such.
    File,
    /// The metadata.
    Metadata,
    /// A group of the availability feed.
    Group(usize),
    /// A record.
    Record(RecordPath),
}

impl Place {
    fn subject(self) -> Subject {
        match self {
            Self::File => Subject::File,
            Self::Metadata => Subject::Metadata,
            Self::Group(_) => Subject::Slot,
            Self::Record(path) => match path.kind {
                Kind::Merchants => Subject::Merchant,
                Kind::Services => Subject::Service,
                Kind::Availability => Subject::Slot,
            },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Metadata => f.write_str("metadata"),
            Self::Group(group) => write!(f, "{}[{group}]", Kind::Availability.list_key()),
            Self::Record(path) => path.fmt(f),
        }
    }
}

impl Problems {
    /// Notes `fault` at its place in `file`.
    pub(crate) fn add(&mut self, file: &str, place: Place, fault: Fault) {
        let Fault { code, field, message } = fault;
        let subject = place.subject();
        let sort = (subject, code, without_numbers(&field));
        let tally = self.0.entry(sort).or_insert(Tally {
            count: 0,
            first: Vec::new(),
        });
        tally.count += 1;
        if tally.first.len() < KEPT {
            tally.first.push(Problem {
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
                    let room = KEPT - tally.first.len();
                    tally.first.extend(more.first.into_iter().take(room));
                }
            }
        }
    }

    /// By subject, code and field.
    pub(crate) fn into_tallies(self) -> Vec<Tally> {
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

    fn zero(index: usize) -> (Place, Fault) {
        let path = RecordPath {
            kind: Kind::Merchants,
            group: 0,
            index,
        };
        let field = format!("payment_option[{index}].price");
        (Place::Record(path), Fault::new(Code::ZeroFee, field, "nothing"))
    }

    #[test]
    fn a_problem_that_repeats_itself_is_counted_and_only_the_first_are_kept() {
        let (mut problems, mut later) = (Problems::default(), Problems::default());
        for index in 0..KEPT + 5 {
            let (place, fault) = zero(index);
            problems.add("a.json", place, fault);
            let (place, fault) = zero(index);
            later.add("b.json", place, fault);
        }
        later.add(
            "b.json",
            Place::Group(3),
            Fault::new(Code::RestrictedFeed, "x", ""),
        );
        problems.extend(later);
        let tallies = problems.into_tallies();
        let counts: Vec<_> = tallies
            .iter()
            .map(|tally| (tally.count, tally.first.len()))
            .collect();
        assert_eq!(counts, [(2 * (KEPT as u64 + 5), KEPT), (1, 1)]);
        assert!(tallies[0].first.iter().all(|problem| problem.file == "a.json"));
        assert_eq!(tallies[1].first[0].record, "service_availability[3]");
    }
}
