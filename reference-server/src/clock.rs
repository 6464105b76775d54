//! Time as a seam.

use async_trait::async_trait;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the server reads the time, and how it lets time pass.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in UTC epoch seconds.
    fn now_sec(&self) -> i64;

    /// Since a moment of no matter; unlike the time of day it never goes back.
    fn elapsed(&self) -> Duration {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGAN.elapsed()
    }

    /// Returns after so long.
    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_sec(&self) -> i64 {
        // A clock before 1970 is broken; zero makes every slot lie in the future and nothing panic.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs() as i64)
    }
}
