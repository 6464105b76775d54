//! What somebody looked at: survivors of which nothing has to be said, and mutants of which more is said than of others.

use super::listing::Listing;
use super::mutant::Mutant;
use super::score::Row;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The files, read at compile time, so that the program needs no place of its own.
const SURVIVORS: (&str, &str) = ("reviewed.yaml", include_str!("reviewed.yaml"));
const MANY: (&str, &str) = ("reviewed-many.yaml", include_str!("reviewed-many.yaml"));

/// Mutants of some leaves of one sort of message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reviewed {
    /// The messages, as they stand in reports.
    area: String,
    /// The leaves; `*` for the message as a whole.
    leaves: Vec<String>,
    /// The operators.
    operators: Vec<String>,
    /// Why it is right.
    pub(crate) reason: String,
    /// Where the facts are: Google's page, or the rule of the wire format. Not of many findings.
    #[serde(default)]
    source: String,
    /// Of many findings, so many distinct ones at most.
    #[serde(default)]
    at_most: usize,
}

/// A file of what was reviewed is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Not of the form.
    #[error("{0} cannot be read: {1}")]
    Form(&'static str, String),
    /// It speaks of a leaf that no message has.
    #[error("{0} speaks of `{1}`, which no message of the run has")]
    Unknown(&'static str, String),
    /// It speaks of what there is no mutant of.
    #[error("{0} speaks of `{1}`, and there is no such mutant")]
    Nothing(&'static str, String),
    /// Something is not said.
    #[error("{0} gives no reason, source, leaf or operator for `{1}`")]
    Bare(&'static str, String),
}

/// Tells whether the files can be read.
pub fn read_reviewed() -> Result<(), super::Void> {
    Reviews::read()?;
    Ok(())
}

/// Both files.
#[derive(Debug)]
pub(crate) struct Reviews {
    survivors: Vec<Reviewed>,
    many: Vec<Reviewed>,
}

impl Reviews {
    /// Reads them.
    pub(crate) fn read() -> Result<Self, ReviewError> {
        Self::of(SURVIVORS, MANY)
    }

    fn of(survivors: (&'static str, &str), many: (&'static str, &str)) -> Result<Self, ReviewError> {
        Ok(Self {
            survivors: rows(survivors, |row| row.source.is_empty())?,
            many: rows(many, |row| row.at_most == 0)?,
        })
    }

    /// Why a mutant may survive, if somebody said so.
    pub(crate) fn survivor(&self, mutant: &Mutant) -> Option<&str> {
        let row = self.survivors.iter().find(|row| row.covers(mutant))?;
        Some(&row.reason)
    }

    /// Why so many distinct findings of a mutant are right, if somebody said so.
    pub(crate) fn many(&self, mutant: &Mutant, findings: usize) -> Option<&str> {
        let mut rows = self.many.iter();
        let row = rows.find(|row| row.covers(mutant) && findings <= row.at_most)?;
        Some(&row.reason)
    }

    /// Every row has to speak of mutants that there are.
    pub(crate) fn check(&self, listing: &Listing) -> Result<(), ReviewError> {
        check(SURVIVORS.0, &self.survivors, listing)?;
        check(MANY.0, &self.many, listing)
    }

    /// The rows about many findings that none of all mutants needs.
    pub(crate) fn stale(&self, all: &[Row]) -> Vec<String> {
        let is_needed = |row: &&Reviewed| {
            all.iter()
                .any(|one| one.is_many && row.names(&one.area, &one.leaf, &one.operator))
        };
        let stale = self.many.iter().filter(|row| !is_needed(row));
        stale.map(|row| format!("{}: {}", MANY.0, row.name())).collect()
    }
}

impl Reviewed {
    /// True when it is about a mutant.
    fn covers(&self, mutant: &Mutant) -> bool {
        let operator = mutant.operator.to_string();
        self.names(&mutant.area.to_string(), mutant.shown_leaf(), &operator)
    }

    fn names(&self, area: &str, leaf: &str, operator: &str) -> bool {
        self.area == area
            && self.leaves.iter().any(|one| one == leaf)
            && self.operators.iter().any(|one| one == operator)
    }

    fn name(&self) -> String {
        format!("{} {}", self.area, self.leaves.join(", "))
    }
}

fn rows(
    (file, text): (&'static str, &str),
    lacks: fn(&Reviewed) -> bool,
) -> Result<Vec<Reviewed>, ReviewError> {
    let rows: Option<Vec<Reviewed>> =
        serde_saphyr::from_str(text).map_err(|error| ReviewError::Form(file, error.to_string()))?;
    let rows = rows.unwrap_or_default();
    let is_bare = |row: &&Reviewed| {
        lacks(row) || row.reason.is_empty() || row.leaves.is_empty() || row.operators.is_empty()
    };
    match rows.iter().find(is_bare) {
        Some(row) => Err(ReviewError::Bare(file, row.name())),
        None => Ok(rows),
    }
}

/// Every leaf of a row has to have a mutant with one of its operators, and every operator has to be one. Not each operator does
/// something to each leaf, and which do depends on what the run holds.
fn check(file: &'static str, rows: &[Reviewed], listing: &Listing) -> Result<(), ReviewError> {
    let all = listing.mutants.keys();
    let operators: BTreeSet<String> = all.map(|mutant| mutant.operator.to_string()).collect();
    for row in rows {
        let is_known = |leaf: &String| listing.has_leaf(&row.area, leaf.trim_start_matches('*'));
        if let Some(leaf) = row.leaves.iter().find(|leaf| !is_known(leaf)) {
            return Err(ReviewError::Unknown(file, format!("{} {leaf}", row.area)));
        }
        let covered: Vec<&Mutant> = listing
            .mutants
            .keys()
            .filter(|mutant| row.covers(mutant))
            .collect();
        let has_mutant = |leaf: &String| covered.iter().any(|mutant| mutant.shown_leaf() == leaf);
        let leaf = row.leaves.iter().find(|leaf| !has_mutant(leaf));
        let idle = leaf.or_else(|| {
            row.operators
                .iter()
                .find(|operator| !operators.contains(*operator))
        });
        if let Some(idle) = idle {
            return Err(ReviewError::Nothing(file, format!("{}: {idle}", row.name())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::mutation::area::Area;
    use crate::mutation::listing::Where;
    use crate::mutation::operator::Operator;

    fn many(text: &str) -> Result<Reviews, ReviewError> {
        Reviews::of(("reviewed.yaml", ""), ("reviewed-many.yaml", text))
    }

    fn told(operator: Operator) -> Mutant {
        Mutant {
            area: Area::Booking,
            leaf: String::new(),
            operator,
        }
    }

    #[test]
    fn what_is_reviewed_can_be_read() {
        let reviews = Reviews::read().unwrap();
        assert!(reviews.survivors.iter().all(|row| !row.reason.is_empty()));
    }

    #[test]
    fn many_findings_are_right_up_to_a_number_that_is_written_down() {
        let row = "- { area: BookingNotification, leaves: ['*'], operators: [dropped], reason: because";
        let reviews = many(&format!("{row}, at_most: 4 }}")).unwrap();
        let dropped = told(Operator::Dropped);
        assert_eq!(reviews.many(&dropped, 4), Some("because"));
        assert_eq!(reviews.many(&dropped, 5), None);
        assert_eq!(reviews.many(&told(Operator::Repeated), 3), None);
        assert!(matches!(many(&format!("{row} }}")), Err(ReviewError::Bare(..))));
    }

    #[test]
    fn a_row_without_a_mutant_is_an_error_and_one_that_none_needs_is_stale() {
        let row = "- { area: BookingNotification, leaves: ['*'], operators: [dropped, swapped], reason: because, at_most: 4 }";
        let reviews = many(row).unwrap();
        let mut listing = Listing::default();
        assert!(matches!(reviews.check(&listing), Err(ReviewError::Unknown(..))));
        listing.know_leaf(Area::Booking, "");
        assert!(matches!(reviews.check(&listing), Err(ReviewError::Nothing(..))));
        listing.mutants.insert(told(Operator::Dropped), Where::default());
        assert!(matches!(reviews.check(&listing), Err(ReviewError::Nothing(..))));
        listing.mutants.insert(told(Operator::Swapped), Where::default());
        assert!(reviews.check(&listing).is_ok());
        assert_eq!(reviews.stale(&[]), ["reviewed-many.yaml: BookingNotification *"]);
    }
}
