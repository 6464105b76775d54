//! Survivors that somebody looked at: why nothing has to be said of them.

use super::listing::Listing;
use super::mutant::Mutant;
use serde::Deserialize;

/// The file, read at compile time, so that the program needs no place of its own.
const REVIEWED: &str = include_str!("reviewed.yaml");

/// Mutants of some leaves that may survive.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reviewed {
    /// The messages, as they stand in reports.
    pub(crate) area: String,
    /// The leaves; `*` for the message as a whole.
    leaves: Vec<String>,
    /// The operators.
    operators: Vec<String>,
    /// Why nothing has to be said.
    pub(crate) reason: String,
    /// Where the facts are: Google's page, or the rule of the wire format.
    source: String,
}

/// The file of reviewed survivors is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Not of the form.
    #[error("reviewed.yaml cannot be read: {0}")]
    Form(String),
    /// It speaks of a leaf that no message has.
    #[error("reviewed.yaml speaks of `{0}`, which no message of the run has")]
    Unknown(String),
    /// Something is not said.
    #[error("reviewed.yaml gives no reason, source, leaf or operator for `{0}`")]
    Bare(String),
}

impl Reviewed {
    /// True when it is about a mutant.
    pub(crate) fn covers(&self, mutant: &Mutant) -> bool {
        let leaf = if mutant.leaf.is_empty() { "*" } else { &mutant.leaf };
        let operator = mutant.operator.to_string();
        self.area == mutant.area.to_string()
            && self.leaves.iter().any(|one| one == leaf)
            && self.operators.contains(&operator)
    }

    fn name(&self) -> String {
        format!("{} {}", self.area, self.leaves.join(", "))
    }
}

/// Reads the reviewed survivors.
pub(crate) fn reviewed() -> Result<Vec<Reviewed>, ReviewError> {
    let rows: Vec<Reviewed> =
        serde_saphyr::from_str(REVIEWED).map_err(|error| ReviewError::Form(error.to_string()))?;
    let is_bare = |row: &&Reviewed| {
        let is_said = !row.reason.is_empty() && !row.source.is_empty();
        !is_said || row.leaves.is_empty() || row.operators.is_empty()
    };
    match rows.iter().find(is_bare) {
        Some(row) => Err(ReviewError::Bare(row.name())),
        None => Ok(rows),
    }
}

/// Every row has to speak of leaves that the run had.
pub(crate) fn check(rows: &[Reviewed], listing: &Listing) -> Result<(), ReviewError> {
    for row in rows {
        let is_known = |leaf: &String| listing.has_leaf(&row.area, leaf.trim_start_matches('*'));
        if let Some(leaf) = row.leaves.iter().find(|leaf| !is_known(leaf)) {
            return Err(ReviewError::Unknown(format!("{} {leaf}", row.area)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn the_reviewed_survivors_can_be_read() {
        let rows = reviewed().unwrap();
        assert!(rows.iter().all(|row| !row.reason.is_empty()));
    }
}
