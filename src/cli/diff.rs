//! `conformance diff`

use super::earlier::summary;
use super::exit::{CommandResult, Exit, Failure};
use super::output;
use outcome::{RunDiff, RunVerdict};
use report::changes;
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The earlier run: a recording or a run.json.
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The later run: a recording or a run.json.
    #[arg(value_name = "B")]
    after: PathBuf,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

/// Compares the two. Exit 1 when something is broken, else 0.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let (before, after) = (summary(&arguments.before)?, summary(&arguments.after)?);
    let diff = RunDiff::new(&before, &after);
    output::out(&match arguments.format {
        Form::Text => changes::text(&diff),
        Form::Json => changes::json(&diff)
            .map_err(|error| Failure::broken(format!("render the comparison as JSON: {error}")))?,
    });
    Ok(if diff.broken.is_empty() {
        Exit::Done
    } else {
        Exit::Run(RunVerdict::NotConformant)
    })
}
