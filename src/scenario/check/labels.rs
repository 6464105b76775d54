//! The names of answers.

use super::super::file::{At, ScenarioFile};
use super::super::shape::{expected, labels};
use super::super::wire::suggestion;
use super::Checker;

impl Checker<'_> {
    /// A contrast may be an answer that comes later.
    pub(super) fn contrasts(&mut self, file: &ScenarioFile) {
        let known = labels(&file.steps);
        let steps = file.steps.iter().map(At::get);
        let named = steps.flat_map(|step| expected(step.expect.as_ref()));
        for label in named.filter_map(|expectation| expectation.contrast.as_ref()) {
            if !known.contains(label.get()) {
                let message = format!("no answer is called `{}`", label.get());
                self.problem(
                    label.span(),
                    message,
                    suggestion(label.get(), &known, "name it with `as:`"),
                );
            }
        }
    }

    pub(super) fn new_label(&mut self, label: &At<String>) {
        let reserved = ["slots", "slot", "user", "run"].contains(&label.get().as_str());
        if reserved || self.labels.contains(label.get()) {
            let message = format!("the name `{}` is taken", label.get());
            self.problem(label.span(), message, "give the answer another name");
        }
        self.labels.push(label.get().clone());
    }

    pub(super) fn known_label(&mut self, label: &At<String>) {
        if !self.labels.contains(label.get()) {
            let known = self.labels.clone();
            let message = format!("no earlier answer is called `{}`", label.get());
            self.problem(
                label.span(),
                message,
                suggestion(label.get(), &known, "name it with `as:`"),
            );
        }
    }
}
