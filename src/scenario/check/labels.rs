//! The names of answers, and of the bookings in them.

use super::Checker;
use crate::file::StepFile;
use crate::reading::{At, Span};
use crate::shape::{calls, expected, labels};
use crate::wire::suggestion;
use protocol::Method;

/// The next step where a booking has to be named.
pub(super) const NAME_BOOKING: &str = "add `booking: created`, the name of the CreateBooking that made it";

impl Checker<'_> {
    /// A control may be an answer that comes later.
    pub(super) fn controls<'f>(&mut self, steps: impl Iterator<Item = &'f At<StepFile>> + Clone) {
        let known = labels(steps.clone());
        let calls = steps.flat_map(|step| calls(step.get()));
        let named = calls.flat_map(|call| expected(call.expect.as_ref()));
        for label in named.filter_map(|expectation| expectation.control.as_ref()) {
            if !known.contains(label.get()) && !self.unread.labels.contains(label.get()) {
                let message = format!("no answer is called `{}`", label.get());
                let help = suggestion(label.get(), &known, "name it with `as:`");
                self.problem(label.span, message, help);
            }
        }
    }

    pub(super) fn new_label(&mut self, label: &At<String>, method: Method) {
        let name = label.get();
        let reserved = ["slots", "slot", "user", "run", "waitlist"].contains(&name.as_str());
        if reserved || self.labels.contains(name) {
            let message = format!("the name `{name}` is taken");
            self.problem(label.span, message, "give the answer another name");
        }
        if !is_identifier(name) {
            let message = format!("`{name}` cannot name an answer, since templates could not name it");
            self.problem(label.span, message, "use letters, digits and `_`");
        }
        self.labels.push(name.clone());
        match method {
            Method::CreateBooking => self.bookings.push(name.clone()),
            Method::CreateWaitlistEntry => self.entries.push(name.clone()),
            _ => {}
        }
    }

    pub(super) fn known_label(&mut self, label: &At<String>) {
        if !self.is_label(label.get()) {
            let message = format!("no earlier answer is called `{}`", label.get());
            let help = suggestion(label.get(), &self.labels, "name it with `as:`");
            self.problem(label.span, message, help);
        }
    }

    pub(super) fn is_label(&self, name: &str) -> bool {
        let mut all = self.labels.iter().chain(&self.unread.labels);
        all.any(|label| label == name)
    }

    /// The template of the id of a booking: that of an earlier CreateBooking which is named, or one that is written out.
    pub(super) fn booking(&mut self, booking: &At<String>) -> String {
        let text = booking.get();
        if text.contains("{{") {
            self.template(text, booking.span);
            return text.clone();
        }
        if !self.bookings.contains(text) {
            let message = if self.labels.contains(text) {
                format!("`{text}` makes no booking: only the name of a CreateBooking stands for one")
            } else {
                format!("no earlier CreateBooking is called `{text}`")
            };
            let help = suggestion(text, &self.bookings, "name it with `as:`");
            self.problem(booking.span, message, help);
        }
        format!("{{{{ {text}.booking_id }}}}")
    }

    /// The same where a step cannot do without.
    pub(super) fn due_booking(&mut self, booking: Option<&At<String>>, step: Span) -> Option<String> {
        if booking.is_none() {
            let message = "the step does not say which booking it is about";
            self.problem(step, message, NAME_BOOKING);
        }
        booking.map(|booking| self.booking(booking))
    }
}

fn is_identifier(name: &str) -> bool {
    let rest = name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    rest && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()
}
