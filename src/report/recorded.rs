//! The recorded histories: every call, answer, trigger and notification of each scenario in one order with times.

use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use outcome::text::in_json;
use serde_json::json;

/// Format `recording`.
pub(super) struct Recording;

impl Reporter for Recording {
    fn format(&self) -> &'static str {
        "recording"
    }

    fn about(&self) -> &'static str {
        "the histories of both directions, with raw bodies and times"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let recording = json!({
            "format": 1,
            "tool": material.report.tool,
            "target": material.report.target,
            "seed": material.report.seed,
            "started_at": material.report.started_at,
            "scenarios": snapshot::recorded_scenarios(material.report),
            "transcripts": material.transcripts,
            "digest": "",
        });
        Ok(snapshot::sign(
            &(in_json(serde_json::to_string_pretty(&recording)?) + "\n"),
        ))
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        Ok(in_json(serde_json::to_string_pretty(not_run)?) + "\n")
    }
}
