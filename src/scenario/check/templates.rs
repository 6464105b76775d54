//! Templates: they must be ones, and what they name must be there.

use super::{Checker, ONLY};
use crate::reading::{Content, Node, Span};
use crate::template;
use crate::wire::suggestion;

impl Checker<'_> {
    /// Every template in a value.
    pub(super) fn templates(&mut self, value: &Node) {
        match &value.content {
            Content::Text(text) => self.template(text, value.span),
            Content::List(items) => items.iter().for_each(|item| self.templates(item)),
            Content::Map(entries) => entries.iter().for_each(|(_, value)| self.templates(value)),
            _ => {}
        }
    }

    pub(super) fn template(&mut self, text: &str, span: Span) {
        match template::names(text) {
            Ok(names) => names.iter().for_each(|name| self.template_name(name, span)),
            Err(error) => {
                let help = "write it like \"{{ created.booking_id }}\"";
                self.problem(span, error.to_string(), help);
            }
        }
    }

    fn template_name(&mut self, name: &str, span: Span) {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        match first {
            "user" | "run" => {}
            "slot" if self.is_slot(ONLY) => {}
            "waitlist" if self.has_waitlist => {}
            "slots" => {
                let slot = rest.split('.').next().unwrap_or_default();
                if !self.is_slot(slot) {
                    let message = format!("no slot is called `{slot}`");
                    self.problem(span, message, "declare it under `needs: slots:`");
                }
            }
            label if self.is_label(label) => {}
            unknown => {
                let message = format!("`{name}` has no value: no earlier answer is called `{unknown}`");
                let help = suggestion(unknown, &self.labels, "name it with `as:`");
                self.problem(span, message, help);
            }
        }
    }
}
