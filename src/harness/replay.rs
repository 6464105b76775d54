//! Judging a recording again, with the rules and the requirements of now: no network, no clock.

use super::plan::needed_basics;
use super::run::conclude;
use super::snapshots::Comparer;
use super::{Bundle, Filter, FilterError, Selection, Suite};
use outcome::{RunReport, ScenarioReport, SnapshotStatus, Verdict};
use recording::{ComparedSnapshots, RunFacts, Skip};
use scenario::{Scenario, ScenarioProblems, Source};
use transcript::Transcript;

/// Why a recording cannot be judged again.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReplayError {
    /// Its scenarios mean nothing to this version.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Scenarios(#[from] ScenarioProblems),
    /// The filters take nothing of it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Filter(#[from] FilterError),
    /// Its parts do not belong together.
    #[error("the recording does not hold together: {0}")]
    #[diagnostic(help("it was not written by this program; run again with --report recording=FILE"))]
    Torn(String),
}

/// A recording that is ready to be judged, as often as somebody likes.
#[derive(Debug)]
pub struct Replay {
    facts: RunFacts,
    suite: Suite,
}

impl Replay {
    /// Reads the scenarios of the recording; of these only what the filters take is judged, with the basics that it needs.
    pub fn new(mut facts: RunFacts, bundle: &Bundle, filters: Vec<Filter>) -> Result<Self, ReplayError> {
        let files = facts.plan.files.iter().map(|file| Source {
            id: file.id.clone(),
            file: file.file.clone(),
            text: file.text.clone(),
        });
        let suite = Suite::of_files(bundle, files.collect())?;
        check(&facts, &suite)?;
        let selection = Selection::new(filters, &suite)?;
        narrow(&mut facts, &suite, &selection);
        Ok(Self { facts, suite })
    }

    /// A violated SHOULD counts, too.
    #[must_use]
    pub fn strictly(mut self, strict: bool) -> Self {
        self.facts.session.strict |= strict;
        self
    }

    /// Judges.
    pub fn judge(&self) -> RunReport {
        let scenarios: Vec<&Scenario> = self.suite.scenarios().iter().collect();
        let compared = &self.facts.snapshots;
        let mut report = conclude(&self.facts, &scenarios, &mut AsCompared { compared });
        let (repeat, seed) = (&self.facts.repeat, report.seed);
        report.repeat_with(|scenario| repeat.command(scenario, seed));
        report
    }

    /// What is judged.
    pub fn facts(&self) -> &RunFacts {
        &self.facts
    }

    /// What is judged, for whoever renders it.
    pub fn into_facts(self) -> RunFacts {
        self.facts
    }
}

/// The plan names the scenarios in the suite's order, and each that ran has its history.
fn check(facts: &RunFacts, suite: &Suite) -> Result<(), ReplayError> {
    let planned = facts.plan.scenarios.iter().map(|planned| planned.id.as_str());
    if !planned.eq(suite.scenarios().iter().map(|scenario| scenario.id.as_str())) {
        let words = "its plan does not name the scenarios of its files";
        return Err(ReplayError::Torn(words.to_owned()));
    }
    let ran = facts
        .plan
        .scenarios
        .iter()
        .filter(|planned| planned.skip.is_none());
    let histories = facts.recorded.transcripts.iter();
    let is_whole = ran
        .map(|planned| &planned.id)
        .eq(histories.map(|history| &history.scenario));
    if !is_whole || facts.recorded.durations_ms.len() != facts.recorded.transcripts.len() {
        let words = "its histories are not those of the scenarios that ran";
        return Err(ReplayError::Torn(words.to_owned()));
    }
    Ok(())
}

/// Leaves out what the selection does not take, as a run would.
fn narrow(facts: &mut RunFacts, suite: &Suite, selection: &Selection) {
    let needed = needed_basics(suite, selection);
    let ran = facts.plan.scenarios.iter().map(|planned| planned.skip.is_none());
    let ran: Vec<bool> = ran.collect();
    for (scenario, planned) in suite.scenarios().iter().zip(&mut facts.plan.scenarios) {
        let is_needed = scenario.basic.is_some_and(|basic| needed.contains(&basic));
        let against = selection.reason_against(scenario);
        if let Some(reason) = against.filter(|_| !is_needed) {
            let verdict = Verdict::NotRun;
            planned.skip = Some(Skip { verdict, reason });
            planned.not_now = false;
        }
    }
    let scenarios = facts.plan.scenarios.iter().zip(&ran);
    let ran_before = scenarios.filter(|(_, ran)| **ran);
    let stays: Vec<bool> = ran_before.map(|(planned, _)| planned.skip.is_none()).collect();
    keep_those(&mut facts.recorded.transcripts, &stays);
    keep_those(&mut facts.recorded.durations_ms, &stays);
}

fn keep_those<T>(items: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    items.retain(|_| stays.next().copied().unwrap_or(false));
}

/// The comparison with accepted snapshots as the run came to it.
struct AsCompared<'r> {
    compared: &'r ComparedSnapshots,
}

impl Comparer for AsCompared<'_> {
    fn compare(&mut self, transcript: &Transcript, _: &str) -> SnapshotStatus {
        let known = self.compared.statuses.get(&transcript.scenario);
        known.copied().unwrap_or(SnapshotStatus::None)
    }

    fn keep(&mut self, _: &[ScenarioReport]) {}

    fn obsolete(&mut self) -> Vec<String> {
        self.compared.obsolete.clone()
    }

    fn take_errors(&mut self) -> Vec<String> {
        self.compared.errors.clone()
    }
}
