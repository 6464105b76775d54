//! `run.json`: the report for programs.

use super::{Material, RenderError, Reporter};
use outcome::NotRun;
use outcome::text::in_json;

/// Format `json`.
pub(super) struct Json;

impl Reporter for Json {
    fn format(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "the whole report for programs (run.json, format 2)"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        Ok(in_json(serde_json::to_string_pretty(material.report)?) + "\n")
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        Ok(in_json(serde_json::to_string_pretty(not_run)?) + "\n")
    }
}
