//! What was found by cause, each with a command that repeats the call in which it was seen.

use super::curl::{Login, curl};
use super::{Target, TargetKind};
use outcome::{CauseReport, Example, Finding, ScenarioReport, by_cause};
use transcript::Transcript;

/// The findings of a run by cause.
pub(super) fn causes(
    target: &Target,
    histories: &[Transcript],
    scenarios: &[ScenarioReport],
    of_the_run: &[Finding],
) -> Vec<CauseReport> {
    let history = |id: &str| histories.iter().find(|history| history.scenario == id);
    let length = |id: &str| history(id).map_or(usize::MAX, |history| history.entries.len());
    let mut causes = by_cause(scenarios, of_the_run, length);
    // The bundled partner is gone when the run is over: nobody can call it again.
    let address = target.endpoint().filter(|_| target.kind != TargetKind::Reference);
    let Some(endpoint) = address else { return causes };
    let login = Login::of(target);
    for cause in &mut causes {
        let Example { scenario, entry, .. } = &cause.example;
        let history = scenario.as_deref().and_then(history);
        let exchange = history
            .zip(*entry)
            .and_then(|(history, entry)| history.exchange_at(entry));
        cause.example.curl = exchange.map(|exchange| curl(&endpoint.base_url, &login, exchange.call));
    }
    causes
}
