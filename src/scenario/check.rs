//! Giving a scenario file its meaning: names, references, shapes. Every mistake is collected.

mod crowd;
mod google;
mod labels;
mod ledger;
mod needs;

use super::card::{self, Card, CardFile};
use super::file::{At, AwaitName, ChangeFile, ExpectFile, ScenarioFile, StepFile, UserName, WaitFile};
use super::model::{Await, CallStep, Expectation, Moment, Scenario, Step, TriggerStep, Wait};
use super::shape::{breaks_model, change, expectation, expected, fields, kinds, lookup};
use super::wire::{is_required, message_names, misfits, suggestion, unknown_fields};
use super::{Problem, Source, template};
use domain::TriggerName;
use protocol::Method;
use protocol::model::{Kind, Model, v1alpha, v3};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The next step when a message breaks the wire model.
const DECLARE: &str = "if the step breaks the message on purpose, say why: `invalid: …`";

/// The name of a scenario's only slot.
const ONLY: &str = "slot";

/// The checked scenario, or everything that is wrong in its file.
pub(super) fn check(source: &Source, text: &Arc<str>, file: &ScenarioFile) -> Result<Scenario, Vec<Problem>> {
    let mut checker = Checker {
        file: &source.file,
        text,
        problems: Vec::new(),
        labels: Vec::new(),
        slots: Vec::new(),
    };
    let mut slots = checker.slots(file);
    checker.contrasts(file);
    let steps: Vec<_> = file.steps.iter().filter_map(|step| checker.step(step)).collect();
    if file.steps.is_empty() {
        checker.problem(
            file.title.span(),
            "a scenario needs at least one step",
            "add `steps:`",
        );
    }
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    card::note(&mut slots, &steps);
    Ok(Scenario {
        id: source.id.clone(),
        source: source.file.clone(),
        title: file.title.get().clone(),
        serves: file.serves.iter().map(|id| *id.get()).collect(),
        explains: file.explains.clone(),
        slots,
        page: file.needs.page.unwrap_or(0),
        steps,
    })
}

struct Checker<'a> {
    file: &'a str,
    text: &'a Arc<str>,
    problems: Vec<Problem>,
    labels: Vec<String>,
    slots: Vec<String>,
}

type Span = (usize, usize);

