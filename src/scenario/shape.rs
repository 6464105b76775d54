//! The shapes that a step of a scenario file can have.

use super::file::{
    BookingsFile, CallFile, ChangeFile, ExpectFile, ExpectationFile, LookupName, PeopleFile, StepFile,
    TogetherFile,
};
use super::model::{Expectation, Form, GoogleChange, Lookup};
use super::reading::{At, Node};
use super::several::{Bookings, People, SetExpectation, Wanted};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};

/// A valid request for a free slot is answered 200 with a booking that has an id.
const BOOKING_IS_MADE: RequirementId = RequirementId::declared("BS-CREATE-01");

/// A valid request to join a waitlist is answered 200 with the id of an entry.
const ENTRY_IS_MADE: RequirementId = RequirementId::declared("BS-WAIT-04");

/// The change that a call makes.
pub(super) fn change(file: &ChangeFile) -> GoogleChange {
    match file {
        ChangeFile::Cancel => GoogleChange::Cancel,
        ChangeFile::MoveTo(slot) => GoogleChange::MoveTo(slot.get().clone()),
        ChangeFile::PartySize(size) => GoogleChange::PartySize(*size),
        ChangeFile::PartyOf(slot) => GoogleChange::PartyOf(slot.get().clone()),
    }
}

/// True when a call breaks the wire model and its author knows it.
pub(super) fn breaks_model(step: &CallFile) -> bool {
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
        one_spot: file.one_spot,
        control: file.control.as_ref().map(|label| label.get().clone()),
        body: file.body.as_ref().map(Node::value),
        otherwise: file.otherwise.clone(),
    }
}

/// What is expected of a call that has a name and says nothing else: of a CreateBooking a booking, of a CreateWaitlistEntry an entry.
pub(super) fn is_made_by(method: Method) -> Option<Expectation> {
    let present = json!({ "$present": true });
    match method {
        Method::CreateBooking => Some(body(
            BOOKING_IS_MADE,
            json!({ "booking": { "booking_id": present } }),
        )),
        Method::CreateWaitlistEntry => Some(body(ENTRY_IS_MADE, json!({ "waitlist_entry_id": present }))),
        _ => None,
    }
}

fn body(requirement: RequirementId, body: Value) -> Expectation {
    Expectation {
        requirement,
        status: Vec::new(),
        not_status: Vec::new(),
        on_success: false,
        one_spot: false,
        control: None,
        body: Some(body),
        otherwise: None,
    }
}

/// The calls of a step.
pub(super) fn calls(step: &StepFile) -> Vec<&CallFile> {
    match step {
        StepFile::Call(call) => vec![&**call],
        StepFile::Parallel(file) => file.parallel.iter().flat_map(|step| calls(step.get())).collect(),
        _ => Vec::new(),
    }
}

/// The names of all answers.
pub(super) fn labels<'f>(steps: impl Iterator<Item = &'f At<StepFile>>) -> Vec<String> {
    let calls = steps.flat_map(|step| calls(step.get()));
    calls
        .filter_map(|call| Some(call.label.as_ref()?.get().clone()))
        .collect()
}

/// What a look-up asks for.
pub(super) fn lookup(file: &CallFile) -> Lookup {
    match file.lookup {
        _ if !file.slots.is_empty() => {
            Lookup::Slots(file.slots.iter().map(|name| name.get().clone()).collect())
        }
        Some(LookupName::Page) => Lookup::Page(file.at_most.as_ref().map(|most| *most.get())),
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
