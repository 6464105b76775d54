//! Calls and acts that are about a waitlist.

use super::Checker;
use crate::file::CallFile;
use crate::reading::{At, Span};
use crate::wire::suggestion;
use protocol::Method;

/// The next step where an entry has to be named.
const NAME_ENTRY: &str = "add `entry: joined`, the name of the CreateWaitlistEntry that made it";

impl Checker<'_> {
    /// What a call of a method of waitlists has to say.
    pub(super) fn of_waitlist(&mut self, file: &CallFile, span: Span) -> Option<String> {
        let method = *file.call.get();
        let entry = file.entry.as_ref().map(|entry| self.entry(entry));
        let is_written = file.repeat.is_some() || file.raw.is_some();
        if method.is_of_waitlists() && file.raw.is_none() {
            self.needs_waitlist(method.name(), span);
        }
        let needs = matches!(method, Method::GetWaitlistEntry | Method::DeleteWaitlistEntry);
        if needs && entry.is_none() && !is_written {
            let message = format!("{method} needs the waitlist entry that it is about");
            self.problem(span, message, NAME_ENTRY);
        }
        entry
    }

    /// A waitlist has to be bound before anything can be done with it.
    pub(super) fn needs_waitlist(&mut self, what: &str, span: Span) {
        if !self.has_waitlist {
            let message = format!("{what} is about a waitlist, and the scenario needs none");
            self.problem(span, message, "add `needs: { waitlist: {} }`");
        }
    }

    /// The template of the id of an entry: that of an earlier CreateWaitlistEntry which is named, or one that is written out.
    fn entry(&mut self, entry: &At<String>) -> String {
        let text = entry.get();
        if text.contains("{{") {
            self.template(text, entry.span);
            return text.clone();
        }
        if !self.entries.contains(text) {
            let message = format!("no earlier CreateWaitlistEntry is called `{text}`");
            let help = suggestion(text, &self.entries, "name it with `as:`");
            self.problem(entry.span, message, help);
        }
        format!("{{{{ {text}.entry_id }}}}")
    }

    /// The same where a step cannot do without.
    pub(super) fn due_entry(&mut self, entry: Option<&At<String>>, step: Span) -> Option<String> {
        if entry.is_none() {
            let message = "the step does not say which waitlist entry it is about";
            self.problem(step, message, NAME_ENTRY);
        }
        entry.map(|entry| self.entry(entry))
    }
}
