//! `conformance review`, `pending`, `accept`, `reject`

mod choice;
mod from;
mod pages;
mod place;
mod walk;

use super::exit::{CommandResult, Exit, Failure};
use super::output;
use choice::Choice;
use console::Term;
use harness::Bundle;
use outcome::text::one_line;
use place::{PlaceFlags, Shelf};
use snapshot::{Store, StoreError, Waiting};
use std::path::PathBuf;

/// Where the snapshots are, and which of them.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceFlags,
    /// Scenario ids or globs (deposit/**); every one without any.
    #[arg(value_name = "GLOB")]
    globs: Vec<String>,
}

/// What to accept.
#[derive(Debug, clap::Args)]
pub(super) struct AcceptArguments {
    #[command(flatten)]
    place: PlaceFlags,
    /// Scenario ids or globs (deposit/**). A snapshot of a failing scenario is accepted only by its whole id, or with --failing.
    #[arg(value_name = "GLOB")]
    globs: Vec<String>,
    /// Every pending one, but none of a failing scenario.
    #[arg(long, conflicts_with = "globs", required_unless_present_any = ["globs", "from", "obsolete"])]
    all: bool,
    /// Also those of failing scenarios.
    #[arg(long)]
    failing: bool,
    /// Take them from what a run in CI left: the folder of --report snapshots=DIR, or the file of --report recording=FILE.
    #[arg(long, value_name = "PATH")]
    from: Option<PathBuf>,
    /// Delete accepted snapshots of scenarios that do not exist any more.
    #[arg(long, conflicts_with_all = ["from", "failing", "all"])]
    obsolete: bool,
}

/// What to reject.
#[derive(Debug, clap::Args)]
pub(super) struct RejectArguments {
    #[command(flatten)]
    place: PlaceFlags,
    /// Scenario ids or globs (deposit/**).
    #[arg(value_name = "GLOB")]
    globs: Vec<String>,
    /// Every pending one.
    #[arg(long, conflicts_with = "globs", required_unless_present = "globs")]
    all: bool,
}

/// Lists what waits, and what is obsolete.
pub(super) fn pending(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let shelf = Shelf::open(&arguments.place, bundle)?;
    let choice = Choice::parse(&arguments.globs)?;
    let (mut waits, mut found) = (0, Vec::new());
    for (target, store) in shelf.stores()? {
        for waiting in store.waiting().map_err(|error| broken(&error))? {
            found.push(waiting.id.clone());
            if choice.matches(&waiting.id) {
                waits += 1;
                output::out(&one_line(&format!(
                    "{target}  {}  {}",
                    waiting.id,
                    kind(&waiting)
                )));
            }
        }
        for id in shelf.obsolete(&store)? {
            found.push(id.clone());
            if choice.matches(&id) {
                waits += 1;
                output::out(&one_line(&format!("{target}  {id}  obsolete")));
            }
        }
    }
    choice.check(found.iter().map(String::as_str))?;
    if let Some(reason) = shelf.unknown_because() {
        output::error(&place::not_looked_for(reason));
    }
    if waits > 0 {
        return Ok(Exit::Person);
    }
    output::out("no snapshot is pending");
    Ok(Exit::Done)
}

fn kind(waiting: &Waiting) -> String {
    let kind = if waiting.is_new { "new" } else { "changed" };
    match &waiting.judged {
        Some(mark) => format!("{kind}, its scenario {}", mark.words()),
        None => kind.to_owned(),
    }
}

/// Accepts without questions.
pub(super) fn accept(arguments: &AcceptArguments, bundle: &Bundle) -> CommandResult {
    let choice = Choice::parse(&arguments.globs)?.with_failing(arguments.failing);
    let shelf = Shelf::open(&arguments.place, bundle)?;
    if let Some(folder) = &arguments.from {
        return from::accept(folder, &shelf, &choice);
    }
    if arguments.obsolete {
        return delete_obsolete(&shelf, &choice);
    }
    let found = found(&shelf, &choice)?;
    let mut left_out = 0;
    for (target, store, waiting) in &found {
        let (id, mark) = (&waiting.id, waiting.judged.as_ref());
        if let Some(mark) = mark.filter(|_| !choice.takes(id, mark)) {
            left_out += 1;
            output::out(&format!(
                "left out  {target}  {id}: its scenario {}",
                mark.words()
            ));
            continue;
        }
        store.accept(id).map_err(|error| broken(&error))?;
        output::out(&one_line(&format!("accepted  {target}  {id}")));
    }
    Ok(settled(found.len(), left_out))
}

/// How `accept` ends: what was left out still needs a person.
fn settled(found: usize, left_out: usize) -> Exit {
    if found == 0 {
        output::out("no snapshot is pending");
    }
    if left_out == 0 {
        return Exit::Done;
    }
    let (snapshots, them) = match left_out {
        1 => ("snapshot of a failing scenario was", "it"),
        _ => ("snapshots of failing scenarios were", "them"),
    };
    output::out(&format!(
        "{left_out} {snapshots} not accepted: mend the server and run again, or accept {them} with --failing"
    ));
    Exit::Person
}

/// Rejects without questions.
pub(super) fn reject(arguments: &RejectArguments, bundle: &Bundle) -> CommandResult {
    let choice = Choice::parse(&arguments.globs)?;
    let shelf = Shelf::open(&arguments.place, bundle)?;
    let found = found(&shelf, &choice)?;
    for (target, store, waiting) in &found {
        store.reject(&waiting.id).map_err(|error| broken(&error))?;
        output::out(&one_line(&format!("rejected  {target}  {}", waiting.id)));
    }
    Ok(settled(found.len(), 0))
}

/// What waits and is chosen, by target.
fn found(shelf: &Shelf, choice: &Choice) -> Result<Vec<(String, Store, Waiting)>, Failure> {
    let mut found = Vec::new();
    for (target, store) in shelf.stores()? {
        for waiting in store.waiting().map_err(|error| broken(&error))? {
            if choice.matches(&waiting.id) {
                found.push((target.clone(), store.clone(), waiting));
            }
        }
    }
    choice.check(found.iter().map(|(_, _, waiting)| waiting.id.as_str()))?;
    Ok(found)
}

fn delete_obsolete(shelf: &Shelf, choice: &Choice) -> CommandResult {
    let mut found = Vec::new();
    shelf.check_scenarios_known()?;
    for (target, store) in shelf.stores()? {
        let obsolete = shelf.obsolete(&store)?.into_iter();
        let chosen = obsolete.filter(|id| choice.matches(id));
        found.extend(chosen.map(|id| (target.clone(), store.clone(), id)));
    }
    choice.check(found.iter().map(|(_, _, id)| id.as_str()))?;
    for (target, store, id) in &found {
        store.delete(id).map_err(|error| broken(&error))?;
        output::out(&one_line(&format!("deleted  {target}  {id}")));
    }
    if found.is_empty() {
        output::out("no snapshot is obsolete");
    }
    Ok(Exit::Done)
}

/// Walks through what waits.
pub(super) fn review(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    let mut terminal = Term::stdout();
    if !terminal.is_term() || super::session::is_ci() {
        let help = "use `conformance pending`, `accept` and `reject`";
        return Err(Failure::wrong("review needs a terminal and somebody at it", help));
    }
    let shelf = Shelf::open(&arguments.place, bundle)?;
    walk::review(&shelf, &Choice::parse(&arguments.globs)?, &mut terminal)
}

fn broken(error: &StoreError) -> Failure {
    Failure::broken(format!("failed to {}", chain(error)))
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
