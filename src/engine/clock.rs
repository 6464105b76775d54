//! The engine's clock: one monotonic clock for the order of facts, anchored to the wall clock once.

use std::time::Duration;

/// A source of time and of waiting.
#[async_trait::async_trait]
pub trait Clock: Send + Sync {
    /// Microseconds since the run began; never goes back.
    fn elapsed_us(&self) -> u64;

    /// Wall clock when the run began, microseconds since the epoch.
    fn began_us(&self) -> i64;

    /// Returns after so long.
    async fn sleep(&self, length: Duration);

    /// False for a clock that stands still while anybody works: by it the harness is never late.
    fn can_lag(&self) -> bool {
        true
    }

    /// Milliseconds since the run began.
    fn elapsed_ms(&self) -> u64 {
        self.elapsed_us() / 1000
    }

    /// Wall clock now, epoch seconds, by the run's own monotonic clock.
    fn now_sec(&self) -> i64 {
        (self.began_us() + i64::try_from(self.elapsed_us()).unwrap_or(i64::MAX)) / 1_000_000
    }

    /// How long until a moment of the wall clock (epoch seconds); zero when it has passed.
    fn until_sec(&self, moment_sec: i64) -> Duration {
        let now = self.began_us() + i64::try_from(self.elapsed_us()).unwrap_or(i64::MAX);
        let left = moment_sec.saturating_mul(1_000_000).saturating_sub(now);
        Duration::from_micros(u64::try_from(left).unwrap_or(0))
    }
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    began: tokio::time::Instant,
    began_us: i64,
}

impl SystemClock {
    /// A clock whose run begins now.
    pub fn start() -> Self {
        Self {
            began: tokio::time::Instant::now(),
            began_us: jiff::Timestamp::now().as_microsecond(),
        }
    }
}

#[async_trait::async_trait]
impl Clock for SystemClock {
    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn began_us(&self) -> i64 {
        self.began_us
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_moves_the_runs_own_clock() {
        let clock = SystemClock::start();
        let start = clock.now_sec();
        assert_eq!(clock.until_sec(start - 5), Duration::ZERO);
        clock.sleep(Duration::from_millis(30)).await;
        assert!(clock.elapsed_ms() >= 30);
        assert!(clock.now_sec() >= start);
        let left = clock.until_sec(start + 100);
        assert!(left <= Duration::from_secs(100) && left > Duration::ZERO);
    }
}
