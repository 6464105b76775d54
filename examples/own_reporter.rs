//! A form of your own for the result, and somebody who listens while the run goes on.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use conformance::harness::{
    Event, Finished, Harness, Material, NotRun, Observer, RenderError, Reporter, start_embedded,
};
use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A row of comma-separated values for each scenario.
pub(crate) struct Csv;

impl Reporter for Csv {
    fn format(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "a row for each scenario"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let mut text = String::from("scenario,verdict,milliseconds,violations\n");
        for scenario in &material.report.scenarios {
            let (id, verdict) = (&scenario.id, scenario.verdict.word());
            // Nothing that a server has sent stands in these columns; what does has to be quoted.
            let _ = writeln!(
                text,
                "{id},{verdict},{},{}",
                scenario.duration_ms,
                scenario.findings.len()
            );
        }
        Ok(text)
    }

    fn render_not_run(&self, _: &NotRun) -> Result<String, RenderError> {
        Ok(String::from("scenario,verdict,milliseconds,violations\n"))
    }
}

/// Counts the scenarios that are done.
#[derive(Clone, Default)]
pub(crate) struct Counter(pub(crate) Arc<AtomicUsize>);

impl Observer for Counter {
    fn on(&self, event: &Event<'_>) {
        if let Event::ScenarioFinished { .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub(crate) async fn judged(counter: Counter) -> Result<Finished, Box<dyn Error>> {
    let partner = start_embedded().await?;
    let finished = Harness::of_config(partner.config())
        .only("arrival/pay-on-arrival")
        .observer(counter)
        .run()
        .await?;
    partner.shutdown().await;
    Ok(finished)
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let counter = Counter::default();
    let finished = judged(counter.clone()).await?;
    println!("{} scenarios ran", counter.0.load(Ordering::Relaxed));
    println!("{}", String::from_utf8_lossy(&finished.render(&Csv)?));
    Ok(())
}
