//! What is asked together: snapshots whose undecided changes are the same.

use super::super::diff::{Change, DiffLine, Hunk, hunks};
use super::super::info::Mark;
use super::super::store::{Store, StoreError};
use std::collections::BTreeSet;

/// A pending snapshot with what it would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) member: Member,
    is_new: bool,
    judged: Option<Mark>,
    hunks: Vec<Hunk>,
}

/// One scenario of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The scenario's id.
    pub id: String,
    /// The scenario's title.
    pub title: String,
}

/// What kind of snapshots a group holds. Failing ones come after the others, so that accepting the rest leaves them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Different from the accepted one.
    Changed,
    /// There is no accepted one.
    New,
    /// Accepted, of a scenario that does not exist any more.
    Obsolete,
}

/// One question: the first scenario is the one whose diff is shown, and the others have the same changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// New, changed or obsolete.
    pub kind: Kind,
    /// The scenarios, in the order of their ids.
    pub members: Vec<Member>,
    /// Set where the scenarios fail.
    pub judged: Option<Mark>,
    /// The changes that are not decided yet.
    pub diff: Vec<DiffLine>,
    /// So many further changes of these scenarios were accepted before.
    pub accepted_before: usize,
    /// Scenarios that have one of these changes beside others; they are asked about later.
    pub also_in: Vec<String>,
    pub(super) changes: BTreeSet<Change>,
}

impl Pending {
    pub(super) fn load(store: &Store, id: &str) -> Result<Self, StoreError> {
        let pending = store.load_pending(id)?;
        let accepted = store.load(id)?;
        let old = accepted.as_ref().map_or("", |accepted| &accepted.body);
        Ok(Self {
            member: Member {
                id: id.to_owned(),
                title: pending.description,
            },
            is_new: accepted.is_none(),
            judged: pending.info.judged,
            hunks: hunks(old, &pending.body),
        })
    }

    fn kind(&self) -> Kind {
        if self.is_new { Kind::New } else { Kind::Changed }
    }

    fn undecided(&self, accepted: &BTreeSet<Change>) -> BTreeSet<Change> {
        let open = self.hunks.iter().filter(|hunk| !accepted.contains(&hunk.change));
        open.map(|hunk| hunk.change.clone()).collect()
    }

    /// True when each of its changes was accepted in other scenarios, and nothing else speaks against it.
    pub(super) fn is_settled(&self, accepted: &BTreeSet<Change>) -> bool {
        let all = self.hunks.iter().all(|hunk| accepted.contains(&hunk.change));
        all && !self.hunks.is_empty() && self.judged.is_none()
    }
}

/// The questions that are left: what may be right first, and of that what changed least.
pub(super) fn groups(waiting: &[Pending], accepted: &BTreeSet<Change>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for pending in waiting {
        let changes = pending.undecided(accepted);
        let same = |group: &&mut Group| {
            group.changes == changes && group.judged == pending.judged && group.kind == pending.kind()
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.members.push(pending.member.clone()),
            None => groups.push(group(pending, changes)),
        }
    }
    groups.sort_by(|one, other| {
        let key = |group: &Group| (group.judged.is_some(), group.kind, group.changes.len());
        key(one).cmp(&key(other))
    });
    let shared = |group: &Group| -> Vec<String> {
        let others = groups.iter().filter(|other| *other != group);
        let others = others.filter(|other| !other.changes.is_disjoint(&group.changes));
        let members = others.flat_map(|other| &other.members);
        members.map(|member| member.id.clone()).collect()
    };
    let also_in: Vec<Vec<String>> = groups.iter().map(shared).collect();
    for (group, also_in) in groups.iter_mut().zip(also_in) {
        group.also_in = also_in;
    }
    groups
}

fn group(pending: &Pending, changes: BTreeSet<Change>) -> Group {
    // Where all is accepted elsewhere and the scenario fails, the whole is shown once more.
    let shown = |hunk: &&Hunk| changes.is_empty() || changes.contains(&hunk.change);
    let (open, before): (Vec<&Hunk>, Vec<&Hunk>) = pending.hunks.iter().partition(shown);
    Group {
        kind: pending.kind(),
        members: vec![pending.member.clone()],
        judged: pending.judged.clone(),
        diff: open.iter().flat_map(|hunk| hunk.lines.clone()).collect(),
        accepted_before: before.len(),
        also_in: Vec::new(),
        changes,
    }
}

/// The question about snapshots of scenarios that are gone.
pub(super) fn obsolete(ids: &[String]) -> Option<Group> {
    let member = |id: &String| Member {
        id: id.clone(),
        title: String::new(),
    };
    (!ids.is_empty()).then(|| Group {
        kind: Kind::Obsolete,
        members: ids.iter().map(member).collect(),
        judged: None,
        diff: Vec::new(),
        accepted_before: 0,
        also_in: Vec::new(),
        changes: BTreeSet::new(),
    })
}
