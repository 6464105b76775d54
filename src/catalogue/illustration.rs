//! An accepted and a rejected exchange of each judged requirement. The files are written by the self-test and by the tests of feeds.

use super::RequirementId;
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::sync::LazyLock;

/// What a right server does and what a wrong one does, at one place, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Illustration {
    /// The requirement.
    pub id: String,
    /// The scenario in which it was seen; none for feeds and for a run as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// What is wrong with the server, or the feed, of the rejected one, in one sentence.
    pub server: String,
    /// The sentence of the finding.
    pub finding: String,
    /// JSON pointer to the place of the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What would have been right there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Messages that violate nothing. What is left out is marked with `…`.
    pub accepted: String,
    /// Messages that violate the requirement, cut at the same places.
    pub rejected: String,
}

/// All files, each below a line with its stem, as the build packs them.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/illustrations.gz"));

/// What begins the line with a stem.
const MARK: &str = "--- ";

/// The file of what feeds show, which counts where no run shows it.
const FEEDS: &str = "of-feeds";

static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut text = String::new();
    let read = GzDecoder::new(PACKED).read_to_string(&mut text);
    read.expect("the build packs what the tests read");
    files(&text)
});

static ILLUSTRATIONS: LazyLock<HashMap<String, Illustration>> = LazyLock::new(|| {
    let own = FILES.iter().filter(|(stem, _)| *stem != FEEDS);
    let mut all = HashMap::new();
    for (_, text) in own.chain(FILES.get_key_value(FEEDS)) {
        let more: Vec<Illustration> = serde_saphyr::from_str(text).expect("the files are checked by a test");
        for one in more {
            all.entry(one.id.clone()).or_insert(one);
        }
    }
    all
});

/// The illustration of a requirement; none of one that nothing judges.
pub fn illustration(id: RequirementId) -> Option<&'static Illustration> {
    ILLUSTRATIONS.get(id.as_str())
}

/// The text of a file of illustrations, by its stem.
pub fn illustrations_text(stem: &str) -> Option<&'static str> {
    FILES.get(stem).map(String::as_str)
}

fn files(text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut stem = String::new();
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix(MARK) {
            name.trim_end().clone_into(&mut stem);
        } else {
            files
                .entry(stem.clone())
                .or_insert_with(String::new)
                .push_str(line);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::catalogue;

    #[test]
    fn files_are_told_apart_by_their_stems() {
        let files = files("--- a\n- id: A\n--- b\n# B\n- id: B\n");
        assert_eq!(files["a"], "- id: A\n");
        assert_eq!(files["b"], "# B\n- id: B\n");
    }

    #[test]
    fn every_file_reads_and_is_about_requirements_of_its_subject() {
        for (stem, text) in FILES.iter() {
            let all: Vec<Illustration> = serde_saphyr::from_str(text).unwrap();
            let odd: Vec<_> = all
                .iter()
                .filter(|one| {
                    let row = catalogue().resolve(&one.id);
                    row.is_none_or(|row| row.id != one.id || stem != FEEDS && row.subject != *stem)
                })
                .map(|one| &one.id)
                .collect();
            assert!(odd.is_empty(), "{stem}: {odd:?}");
        }
        assert!(ILLUSTRATIONS.len() > 300, "{}", ILLUSTRATIONS.len());
    }
}
