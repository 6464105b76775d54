//! One call by several people, and what several answers must be like together.

use super::Checker;
use crate::file::{At, StepFile};
use crate::model::Step;
use crate::several::{Crowd, SetExpectation};
use crate::shape::{people, together};

impl Checker<'_> {
    pub(super) fn together(&mut self, file: &StepFile) -> Option<SetExpectation> {
        let written = file.together.as_ref()?;
        let checked = together(written);
        if checked.is_none() {
            let help = "write either `same:` or `bookings:`";
            let place = written.requirement.span();
            self.problem(place, "`together` needs one thing to compare", help);
        }
        checked
    }

    /// One call by one person, about which nothing can be said together.
    pub(super) fn single(&mut self, step: &At<StepFile>) -> Option<Step> {
        if step.get().together.is_some() {
            let help = "add `people:`, or move the calls into `parallel:`";
            self.problem(step.span(), "`together` needs more than one answer", help);
        }
        self.call(step).map(Box::new).map(Step::Call)
    }

    pub(super) fn crowd(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        let written = file.people.as_ref()?;
        if file.expect.is_some() || file.user.is_some() {
            let help = "say it of all answers with `together:`";
            self.problem(
                step.span(),
                "`expect` and `user` mean nothing where several people call",
                help,
            );
        }
        let Some(people) = people(written.get()) else {
            let help = "write either `exactly:` or `beyond_spots:`";
            self.problem(written.span(), "`people` needs one number", help);
            return None;
        };
        Some(Step::Crowd(Box::new(Crowd {
            call: self.call(step)?,
            people,
            at_once: written.get().at_once,
            together: self.together(file),
        })))
    }
}
