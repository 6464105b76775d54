//! Parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(conformance::BUNDLE)
}
