//! `conformance completions`

use super::exit::Exit;
use super::output;
use clap::Command;
use clap_complete::Shell;

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  conformance completions bash > ~/.local/share/bash-completion/completions/conformance
  conformance completions zsh > \"${fpath[1]}/_conformance\"
  conformance completions fish > ~/.config/fish/completions/conformance.fish
  conformance completions powershell >> $PROFILE")]
pub(super) struct Arguments {
    /// The shell that is to complete commands and flags.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script that the shell reads.
pub(super) fn run(arguments: &Arguments, mut program: Command) -> Exit {
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, name, &mut script);
    output::out(&String::from_utf8_lossy(&script));
    Exit::Done
}
