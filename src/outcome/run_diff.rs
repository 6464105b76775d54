//! What changed from one run to another.

use super::summary::{Place, State, is_judged};
use super::{RunLabel, RunSummary, RunVerdict, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that is not in a later run as in an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunDiff {
    /// Always [`RunDiff::FORMAT`].
    pub format: u32,
    /// The earlier run.
    pub before: RunLabel,
    /// The later run.
    pub after: RunLabel,
    /// Worse than before: violated and was met, or cannot be tested any more.
    pub broken: Vec<Change>,
    /// Better than before.
    pub fixed: Vec<Change>,
    /// Violated now, and not judged before.
    pub new: Vec<Change>,
    /// Violated before, and not judged now: nobody knows.
    pub gone: Vec<Change>,
    /// Violated before and now, in other words.
    pub reworded: Vec<Change>,
}

/// One requirement at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The requirement; none of a reason for the exit code that is about none.
    pub requirement: Option<String>,
    /// The scenario; none where only the run as a whole shows it.
    pub scenario: Option<String>,
    /// What it came to before; none where the earlier run does not have it.
    pub before: Option<Verdict>,
    /// What it comes to now; none where the later run does not have it.
    pub after: Option<Verdict>,
    /// The sentence of now, or of before where it is fixed or gone.
    pub message: Option<String>,
    /// The sentence of before, where both have one and they differ.
    pub was: Option<String>,
}

/// What a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Broken,
    Fixed,
    New,
    Gone,
    Reworded,
}

impl RunDiff {
    /// The form of its JSON.
    pub const FORMAT: u32 = 1;

    /// What changed from `before` to `after`.
    pub fn new(before: &RunSummary, after: &RunSummary) -> Self {
        let mut diff = Self {
            format: Self::FORMAT,
            before: before.label(),
            after: after.label(),
            broken: Vec::new(),
            fixed: Vec::new(),
            new: Vec::new(),
            gone: Vec::new(),
            reworded: Vec::new(),
        };
        let (earlier, later) = (before.states(), after.states());
        for (place, was, is) in paired(&earlier, &later) {
            if let Some(sort) = sort(place, was, is) {
                diff.list(sort).push(change(place, was, is));
            }
        }
        diff.add_reasons(before, after);
        diff
    }

    /// True when nothing changed.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.broken, &self.fixed, &self.new, &self.gone, &self.reworded];
        lists.into_iter().all(Vec::is_empty)
    }

    fn list(&mut self, sort: Sort) -> &mut Vec<Change> {
        match sort {
            Sort::Broken => &mut self.broken,
            Sort::Fixed => &mut self.fixed,
            Sort::New => &mut self.new,
            Sort::Gone => &mut self.gone,
            Sort::Reworded => &mut self.reworded,
        }
    }

    /// Reasons for an exit code that are about no requirement: bookings that stand, an interrupted run, snapshots that wait.
    fn add_reasons(&mut self, before: &RunSummary, after: &RunSummary) {
        let has = |run: &RunSummary, kind| run.exit_reasons().iter().any(|one| one.kind == kind);
        let sides = [(after, before, true), (before, after, false)];
        for (with, without, is_worse) in sides {
            let own = with.exit_reasons().iter();
            let own = own.filter(|one| !one.kind.is_told_by_requirements() && !has(without, one.kind));
            for reason in own {
                let needs_review = reason.kind.verdict() == RunVerdict::NeedsReview;
                let sort = match (is_worse, needs_review) {
                    (true, false) => Sort::Broken,
                    (true, true) => Sort::New,
                    (false, _) => Sort::Fixed,
                };
                self.list(sort).push(Change {
                    requirement: None,
                    scenario: None,
                    before: None,
                    after: None,
                    message: Some(format!("{}: {}", reason.kind.title(), reason.words)),
                    was: None,
                });
            }
        }
    }
}

type Paired<'s> = (&'s Place, Option<&'s State>, Option<&'s State>);

fn paired<'s>(
    earlier: &'s BTreeMap<Place, State>,
    later: &'s BTreeMap<Place, State>,
) -> impl Iterator<Item = Paired<'s>> {
    let only_later = later.keys().filter(|place| !earlier.contains_key(*place));
    let all = earlier.keys().chain(only_later);
    all.map(|place| (place, earlier.get(place), later.get(place)))
}

/// How bad it is: 0 is met.
fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Waived => 1,
        Verdict::Warn => 2,
        Verdict::Fail => 3,
        _ => 0,
    }
}

fn sort(place: &Place, was: Option<&State>, is: Option<&State>) -> Option<Sort> {
    let judged = |state: Option<&State>| state.map(|state| state.verdict).filter(|one| is_judged(*one));
    // What cannot be tested is said by scenarios.
    let is_scenario = place.scenario.is_some();
    let is_stuck = is_scenario
        && is.is_some_and(|is| matches!(is.verdict, Verdict::NotTestable | Verdict::HarnessError));
    match (judged(was), judged(is)) {
        (Some(before), Some(after)) if badness(after) > badness(before) => Some(Sort::Broken),
        (Some(before), Some(after)) if badness(after) < badness(before) => Some(Sort::Fixed),
        (Some(before), Some(_)) => {
            let causes = |state: Option<&State>| state.map(|state| state.causes.clone());
            (badness(before) > 0 && causes(was) != causes(is)).then_some(Sort::Reworded)
        }
        (None, Some(after)) => (badness(after) > 0).then_some(Sort::New),
        // What was violated and cannot be tested now is not known to be worse.
        (Some(before), None) if badness(before) > 0 => Some(Sort::Gone),
        (Some(_), None) => is_stuck.then_some(Sort::Broken),
        (None, None) => None,
    }
}

fn change(place: &Place, was: Option<&State>, is: Option<&State>) -> Change {
    let sentence = |state: Option<&State>| state.and_then(|state| state.message.clone());
    let (before, after) = (sentence(was), sentence(is));
    Change {
        requirement: Some(place.requirement.clone()),
        scenario: place.scenario.clone(),
        before: was.map(|state| state.verdict),
        after: is.map(|state| state.verdict),
        was: before.clone().filter(|_| after.is_some() && before != after),
        message: after.or(before),
    }
}

#[cfg(test)]
mod tests;
