//! The files: one for each subject of the catalogue, in a form that a person can review.

use super::yaml::{first_difference, written};
use catalogue::{Illustration, RequirementId, catalogue, illustration};
use std::collections::BTreeMap;
use std::path::Path;

/// Where they stand, below the root of the sources.
const FOLDER: &str = "src/catalogue/illustrations";

/// The first lines of each file.
const HEAD: &str = "# An accepted and a rejected exchange of each requirement, as the self-test saw them: what `conformance explain` shows.\n\
                    # Written by: cargo run --release -p selftest -- defects --publish-illustrations\n";

/// Writes the files below the root of the sources.
pub fn write(root: &Path, all: &[Illustration]) -> std::io::Result<()> {
    for (subject, text) in files(all) {
        std::fs::write(root.join(FOLDER).join(format!("{subject}.yaml")), text)?;
    }
    Ok(())
}

/// Those of these that the files have of the same server, and in which something else stands: each with the first line that differs.
pub fn outdated<'s>(shown: impl Iterator<Item = &'s Illustration>) -> Vec<String> {
    let differing = shown.filter_map(|shown| {
        let there = illustration(RequirementId::parse(&shown.id)?)?;
        if there.server != shown.server {
            return None;
        }
        let line = first_difference(&written(there), &written(shown))?;
        Some(format!("{}, line {line} of what {FOLDER} has of it", shown.id))
    });
    differing.collect()
}

/// Every subject of the catalogue with the text of its file, those of which nothing is shown included.
fn files(all: &[Illustration]) -> BTreeMap<&'static str, String> {
    let mut files = BTreeMap::new();
    for row in catalogue().rows() {
        let text = files
            .entry(row.subject.as_str())
            .or_insert_with(|| HEAD.to_owned());
        if let Some(shown) = all.iter().find(|shown| shown.id == row.id) {
            text.push_str(&written(shown));
        }
    }
    files.retain(|_, text| text.len() > HEAD.len());
    files
}
