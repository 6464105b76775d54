//! What a row is about, and how it is tried.

use super::RowReport;
use super::deviations::{complaints, deviations};
use crate::amendments::Amendments;
use crate::dumb::{self, Dumb};
use crate::examine::{ExamineError, examine, is_real};
use crate::illustrations::{Candidate, candidates};
use crate::trial::expect::{Distinct, distinct};
use crate::{Defect, Examination, Variant, defects, variants};
use reference_server::Seams;
use serde::Serialize;
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

    pub(super) async fn judge(self, keep: Option<&Path>) -> RowReport {
        match self {
            Self::Defect(row) => {
                let seams = (row.seams)();
                self.examined((seams, &row.amendments), keep, |done| deviations(row, done))
                    .await
            }
            Self::Variant(row) => {
                let seams = (row.seams)();
                self.examined((seams, &row.amendments), keep, |done| complaints(row, done))
                    .await
            }
            Self::Dumb(row) => dumb::judge(row).await,
        }
    }

    async fn examined(
        self,
        (seams, amendments): (Seams, &Amendments),
        keep: Option<&Path>,
        wrong: impl FnOnce(&Examination) -> Vec<String>,
    ) -> RowReport {
        let done = match examine(seams, amendments).await {
            Ok(done) => done,
            Err(error) => return RowReport::ended(self, error.to_string()),
        };
        let mut complaints = wrong(&done);
        if let Some(folder) = keep
            && let Err(error) = kept(folder, self.name(), &done)
        {
            complaints.push(format!("not kept in {}: {error}", folder.display()));
        }
        let shown = self.shown(&done).await.unwrap_or_else(|error| {
            complaints.push(format!("nothing to compare with: {error}"));
            Vec::new()
        });
        RowReport {
            name: self.name(),
            area: self.area(),
            complaints,
            shown,
            violated: done.violated().into_iter().map(ToOwned::to_owned).collect(),
            said: distinct(&done.report).iter().map(Distinct::line).collect(),
        }
    }
}

impl Subject {
    /// What explains the requirements that it violates. Over the network nothing is the same twice.
    async fn shown(self, done: &Examination) -> Result<Vec<Candidate>, ExamineError> {
        match self {
            Self::Defect(row) if !is_real() => candidates(row, done).await,
            _ => Ok(Vec::new()),
        }
    }
}

/// Keeps report and histories of a row.
fn kept(folder: &Path, name: &str, done: &Examination) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let all = serde_json::json!({ "report": done.report, "histories": done.transcripts });
    std::fs::write(folder.join(format!("{name}.json")), all.to_string())
}
