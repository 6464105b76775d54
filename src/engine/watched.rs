//! A value that others wait for. Who waits is woken in the order of the waiting, so that one course of a run can be had again;
//! a channel of the runtime would wake them as it likes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The value, with how often it has changed.
#[derive(Default)]
pub(super) struct Watched<T> {
    state: Mutex<(T, u64)>,
    changed: Notify,
}

impl<T> Watched<T> {
    pub(super) fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, 0)),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, (T, u64)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the value and wakes who waits.
    pub(super) fn change(&self, change: impl FnOnce(&mut T)) {
        let mut state = self.state();
        change(&mut state.0);
        state.1 += 1;
        drop(state);
        self.changed.notify_waiters();
    }

    /// How often it has changed.
    pub(super) fn changes(&self) -> u64 {
        self.state().1
    }

    /// Returns when it has changed more often than that.
    pub(super) async fn until_changed(&self, since: u64) {
        self.wait(|state| state.1 > since).await;
    }

    /// Returns when the value is as wanted.
    pub(super) async fn until(&self, mut wanted: impl FnMut(&T) -> bool) {
        self.wait(|state| wanted(&state.0)).await;
    }

    /// What the value is.
    pub(super) fn look<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.state().0)
    }

    async fn wait(&self, mut over: impl FnMut(&(T, u64)) -> bool) {
        loop {
            // Enlisted before the look, so that no change falls between the two.
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if over(&self.state()) {
                return;
            }
            changed.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_change_is_seen_whether_it_comes_before_or_during_the_wait() {
        let watched = Arc::new(Watched::new(0));
        watched.change(|value| *value += 1);
        watched.until_changed(0).await;
        let other = Arc::clone(&watched);
        let waiting = tokio::spawn(async move { other.until(|value| *value == 3).await });
        tokio::task::yield_now().await;
        watched.change(|value| *value += 1);
        watched.change(|value| *value += 1);
        assert!(waiting.await.is_ok());
        assert_eq!((watched.look(|value| *value), watched.changes()), (3, 3));
    }
}
