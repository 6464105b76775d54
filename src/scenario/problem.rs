//! What is wrong in a scenario file, at its place.

use miette::{Diagnostic, NamedSource, SourceSpan};
use std::sync::Arc;

/// One mistake in one file.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct Problem {
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

impl Problem {
    /// A mistake at a byte range of a text.
    pub fn new(
        file: &str,
        text: &Arc<str>,
        (offset, length): (usize, usize),
        message: impl Into<String>,
    ) -> Self {
        let offset = offset.min(text.len());
        let before = &text.as_bytes()[..offset];
        let line = text[..offset].matches('\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        Self {
            message: message.into(),
            help: None,
            source_code: NamedSource::new(file, Arc::clone(text)),
            span: SourceSpan::new(offset.into(), length.min(text.len() - offset)),
            place: format!("{file}:{line}:{column}"),
        }
    }

    /// The same with the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Every mistake of every file.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{} in the scenario files", count(.0.len()))]
pub struct Problems(#[related] pub Vec<Problem>);

fn count(number: usize) -> String {
    match number {
        1 => "one mistake".to_owned(),
        _ => format!("{number} mistakes"),
    }
}
