//! The same from a recording: its histories are compared here and now, and marked with the verdicts that it holds.

use super::{Artefact, ArtefactError, Offered, Origin, altered, is_folder_name};
use crate::compare::compare;
use crate::info::Mark;
use crate::store::{Store, StoreError, is_id};
use outcome::{RunReport, ScenarioReport, SnapshotStatus};
use transcript::Transcript;

impl Artefact {
    /// The snapshots of a run whose histories were recorded; `report` says how each scenario was judged.
    ///
    /// # Errors
    /// When a name in it cannot name a file, or it does not say how a scenario was judged.
    pub fn of_histories(report: &RunReport, histories: Vec<Transcript>) -> Result<Self, ArtefactError> {
        if !is_folder_name(&report.target.name) {
            return Err(altered("its target's name cannot name a folder"));
        }
        let whole = histories.into_iter().filter(Transcript::is_complete);
        Ok(Self {
            origin: Origin {
                version: report.tool.version.clone(),
                target: report.target.name.clone(),
                base_url: report.target.base_url.clone(),
                started_at: report.started_at.clone(),
                seed: report.seed,
            },
            snapshots: whole
                .map(|transcript| offered(transcript, &report.scenarios))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn offered(transcript: Transcript, scenarios: &[ScenarioReport]) -> Result<Offered, ArtefactError> {
    let id = transcript.scenario.clone();
    if !is_id(&id) {
        return Err(StoreError::BadId { id }.into());
    }
    let Some(scenario) = scenarios.iter().find(|scenario| scenario.id == id) else {
        return Err(altered(format!("it does not say how {id} was judged")));
    };
    let judged = Mark::of(scenario);
    let comparison = compare(None, &transcript);
    Ok(Offered {
        accepted: None,
        text: comparison.text(&id, &scenario.title, judged.as_ref()),
        judged,
        body: comparison.body,
        history: Some(transcript),
        id,
    })
}

/// True when the history is another one than the accepted one, slots of other terms allowed for.
pub(super) fn is_news(store: &Store, transcript: &Transcript) -> Result<bool, StoreError> {
    let accepted = store.load(&transcript.scenario)?;
    let status = compare(accepted.as_ref(), transcript).status;
    Ok(matches!(status, SnapshotStatus::New | SnapshotStatus::Changed))
}
