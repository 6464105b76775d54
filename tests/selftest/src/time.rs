//! The time of decorators: that of the row on whose thread they run, or the machine's.

use super::virtual_time::VirtualClock;
use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

thread_local! {
    static CLOCK: RefCell<Option<VirtualClock>> = const { RefCell::new(None) };
}

/// The day on which a score is published, in UTC.
pub fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// How long a part of a measurement takes, by the machine's clock.
#[derive(Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Whole seconds since then.
    pub fn seconds(&self) -> u64 {
        self.0.elapsed().as_secs()
    }
}

/// From now on the decorators that run on this thread have the time from this clock.
pub(super) fn follow(clock: VirtualClock) {
    CLOCK.with_borrow_mut(|current| *current = Some(clock));
}

fn current() -> Option<VirtualClock> {
    CLOCK.with_borrow(Clone::clone)
}

/// Now, in UTC epoch seconds.
pub(super) fn now_sec() -> i64 {
    current().map_or_else(|| jiff::Timestamp::now().as_second(), |clock| clock.now_sec())
}

/// Since a moment of no matter.
pub(super) fn elapsed() -> Duration {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    current().map_or_else(|| BEGAN.elapsed(), |clock| clock.elapsed())
}

/// Returns after so long.
pub(super) async fn sleep(length: Duration) {
    match current() {
        Some(clock) => clock.wait(length).await,
        None => tokio::time::sleep(length).await,
    }
}

/// What a future ends with, unless it takes longer.
pub(super) async fn timeout<T>(length: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = sleep(length) => None,
    }
}
