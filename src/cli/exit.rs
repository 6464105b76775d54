//! Exit codes.

use config::{ConfigErrors, ReportTo};
use outcome::RunVerdict;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, and for a run: conformant.
    Done,
    /// Wrong input; nothing was sent.
    Input,
    /// Needs a person: pending snapshots.
    Person,
    /// The machine failed us: a disk, a port.
    Machine,
    /// What a run came to.
    Run(RunVerdict),
}

impl Exit {
    /// The process's exit code.
    pub(super) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Input => 2,
            Exit::Machine => 3,
            Exit::Person => 4,
            Exit::Run(verdict) => verdict.exit_code(),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) report: miette::Report,
    /// Reports that a config asks for which cannot be used.
    pub(super) reports: Vec<ReportTo>,
}

impl Failure {
    /// The user's input is wrong.
    pub(super) fn input(error: impl miette::Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Input,
            report: miette::Report::new(error),
            reports: Vec::new(),
        }
    }

    /// The user's input is wrong, in words and with the next step.
    pub(super) fn wrong(message: impl Into<String>, help: impl Into<String>) -> Self {
        let diagnostic = miette::MietteDiagnostic::new(message).with_help(help);
        Self {
            exit: Exit::Input,
            report: miette::Report::new(diagnostic),
            reports: Vec::new(),
        }
    }

    /// Something outside the user's input failed.
    pub(super) fn machine(error: impl miette::Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Machine,
            report: miette::Report::new(error),
            reports: Vec::new(),
        }
    }

    /// Something outside the user's input failed, in words.
    pub(super) fn broken(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Machine,
            report: miette::Report::new(miette::MietteDiagnostic::new(message)),
            reports: Vec::new(),
        }
    }
}

impl Failure {
    /// The config cannot be used.
    pub(super) fn config(errors: ConfigErrors) -> Self {
        let reports = errors.reports().to_vec();
        Self {
            reports,
            ..Self::input(errors)
        }
    }

    /// Everything that is wrong, a line each, without frames and colours.
    pub(super) fn plain(&self) -> String {
        plain(self.report.as_ref()).join("\n")
    }
}

/// Place, message, causes and next step of a problem, and of those that belong to it.
fn plain(problem: &dyn miette::Diagnostic) -> Vec<String> {
    let mut words = problem.to_string();
    let mut cause = problem.source();
    while let Some(source) = cause {
        words = format!("{words}: {source}");
        cause = source.source();
    }
    let place = place(problem)
        .map(|place| format!("{place}: "))
        .unwrap_or_default();
    let help = problem
        .help()
        .map(|help| format!(" ({help})"))
        .unwrap_or_default();
    let related = problem.related().into_iter().flatten();
    std::iter::once(format!("{place}{words}{help}"))
        .chain(related.flat_map(plain))
        .collect()
}

/// File and line of the first mark.
fn place(problem: &dyn miette::Diagnostic) -> Option<String> {
    let mark = problem.labels()?.next()?;
    let shown = problem.source_code()?.read_span(mark.inner(), 0, 0).ok()?;
    Some(format!("{}:{}", shown.name()?, shown.line() + 1))
}

/// The result of a command.
pub(super) type CommandResult = Result<Exit, Failure>;
