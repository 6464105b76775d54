//! Time as a seam.

use std::time::{SystemTime, UNIX_EPOCH};

/// Where the server reads the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC epoch seconds.
    fn now_sec(&self) -> i64;
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
