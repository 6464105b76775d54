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
    /// `conformance.toml`.
    Config,
    /// `run.json`, the report `json` of a run.
    Run,
}

/// Prints the schema.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let schema = match arguments.name {
        Name::Scenario => scenario::json_schema(),
        Name::Config => config::json_schema(),
        Name::Run => outcome::json_schema(),
    };
    output::out(&format!("{schema:#}"));
    Exit::Done
}
