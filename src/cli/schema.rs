//! `conformance schema`

use super::exit::Exit;
use super::output;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which schema.
    #[arg(value_enum)]
    name: Name,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Name {
    /// Scenario files.
    Scenario,
    /// What is inside of a recording.
    Recording,
    /// `conformance.toml`.
    Config,
    /// `run.json`, the report `json` of a run.
    Run,
}

/// Prints the schema.
pub(super) fn run(arguments: &Arguments) -> Exit {
    output::out(&match arguments.name {
        Name::Scenario => format!("{:#}", scenario::json_schema()),
        Name::Config => format!("{:#}", config::json_schema()),
        Name::Run => format!("{:#}", outcome::json_schema()),
        Name::Recording => recording::SCHEMA.to_owned(),
    });
    Exit::Done
}
