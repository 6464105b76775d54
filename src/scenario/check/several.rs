//! One call by several people, and what several answers must be like together.

use super::Checker;
use crate::file::{CallFile, TogetherFile};
use crate::model::Step;
use crate::reading::Span;
use crate::several::{Crowd, SetExpectation};
use crate::shape::{people, together};

impl Checker<'_> {
    pub(super) fn together(&mut self, file: Option<&TogetherFile>) -> Option<SetExpectation> {
        let written = file?;
        let checked = together(written);
        if checked.is_none() {
            let help = "write either `same:` or `bookings:`";
            let place = written.requirement.span;
            self.problem(place, "`together` needs one thing to compare", help);
        }
        checked
    }

    pub(super) fn call_by_several(&mut self, file: &CallFile, span: Span) -> Option<Step> {
        let written = file.people.as_ref()?;
        if file.expect.is_some() || file.user.is_some() {
            let help = "say it of all answers with `together:`";
            self.problem(
                span,
                "`expect` and `user` mean nothing where several people call",
                help,
            );
        }
        let Some(people) = people(written.get()) else {
            let help = "write either `exactly:` or `beyond_spots:`";
            self.problem(written.span, "`people` needs one number", help);
            return None;
        };
        Some(Step::Crowd(Box::new(Crowd {
            call: self.call(file, span),
            people,
            others: written.get().others,
            at_once: written.get().at_once,
            together: self.together(file.together.as_ref()),
        })))
    }
}
