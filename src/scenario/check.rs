//! Giving a scenario file its meaning: names, references, shapes. Every mistake is collected.

mod call;
mod google;
mod labels;
mod ledger;
mod needs;
mod order;
mod several;
mod templates;
mod waitlist;

use super::card;
use super::file::{ScenarioFile, StepFile, TriggerFile, WaitFile};
use super::model::{Moment, Scenario, SlotNeed, Step, TriggerStep, Wait};
use super::opening::Opening;
use super::problem::{FileText, ScenarioProblem};
use super::reading::{At, Span};
use super::wire::suggestion;
use domain::TriggerName;
use indexmap::IndexMap;
use std::time::Duration;

/// The name of a scenario's only slot.
const ONLY: &str = "slot";

/// A scenario file that is to be checked.
pub(super) struct Subject<'a> {
    /// Area and name.
    pub(super) id: &'a str,
    /// The file.
    pub(super) file: &'a FileText,
    /// What was read of it.
    pub(super) form: &'a ScenarioFile,
    /// The steps with which it begins, if it names some.
    pub(super) opening: Option<&'a Opening>,
    /// Names in parts of the file that could not be read, so that nobody is sent looking for them.
    pub(super) unread: Unread,
}

/// Names that stand in a file, whether or not what they name could be read.
#[derive(Default)]
pub(super) struct Unread {
    /// Names of answers.
    pub(super) labels: Vec<String>,
    /// Names of slots.
    pub(super) slots: Vec<String>,
}

/// The checked scenario, or everything that is wrong in its file.
pub(super) fn check(subject: Subject<'_>) -> Result<Scenario, Vec<ScenarioProblem>> {
    let form = subject.form;
    let mut checker = Checker {
        file: subject.file,
        problems: Vec::new(),
        bookings: subject.unread.labels.clone(),
        entries: subject.unread.labels.clone(),
        has_waitlist: form.needs.waitlist.is_some(),
        labels: Vec::new(),
        unread: subject.unread,
        slots: Vec::new(),
        ordered: Vec::new(),
        next_booker: 0,
    };
    let mut slots = checker.slots(form);
    let opening = subject.opening.map(Opening::steps).unwrap_or_default();
    checker.controls(opening.iter().chain(&form.steps));
    let mut steps = Vec::new();
    if let Some(opening) = subject.opening {
        checker.file = &opening.file;
        steps.extend(opening.steps().iter().filter_map(|step| checker.step(step)));
        checker.file = subject.file;
    }
    steps.extend(form.steps.iter().filter_map(|step| checker.step(step)));
    if form.steps.is_empty() {
        checker.problem(
            form.title.span,
            "a scenario needs at least one step",
            "add `steps:`",
        );
    }
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    card::note(&mut slots, &steps);
    note_ends(&mut slots, &steps);
    Ok(Scenario {
        id: subject.id.to_owned(),
        source: subject.file.name.clone(),
        title: form.title.get().clone(),
        serves: form.serves.iter().map(|id| *id.get()).collect(),
        basic: form.basic,
        slots,
        waitlist: form.needs.waitlist.clone(),
        page: form.needs.page.unwrap_or(0),
        steps,
    })
}

/// The longest that a scenario waits for the end of a slot.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A slot of which a step waits for the end has to end soon.
fn note_ends(slots: &mut IndexMap<String, SlotNeed>, steps: &[Step]) {
    for step in steps {
        if let Step::Wait(Wait {
            moment: Moment::EndOf(name),
        }) = step
            && let Some(need) = slots.get_mut(name)
        {
            need.ends_within = Some(LONGEST_WAIT);
        }
    }
}

struct Checker<'a> {
    /// The file in which the spans are that are being looked at.
    file: &'a FileText,
    problems: Vec<ScenarioProblem>,
    /// Names of earlier answers.
    labels: Vec<String>,
    /// Those among them that can name a booking.
    bookings: Vec<String>,
    /// Those among them that can name an entry of a waitlist.
    entries: Vec<String>,
    /// True when the scenario needs a waitlist.
    has_waitlist: bool,
    unread: Unread,
    slots: Vec<String>,
    /// Those among them that are sold by the ticket.
    ordered: Vec<String>,
    /// The place of the user who makes the next booking that names nobody: the scenario's own first.
    next_booker: usize,
}

impl Checker<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems
            .push(ScenarioProblem::new(self.file, span, message).help(help));
    }

    fn duration(&mut self, text: &At<String>) -> Option<Duration> {
        let parsed = text
            .get()
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|d| Duration::try_from(d).ok());
        if parsed.is_none() {
            let message = format!("`{}` is not a length of time", text.get());
            self.problem(text.span, message, "write it like `90s`, `15m` or `2h`");
        }
        parsed
    }

    fn known_slot(&mut self, name: &At<String>) {
        if !self.is_slot(name.get()) {
            let known = self.slots.clone();
            let message = format!("no slot is called `{}`", name.get());
            self.problem(
                name.span,
                message,
                suggestion(name.get(), &known, "declare it under `needs: slots:`"),
            );
        }
    }

    fn is_slot(&self, name: &str) -> bool {
        self.slots
            .iter()
            .chain(&self.unread.slots)
            .any(|slot| slot == name)
    }

    fn step(&mut self, step: &At<StepFile>) -> Option<Step> {
        let span = step.span;
        match step.get() {
            StepFile::Call(file) if file.people.is_some() => self.call_by_several(file, span),
            StepFile::Call(file) => Some(self.single(file, span)),
            StepFile::Trigger(file) => self.trigger(file, span),
            StepFile::Fault(file) => self.fault(file, span),
            StepFile::Await(file) => self.wait_for(file, span),
            StepFile::Quiet(_) => Some(Step::Quiet),
            StepFile::Wait(file) => self.wait(&file.wait),
            StepFile::Ledger(file) => self.ledger(file, span),
            StepFile::Parallel(file) => Some(self.parallel(file)),
        }
    }

    fn trigger(&mut self, file: &TriggerFile, span: Span) -> Option<Step> {
        let name = *file.trigger.get();
        // A slot is closed whoever has booked it.
        let booking = match &file.booking {
            None if name == TriggerName::CloseSlot => String::new(),
            None if name.is_about_entry() => self.due_entry(file.entry.as_ref(), span)?,
            None if name.is_about_waitlist() => {
                self.needs_waitlist(name.name(), span);
                String::new()
            }
            booking => self.due_booking(booking.as_ref(), span)?,
        };
        if let Some(slot) = &file.slot {
            self.known_slot(slot);
        }
        let slot = file.slot.as_ref().map(|slot| slot.get().clone());
        Some(Step::Trigger(TriggerStep { name, booking, slot }))
    }

    fn wait(&mut self, file: &WaitFile) -> Option<Step> {
        let moment = match file {
            WaitFile::For(text) => Moment::After(self.duration(text)?),
            WaitFile::StartOf(name) => {
                self.known_slot(name);
                Moment::StartOf(name.get().clone())
            }
            WaitFile::EndOf(name) => {
                self.known_slot(name);
                Moment::EndOf(name.get().clone())
            }
        };
        Some(Step::Wait(Wait { moment }))
    }
}
