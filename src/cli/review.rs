//! `conformance review`, `pending`, `accept`, `reject`

use super::exit::{CommandResult, Exit, Failure};
use super::output;
use console::{Key, Style, Term};
use snapshot::{Decision, DiffKind, DiffLine, Item, Review, Store, StoreError};
use std::path::PathBuf;

/// Where the snapshots are.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of snapshots; each target has a folder in it.
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,
    /// Only this target's.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

/// Which of them.
#[derive(Debug, clap::Args)]
pub(super) struct Selection {
    #[command(flatten)]
    place: Arguments,
    /// Scenario ids.
    ids: Vec<String>,
    /// Every pending one.
    #[arg(long, conflicts_with = "ids", required_unless_present = "ids")]
    all: bool,
}

/// The stores of all targets, by name.
fn stores(arguments: &Arguments) -> Result<Vec<(String, Store)>, Failure> {
    let mut names = Vec::new();
    match &arguments.target {
        Some(name) => names.push(name.clone()),
        None => {
            for entry in std::fs::read_dir(&arguments.snapshots)
                .into_iter()
                .flatten()
                .flatten()
            {
                if entry.path().is_dir() {
                    names.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
    }
    names.sort();
    if names.is_empty() {
        let folder = arguments.snapshots.display();
        return Err(Failure::wrong(
            format!("there are no snapshots in {folder}"),
            "run `conformance run` first",
        ));
    }
    Ok(names
        .into_iter()
        .map(|name| (name.clone(), Store::new(arguments.snapshots.join(name), None)))
        .collect())
}

/// Lists what waits.
pub(super) fn pending(arguments: &Arguments) -> CommandResult {
    let mut waiting = 0;
    for (target, store) in stores(arguments)? {
        for id in store.pending().map_err(|error| broken(&error))? {
            output::out(&format!("{target}  {id}"));
            waiting += 1;
        }
    }
    if waiting > 0 {
        return Ok(Exit::Person);
    }
    output::out("no snapshot is pending");
    Ok(Exit::Done)
}

/// Accepts without questions.
pub(super) fn accept(selection: &Selection) -> CommandResult {
    decide(selection, "accepted", Store::accept)
}

/// Rejects without questions.
pub(super) fn reject(selection: &Selection) -> CommandResult {
    decide(selection, "rejected", Store::reject)
}

fn decide(
    selection: &Selection,
    done: &str,
    act: fn(&Store, &str) -> Result<(), StoreError>,
) -> CommandResult {
    let mut found = Vec::new();
    for (target, store) in stores(&selection.place)? {
        for id in store.pending().map_err(|error| broken(&error))? {
            if selection.all || selection.ids.contains(&id) {
                found.push((target.clone(), store.clone(), id));
            }
        }
    }
    if let Some(missing) = selection
        .ids
        .iter()
        .find(|id| !found.iter().any(|(_, _, known)| known == *id))
    {
        let help = "`conformance pending` lists what waits";
        return Err(Failure::wrong(
            format!("no snapshot of {missing} is pending"),
            help,
        ));
    }
    for (target, store, id) in &found {
        act(store, id).map_err(|error| broken(&error))?;
        output::out(&format!("{done}  {target}  {id}"));
    }
    if found.is_empty() {
        output::out("no snapshot is pending");
    }
    Ok(Exit::Done)
}

/// Walks through what waits.
pub(super) fn review(arguments: &Arguments) -> CommandResult {
    let terminal = Term::stdout();
    if !terminal.is_term() || super::session::is_ci() {
        let help = "use `conformance pending`, `accept` and `reject`";
        return Err(Failure::wrong("review needs a terminal and somebody at it", help));
    }
    let mut left = 0;
    for (target, store) in stores(arguments)? {
        let mut review = Review::new(&store).map_err(|error| broken(&error))?;
        while let Some(item) = review.current().map_err(|error| broken(&error))? {
            show(&target, &item);
            let decision = ask(&terminal)?;
            review.apply(decision).map_err(|error| broken(&error))?;
        }
        let tally = review.tally();
        left += tally.skipped.len();
        let (accepted, rejected) = (tally.accepted.len(), tally.rejected.len());
        output::out(&format!(
            "{target}: {accepted} accepted, {rejected} rejected, {} left",
            tally.skipped.len()
        ));
    }
    Ok(if left == 0 { Exit::Done } else { Exit::Person })
}

fn show(target: &str, item: &Item) {
    let kind = if item.new { "new" } else { "changed" };
    let head = Style::new()
        .bold()
        .apply_to(format!("{}  ({target}, {kind})", item.id));
    output::out(&format!("\n{head}\n{}\n", item.title));
    item.diff.iter().for_each(|line| output::out(&coloured(line)));
}

fn coloured(line: &DiffLine) -> String {
    let (sign, style) = match line.kind {
        DiffKind::Hunk => ("", Style::new().cyan()),
        DiffKind::Context => (" ", Style::new().dim()),
        DiffKind::Removed => ("-", Style::new().red()),
        DiffKind::Added => ("+", Style::new().green()),
    };
    style.apply_to(format!("{sign}{}", line.text)).to_string()
}

fn ask(terminal: &Term) -> Result<Decision, Failure> {
    output::out("\n  a accept   r reject   s skip      A, R, S: this and all that follow");
    loop {
        let key = terminal
            .read_key()
            .map_err(|error| Failure::broken(format!("the terminal is gone: {error}")))?;
        let decision = match key {
            Key::Char('a') => Decision::Accept,
            Key::Char('r') => Decision::Reject,
            Key::Char('s') => Decision::Skip,
            Key::Char('A') => Decision::AcceptAll,
            Key::Char('R') => Decision::RejectAll,
            Key::Char('S') | Key::Escape | Key::CtrlC => Decision::SkipAll,
            _ => continue,
        };
        return Ok(decision);
    }
}

fn broken(error: &StoreError) -> Failure {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    Failure::broken(format!("failed to {text}"))
}
