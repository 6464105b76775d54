//! Taking turns by name: work on one token or one booking happens one after the other, all else at once.
//!
//! This holds within one process, which is what SQLite is for. Several processes would take the turn in the
//! database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

#[derive(Default)]
pub(crate) struct Turns {
    turns: Mutex<HashMap<String, Weak<Turn<()>>>>,
}

impl Turns {
    /// Waits for the others of that name. The turn ends when the guard is dropped.
    pub(crate) async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        self.turn(name).lock_owned().await
    }

    fn turn(&self, name: &str) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(name).and_then(Weak::upgrade) {
            return turn;
        }
        // Now and then the names that nobody waits for are forgotten.
        if turns.len().is_power_of_two() {
            turns.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::new(Turn::new(()));
        turns.insert(name.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn one_name_waits_and_another_does_not() {
        let turns = Turns::default();
        let _mine = turns.take("a").await;
        let at_once = Duration::ZERO;
        assert!(tokio::time::timeout(at_once, turns.take("a")).await.is_err());
        assert!(tokio::time::timeout(at_once, turns.take("b")).await.is_ok());
    }

    #[tokio::test]
    async fn names_are_forgotten() {
        let turns = Turns::default();
        for number in 0..1000 {
            drop(turns.take(&number.to_string()).await);
        }
        let names = turns.turns.lock().unwrap_or_else(PoisonError::into_inner).len();
        assert!(names <= 1, "{names} names are remembered");
    }
}
