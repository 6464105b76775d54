//! `run.json`: the report for programs.

use super::{Material, RenderError, Reporter};

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
        Ok(serde_json::to_string_pretty(material.report)? + "\n")
    }
}
