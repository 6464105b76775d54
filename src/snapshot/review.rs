//! Walking through pending snapshots: what is shown and what a decision does, without asking anybody.

use super::compare::{DiffLine, diff};
use super::store::{Store, StoreError};
use std::collections::VecDeque;

/// A pending snapshot with what it would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The scenario's id.
    pub id: String,
    /// The scenario's title.
    pub title: String,
    /// True when there is no accepted snapshot yet.
    pub new: bool,
    /// From the accepted text (nothing, for a new one) to the pending one.
    pub diff: Vec<DiffLine>,
}

/// What to do with the current item, or with it and all that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Make it the accepted one.
    Accept,
    /// Throw it away.
    Reject,
    /// Leave it waiting.
    Skip,
    /// Accept this and the rest.
    AcceptAll,
    /// Reject this and the rest.
    RejectAll,
    /// Leave this and the rest waiting.
    SkipAll,
}

/// What has become of the items so far, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Accepted.
    pub accepted: Vec<String>,
    /// Thrown away.
    pub rejected: Vec<String>,
    /// Still waiting.
    pub skipped: Vec<String>,
}

/// A walk through the pending snapshots of a store, in the order of their ids.
#[derive(Debug)]
pub struct Review<'s> {
    store: &'s Store,
    waiting: VecDeque<String>,
    tally: Tally,
}

impl<'s> Review<'s> {
    /// A walk through what waits now.
    ///
    /// # Errors
    /// When the store's folder cannot be listed.
    pub fn new(store: &'s Store) -> Result<Self, StoreError> {
        Ok(Self {
            store,
            waiting: store.pending()?.into(),
            tally: Tally::default(),
        })
    }

    /// The item that waits for a decision; none at the end.
    ///
    /// # Errors
    /// When the pending or the accepted snapshot cannot be read.
    pub fn current(&self) -> Result<Option<Item>, StoreError> {
        self.waiting.front().map(|id| self.item(id)).transpose()
    }

    /// How many items wait for a decision, the current one included.
    pub fn left(&self) -> usize {
        self.waiting.len()
    }

    /// What has been decided so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Carries out a decision and moves on.
    ///
    /// # Errors
    /// When the file system refuses; the item is then still the current one.
    pub fn apply(&mut self, decision: Decision) -> Result<(), StoreError> {
        let rounds = match decision {
            Decision::Accept | Decision::Reject | Decision::Skip => self.waiting.len().min(1),
            Decision::AcceptAll | Decision::RejectAll | Decision::SkipAll => self.waiting.len(),
        };
        (0..rounds).try_for_each(|_| self.apply_to_next(decision))
    }

    fn apply_to_next(&mut self, decision: Decision) -> Result<(), StoreError> {
        let Some(id) = self.waiting.front() else {
            return Ok(());
        };
        let ids = match decision {
            Decision::Accept | Decision::AcceptAll => {
                self.store.accept(id)?;
                &mut self.tally.accepted
            }
            Decision::Reject | Decision::RejectAll => {
                self.store.reject(id)?;
                &mut self.tally.rejected
            }
            Decision::Skip | Decision::SkipAll => &mut self.tally.skipped,
        };
        ids.extend(self.waiting.pop_front());
        Ok(())
    }

    fn item(&self, id: &str) -> Result<Item, StoreError> {
        let pending = self.store.load_pending(id)?;
        let accepted = self.store.load(id)?;
        let old = accepted.as_ref().map_or("", |accepted| &accepted.body);
        Ok(Item {
            id: id.to_owned(),
            title: pending.description,
            new: accepted.is_none(),
            diff: diff(old, &pending.body),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::compare::DiffKind;
    use super::*;

    fn text(status: &str) -> String {
        format!("---\nsource: s\ndescription: the title\ninfo:\n  slots: {{}}\n---\n> GET /\n< {status}\n")
    }

    fn store(ids: &[&str]) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), None);
        for id in ids {
            store.write_pending(id, &text("200")).unwrap();
        }
        (folder, store)
    }

    #[test]
    fn each_item_is_decided_on_its_own() {
        let (_folder, store) = store(&["a", "b", "c"]);
        let mut review = Review::new(&store).unwrap();
        assert_eq!(review.left(), 3);
        for decision in [Decision::Accept, Decision::Reject, Decision::Skip, Decision::Skip] {
            review.apply(decision).unwrap();
        }
        assert_eq!(review.current().unwrap(), None);
        let expected = Tally {
            accepted: vec!["a".into()],
            rejected: vec!["b".into()],
            skipped: vec!["c".into()],
        };
        assert_eq!(review.tally(), &expected);
        assert_eq!(store.pending().unwrap(), ["c"]);
    }

    #[test]
    fn one_decision_can_settle_the_rest() {
        let (_folder, store) = store(&["a", "b", "c"]);
        let mut review = Review::new(&store).unwrap();
        review.apply(Decision::Skip).unwrap();
        review.apply(Decision::AcceptAll).unwrap();
        assert_eq!(review.tally().accepted, ["b", "c"]);
        assert!(store.load("c").unwrap().is_some());
        assert_eq!(review.left(), 0);
    }

    #[test]
    fn an_item_shows_what_it_would_change() {
        let (_folder, store) = store(&["a"]);
        let item = Review::new(&store).unwrap().current().unwrap().unwrap();
        assert!(item.new && item.diff.iter().skip(1).all(|line| line.kind == DiffKind::Added));
        store.accept("a").unwrap();
        store.write_pending("a", &text("500")).unwrap();
        let item = Review::new(&store).unwrap().current().unwrap().unwrap();
        assert_eq!((item.title.as_str(), item.new), ("the title", false));
        let shown: Vec<_> = item
            .diff
            .iter()
            .map(|line| (line.kind, line.text.as_str()))
            .collect();
        assert_eq!(
            shown[2..],
            [(DiffKind::Removed, "< 200"), (DiffKind::Added, "< 500")]
        );
    }

    #[test]
    fn a_refused_decision_leaves_the_item_in_place() {
        let (_folder, store) = store(&["a"]);
        let mut review = Review::new(&store).unwrap();
        store.reject("a").unwrap();
        assert!(review.apply(Decision::Accept).is_err());
        assert_eq!(review.left(), 1);
    }
}
