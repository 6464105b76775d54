//! Google counts calls: 1,500 in a minute for one project. We stay a little below.

use crate::clock::Clock;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const CALLS: usize = 1_400;
const SPAN: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Quota {
    calls: Mutex<VecDeque<Duration>>,
}

impl Quota {
    /// Waits until one more call is within the quota, and counts it.
    pub(super) async fn take(&self, clock: &dyn Clock) {
        while let Err(wait) = self.try_take(clock.elapsed()) {
            clock.sleep(wait).await;
        }
    }

    /// Counts a call, or says how long to wait.
    fn try_take(&self, now: Duration) -> Result<(), Duration> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        while calls
            .front()
            .is_some_and(|first| now.saturating_sub(*first) >= SPAN)
        {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= CALLS => Err(SPAN.saturating_sub(now.saturating_sub(*first))),
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quota_is_used_up_and_comes_back() {
        let (quota, start) = (Quota::default(), Duration::from_secs(9));
        assert!((0..CALLS).all(|_| quota.try_take(start).is_ok()));
        assert_eq!(
            quota.try_take(start + Duration::from_secs(20)),
            Err(Duration::from_secs(40))
        );
        assert_eq!(quota.try_take(start + SPAN), Ok(()));
    }
}
