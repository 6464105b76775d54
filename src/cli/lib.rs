//! Words in, exit code out: the only floor that prints, prompts and exits. One command, one file.

mod cleanup;
mod completions;
mod credentials;
mod diff;
mod doctor;
mod earlier;
mod exit;
mod explain;
mod feeds;
mod illustrated;
mod init;
mod journal;
mod list;
mod live;
mod man;
mod markdown;
mod needed;
mod output;
#[cfg(feature = "reference")]
mod reference;
mod render_again;
mod replay;
mod requirements;
mod review;
mod run;
mod schema;
mod serve;
mod session;
mod signals;
mod trust;
mod version;
mod waive;

use clap::{CommandFactory as _, Parser, Subcommand};
use exit::Exit;
use harness::Bundle;
use outcome::RunVerdict;
use std::io::IsTerminal as _;
use std::process::ExitCode;

/// Plays Google against a booking server of the Actions Center, and says in one sentence what is wrong, where, and on
/// which page Google says so.
#[derive(Debug, Parser)]
#[command(name = "conformance", version, long_version = version::long(), propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plan, run, judge, compare, report; without a target against the bundled reference partner.
    Run(Box<run::Arguments>),
    /// Walk through pending and obsolete snapshots: accept, reject, skip, undo, with a diff; the same change is asked once.
    Review(review::Arguments),
    /// List pending and obsolete snapshots.
    Pending(review::Arguments),
    /// Accept pending snapshots without questions, also those that a run in CI left behind.
    Accept(review::AcceptArguments),
    /// Throw pending snapshots away without questions.
    Reject(review::RejectArguments),
    /// Run only Google's side, and show what the partner sends as it comes.
    Serve(serve::Arguments),
    /// Run only the bundled reference partner.
    #[cfg(feature = "reference")]
    Reference(reference::Arguments),
    /// Judge feed files alone: each finding with file, record and field.
    Feeds(feeds::Arguments),
    /// What applies to a target and why not: scenarios or requirements.
    List(list::Arguments),
    /// A requirement in our words: source, what judges it, usual causes, how to run just that.
    Explain(explain::Arguments),
    /// Look at a server and its feeds without booking, and write a commented conformance.toml, lines for .gitignore and a file for CI. To a config that is there it adds what is missing; what a person wrote stays as it is.
    Init(init::Arguments),
    /// Look at a set-up before a run: server, TLS, credentials, clock, methods, feeds, slots, callback, files. Books nothing. Exit 0: nothing is wrong, 2: config or feeds are, 3: something cannot be used.
    Doctor(doctor::Arguments),
    /// Cancel what runs that were killed left standing at the partner.
    Cleanup(cleanup::Arguments),
    /// Add a waiver of a requirement to the config, for somebody to fill in reason, owner and last day.
    Waive(waive::Arguments),
    /// Judge a recording again, with the rules and requirements of this version; no network. Exit codes are those of `run`.
    Replay(replay::Arguments),
    /// Render the reports of a recorded run again, as it was concluded; no network.
    Report(render_again::Arguments),
    /// What changed between two runs: fixed, broken, new, gone, worded differently. Exit 1 when something broke.
    Diff(diff::Arguments),
    /// Print a JSON Schema: of scenarios and of the config for editors, of `run.json` and recordings for programs that read them.
    Schema(schema::Arguments),
    /// Print what a shell reads to complete commands and flags.
    Completions(completions::Arguments),
    /// Print the manual page of a command, or write those of all.
    Man(man::Arguments),
}

/// Runs the program: arguments from the command line, the exit code as the README lists them.
pub fn main(bundle: Bundle) -> ExitCode {
    let exit = match Arguments::try_parse() {
        Ok(arguments) => {
            // The panic has been printed where it happened; the code says whose mistake it is.
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                dispatch(arguments.command, &bundle)
            }));
            done.unwrap_or(Exit::Run(RunVerdict::HarnessError))
        }
        Err(error) => usage(&error),
    };
    ExitCode::from(exit.code())
}

fn dispatch(command: Command, bundle: &Bundle) -> Exit {
    let done = match command {
        Command::Run(arguments) => run::run(&arguments, bundle),
        Command::Review(arguments) => review::review(&arguments, bundle),
        Command::Pending(arguments) => review::pending(&arguments, bundle),
        Command::Accept(selection) => review::accept(&selection, bundle),
        Command::Reject(selection) => review::reject(&selection, bundle),
        Command::Serve(arguments) => serve::run(&arguments),
        #[cfg(feature = "reference")]
        Command::Reference(arguments) => reference::run(&arguments),
        Command::Feeds(arguments) => feeds::run(&arguments),
        Command::List(arguments) => list::run(&arguments, bundle),
        Command::Explain(arguments) => explain::run(&arguments, bundle),
        Command::Init(arguments) => init::run(&arguments, bundle),
        Command::Doctor(arguments) => doctor::run(&arguments, bundle),
        Command::Cleanup(arguments) => cleanup::run(&arguments),
        Command::Waive(arguments) => waive::run(&arguments, bundle),
        Command::Replay(arguments) => replay::run(&arguments, bundle),
        Command::Report(arguments) => render_again::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Schema(arguments) => Ok(schema::run(&arguments)),
        Command::Completions(arguments) => Ok(completions::run(&arguments, Arguments::command())),
        Command::Man(arguments) => man::run(&arguments, Arguments::command()),
    };
    done.unwrap_or_else(|failure| {
        output::error(&output::report(&failure.report));
        failure.exit
    })
}

/// With colours on a terminal alone.
fn styled(text: &clap::builder::StyledStr, terminal: bool) -> String {
    if terminal && std::env::var_os("NO_COLOR").is_none() {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

/// clap's own words; `--help` is not a mistake.
fn usage(error: &clap::Error) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        let words: Vec<String> = std::env::args_os()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        if words.get(1).is_some_and(|command| command == "run") {
            run::refuse(&words[2..], text.to_string().trim_end());
        }
        output::error(&styled(&text, std::io::stderr().is_terminal()));
        Exit::Input
    } else {
        output::out(&styled(&text, std::io::stdout().is_terminal()));
        Exit::Done
    }
}