impl Checker<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems
            .push(Problem::new(self.file, self.text, span, message).help(help));
    }

    fn duration(&mut self, text: &At<String>) -> Option<Duration> {
        let parsed = text
            .get()
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|d| Duration::try_from(d).ok());
        if parsed.is_none() {
            let message = format!("`{}` is not a length of time", text.get());
            self.problem(text.span(), message, "write it like `90s`, `15m` or `2h`");
        }
        parsed
    }

    fn known_slot(&mut self, name: &At<String>) {
        if !self.slots.contains(name.get()) {
            let known = self.slots.clone();
            let message = format!("no slot is called `{}`", name.get());
            self.problem(
                name.span(),
                message,
                suggestion(name.get(), &known, "declare it under `needs: slots:`"),
            );
        }
    }

    fn step(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        let kinds = kinds(file);
        if kinds.len() != 1 {
            let message = match kinds.len() {
                0 => "the step says nothing to do".to_owned(),
                _ => format!("the step says {} at once", kinds.join(" and ")),
            };
            let help = "a step has exactly one of call, trigger, fault, await, quiet, wait, ledger, parallel";
            self.problem(step.span(), message, help);
            return None;
        }
        self.check_fields(step, kinds[0]);
        match kinds[0] {
            "call" if file.people.is_some() => self.crowd(step),
            "call" => self.single(step),
            "trigger" => self.trigger(step),
            "fault" => self.fault(step),
            "await" => self.wait_for(step),
            "quiet" => Some(Step::Quiet),
            "wait" => self.wait(file),
            "ledger" => self.ledger(step),
            _ => Some(self.parallel(file)),
        }
    }

    /// Fields that mean nothing on this kind of step are mistakes, not decoration.
    fn check_fields(&mut self, step: &At<StepFile>, kind: &str) {
        for (field, owners) in fields(step.get()) {
            if !owners.contains(&kind) {
                let message = format!("`{field}` means nothing on a `{kind}` step");
                self.problem(
                    step.span(),
                    message,
                    format!("it belongs to: {}", owners.join(", ")),
                );
            }
        }
    }

    fn call(&mut self, step: &At<StepFile>) -> Option<CallStep> {
        let file = step.get();
        let method = *file.call.as_ref()?.get();
        let named = file.slot.iter().chain(&file.slots);
        named.for_each(|slot| self.known_slot(slot));
        if let Some(ChangeFile::MoveTo(slot) | ChangeFile::PartyOf(slot)) = &file.change {
            self.known_slot(slot);
        }
        let used = match &file.card {
            Some(CardFile::UsedFor(label)) => Some(label),
            _ => None,
        };
        for label in file.repeat.iter().chain(&file.authenticate).chain(used) {
            self.known_label(label);
        }
        if let Some(booking) = &file.booking {
            self.template(booking.get(), booking.span());
        }
        if let Some(with) = &file.with {
            self.with(step, method, with);
            self.templates(with, step.span());
        }
        for path in &file.without {
            self.known_path(method, path);
            if file.invalid.is_none() && is_required(method, path.get()) {
                let message = format!("{method} requires `{}`", path.get());
                self.problem(path.span(), message, DECLARE);
            }
        }
        self.needs_booking(step, method);
        let expect = self.expectations(file.expect.as_ref(), method, step.span());
        if let Some(label) = &file.label {
            self.new_label(label);
        }
        Some(CallStep {
            method,
            label: file.label.as_ref().map(|label| label.get().clone()),
            slot: file.slot.as_ref().map(|slot| slot.get().clone()),
            lookup: lookup(file),
            booking: file.booking.as_ref().map(|booking| booking.get().clone()),
            change: file.change.as_ref().map(change),
            card: file.card.as_ref().map(Card::from).unwrap_or_default(),
            authenticate: file.authenticate.as_ref().map(|label| label.get().clone()),
            repeat: file.repeat.as_ref().map(|label| label.get().clone()),
            person: usize::from(
                file.user
                    .as_ref()
                    .is_some_and(|user| *user.get() == UserName::Other),
            ),
            with: file.with.clone(),
            without: file.without.iter().map(|path| path.get().clone()).collect(),
            raw: file.raw.clone(),
            breaks_model: breaks_model(file),
            form: file.form,
            path: file.path.clone(),
            verb: file.method.clone(),
            probe: file.probe,
            headers: file.headers.clone(),
            credentials: file.auth.unwrap_or_default(),
            expect,
            independent: file.independent,
        })
    }

    /// What an author sets must fit the message, unless it is declared to break it.
    fn with(&mut self, step: &At<StepFile>, method: Method, with: &Value) {
        if step.get().invalid.is_some() {
            return;
        }
        let message = method.request_message();
        self.fields_of(v3(), message.as_deref(), with, step.span());
        for misfit in misfits(method, with) {
            self.problem(step.span(), format!("{method} cannot have {misfit}"), DECLARE);
        }
    }

    fn needs_booking(&mut self, step: &At<StepFile>, method: Method) {
        let needs = matches!(method, Method::UpdateBooking | Method::GetBookingStatus);
        let file = step.get();
        if needs && file.booking.is_none() && file.repeat.is_none() && file.raw.is_none() {
            let help = "add `booking: \"{{ created.booking_id }}\"`";
            self.problem(
                step.span(),
                format!("{method} needs the booking that it is about"),
                help,
            );
        }
        if method == Method::UpdateBooking
            && file.change.is_none()
            && file.with.is_none()
            && file.repeat.is_none()
            && file.raw.is_none()
        {
            let help = "add `change: cancel` or `change: { move_to: … }`";
            self.problem(step.span(), "UpdateBooking needs what it changes", help);
        }
    }

    fn expectations(&mut self, expect: Option<&ExpectFile>, method: Method, span: Span) -> Vec<Expectation> {
        let mut checked = Vec::new();
        for file in expected(expect) {
            let place = file.requirement.span();
            if let Some(body) = &file.body {
                self.fields_of(v3(), method.response_message().as_deref(), body, place);
                self.templates(body, span);
            }
            checked.push(expectation(file));
        }
        checked
    }

    fn trigger(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        let name = *file.trigger.as_ref()?.get();
        // A slot is closed whoever has booked it.
        let booking = match &file.booking {
            None if name == TriggerName::CloseSlot => String::new(),
            _ => self.booking(step)?,
        };
        if let Some(slot) = &file.slot {
            self.known_slot(slot);
        }
        let slot = file.slot.as_ref().map(|slot| slot.get().clone());
        Some(Step::Trigger(TriggerStep { name, booking, slot }))
    }

    fn wait_for(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        if *file.wait_for.as_ref()? == AwaitName::Slot {
            return self.wait_for_slot(step);
        }
        let booking = self.booking(step);
        let Some(requirement) = &file.requirement else {
            self.problem(
                step.span(),
                "`await` names no requirement",
                "add `requirement: RTU-…`",
            );
            return None;
        };
        let Some(until) = &file.until else {
            self.problem(
                step.span(),
                "`await` says not until when",
                "add `until: { status: CANCELED }`",
            );
            return None;
        };
        self.fields_of(v1alpha(), Some("Booking"), until, requirement.span());
        self.templates(until, step.span());
        Some(Step::Await(Await {
            booking: booking?,
            requirement: *requirement.get(),
            until: until.clone(),
            otherwise: file.otherwise.clone(),
        }))
    }

    fn booking(&mut self, step: &At<StepFile>) -> Option<String> {
        let Some(booking) = &step.get().booking else {
            let help = "add `booking: \"{{ created.booking_id }}\"`";
            self.problem(
                step.span(),
                "the step does not say which booking it is about",
                help,
            );
            return None;
        };
        self.template(booking.get(), booking.span());
        Some(booking.get().clone())
    }

    fn wait(&mut self, file: &StepFile) -> Option<Step> {
        let moment = match file.wait.as_ref()? {
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

    fn parallel(&mut self, file: &StepFile) -> Step {
        let mut calls = Vec::new();
        for step in &file.parallel {
            if step.get().call.is_none() {
                self.problem(
                    step.span(),
                    "only calls can be sent at the same moment",
                    "move it out of `parallel`",
                );
            }
            calls.extend(self.call(step));
        }
        Step::Parallel(calls, self.together(file))
    }

    fn templates(&mut self, value: &Value, span: Span) {
        match value {
            Value::String(text) => self.template(text, span),
            Value::Array(items) => items.iter().for_each(|item| self.templates(item, span)),
            Value::Object(fields) => fields.values().for_each(|field| self.templates(field, span)),
            _ => {}
        }
    }

    fn template(&mut self, text: &str, span: Span) {
        let names = match template::names(text) {
            Ok(names) => names,
            Err(error) => {
                return self.problem(
                    span,
                    error.to_string(),
                    "write it like \"{{ created.booking_id }}\"",
                );
            }
        };
        for name in names {
            let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
            match first {
                "user" | "run" => {}
                "slot" if self.slots.iter().any(|slot| slot == ONLY) => {}
                "slots" => {
                    let slot = rest.split('.').next().unwrap_or_default();
                    if !self.slots.iter().any(|known| known == slot) {
                        self.problem(
                            span,
                            format!("no slot is called `{slot}`"),
                            "declare it under `needs: slots:`",
                        );
                    }
                }
                label if self.labels.iter().any(|known| known == label) => {}
                unknown => {
                    let known = self.labels.clone();
                    let message = format!("`{name}` has no value: no earlier answer is called `{unknown}`");
                    self.problem(span, message, suggestion(unknown, &known, "name it with `as:`"));
                }
            }
        }
    }

    fn known_path(&mut self, method: Method, path: &At<String>) {
        let mut message = method.request_message().and_then(|name| v3().message(&name));
        // A number names an item of a list.
        for name in path
            .get()
            .split('.')
            .filter(|name| name.parse::<usize>().is_err())
        {
            let Some(field) = message.and_then(|message| message.field(name)) else {
                let text = format!("{method} has no field `{}`", path.get());
                return self.problem(path.span(), text, "write the path from the request's root");
            };
            message = match &field.kind {
                Kind::Message(name) => v3().message(name),
                _ => None,
            };
        }
    }

    /// Names in a message must stand in the wire model; matchers stand in place of values.
    fn fields_of(&mut self, model: &Model, message: Option<&str>, value: &Value, span: Span) {
        let Some(message) = message.and_then(|name| model.message(name)) else {
            return;
        };
        for unknown in unknown_fields(model, message, value) {
            let known: Vec<String> = message_names(model, message);
            let wrong = unknown.rsplit('.').next().unwrap_or(&unknown).to_owned();
            let help = suggestion(&wrong, &known, "the names are those of the interface definition");
            self.problem(span, format!("{} has no field `{unknown}`", message.name), help);
        }
    }
}
