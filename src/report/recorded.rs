//! The recording: everything that judging needs, histories of both directions among it, to be judged and rendered again.

use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use outcome::text::in_json;

/// Format `recording`.
pub(super) struct Recorded;

impl Reporter for Recorded {
    fn format(&self) -> &'static str {
        "recording"
    }

    fn about(&self) -> &'static str {
        "everything that was recorded, for `conformance replay`, `report` and `diff` (JSON, packed by gzip)"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let text = recording::json_text(material.report, material.facts, material.drifts);
        Ok(text?)
    }

    fn pack(&self, text: String) -> Vec<u8> {
        recording::pack(&text)
    }

    /// Not packed, so that whoever opens the file reads why it holds no run.
    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        Ok(in_json(serde_json::to_string_pretty(not_run)?) + "\n")
    }
}
