//! How many requests are in flight and how fast new ones start.

use super::clock::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limits the requests in flight and the time between their starts.
pub(super) struct Pace {
    permits: Arc<Semaphore>,
    jobs: u32,
    gap_us: Option<u64>,
    next_us: Mutex<u64>,
}

impl Pace {
    /// A pace of so many requests at once, with a time between their starts.
    pub(super) fn new(jobs: usize, gap: Option<Duration>) -> Self {
        let jobs = u32::try_from(jobs.max(1)).unwrap_or(u32::MAX);
        Self {
            permits: Arc::new(Semaphore::new(jobs as usize)),
            jobs,
            gap_us: gap.map(|gap| u64::try_from(gap.as_micros()).unwrap_or(u64::MAX)),
            next_us: Mutex::new(0),
        }
    }

    /// Waits for its turn; requests that belong to one moment go together, however few may be in flight.
    pub(super) async fn enter(&self, together: usize, clock: &dyn Clock) -> Option<OwnedSemaphorePermit> {
        let wanted = u32::try_from(together).unwrap_or(u32::MAX).clamp(1, self.jobs);
        let permit = Arc::clone(&self.permits).acquire_many_owned(wanted).await.ok();
        let wait = self.reserve(together, clock.elapsed_us());
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
        permit
    }

    /// For a request of which the moment passes while others wait for theirs: it keeps the rate, and is one more in flight.
    pub(super) async fn enter_at_once(&self, clock: &dyn Clock) -> Option<OwnedSemaphorePermit> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok();
        let wait = self.reserve(1, clock.elapsed_us());
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
        permit
    }

    fn reserve(&self, requests: usize, now_us: u64) -> Duration {
        let Some(gap) = self.gap_us else {
            return Duration::ZERO;
        };
        let mut next = self.next_us.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = (*next).max(now_us);
        *next = mine + gap * u64::try_from(requests).unwrap_or(1);
        Duration::from_micros(mine - now_us)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::super::clock::SystemClock;
    use super::*;

    #[test]
    fn a_rate_spreads_the_starts() {
        let pace = Pace::new(8, Some(Duration::from_millis(200)));
        let waits: Vec<_> = (0..11).map(|_| pace.reserve(1, 0).as_millis()).collect();
        assert_eq!((waits[0], waits[1], waits[10]), (0, 200, 2000));
        assert_eq!(
            pace.reserve(1, 5_000_000),
            Duration::ZERO,
            "who comes late waits no more"
        );
    }

    #[tokio::test]
    async fn a_moment_passes_even_when_few_may_be_in_flight() {
        let clock = SystemClock::start();
        let pace = Pace::new(1, None);
        let permit = pace.enter(20, &clock).await.unwrap();
        assert_eq!(permit.num_permits(), 1);
    }
}
