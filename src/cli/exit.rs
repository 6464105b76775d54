//! Exit codes.

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
}

impl Failure {
    /// The user's input is wrong.
    pub(super) fn input(error: impl miette::Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Input,
            report: miette::Report::new(error),
        }
    }

    /// The user's input is wrong, in words and with the next step.
    pub(super) fn wrong(message: impl Into<String>, help: impl Into<String>) -> Self {
        let diagnostic = miette::MietteDiagnostic::new(message).with_help(help);
        Self {
            exit: Exit::Input,
            report: miette::Report::new(diagnostic),
        }
    }

    /// Something outside the user's input failed.
    pub(super) fn machine(error: impl miette::Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Machine,
            report: miette::Report::new(error),
        }
    }

    /// Something outside the user's input failed, in words.
    pub(super) fn broken(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Machine,
            report: miette::Report::new(miette::MietteDiagnostic::new(message)),
        }
    }
}

/// The result of a command.
pub(super) type CommandResult = Result<Exit, Failure>;
