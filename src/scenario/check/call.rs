//! Calls: what they say must fit their method, and what they name must be there.

use super::Checker;
use crate::card::{Card, CardFile};
use crate::file::{CallFile, ChangeFile, LookupName, ParallelFile, StepFile, UserName};
use crate::model::{CallStep, Expectation, Step};
use crate::reading::{At, Node, Span};
use crate::shape::{breaks_model, change, expectation, expected, is_made_by, lookup};
use crate::wire::{is_required, message_names, misfits, suggestion, unknown_fields};
use protocol::Method;
use protocol::model::{Kind, Model, v3};

/// The place of the scenario's own user among the users.
const OWN: usize = 0;
/// The place of the other one.
const OTHER: usize = 1;

/// The next step when a message breaks the wire model.
const DECLARE: &str = "if the step breaks the message on purpose, say why: `invalid: …`";

impl Checker<'_> {
    pub(super) fn call(&mut self, file: &CallFile, span: Span) -> CallStep {
        let method = *file.call.get();
        self.names_in(file);
        let booking = file.booking.as_ref().map(|booking| self.booking(booking));
        let entry = self.of_waitlist(file, span);
        if let Some(with) = &file.with {
            self.with(file, method, with);
            self.templates(with);
        }
        for path in &file.without {
            self.known_path(method, path);
            if file.invalid.is_none() && is_required(method, path.get()) {
                let message = format!("{method} requires `{}`", path.get());
                self.problem(path.span, message, DECLARE);
            }
        }
        self.size_of_page(file);
        self.needs_booking(file, span);
        self.kind_of_slots(file, span);
        let expect = self.expectations(file);
        if let Some(label) = &file.label {
            self.new_label(label, method);
        }
        let name = |name: &Option<At<String>>| name.as_ref().map(|name| name.get().clone());
        CallStep {
            method,
            label: name(&file.label),
            slot: name(&file.slot),
            lookup: lookup(file),
            booking,
            entry,
            change: file.change.as_ref().map(change),
            order: file.order.unwrap_or_default(),
            card: file.card.as_ref().map(Card::from).unwrap_or_default(),
            authenticate: name(&file.authenticate),
            repeat: name(&file.repeat),
            person: self.person(file),
            with: file.with.as_ref().map(Node::value),
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
        }
    }

    /// Who makes a call: each booking that names nobody is another user's, since a partner may let one user book once only.
    fn person(&mut self, file: &CallFile) -> usize {
        let books = matches!(
            *file.call.get(),
            Method::CreateBooking | Method::CreateWaitlistEntry
        );
        let earlier = file.repeat.is_some() || file.authenticate.is_some();
        match file.user.as_ref().map(At::get) {
            Some(UserName::Other) => OTHER,
            Some(UserName::Own) => OWN,
            None if !books || earlier => OWN,
            None => {
                let next = self.next_booker;
                self.next_booker = next.max(OTHER) + 1;
                next
            }
        }
    }

    /// Slots and earlier answers that a call names.
    fn names_in(&mut self, file: &CallFile) {
        let slots = file.slot.iter().chain(&file.slots);
        slots.for_each(|slot| self.known_slot(slot));
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
    }

    /// What an author sets must fit the message, unless it is declared to break it.
    fn with(&mut self, file: &CallFile, method: Method, with: &Node) {
        if file.invalid.is_some() {
            return;
        }
        let message = method.request_message();
        self.fields_of(v3(), message.as_deref(), with);
        for (misfit, span) in misfits(method, with) {
            self.problem(span, format!("{method} cannot have {misfit}"), DECLARE);
        }
    }

    /// A number of slots is said of a page, which has at least one.
    fn size_of_page(&mut self, file: &CallFile) {
        let Some(most) = &file.at_most else { return };
        if file.lookup != Some(LookupName::Page) {
            let help = "say `lookup: page`, or leave `at_most` out";
            self.problem(
                most.span,
                "`at_most` is about a page, and this call asks for none",
                help,
            );
        } else if *most.get() == 0 {
            let help = "say how many slots of the page are looked up";
            self.problem(most.span, "a page without slots asks for nothing", help);
        }
    }

    fn needs_booking(&mut self, file: &CallFile, span: Span) {
        let method = *file.call.get();
        let is_written = file.repeat.is_some() || file.raw.is_some();
        let needs = matches!(method, Method::UpdateBooking | Method::GetBookingStatus);
        if needs && file.booking.is_none() && !is_written {
            let message = format!("{method} needs the booking that it is about");
            self.problem(span, message, super::labels::NAME_BOOKING);
        }
        let changes = file.change.is_some() || file.with.is_some();
        if method == Method::UpdateBooking && !changes && !is_written {
            let help = "add `change: cancel` or `change: { move_to: … }`";
            self.problem(span, "UpdateBooking needs what it changes", help);
        }
    }

    fn expectations(&mut self, file: &CallFile) -> Vec<Expectation> {
        let method = *file.call.get();
        for one in expected(file.expect.as_ref()) {
            if let Some(body) = &one.body {
                self.fields_of(v3(), method.response_message().as_deref(), body);
                self.templates(body);
            }
        }
        expected(file.expect.as_ref()).iter().map(expectation).collect()
    }

    /// One call by one person, about which nothing can be said together.
    pub(super) fn single(&mut self, file: &CallFile, span: Span) -> Step {
        if let Some(together) = &file.together {
            let help = "add `people:`, or move the calls into `parallel:`";
            let place = together.requirement.span;
            self.problem(place, "`together` needs more than one answer", help);
        }
        let mut call = self.call(file, span);
        if call.label.is_some() && !call.probe && file.expect.is_none() {
            call.expect.extend(is_made_by(call.method));
        }
        Step::Call(Box::new(call))
    }

    pub(super) fn parallel(&mut self, file: &ParallelFile) -> Step {
        let mut calls = Vec::new();
        for step in &file.parallel {
            match step.get() {
                StepFile::Call(call) => calls.push(self.call(call, step.span)),
                _ => self.problem(
                    step.span,
                    "only calls can be sent at the same moment",
                    "move it out of `parallel`",
                ),
            }
        }
        Step::Parallel(calls, self.together(file.together.as_ref()))
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
                return self.problem(path.span, text, "write the path from the request's root");
            };
            message = match &field.kind {
                Kind::Message(name) => v3().message(name),
                _ => None,
            };
        }
    }

    /// Names in a message must stand in the wire model; matchers stand in place of values.
    pub(super) fn fields_of(&mut self, model: &Model, message: Option<&str>, value: &Node) {
        let Some(message) = message.and_then(|name| model.message(name)) else {
            return;
        };
        for unknown in unknown_fields(model, message, value) {
            let known: Vec<String> = message_names(model, message);
            let wrong = unknown
                .name
                .rsplit('.')
                .next()
                .unwrap_or(&unknown.name)
                .to_owned();
            let help = suggestion(&wrong, &known, "the names are those of the interface definition");
            let text = format!("{} has no field `{}`", message.name, unknown.name);
            self.problem(unknown.span, text, help);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use crate::model::Lookup;
    use crate::{Source, load};

    fn read(lookup: &str) -> Result<Lookup, String> {
        let text = format!(
            "title: a\nneeds: {{ slot: {{}}, page: 9 }}\nsteps:\n  - {{ call: BatchAvailabilityLookup, {lookup} }}\n"
        );
        let source = Source {
            id: "a/b".into(),
            file: "a".into(),
            text,
        };
        let loaded = load(&[source]).map_err(|problems| problems.0[0].message.clone());
        loaded.map(|scenarios| scenarios[0].calls().next().unwrap().lookup.clone())
    }

    #[test]
    fn a_number_of_slots_is_said_of_a_page() {
        assert_eq!(read("lookup: page"), Ok(Lookup::Page(None)));
        assert_eq!(read("lookup: page, at_most: 5"), Ok(Lookup::Page(Some(5))));
        assert!(
            read("lookup: slot, at_most: 5")
                .unwrap_err()
                .contains("asks for none")
        );
        assert!(
            read("lookup: page, at_most: 0")
                .unwrap_err()
                .contains("asks for nothing")
        );
    }
}
