//! Locks by name: work on one token or one booking happens one after the other, all else at once.
//!
//! This holds within one process, which is what SQLite is for. Several processes would lock in the
//! database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Mutex as Lock, OwnedMutexGuard};

#[derive(Default)]
pub(crate) struct NamedLocks {
    locks: Mutex<HashMap<String, Weak<Lock<()>>>>,
}

impl NamedLocks {
    /// Waits for the others of that name. The lock is released when the guard is dropped.
    pub(crate) async fn lock(&self, name: &str) -> OwnedMutexGuard<()> {
        self.lock_of(name).lock_owned().await
    }

    fn lock_of(&self, name: &str) -> Arc<Lock<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(name).and_then(Weak::upgrade) {
            return lock;
        }
        // Now and then the names that nobody waits for are forgotten.
        if locks.len().is_power_of_two() {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(Lock::new(()));
        locks.insert(name.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn one_name_waits_and_another_does_not() {
        let locks = NamedLocks::default();
        let _mine = locks.lock("a").await;
        let at_once = Duration::ZERO;
        assert!(tokio::time::timeout(at_once, locks.lock("a")).await.is_err());
        assert!(tokio::time::timeout(at_once, locks.lock("b")).await.is_ok());
    }

    #[tokio::test]
    async fn names_are_forgotten() {
        let locks = NamedLocks::default();
        for number in 0..1000 {
            drop(locks.lock(&number.to_string()).await);
        }
        let names = locks.locks.lock().unwrap_or_else(PoisonError::into_inner).len();
        assert!(names <= 1, "{names} names are remembered");
    }
}
