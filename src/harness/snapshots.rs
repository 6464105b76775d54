//! The snapshots of a run: what was accepted before, what is new now.

use super::{Bundle, Suite};
use include_dir::Dir;
use outcome::{RunReport, ScenarioReport, SnapshotStatus};
use recording::ComparedSnapshots;
use snapshot::{Accepted, Comparison, DiffLine, Draft, Mark, Store, StoreError, compare, diff, preferred};
use std::collections::BTreeMap;
use std::path::Path;
use transcript::Transcript;

/// Holds a run's histories against the accepted ones.
pub(super) trait Comparer {
    /// Compares one history. What stands in the way is kept for the report: the run is over by now.
    fn compare(&mut self, transcript: &Transcript, title: &str) -> SnapshotStatus;

    /// Keeps what is not as accepted for review, now that each scenario has its verdict.
    fn keep(&mut self, scenarios: &[ScenarioReport]);

    /// Accepted snapshots of scenarios that do not exist.
    fn obsolete(&mut self) -> Vec<String>;

    /// What stood in the way of comparing or keeping.
    fn take_errors(&mut self) -> Vec<String>;
}

/// Merchant and service that accepted snapshots were made with, by scenario and slot name.
pub type Preferences = BTreeMap<String, BTreeMap<String, (String, String)>>;

/// A scenario whose history is not the accepted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The scenario's id.
    pub scenario: String,
    /// True when there is no accepted one yet.
    pub is_new: bool,
    /// From the accepted text to the new one.
    pub lines: Vec<DiffLine>,
    comparison: Comparison,
    accepted: Option<String>,
    judged: Option<Mark>,
    title: String,
}

impl Drift {
    /// The file that waits for a decision, marked where its scenario fails.
    pub fn draft(&self) -> Draft {
        Draft {
            id: self.scenario.clone(),
            text: self
                .comparison
                .text(&self.scenario, &self.title, self.judged.as_ref()),
            accepted: self.accepted.clone(),
        }
    }
}

/// Compares histories, and keeps new ones for review unless nothing may be written.
#[derive(Debug)]
pub struct Snapshots {
    store: Option<Store>,
    scenario_ids: Vec<String>,
    writes: bool,
    drifts: Vec<Drift>,
    errors: Vec<String>,
}

impl Snapshots {
    /// The snapshots of a target below `root`; with `ci` nothing is ever written.
    pub fn of(root: &Path, target: &str, suite: &Suite, ci: bool) -> Self {
        Self {
            store: Some(store(root, target, suite.bundle())),
            scenario_ids: suite
                .scenarios()
                .iter()
                .map(|scenario| scenario.id.clone())
                .collect(),
            writes: !ci,
            drifts: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// No comparison at all: every history stays without a status.
    pub fn off() -> Self {
        Self {
            store: None,
            scenario_ids: Vec::new(),
            writes: false,
            drifts: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Merchant and service that the accepted snapshots were made with.
    pub fn preferences(&self) -> Result<Preferences, StoreError> {
        let mut preferences = BTreeMap::new();
        for id in &self.scenario_ids {
            if let Some(accepted) = self
                .store
                .as_ref()
                .map(|store| store.load(id))
                .transpose()?
                .flatten()
            {
                let slots = preferred(&accepted).into_iter();
                let slots = slots
                    .map(|one| (one.slot, (one.merchant_id, one.service_id)))
                    .collect();
                preferences.insert(id.clone(), slots);
            }
        }
        Ok(preferences)
    }

    /// What differs, in the order of the scenarios.
    pub fn drifts(&self) -> &[Drift] {
        &self.drifts
    }

    fn try_compare(&mut self, transcript: &Transcript, title: &str) -> Result<SnapshotStatus, StoreError> {
        let Some(store) = &self.store else {
            return Ok(SnapshotStatus::None);
        };
        let id = &transcript.scenario;
        let accepted = store.load(id)?;
        let comparison = compare(accepted.as_ref(), transcript);
        match comparison.status {
            SnapshotStatus::New | SnapshotStatus::Changed => {
                let is_new = accepted.is_none();
                let lines = if is_new {
                    diff("", &comparison.body)
                } else {
                    comparison.diff.clone()
                };
                let status = comparison.status;
                self.drifts.push(Drift {
                    scenario: id.clone(),
                    is_new,
                    lines,
                    comparison,
                    accepted: accepted.map(Accepted::into_body),
                    judged: None,
                    title: title.to_owned(),
                });
                return Ok(status);
            }
            _ if self.writes => forget(store, id)?,
            _ => {}
        }
        Ok(comparison.status)
    }

    fn try_obsolete(&self) -> Result<Vec<String>, StoreError> {
        let ids: Vec<&str> = self.scenario_ids.iter().map(String::as_str).collect();
        self.store
            .as_ref()
            .map_or_else(|| Ok(Vec::new()), |store| store.obsolete(ids))
    }
}

impl Comparer for Snapshots {
    fn compare(&mut self, transcript: &Transcript, title: &str) -> SnapshotStatus {
        self.try_compare(transcript, title).unwrap_or_else(|error| {
            self.errors
                .push(format!("{}: failed to {}", transcript.scenario, chain(&error)));
            SnapshotStatus::None
        })
    }

    /// One of a failing scenario is marked.
    fn keep(&mut self, scenarios: &[ScenarioReport]) {
        for drift in &mut self.drifts {
            let of = scenarios.iter().find(|report| report.id == drift.scenario);
            drift.judged = of.and_then(Mark::of);
            let Some(store) = self.store.as_ref().filter(|_| self.writes) else {
                continue;
            };
            let draft = drift.draft();
            if let Err(error) = store.write_pending(&draft.id, &draft.text) {
                self.errors
                    .push(format!("{}: failed to {}", draft.id, chain(&error)));
            }
        }
    }

    fn obsolete(&mut self) -> Vec<String> {
        self.try_obsolete().unwrap_or_else(|error| {
            self.errors.push(format!("failed to {}", chain(&error)));
            Vec::new()
        })
    }

    fn take_errors(&mut self) -> Vec<String> {
        std::mem::take(&mut self.errors)
    }
}

/// What the comparison came to, as a recording keeps it.
pub(super) fn compared(report: &RunReport) -> ComparedSnapshots {
    let scenarios = report.scenarios.iter();
    let compared = scenarios.filter(|scenario| scenario.snapshot != SnapshotStatus::None);
    ComparedSnapshots {
        statuses: compared
            .map(|scenario| (scenario.id.clone(), scenario.snapshot))
            .collect(),
        obsolete: report.obsolete_snapshots.clone(),
        errors: report.snapshot_errors.clone(),
    }
}

/// A history that is as accepted leaves nothing to review.
fn forget(store: &Store, id: &str) -> Result<(), StoreError> {
    match store.reject(id) {
        Err(StoreError::NotPending { .. }) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The store of a target; the reference's snapshots are bundled, so that an installed binary is green too.
pub fn store(root: &Path, target: &str, bundle: &Bundle) -> Store {
    let bundle = (target == "reference").then(|| accepted(bundle.snapshots));
    Store::new(root.join(target), bundle)
}

/// Id and text of each bundled snapshot.
fn accepted(folder: &'static Dir<'static>) -> snapshot::Bundle {
    let files = folder
        .dirs()
        .flat_map(Dir::files)
        .filter(|file| file.path().extension().is_some_and(|end| end == "snap"));
    let texts = files.filter_map(|file| {
        let id = file.path().to_str()?.strip_suffix(".snap")?;
        Some((id, file.contents_utf8()?))
    });
    texts.collect()
}

/// An error with its causes, in one line.
fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
