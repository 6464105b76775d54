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
    /// A mistake at a byte range of a file. Who counted the bytes may have stopped inside a letter: then the letter is meant.
    pub(crate) fn new(file: &FileText, (offset, length): Span, message: impl Into<String>) -> Self {
        let FileText { name, text } = file;
        let start = letter_at(text, offset);
        let end = letter_at(text, offset.saturating_add(length)).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line = text[..start].matches('\n').count() + 1;
        let column = text[line_start..start].chars().count() + 1;
        Self {
            message: message.into(),
            help: None,
            source_code: NamedSource::new(name, Arc::clone(text)),
            span: SourceSpan::new(start.into(), end - start),
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

/// Where the letter begins to which a byte belongs; the end of the text for bytes behind it.
fn letter_at(text: &str, byte: usize) -> usize {
    let mut start = byte.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, span: Span) -> String {
        let problem = ScenarioProblem::new(&FileText::new("a.yaml", text), span, "wrong");
        // What is shown is cut out of the text at the span.
        let shown = format!("{:?}", miette::Report::new(problem.clone()));
        assert!(shown.contains("wrong"), "{shown}");
        problem.place
    }

    #[test]
    fn a_place_is_that_of_a_letter() {
        let text = "title: ok\nuser: Zoë Řezníčková\n";
        let oe = text.find('ë').unwrap_or_default();
        assert_eq!(place(text, (oe, 2)), "a.yaml:2:9");
        assert_eq!(place(text, (oe + 1, 1)), "a.yaml:2:9");
        assert_eq!(place(text, (oe + 2, 0)), "a.yaml:2:10");
        for offset in 0..=text.len() + 2 {
            for length in 0..4 {
                place(text, (offset, length));
            }
        }
        assert_eq!(place(text, (usize::MAX, usize::MAX)), "a.yaml:3:1");
        assert_eq!(place("", (0, 1)), "a.yaml:1:1");
    }
}
