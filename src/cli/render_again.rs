//! `conformance report`

use super::exit::{CommandResult, Exit, Failure};
use super::output;
use super::replay::{files, options};
use super::run::report_file::{self, Kept};
use super::run::settings::Colour;
use report::{Material, terminal};
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The recording, as `run --report recording=FILE` wrote it.
    #[arg(value_name = "RUN")]
    file: PathBuf,
    #[arg(long, value_name = "FORMAT=PATH", help = report_file::help())]
    report: Vec<String>,
    /// When to use colour [default: auto].
    #[arg(long, value_enum)]
    color: Option<Colour>,
}

/// Writes the reports that are asked for, or shows the one for people. Nothing is judged: the exit code is 0.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let files = files(&arguments.report)?;
    let recording = recording::read(&arguments.file).map_err(Failure::input)?;
    let report = recording.report().map_err(Failure::input)?;
    let material = Material {
        report: &report,
        facts: &recording.facts,
        drifts: &recording.drifts,
        artefact: None,
    };
    if files.is_empty() {
        let options = options(arguments.color, false, false);
        output::out(&terminal::render(&material, options));
    }
    let kept = Kept {
        material,
        drafts: &[],
    };
    for file in &files {
        let lost =
            |reason| Failure::broken(format!("{} could not be written: {reason}", file.path.display()));
        file.write(&kept).map_err(lost)?;
    }
    Ok(Exit::Done)
}
