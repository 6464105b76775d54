//! A run that came to no end, as it stands in the places of its reports.

use super::Tool;
use serde::Serialize;

/// Takes the place of an earlier report as soon as a run begins, so that nobody reads yesterday's verdict for today's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NotRun {
    /// As in a whole report.
    pub format: u32,
    /// The program.
    pub tool: Tool,
    /// Always `not_run`.
    pub verdict: &'static str,
    /// With what the program ended; none while it runs, and for ever if it was killed.
    pub exit_code: Option<u8>,
    /// Why there is no verdict.
    pub reason: String,
    /// When the run began, RFC 3339.
    pub started_at: String,
}
