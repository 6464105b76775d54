//! The scenarios that a defect touches: those whose history is not that of a right partner.
//!
//! All others happen as they do without the defect, so what is said of them is said of the right partner, too. A row that runs what
//! its defect touches, and the basics, comes to the same in a third of the time; that it does is tried when the score is published.

use crate::examine::{ExamineError, bundled};
use crate::{Defect, Examination};
use conformance::BUNDLE;
use harness::store;
use outcome::{SnapshotStatus, Verdict};
use scenario::Scenario;
use serde::{Deserialize, Serialize};
use snapshot::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

/// Where they stand below the root of the sources.
pub(crate) const PATH: &str = "tests/selftest/src/rows/touched.json";

const PUBLISHED: &str = include_str!("touched.json");

/// What each defect touches; a defect that is not among them touches what it likes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Touched(BTreeMap<String, BTreeSet<String>>);

impl Touched {
    /// What they touched when the score was published.
    fn published() -> &'static Self {
        static READ: OnceLock<Touched> = OnceLock::new();
        READ.get_or_init(|| serde_json::from_str(PUBLISHED).unwrap_or_default())
    }

    /// Of rows of which it was seen.
    pub(crate) fn of<'r>(rows: impl Iterator<Item = (&'r str, &'r BTreeSet<String>)>) -> Self {
        Self(
            rows.map(|(name, touched)| (name.to_owned(), touched.clone()))
                .collect(),
        )
    }
}

/// The scenarios that a row has to run; all where there are none.
pub(super) fn known(defect: &Defect) -> Result<Vec<String>, ExamineError> {
    let touched = Touched::published().0.get(defect.name);
    touched.map_or(Ok(Vec::new()), with_basics)
}

/// What a defect touched in a run of all scenarios; none where that cannot be seen, or is most of them.
pub(super) fn seen(defect: &Defect, done: &Examination) -> Result<Option<BTreeSet<String>>, StoreError> {
    let right = store(Path::new("snapshots"), "reference", &BUNDLE);
    let mut touched = BTreeSet::from([defect.scenario.to_owned()]);
    for history in &done.transcripts {
        let accepted = right.load(&history.scenario)?;
        let status = snapshot::compare(accepted.as_ref(), history).status;
        if matches!(status, SnapshotStatus::New | SnapshotStatus::Changed) {
            touched.insert(history.scenario.clone());
        }
    }
    let judged = done.report.scenarios.iter();
    let judged = judged.filter(|scenario| scenario.verdict != Verdict::Pass || !scenario.findings.is_empty());
    touched.extend(judged.map(|scenario| scenario.id.clone()));
    let of_the_run = done.report.findings.iter();
    touched.extend(of_the_run.filter_map(|finding| finding.evidence.scenario.clone()));
    Ok((touched.len() * 2 < done.report.scenarios.len()).then_some(touched))
}

/// The scenarios, and the basics that they need.
pub(crate) fn with_basics(ids: &BTreeSet<String>) -> Result<Vec<String>, ExamineError> {
    let all = bundled()?.suite.scenarios();
    let chosen = all.iter().filter(|scenario| ids.contains(&scenario.id));
    let needs: BTreeSet<_> = chosen.flat_map(Scenario::needs).collect();
    let shown = |scenario: &&Scenario| {
        let is_needed = scenario.basic.is_some_and(|basic| needs.contains(&basic));
        is_needed || ids.contains(&scenario.id)
    };
    Ok(all
        .iter()
        .filter(shown)
        .map(|scenario| scenario.id.clone())
        .collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::{Amendments, defects, examine};
    use reference_server::Seams;

    #[test]
    fn what_was_published_can_be_read_and_is_of_scenarios_that_there_are() {
        let read: Touched = serde_json::from_str(PUBLISHED).unwrap();
        assert_eq!(&read, Touched::published());
        let suite = &bundled().unwrap().suite;
        let all: BTreeSet<_> = suite.scenarios().iter().map(|one| one.id.clone()).collect();
        let strange: Vec<_> = read
            .0
            .values()
            .flatten()
            .filter(|id| !all.contains(*id))
            .collect();
        assert_eq!(strange, Vec::<&String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_right_partner_touches_nothing() {
        let done = examine(Seams::default(), &Amendments::NONE).await.unwrap();
        let any = defects().next().unwrap();
        let touched = seen(any, &done).unwrap();
        assert_eq!(touched, Some(BTreeSet::from([any.scenario.to_owned()])));
    }
}
