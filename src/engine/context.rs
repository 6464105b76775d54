//! What the scenarios of a run share.

use super::basics::Basics;
use super::board::Board;
use super::clock::Clock;
use super::earlier::EarlierBookings;
use super::google::GoogleSide;
use super::job::{Job, Settings};
use super::lag::LagMeter;
use super::line::{Line, LineError};
use super::lost::Losses;
use super::pace::Pace;
use super::transport::{Endpoint, Transport};
use super::trigger::Triggers;
use super::watched::Watched;
use event::{Journal, Observer, Operator};
use google::server::Running;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::watch;
use transcript::{Masker, MayStand};

/// After the last scenario, Google's side stays up until nothing has arrived for this long.
const SETTLED: Duration = Duration::from_millis(400);
/// The longest wait for that.
const SETTLE_AT_MOST: Duration = Duration::from_secs(10);

/// The user's wish to stop.
#[derive(Debug, Clone)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// The receiver of the wish and its sender.
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
    pub(super) journal: Arc<dyn Journal>,
    /// How many requests that make something were sent.
    pub(super) made: AtomicU64,
    pub(super) basics: Basics,
    pub(super) losses: Losses,
    /// What this machine did not have for us, in the system's words.
    exhaustion: OnceLock<String>,
    /// The longest time that a CreateBooking took so far, microseconds.
    slowest_booking_us: AtomicU64,
    /// The scenarios that are over.
    pub(super) over: Watched<BTreeSet<usize>>,
    beat: Option<tokio::task::JoinHandle<()>>,
}

/// What an engine is built from.
pub struct Parts<'a> {
    /// The settings of the run.
    pub settings: Settings,
    /// The target.
    pub endpoint: Endpoint,
    /// How the target is called; over the network without it.
    pub line: Option<Arc<dyn Line>>,
    /// Google's side, running.
    pub google: &'a Running,
    /// The partner id in the paths of notifications.
    pub partner_id: &'a str,
    /// Hides secrets.
    pub masker: Masker,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The observer of events.
    pub observer: Arc<dyn Observer>,
    /// The person who answers prompts.
    pub operator: Arc<dyn Operator>,
    /// The wish to stop.
    pub interrupt: Interrupt,
    /// Where what is made at the partner is kept.
    pub journal: Arc<dyn Journal>,
    /// What runs made there that were killed.
    pub earlier: Vec<MayStand>,
}

impl Engine {
    /// An engine for the scenarios of these jobs.
    pub fn new(parts: Parts<'_>, jobs: &[Job]) -> Result<Self, LineError> {
        let scenarios = jobs.iter().map(|job| job.scenario.id.as_str());
        let board = Board::new(Arc::clone(&parts.clock), scenarios);
        let board = Arc::new(board.with_earlier(EarlierBookings::of(&parts.earlier)));
        let (lag, beat) = LagMeter::start(Arc::clone(&parts.clock));
        Ok(Self {
            transport: Transport::new(
                parts.endpoint,
                parts.masker.clone(),
                Arc::clone(&parts.clock),
                parts.line.clone(),
            )?,
            triggers: Triggers::new(parts.masker.clone(), parts.line)?,
            google: GoogleSide::attach(parts.google, parts.partner_id, &board, &parts.masker),
            pace: Pace::new(parts.settings.jobs, parts.settings.gap),
            settings: parts.settings,
            board,
            lag,
            losses: Losses::default(),
            exhaustion: OnceLock::new(),
            basics: Basics::of(jobs.iter().map(|job| &job.scenario)),
            slowest_booking_us: AtomicU64::new(0),
            over: Watched::default(),
            beat,
            clock: parts.clock,
            observer: parts.observer,
            operator: parts.operator,
            interrupt: parts.interrupt,
            journal: parts.journal,
            made: AtomicU64::new(0),
        })
    }

    /// A booking took so long.
    pub(super) fn note_booking_time(&self, took_us: u64) {
        self.slowest_booking_us.fetch_max(took_us, Ordering::Relaxed);
    }

    /// The longest time that a booking took so far.
    pub(super) fn slowest_booking(&self) -> Duration {
        Duration::from_micros(self.slowest_booking_us.load(Ordering::Relaxed))
    }

    /// A call could not be made, or taken, for want of something on this machine.
    pub(super) fn note_exhaustion(&self, words: &str) {
        let _ = self.exhaustion.set(words.to_owned());
    }

    /// What was wanting first, if anything was.
    pub(super) fn exhaustion(&self) -> Option<String> {
        self.exhaustion.get().cloned()
    }

    /// Returns when nothing has arrived for a while.
    pub(super) async fn settle(&self) {
        let settled = async {
            loop {
                let seen = self.board.arrivals.changes();
                tokio::select! {
                    biased;
                    () = self.board.arrivals.until_changed(seen) => {}
                    () = self.clock.sleep(SETTLED) => return,
                }
            }
        };
        tokio::select! {
            biased;
            () = settled => {}
            () = self.clock.sleep(SETTLE_AT_MOST) => {}
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(beat) = &self.beat {
            beat.abort();
        }
    }
}
