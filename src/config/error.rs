//! Everything that is wrong with a config file, each problem at its place.

use super::ReportTo;
use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};
use std::fmt;
use std::sync::Arc;

/// One problem of a config file: where, what, and what to do next.
#[derive(Debug, Clone)]
pub struct ConfigProblem {
    message: String,
    help: String,
    place: Option<SourcePlace>,
}

#[derive(Debug, Clone)]
struct SourcePlace {
    source: Arc<NamedSource<String>>,
    span: std::ops::Range<usize>,
    label: String,
}

/// A config file that cannot be used, with every problem that was found in it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{file} {}", counted(problems.len()))]
pub struct ConfigErrors {
    file: String,
    problems: Vec<ConfigProblem>,
    reports: Vec<ReportTo>,
}

fn counted(problems: usize) -> String {
    match problems {
        1 => "has a problem".to_owned(),
        many => format!("has {many} problems"),
    }
}

impl ConfigErrors {
    /// At least one problem, in the order of the file.
    pub fn problems(&self) -> &[ConfigProblem] {
        &self.problems
    }

    /// The reports that the file asks for, as far as it could be read: those of earlier runs are out of date.
    pub fn reports(&self) -> &[ReportTo] {
        &self.reports
    }

    pub(super) fn with_reports(self, reports: Vec<ReportTo>) -> Self {
        Self { reports, ..self }
    }

    /// The file could not be read at all.
    pub(super) fn unreadable(file: String, message: String, help: &str) -> Self {
        let problem = ConfigProblem {
            message,
            help: help.to_owned(),
            place: None,
        };
        Self {
            file,
            problems: vec![problem],
            reports: Vec::new(),
        }
    }

    /// Puts the drafts at their places; `source` is the text that may be shown, of the same length as the file.
    pub(super) fn placed(file: &str, source: String, mut drafts: Vec<Draft>) -> Self {
        drafts.sort_by(|a, b| a.order().cmp(&b.order()));
        drafts.dedup();
        let source = Arc::new(NamedSource::new(file, source).with_language("TOML"));
        let problems = drafts
            .into_iter()
            .map(|draft| draft.place(Arc::clone(&source)))
            .collect();
        Self {
            file: file.to_owned(),
            problems,
            reports: Vec::new(),
        }
    }
}

impl Diagnostic for ConfigErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.problems.iter().map(|problem| problem as &dyn Diagnostic),
        ))
    }
}

/// A problem before the text that may be shown is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// Bytes of the file.
    pub(super) span: std::ops::Range<usize>,
    /// What is wrong; a fragment that never holds a secret.
    pub(super) message: String,
    /// The next step.
    pub(super) help: String,
    /// What stands beside the marked place.
    pub(super) label: &'static str,
}

impl Draft {
    fn order(&self) -> (usize, usize, &str) {
        (self.span.start, self.span.end, &self.message)
    }

    fn place(self, source: Arc<NamedSource<String>>) -> ConfigProblem {
        let place = SourcePlace {
            source,
            span: self.span,
            label: self.label.to_owned(),
        };
        ConfigProblem {
            message: self.message,
            help: self.help,
            place: Some(place),
        }
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigProblem {}

impl Diagnostic for ConfigProblem {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &*place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let label = LabeledSpan::new_with_span(Some(place.label.clone()), place.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}
