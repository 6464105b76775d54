//! `conformance accept --from PATH`: what a run in CI left behind becomes accepted here.

use super::super::exit::{CommandResult, Failure};
use super::super::output;
use super::choice::Choice;
use super::place::Shelf;
use super::{broken, chain, settled};
use outcome::text::one_line;
use snapshot::{Artefact, ArtefactError, Taken};
use std::path::Path;

/// Accepts what is chosen from an artefact; all of it or nothing.
pub(super) fn accept(path: &Path, shelf: &Shelf, choice: &Choice) -> CommandResult {
    let artefact = if path.is_file() {
        of_recording(path)?
    } else {
        Artefact::read(path).map_err(|error| refused(&error))?
    };
    let origin = artefact.origin();
    let target = &origin.target;
    if let Some(other) = shelf.target().filter(|name| name != target) {
        return Err(Failure::wrong(
            format!("the artefact is of target {target}, not of {other}"),
            "leave --target out, or take the artefact of a run against that target",
        ));
    }
    let store = shelf.store(target);
    let mut found = artefact.offers(&store).map_err(|error| broken(&error))?;
    found.retain(|(id, _)| choice.matches(id));
    choice.check(found.iter().map(|(id, _)| *id))?;
    let (chosen, left_out): (Vec<_>, Vec<_>) = found.iter().partition(|(id, mark)| choice.takes(id, *mark));
    let chosen: Vec<&str> = chosen.iter().map(|(id, _)| *id).collect();
    check_known(shelf, &chosen)?;
    let taken = artefact
        .accept_into(&store, &chosen)
        .map_err(|error| refused(&error))?;
    output::out(&format!(
        "from the run of {} against {target} at {}, into {}",
        one_line(&origin.started_at),
        one_line(&origin.base_url),
        shelf.root().join(target).display()
    ));
    for (id, taken) in &taken {
        let done = match taken {
            Taken::Accepted => "accepted",
            Taken::Already => "accepted before",
        };
        output::out(&one_line(&format!("{done}  {target}  {id}")));
    }
    for (id, mark) in &left_out {
        let words = mark.map(snapshot::Mark::words).unwrap_or_default();
        output::out(&one_line(&format!(
            "left out  {target}  {id}: its scenario {words}"
        )));
    }
    Ok(settled(found.len(), left_out.len()))
}

fn of_recording(path: &Path) -> Result<Artefact, Failure> {
    let recording = recording::read(path).map_err(Failure::input)?;
    let report = recording.report().map_err(Failure::input)?;
    Artefact::of_histories(&report, recording.facts.recorded.transcripts).map_err(|error| refused(&error))
}

/// A snapshot without a scenario would be obsolete at once.
fn check_known(shelf: &Shelf, ids: &[&str]) -> Result<(), Failure> {
    let unknown = shelf.unknown(ids);
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Failure::wrong(
        format!(
            "the artefact has snapshots of scenarios that are not known here: {}",
            unknown.join(", ")
        ),
        "name the folder of your own scenarios with --scenarios DIR, or use the version of conformance that made it",
    ))
}

fn refused(error: &ArtefactError) -> Failure {
    let help = match error {
        ArtefactError::Outdated(_) => {
            "run again in CI with the snapshots of this commit, and take that artefact"
        }
        ArtefactError::Store(_) => return Failure::broken(format!("failed to {}", chain(error))),
        _ => {
            "download the whole artefact again: the folder that --report snapshots=DIR wrote, with snapshots.json in it"
        }
    };
    Failure::wrong(chain(error), help)
}
