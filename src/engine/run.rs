//! All scenarios at the same time, and the end: clean-up, then quiet.

use super::cleanup::Cleaned;
use super::context::Engine;
use super::job::Job;
use super::other_calls::OtherCalls;
use super::performer::Performer;
use event::Event;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::task::JoinSet;
use transcript::{MayStand, Notification, Transcript};

/// The recorded facts of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Histories in the order of the jobs.
    pub transcripts: Vec<Transcript>,
    /// How long each scenario took, milliseconds.
    pub durations_ms: Vec<u64>,
    /// Calls of the partner that no scenario claims.
    pub orphans: Vec<Notification>,
    /// What it asked of Google that no scenario brings about.
    pub others: OtherCalls,
    /// When its calls arrived, milliseconds since the run began.
    pub arrivals_ms: Vec<u64>,
    /// Calls of the partner to the notification and inventory APIs.
    pub received: usize,
    /// How many of them were counted and not kept.
    pub dropped: usize,
    /// Calls of whom Google's API does not know, while the partner's own are signed: not counted with the others.
    pub strangers: usize,
    /// Scenarios that ended by a mistake of the harness, in its own words.
    pub broken: Vec<String>,
    /// The result of the clean-up, all scenarios together.
    pub cleaned: Cleaned,
    /// What this machine had no more of, in the system's words: then nothing that was not seen says anything of the partner.
    pub exhausted: Option<String>,
    /// True when the user stopped the run.
    pub interrupted: bool,
}

/// Carries out all jobs at the same time.
pub async fn run(engine: Arc<Engine>, jobs: Vec<Job>) -> Recording {
    let jobs: Arc<[Job]> = jobs.into();
    let mut tasks = JoinSet::new();
    for index in 0..jobs.len() {
        let (engine, jobs) = (Arc::clone(&engine), Arc::clone(&jobs));
        tasks.spawn(async move { (index, run_scenario(&engine, &jobs[index], index).await) });
    }
    let mut recorded = Recording {
        durations_ms: vec![0; jobs.len()],
        ..Recording::default()
    };
    while let Some(done) = tasks.join_next().await {
        let (index, (took_ms, cleaned)) = match done {
            Ok(done) => done,
            Err(error) => {
                recorded.broken.push(format!("a scenario broke off: {error}"));
                continue;
            }
        };
        recorded.durations_ms[index] = took_ms;
        recorded.cleaned.add(cleaned);
    }
    engine.observer.on(&Event::Draining);
    engine.settle().await;
    recorded.cleaned.sort();
    recorded.transcripts = (0..jobs.len())
        .map(|index| Arc::unwrap_or_clone(engine.board.transcript(index)))
        .collect();
    recorded.orphans = engine.board.orphans();
    recorded.others = engine.board.other_calls();
    recorded.arrivals_ms = engine.board.arrivals_ms();
    recorded.received = engine.board.received_count();
    recorded.dropped = engine.board.dropped_count();
    recorded.strangers = engine.board.strangers_count();
    recorded.exhausted = engine
        .exhaustion()
        .or_else(|| engine.google.exhaustion())
        .or_else(|| engine.board.overflow());
    recorded.interrupted = engine.interrupt.is_set();
    recorded
}

/// Takes back what an earlier run left standing, in the name of the one job of the engine.
pub async fn take_back(engine: &Engine, job: &Job, left: &[MayStand]) -> Cleaned {
    let performer = Performer::new(engine, job, 0);
    let cleaned = performer.take_back(left).await;
    engine.settle().await;
    cleaned
}

/// Notifies the scenarios that wait for this one of its end, however it ends.
struct Over<'e> {
    engine: &'e Engine,
    job: &'e Job,
    index: usize,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        // Whoever waits for what it was to show waits no longer, even if it broke off.
        if let Some(basic) = self.job.scenario.basic {
            self.engine.basics.conclude(basic, false);
        }
        self.engine.over.change(|over| {
            over.insert(self.index);
        });
    }
}

async fn run_scenario(engine: &Engine, job: &Job, index: usize) -> (u64, Cleaned) {
    engine
        .over
        .until(|over| job.after.iter().all(|other| over.contains(other)))
        .await;
    let _over = Over { engine, job, index };
    if job.scenario.is_alone() && !engine.interrupt.is_set() {
        // What the others brought about may still be on its way.
        engine.settle().await;
    }
    let began = engine.clock.elapsed_ms();
    let mut performer = Performer::new(engine, job, index);
    performer.perform().await;
    performer.conclude_basic();
    let cleaned = performer.clean_up().await;
    performer.keep_over(cleaned.standing.clone()).await;
    let took_ms = engine.clock.elapsed_ms() - began;
    engine.observer.on(&Event::ScenarioFinished {
        id: &job.scenario.id,
        history: &engine.board.transcript(index),
    });
    (took_ms, cleaned)
}
