//! Walking through pending snapshots: what is asked and what a decision does, without asking anybody.

mod group;

pub use group::{Group, Kind, Member};

use super::diff::Change;
use super::store::{Files, Store, StoreError};
use group::{Pending, groups, obsolete};
use std::collections::BTreeSet;

/// What to do with the current group, or with it and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Make it the accepted one; delete it if it is obsolete.
    Accept,
    /// Throw it away; an obsolete one stays.
    Reject,
    /// Leave it waiting.
    Skip,
    /// Accept this and all that follow, but none of a failing scenario and no obsolete one that was not shown.
    AcceptAll,
    /// Reject this and the rest.
    RejectAll,
    /// Leave this and the rest waiting.
    SkipAll,
}

/// What has become of the snapshots so far, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Accepted.
    pub accepted: Vec<String>,
    /// Thrown away.
    pub rejected: Vec<String>,
    /// Obsolete and deleted.
    pub deleted: Vec<String>,
    /// Still waiting, or still obsolete.
    pub skipped: Vec<String>,
}

/// One decision with all that is needed to take it back.
#[derive(Debug)]
struct Step {
    /// Where the files of each scenario were before.
    before: Vec<(String, Files)>,
    waiting: Vec<Pending>,
    obsolete: Vec<String>,
    accepted: BTreeSet<Change>,
    tally: Tally,
    asked: usize,
}

/// A walk through the pending snapshots of a store.
#[derive(Debug)]
pub struct Review<'s> {
    store: &'s Store,
    waiting: Vec<Pending>,
    obsolete: Vec<String>,
    /// Changes that were accepted in some scenario.
    accepted: BTreeSet<Change>,
    tally: Tally,
    /// Questions that have been answered.
    asked: usize,
    history: Vec<Step>,
}

impl<'s> Review<'s> {
    /// A walk through what waits now under these ids, and through obsolete snapshots.
    ///
    /// # Errors
    /// When a pending or an accepted snapshot cannot be read.
    pub fn new(store: &'s Store, ids: &[String], obsolete: Vec<String>) -> Result<Self, StoreError> {
        let waiting = ids.iter().map(|id| Pending::load(store, id));
        Ok(Self {
            store,
            waiting: waiting.collect::<Result<_, _>>()?,
            obsolete,
            accepted: BTreeSet::new(),
            tally: Tally::default(),
            asked: 0,
            history: Vec::new(),
        })
    }

    /// The group that waits for a decision; none at the end.
    pub fn current(&self) -> Option<Group> {
        self.left().into_iter().next()
    }

    /// The number of the current question, and how many there are as far as is known.
    pub fn position(&self) -> (usize, usize) {
        (self.asked + 1, self.asked + self.left().len())
    }

    /// What has been decided so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Carries out a decision and moves on; says which other snapshots were accepted along, because each of their changes
    /// has been accepted elsewhere.
    ///
    /// # Errors
    /// When the file system refuses; nothing of the decision then counts.
    pub fn apply(&mut self, decision: Decision) -> Result<Vec<String>, StoreError> {
        let groups = self.left();
        let rounds = rounds(decision, &groups);
        self.history.push(Step {
            before: Vec::new(),
            waiting: self.waiting.clone(),
            obsolete: self.obsolete.clone(),
            accepted: self.accepted.clone(),
            tally: self.tally.clone(),
            asked: self.asked,
        });
        match self.carry_out(decision, &groups[..rounds]) {
            Ok(along) => Ok(along),
            Err(error) => {
                // The error that is told is the first one; what cannot be brought back is in its state.
                let _ = self.undo();
                Err(error)
            }
        }
    }

    /// Takes the last decision back; false when there is none.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn undo(&mut self) -> Result<bool, StoreError> {
        let Some(step) = self.history.pop() else {
            return Ok(false);
        };
        self.waiting = step.waiting;
        self.obsolete = step.obsolete;
        self.accepted = step.accepted;
        self.tally = step.tally;
        self.asked = step.asked;
        for (id, files) in &step.before {
            self.store.restore(id, files)?;
        }
        Ok(true)
    }

    fn left(&self) -> Vec<Group> {
        let mut groups = groups(&self.waiting, &self.accepted);
        groups.extend(obsolete(&self.obsolete));
        groups
    }

    fn carry_out(&mut self, decision: Decision, groups: &[Group]) -> Result<Vec<String>, StoreError> {
        for group in groups {
            for member in &group.members {
                self.decide(decision, group.kind, &member.id)?;
            }
            if is_acceptance(decision) {
                self.accepted.extend(group.changes.iter().cloned());
            }
        }
        self.asked += groups.len();
        self.settle()
    }

    fn decide(&mut self, decision: Decision, kind: Kind, id: &str) -> Result<(), StoreError> {
        self.remember(id)?;
        let tally = match (decision, kind) {
            (Decision::Accept | Decision::AcceptAll, Kind::Obsolete) => {
                self.store.delete(id)?;
                &mut self.tally.deleted
            }
            (Decision::Accept | Decision::AcceptAll, _) => {
                self.store.accept(id)?;
                &mut self.tally.accepted
            }
            (Decision::Reject | Decision::RejectAll, Kind::New | Kind::Changed) => {
                self.store.reject(id)?;
                &mut self.tally.rejected
            }
            _ => &mut self.tally.skipped,
        };
        tally.push(id.to_owned());
        match kind {
            Kind::Obsolete => self.obsolete.retain(|other| other != id),
            _ => self.waiting.retain(|pending| pending.member.id != id),
        }
        Ok(())
    }

    fn remember(&mut self, id: &str) -> Result<(), StoreError> {
        let files = self.store.files(id)?;
        if let Some(step) = self.history.last_mut() {
            step.before.push((id.to_owned(), files));
        }
        Ok(())
    }

    /// Accepts what holds nothing but changes that have been accepted.
    fn settle(&mut self) -> Result<Vec<String>, StoreError> {
        let settled = self
            .waiting
            .iter()
            .filter(|pending| pending.is_settled(&self.accepted));
        let ids: Vec<String> = settled.map(|pending| pending.member.id.clone()).collect();
        for id in &ids {
            self.decide(Decision::Accept, Kind::Changed, id)?;
        }
        Ok(ids)
    }
}

fn is_acceptance(decision: Decision) -> bool {
    matches!(decision, Decision::Accept | Decision::AcceptAll)
}

/// Of so many groups a decision disposes.
fn rounds(decision: Decision, groups: &[Group]) -> usize {
    match decision {
        Decision::Accept | Decision::Reject | Decision::Skip => groups.len().min(1),
        Decision::RejectAll | Decision::SkipAll => groups.len(),
        Decision::AcceptAll => {
            let is_shown_first = |group: &Group| group.judged.is_some() || group.kind == Kind::Obsolete;
            let unseen = groups.iter().skip(1).position(is_shown_first);
            unseen.map_or(groups.len(), |at| at + 1)
        }
    }
}

#[cfg(test)]
mod tests;
