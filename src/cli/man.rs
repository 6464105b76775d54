//! `conformance man`

use super::exit::{CommandResult, Exit, Failure};
use super::{markdown, output};
use clap::Command;
use clap_mangen::Man;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  conformance man run | man -l -
  conformance man --dir ~/.local/share/man/man1
  conformance man --markdown > commands.md")]
pub(super) struct Arguments {
    /// The command; the program as a whole without it.
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    command: Option<String>,
    /// Write the pages of all commands into a folder.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one page in Markdown with the help of every command, for a book or a wiki.
    #[arg(long, conflicts_with_all = ["command", "dir"])]
    markdown: bool,
}

/// Prints one page, or writes all.
pub(super) fn run(arguments: &Arguments, mut program: Command) -> CommandResult {
    // Names the commands `conformance-run` and so on.
    program.build();
    if arguments.markdown {
        output::out(&markdown::commands(&mut program));
        return Ok(Exit::Done);
    }
    if let Some(folder) = &arguments.dir {
        write_all(&program, folder)?;
        return Ok(Exit::Done);
    }
    let command = match &arguments.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
            Failure::wrong(
                format!("there is no command `{name}`"),
                format!("commands: {}", names.join(", ")),
            )
        })?,
    };
    output::out(&page(command)?);
    Ok(Exit::Done)
}

fn write_all(program: &Command, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, cause: &std::io::Error| {
        Failure::wrong(
            format!("{} cannot be written: {cause}", path.display()),
            "give a folder of yours: --dir DIR",
        )
    };
    std::fs::create_dir_all(folder).map_err(|cause| failed(folder, &cause))?;
    for command in std::iter::once(program).chain(program.get_subcommands()) {
        let path = folder.join(format!("{}.1", full_name(command)));
        std::fs::write(&path, page(command)?).map_err(|cause| failed(&path, &cause))?;
    }
    Ok(())
}

fn full_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let written = Man::new(command.clone()).render(&mut page);
    written.map_err(|error| Failure::broken(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
