//! Why a run or the mock of Google's API could not begin.

use config::{BaseUrlError, ConfigErrors, SlotFlagError};
use feeds::FeedErrors;
use google::seed::SeedError;
use google::server::StartError;
use harness::{FilterError, RunError, SuiteError, TargetError};
use miette::{Diagnostic, NarratableReportHandler};
use scenario::ScheduleProblems;

/// Why there is no result. What a server does wrong is never an error: it stands in the result.
///
/// The text of an error has every problem that was found, each with its place and the next step, and no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HarnessError {
    /// A text is no address of a server.
    #[error("{0}")]
    Url(#[from] BaseUrlError),
    /// The address of a server ends with what every call appends.
    #[error("{url} must end before /v3: give {base}")]
    UrlWithVersion {
        /// As it was given.
        url: String,
        /// Without the version.
        base: String,
    },
    /// The config is wrong.
    #[error("{}", whole(.0))]
    Config(#[from] ConfigErrors),
    /// The target cannot be used as it is described, such as a secret of a few letters or slots of the past.
    #[error("{}", whole(.0))]
    Target(#[from] TargetError),
    /// A text names no slot.
    #[error("{text} names no slot: {cause}")]
    Slot {
        /// As it was given.
        text: String,
        /// What is wrong with it.
        cause: SlotFlagError,
    },
    /// Scenarios are wrong, or their folder cannot be read.
    #[error("{}", whole(.0))]
    Scenarios(#[from] SuiteError),
    /// A filter means nothing, or nothing is left to run.
    #[error("{}", whole(.0))]
    Filter(#[from] FilterError),
    /// The server cannot be reached or asks for credentials, or this machine lacks something.
    #[error("{}", whole(.0))]
    Run(#[from] RunError),
    /// The mock of Google's API could not start.
    #[error("the mock of Google's API cannot start: {0}")]
    Google(#[from] StartError),
    /// The feeds that the mock is to know cannot be read.
    #[error("{}", whole(.0))]
    Feeds(#[from] FeedErrors),
    /// The bookings that the mock is to know are no list of `Booking` messages.
    #[error("{}", lines("the bookings cannot be used", .0))]
    Bookings(Vec<SeedError>),
    /// The list of faults is wrong.
    #[error("{}", whole(.0))]
    Faults(#[from] ScheduleProblems),
}

/// An error with everything that belongs to it, as plain text.
fn whole(error: &dyn Diagnostic) -> String {
    let mut text = String::new();
    match NarratableReportHandler::new().render_report(&mut text, error) {
        Ok(()) => text.trim_end().to_owned(),
        Err(_) => error.to_string(),
    }
}

/// Every problem on a line of its own.
fn lines(what: &str, problems: &[SeedError]) -> String {
    let problems = problems.iter().map(|problem| format!("\n  {problem}"));
    format!("{what}:{}", problems.collect::<String>())
}
