//! Rendering: a finished run as text. Pure; no verdict is computed here.
//!
//! A reporter is one file and its line in [`REPORTERS`]; `--report FORMAT=PATH` finds it by name.

pub mod feeds;
mod json;
mod junit;
mod recording;
pub mod terminal;

use outcome::RunReport;
use snapshot::DiffLine;
use transcript::Transcript;

/// A finished run.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// What was concluded.
    pub report: &'a RunReport,
    /// What was recorded, in the order of the scenarios that ran.
    pub transcripts: &'a [Transcript],
    /// Histories that are not as accepted: scenario id and diff.
    pub drifts: &'a [(String, Vec<DiffLine>)],
}

/// A report could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// As JSON.
    #[error("render the report as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As JUnit XML.
    #[error("render the report as JUnit XML: {0}")]
    JUnit(#[from] quick_junit::SerializeError),
}

/// A form in which a run can be kept.
pub trait Reporter: Sync {
    /// The name in `--report FORMAT=PATH`.
    fn format(&self) -> &'static str;

    /// One line for `--help`.
    fn about(&self) -> &'static str;

    /// The text of the file.
    fn render(&self, material: &Material<'_>) -> Result<String, RenderError>;
}

/// Every form.
pub static REPORTERS: &[&dyn Reporter] = &[&json::Json, &junit::JUnit, &recording::Recording];

/// The reporter of a format.
pub fn reporter(format: &str) -> Option<&'static dyn Reporter> {
    REPORTERS
        .iter()
        .copied()
        .find(|reporter| reporter.format() == format)
}
