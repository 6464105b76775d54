//! What was found by cause, each with a command that repeats the call in which it was seen.

use super::TargetKind;
use super::curl::curl;
use outcome::{CauseReport, Example, Finding, Histories, ScenarioReport, by_cause};
use recording::TargetFacts;
use scenario::Scenario;
use transcript::Transcript;

/// The histories of a run, with what its scenarios were to show.
pub(super) struct RecordedHistories<'r> {
    pub(super) scenarios: &'r [&'r Scenario],
    pub(super) transcripts: &'r [Transcript],
}

impl RecordedHistories<'_> {
    fn find(&self, scenario: &str) -> Option<&Transcript> {
        let mut all = self.transcripts.iter();
        all.find(|transcript| transcript.scenario == scenario)
    }
}

impl Histories for RecordedHistories<'_> {
    fn length(&self, scenario: &str) -> usize {
        self.find(scenario)
            .map_or(usize::MAX, |history| history.entries.len())
    }

    fn subjects(&self, scenario: &str, finding: &Finding) -> Vec<String> {
        let mut scenarios = self.scenarios.iter();
        let basic = scenarios.find(|one| one.id == scenario).and_then(|one| one.basic);
        let history = self.find(scenario).zip(finding.evidence.entry);
        let exchange = history.and_then(|(history, entry)| history.exchange_at(entry));
        let method = exchange.map(|exchange| exchange.call.method.to_string());
        basic
            .map(|basic| basic.to_string())
            .into_iter()
            .chain(method)
            .collect()
    }
}

/// The findings of a run by cause.
pub(super) fn causes(
    target: &TargetFacts,
    histories: &RecordedHistories<'_>,
    scenarios: &[ScenarioReport],
    of_the_run: &[Finding],
) -> Vec<CauseReport> {
    let mut causes = by_cause(scenarios, of_the_run, histories);
    // The bundled partner is gone when the run is over: nobody can call it again.
    if target.about.kind == TargetKind::Reference.word() {
        return causes;
    }
    for cause in &mut causes {
        let Example { scenario, entry, .. } = &cause.example;
        let history = scenario.as_deref().and_then(|id| histories.find(id));
        let exchange = history
            .zip(*entry)
            .and_then(|(history, entry)| history.exchange_at(entry));
        cause.example.curl =
            exchange.map(|exchange| curl(&target.about.base_url, &target.login, exchange.call));
    }
    causes
}
