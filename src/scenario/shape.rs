//! The shapes that a step of a scenario file can have.

use super::file::{ChangeFile, StepFile, TogetherFile};
use super::model::{Change, SetExpectation};

/// The kinds of a step that are written in it; one is right.
pub(super) fn kinds(step: &StepFile) -> Vec<&'static str> {
    let all = [
        ("call", step.call.is_some()),
        ("trigger", step.trigger.is_some()),
        ("await", step.wait_for.is_some()),
        ("quiet", step.quiet.is_some()),
        ("wait", step.wait.is_some()),
        ("parallel", !step.parallel.is_empty()),
    ];
    all.into_iter()
        .filter(|(_, present)| *present)
        .map(|(name, _)| name)
        .collect()
}

/// The optional fields that a step has, with the kinds of step to which each belongs.
pub(super) fn fields(step: &StepFile) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    const CALL: &[&str] = &["call"];
    let all: [(&'static str, bool, &'static [&'static str]); 19] = [
        ("as", step.label.is_some(), CALL),
        ("slot", step.slot.is_some(), &["call", "trigger"]),
        ("lookup", step.lookup.is_some(), CALL),
        ("booking", step.booking.is_some(), &["call", "trigger", "await"]),
        ("change", step.change.is_some(), CALL),
        ("card", step.card.is_some(), CALL),
        ("authenticate", step.authenticate.is_some(), CALL),
        ("repeat", step.repeat.is_some(), CALL),
        ("user", step.user.is_some(), CALL),
        ("with", step.with.is_some(), CALL),
        ("without", !step.without.is_empty(), CALL),
        ("raw", step.raw.is_some(), CALL),
        ("invalid", step.invalid.is_some(), CALL),
        ("auth", step.auth.is_some(), CALL),
        ("expect", step.expect.is_some(), CALL),
        ("independent", step.independent, CALL),
        ("requirement", step.requirement.is_some(), &["await"]),
        ("until", step.until.is_some(), &["await"]),
        ("together", step.together.is_some(), &["parallel"]),
    ];
    all.into_iter()
        .filter(|(_, present, _)| *present)
        .map(|(name, _, owners)| (name, owners))
}

/// The change that a call makes.
pub(super) fn change(file: &ChangeFile) -> Change {
    match file {
        ChangeFile::Cancel => Change::Cancel,
        ChangeFile::MoveTo(slot) => Change::MoveTo(slot.get().clone()),
        ChangeFile::PartySize(size) => Change::PartySize(*size),
    }
}

/// What answers must be like together.
pub(super) fn together(file: &TogetherFile) -> SetExpectation {
    SetExpectation {
        requirement: *file.requirement.get(),
        same: file.same.clone(),
        tolerated: file.tolerated.clone(),
        otherwise: file.otherwise.clone(),
    }
}
