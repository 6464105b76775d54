//! The shapes that a step of a scenario file can have.

use super::file::{
    At, BookingsFile, ChangeFile, ExpectFile, ExpectationFile, LookupName, PeopleFile, StepFile, TogetherFile,
};
use super::model::{Change, Expectation, Form, Lookup};
use super::several::{Bookings, People, SetExpectation, Wanted};

/// The kinds of a step that are written in it; one is right.
pub(super) fn kinds(step: &StepFile) -> Vec<&'static str> {
    let all = [
        ("call", step.call.is_some()),
        ("trigger", step.trigger.is_some()),
        ("fault", step.fault.is_some()),
        ("await", step.wait_for.is_some()),
        ("quiet", step.quiet.is_some()),
        ("wait", step.wait.is_some()),
        ("ledger", step.ledger.is_some()),
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
    let all: [(&'static str, bool, &'static [&'static str]); 25] = [
        ("as", step.label.is_some(), CALL),
        (
            "slot",
            step.slot.is_some(),
            &["call", "trigger", "fault", "await", "ledger"],
        ),
        ("lookup", step.lookup.is_some(), CALL),
        (
            "booking",
            step.booking.is_some(),
            &["call", "trigger", "fault", "await", "ledger"],
        ),
        ("change", step.change.is_some(), CALL),
        ("card", step.card.is_some(), CALL),
        ("authenticate", step.authenticate.is_some(), CALL),
        ("repeat", step.repeat.is_some(), CALL),
        ("user", step.user.is_some(), CALL),
        ("with", step.with.is_some(), CALL),
        ("without", !step.without.is_empty(), CALL),
        ("raw", step.raw.is_some(), CALL),
        ("invalid", step.invalid.is_some(), CALL),
        ("form", step.form.is_some(), CALL),
        ("path", step.path.is_some(), CALL),
        ("method", step.method.is_some(), CALL),
        ("probe", step.probe, CALL),
        ("auth", step.auth.is_some(), CALL),
        ("expect", step.expect.is_some(), CALL),
        ("independent", step.independent, CALL),
        ("requirement", step.requirement.is_some(), &["await", "ledger"]),
        ("until", step.until.is_some(), &["await"]),
        ("slots", !step.slots.is_empty(), CALL),
        ("people", step.people.is_some(), CALL),
        ("together", step.together.is_some(), &["parallel", "call"]),
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
        ChangeFile::PartyOf(slot) => Change::PartyOf(slot.get().clone()),
    }
}

/// True when a call breaks the wire model and its author knows it.
pub(super) fn breaks_model(step: &StepFile) -> bool {
    step.raw.is_some() || step.invalid.is_some() || step.form.is_some_and(Form::breaks_model)
}

/// The expectations of a step.
pub(super) fn expected(expect: Option<&ExpectFile>) -> &[ExpectationFile] {
    match expect {
        None => &[],
        Some(ExpectFile::One(one)) => std::slice::from_ref(&**one),
        Some(ExpectFile::Many(many)) => many,
    }
}

/// What an answer must be like.
pub(super) fn expectation(file: &ExpectationFile) -> Expectation {
    Expectation {
        requirement: *file.requirement.get(),
        status: file.status.clone(),
        not_status: file.not_status.clone(),
        on_success: file.on_success,
        contrast: file.contrast.as_ref().map(|label| label.get().clone()),
        body: file.body.clone(),
        otherwise: file.otherwise.clone(),
    }
}

/// The names of all answers.
pub(super) fn labels(steps: &[At<StepFile>]) -> Vec<String> {
    let own = steps.iter().map(At::get);
    let all = own.flat_map(|step| std::iter::once(step).chain(step.parallel.iter().map(At::get)));
    all.filter_map(|step| Some(step.label.as_ref()?.get().clone()))
        .collect()
}

/// What a look-up asks for.
pub(super) fn lookup(file: &StepFile) -> Lookup {
    match file.lookup {
        _ if !file.slots.is_empty() => {
            Lookup::Slots(file.slots.iter().map(|name| name.get().clone()).collect())
        }
        Some(LookupName::Page) => Lookup::Page,
        Some(LookupName::Slot) | None => Lookup::Slot,
    }
}

/// How many people come, if the file says it in one way.
pub(super) fn people(file: &PeopleFile) -> Option<People> {
    match (file.exactly, file.beyond_spots) {
        (Some(people), None) => Some(People::Exactly(people)),
        (None, Some(more)) => Some(People::BeyondSpots(more)),
        _ => None,
    }
}

/// What answers must be like together, if the file says it in one way.
pub(super) fn together(file: &TogetherFile) -> Option<SetExpectation> {
    let wanted = match (&file.same, file.bookings) {
        (Some(pointer), None) => Wanted::Same(pointer.clone()),
        (None, Some(BookingsFile::Spots)) => Wanted::Bookings(Bookings::Spots),
        (None, Some(BookingsFile::Exactly(bookings))) => Wanted::Bookings(Bookings::Exactly(bookings)),
        _ => return None,
    };
    Some(SetExpectation {
        requirement: *file.requirement.get(),
        wanted,
        tolerated: file.tolerated.clone(),
        otherwise: file.otherwise.clone(),
    })
}
