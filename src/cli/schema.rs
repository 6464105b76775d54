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
}

/// Prints the schema.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let Name::Scenario = arguments.name;
    output::out(&format!("{:#}", scenario::json_schema()));
    Exit::Done
}
