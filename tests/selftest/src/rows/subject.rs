//! What a row is about, and how it is tried.

use super::RowReport;
use super::deviations::{complaints, deviations};
use super::touched::{self, with_basics};
use crate::dumb::{self, Dumb};
use crate::examine::{ExamineError, examine, examine_some, is_real};
use crate::illustrations::{Candidate, candidates};
use crate::trial::expect::{Distinct, distinct};
use crate::wishes::Extent;
use crate::{Defect, Examination, Variant, defects, variants};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// A sort of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowSort {
    /// The reference partner with one thing wrong.
    Defects,
    /// The reference partner, different but right.
    Variants,
    /// Servers of a few lines.
    Dumb,
}

impl RowSort {
    pub(super) fn subjects(self) -> Vec<Subject> {
        match self {
            Self::Defects => defects().map(Subject::Defect).collect(),
            Self::Variants => variants().map(Subject::Variant).collect(),
            Self::Dumb => dumb::rows().map(Subject::Dumb).collect(),
        }
    }
}

impl fmt::Display for RowSort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Defects => "defects",
            Self::Variants => "variants",
            Self::Dumb => "dumb servers",
        })
    }
}

/// What a row is about.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Defect(&'static Defect),
    Variant(&'static Variant),
    Dumb(&'static Dumb),
}

impl Subject {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Defect(row) => row.name,
            Self::Variant(row) => row.name,
            Self::Dumb(row) => row.name,
        }
    }

    /// Of a defect the folder of the scenario that is there to catch it.
    pub(super) fn area(self) -> &'static str {
        match self {
            Self::Defect(row) => row.scenario.split('/').next().unwrap_or_default(),
            Self::Variant(_) => "variants",
            Self::Dumb(_) => "dumb servers",
        }
    }

    pub(super) async fn judge(self, extent: Extent, keep: Option<&Path>) -> RowReport {
        match self {
            Self::Defect(row) => self.judge_defect(row, extent, keep).await,
            Self::Variant(row) => {
                let done = examine((row.seams)(), &row.amendments).await;
                self.report(done, keep, |done| complaints(row, done))
            }
            Self::Dumb(row) => dumb::judge(row).await,
        }
    }

    async fn judge_defect(self, row: &'static Defect, extent: Extent, keep: Option<&Path>) -> RowReport {
        let only = match extent {
            Extent::Touched => touched::known(row),
            Extent::Whole | Extent::Compared => Ok(Vec::new()),
        };
        let (done, is_whole) = match only {
            Ok(only) => (run(row, &only).await, only.is_empty()),
            Err(error) => (Err(error), false),
        };
        let shown = match &done {
            Ok(done) if is_whole => shown(row, done).await,
            _ => Ok(Vec::new()),
        };
        let seen = match &done {
            Ok(done) if extent == Extent::Compared => touched::seen(row, done),
            _ => Ok(None),
        };
        let mut report = self.report(done, keep, |done| deviations(row, done));
        match shown {
            Ok(shown) => report.shown = shown,
            Err(error) => report
                .complaints
                .push(format!("nothing to compare with: {error}")),
        }
        match seen {
            Ok(seen) if report.complaints.is_empty() => report.touched = confirmed(row, seen).await,
            Ok(_) => {}
            Err(error) => report.complaints.push(error.to_string()),
        }
        report
    }

    fn report(
        self,
        done: Result<Examination, ExamineError>,
        keep: Option<&Path>,
        wrong: impl FnOnce(&Examination) -> Vec<String>,
    ) -> RowReport {
        let done = match done {
            Ok(done) => done,
            Err(error) => return RowReport::ended(self, error.to_string()),
        };
        let mut complaints = wrong(&done);
        if let Some(folder) = keep
            && let Err(error) = kept(folder, self.name(), &done)
        {
            complaints.push(format!("not kept in {}: {error}", folder.display()));
        }
        RowReport {
            name: self.name(),
            area: self.area(),
            complaints,
            shown: Vec::new(),
            violated: done.violated().into_iter().map(ToOwned::to_owned).collect(),
            said: distinct(&done.report).iter().map(Distinct::line).collect(),
            touched: None,
        }
    }
}

async fn run(row: &'static Defect, only: &[String]) -> Result<Examination, ExamineError> {
    examine_some((row.seams)(), &row.amendments, only).await
}

/// The scenarios, if a run of these alone is judged as that of all.
async fn confirmed(row: &'static Defect, touched: Option<BTreeSet<String>>) -> Option<BTreeSet<String>> {
    let touched = touched?;
    let done = run(row, &with_basics(&touched).ok()?).await.ok()?;
    deviations(row, &done).is_empty().then_some(touched)
}

/// What explains the requirements that a defect violates, in a run of all scenarios. Over the network nothing is the same twice.
async fn shown(row: &'static Defect, done: &Examination) -> Result<Vec<Candidate>, ExamineError> {
    if is_real() {
        return Ok(Vec::new());
    }
    candidates(row, done).await
}

/// Keeps report and histories of a row.
fn kept(folder: &Path, name: &str, done: &Examination) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let all = serde_json::json!({ "report": done.report, "histories": done.transcripts });
    std::fs::write(folder.join(format!("{name}.json")), all.to_string())
}
