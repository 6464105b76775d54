//! How late the harness itself is: a beat that should come every ten milliseconds, and by how much it was missed.

use super::clock::Clock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

const BEAT: Duration = Duration::from_millis(10);
/// Lateness below this is the timer's own grain.
const GRAIN_US: u64 = 5_000;
const KEPT: usize = 4096;

/// The times at which the harness was late, and by how much.
#[derive(Clone)]
pub(super) struct LagMeter {
    late: Arc<Mutex<VecDeque<(u64, u64)>>>,
}

impl LagMeter {
    /// Starts the beat, unless nothing can be late by this clock; it stops when the handle is aborted.
    pub(super) fn start(clock: Arc<dyn Clock>) -> (Self, Option<JoinHandle<()>>) {
        let meter = Self { late: Arc::default() };
        if !clock.can_lag() {
            return (meter, None);
        }
        let mine = meter.clone();
        let beat = tokio::spawn(async move {
            loop {
                let before = clock.elapsed_us();
                clock.sleep(BEAT).await;
                let now = clock.elapsed_us();
                let late = (now - before).saturating_sub(u64::try_from(BEAT.as_micros()).unwrap_or(0));
                if late > GRAIN_US {
                    mine.note(now, late);
                }
            }
        });
        (meter, Some(beat))
    }

    fn note(&self, now_us: u64, late_us: u64) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        if late.len() == KEPT {
            late.pop_front();
        }
        late.push_back((now_us, late_us));
    }

    /// The worst lateness that touches a stretch of time, microseconds.
    pub(super) fn worst(&self, from_us: u64, to_us: u64) -> u64 {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        let touching = late
            .iter()
            .filter(|(at, length)| *at >= from_us && at.saturating_sub(*length) <= to_us);
        touching.map(|(_, length)| *length).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lateness_during_the_call_counts() {
        let meter = LagMeter { late: Arc::default() };
        meter.note(100_000, 60_000);
        assert_eq!(meter.worst(50_000, 90_000), 60_000);
        assert_eq!(meter.worst(100_001, 200_000), 0);
        assert_eq!(meter.worst(0, 30_000), 0);
    }
}
