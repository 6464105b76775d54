//! What is wrong in a scenario file, at its place.

use crate::reading::Span;
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::sync::Arc;

/// A file and what stands in it.
#[derive(Debug, Clone)]
pub(crate) struct FileText {
    /// The file as a user would name it.
    pub(crate) name: String,
    /// What stands in it.
    pub(crate) text: Arc<str>,
}

impl FileText {
    /// A file of that name.
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
        }
    }
}

/// One mistake in one file.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ScenarioProblem {
    /// What is wrong.
    pub message: String,
    /// The next step.
    #[help]
    pub help: Option<String>,
    /// The file.
    #[source_code]
    pub source_code: NamedSource<Arc<str>>,
    /// The place in the file.
    #[label("here")]
    pub span: SourceSpan,
    /// `file:line:column`.
    pub place: String,
}

impl ScenarioProblem {
    /// A mistake at a byte range of a file.
    pub(crate) fn new(file: &FileText, (offset, length): Span, message: impl Into<String>) -> Self {
        let FileText { name, text } = file;
        let offset = offset.min(text.len());
        let before = &text.as_bytes()[..offset];
        let line = text[..offset].matches('\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        Self {
            message: message.into(),
            help: None,
            source_code: NamedSource::new(name, Arc::clone(text)),
            span: SourceSpan::new(offset.into(), length.min(text.len() - offset)),
            place: format!("{name}:{line}:{column}"),
        }
    }

    /// The same with the next step.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Every mistake of every file.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{} in the scenario files", count(.0.len()))]
pub struct ScenarioProblems(#[related] pub Vec<ScenarioProblem>);

fn count(number: usize) -> String {
    match number {
        1 => "one mistake".to_owned(),
        _ => format!("{number} mistakes"),
    }
}
