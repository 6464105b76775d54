//! All scenarios at the same time, and the end: clean-up, then quiet.

use super::board::Board;
use super::cleanup::Cleaned;
use super::clock::Clock;
use super::google::GoogleSide;
use super::lag::LagMeter;
use super::pace::Pace;
use super::steps::Performer;
use super::transport::{Endpoint, Transport};
use super::trigger::Triggers;
use super::{Job, Settings};
use event::{Event, Observer, Operator};
use google::server::Running;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use transcript::{Masker, Notification, TokenRequest, Transcript};

/// After the last scenario, Google's side stays up until nothing has arrived for this long.
const SETTLED: Duration = Duration::from_millis(400);
/// And never longer than this.
const SETTLE_AT_MOST: Duration = Duration::from_secs(10);

/// The user's wish to stop.
#[derive(Debug, Clone)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// A wish and the hand that expresses it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// True once the user wants to stop.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the user wants to stop; never, if nobody can want it any more.
    pub async fn wait(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|set| *set).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Everything that the scenarios share.
pub struct Engine {
    pub(super) settings: Settings,
    pub(super) transport: Transport,
    pub(super) triggers: Triggers,
    pub(super) google: GoogleSide,
    pub(super) board: Arc<Board>,
    pub(super) pace: Pace,
    pub(super) lag: LagMeter,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) operator: Arc<dyn Operator>,
    pub(super) interrupt: Interrupt,
    over: watch::Sender<BTreeSet<usize>>,
    beat: tokio::task::JoinHandle<()>,
}

/// What an engine is built from.
pub struct Parts<'a> {
    /// How to go about it.
    pub settings: Settings,
    /// The target.
    pub endpoint: Endpoint,
    /// Google's side, running.
    pub google: &'a Running,
    /// The partner id in the paths of notifications.
    pub partner_id: &'a str,
    /// Hides secrets.
    pub masker: Masker,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Listens.
    pub observer: Arc<dyn Observer>,
    /// A person.
    pub operator: Arc<dyn Operator>,
    /// The wish to stop.
    pub interrupt: Interrupt,
}

impl Engine {
    /// An engine for the scenarios of these jobs.
    pub fn new(parts: Parts<'_>, jobs: &[Job]) -> Result<Self, reqwest::Error> {
        let scenarios = jobs.iter().map(|job| job.scenario.id.as_str());
        let board = Arc::new(Board::new(Arc::clone(&parts.clock), scenarios));
        let (lag, beat) = LagMeter::start(Arc::clone(&parts.clock));
        Ok(Self {
            transport: Transport::new(parts.endpoint, parts.masker.clone(), Arc::clone(&parts.clock))?,
            triggers: Triggers::new(parts.masker.clone())?,
            google: GoogleSide::attach(parts.google, parts.partner_id, &board, &parts.masker),
            pace: Pace::new(parts.settings.jobs, parts.settings.gap),
            settings: parts.settings,
            board,
            lag,
            over: watch::Sender::default(),
            beat,
            clock: parts.clock,
            observer: parts.observer,
            operator: parts.operator,
            interrupt: parts.interrupt,
        })
    }

    /// Returns when nothing has arrived for a while.
    async fn settle(&self) {
        let mut arrivals = self.board.watch();
        let settled = async {
            loop {
                arrivals.borrow_and_update();
                tokio::select! {
                    () = self.clock.sleep(SETTLED) => return,
                    changed = arrivals.changed() => if changed.is_err() { return },
                }
            }
        };
        tokio::select! {
            () = settled => {}
            () = self.clock.sleep(SETTLE_AT_MOST) => {}
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.beat.abort();
    }
}

/// What was recorded.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Histories in the order of the jobs.
    pub transcripts: Vec<Transcript>,
    /// How long each scenario took, milliseconds.
    pub durations_ms: Vec<u64>,
    /// Calls of the partner that no scenario claims.
    pub orphans: Vec<Notification>,
    /// What the partner asked of the token endpoint.
    pub token_requests: Vec<TokenRequest>,
    /// When its calls arrived, milliseconds since the run began.
    pub arrivals_ms: Vec<u64>,
    /// Calls of the partner to the notification and inventory APIs.
    pub received: usize,
    /// How many of them were counted and not kept.
    pub dropped: usize,
    /// Scenarios that ended by a mistake of the harness, in its own words.
    pub broken: Vec<String>,
    /// What the clean-up came to, all scenarios together.
    pub cleaned: Cleaned,
    /// True when the user stopped the run.
    pub interrupted: bool,
}

/// Carries out all jobs at the same time.
pub async fn run(engine: Arc<Engine>, jobs: Vec<Job>) -> Recorded {
    let jobs: Arc<[Job]> = jobs.into();
    let mut tasks = JoinSet::new();
    for index in 0..jobs.len() {
        let (engine, jobs) = (Arc::clone(&engine), Arc::clone(&jobs));
        tasks.spawn(async move { (index, scenario(&engine, &jobs[index], index).await) });
    }
    let mut recorded = Recorded {
        durations_ms: vec![0; jobs.len()],
        ..Recorded::default()
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
        recorded.cleaned.canceled += cleaned.canceled;
        recorded.cleaned.leftovers.extend(cleaned.leftovers);
    }
    engine.observer.on(&Event::Draining);
    engine.settle().await;
    recorded.cleaned.leftovers.sort();
    recorded.transcripts = (0..jobs.len())
        .map(|index| Arc::unwrap_or_clone(engine.board.transcript(index)))
        .collect();
    recorded.orphans = engine.board.orphans();
    recorded.token_requests = engine.board.token_requests();
    recorded.arrivals_ms = engine.board.arrivals_ms();
    recorded.received = engine.board.received();
    recorded.dropped = engine.board.dropped();
    recorded.interrupted = engine.interrupt.is_set();
    recorded
}

/// Tells the scenarios that wait for this one that it is over, however it ends.
struct Over<'e> {
    engine: &'e Engine,
    index: usize,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.engine.over.send_modify(|over| {
            over.insert(self.index);
        });
    }
}

async fn scenario(engine: &Engine, job: &Job, index: usize) -> (u64, Cleaned) {
    // The sender lives as long as the engine, so the wait ends by the others' ends alone.
    let _ = engine
        .over
        .subscribe()
        .wait_for(|over| job.after.iter().all(|other| over.contains(other)))
        .await;
    let _over = Over { engine, index };
    let began = engine.clock.elapsed_ms();
    let mut performer = Performer::new(engine, job, index);
    performer.perform().await;
    let cleaned = performer.clean_up().await;
    let took_ms = engine.clock.elapsed_ms() - began;
    engine
        .observer
        .on(&Event::ScenarioFinished { id: &job.scenario.id });
    (took_ms, cleaned)
}
