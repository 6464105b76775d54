//! What the scenario file itself expects of answers and notifications.
//!
//! A requirement is only failed by evidence: once a step has failed, what later steps expect cannot be judged any more,
//! unless a step says that it is judged by itself.

mod answer;
mod booking_wait;
mod call;
mod faults;
mod ledger;
mod slot_wait;
mod together;

pub(super) use booking_wait::is_late;
pub use call::came_too_late;

use super::verdicts::is_must;
use super::{Case, Verdicts};
use catalogue::RequirementId;
use scenario::{SetExpectation, Step};
use transcript::{Fact, StepPath};

/// What rules find in an answer and what explains that it is not as the scenario expects: entries that cannot be matched,
/// a refusal that goes back on the look-up, a failure that does not say why.
const SPEAKING: [RequirementId; 6] = [
    RequirementId::declared("BS-BAL-01"),
    RequirementId::declared("BS-BAL-02"),
    RequirementId::declared("BS-BAL-17"),
    RequirementId::declared("BS-CREATE-07"),
    RequirementId::declared("BS-CREATE-27"),
    RequirementId::declared("BS-CREATE-29"),
];

/// What hangs on how many spots a slot has.
const OF_SPOTS: [RequirementId; 5] = [
    RequirementId::declared("BS-BAL-06"),
    RequirementId::declared("BS-CREATE-08"),
    RequirementId::declared("INV-01"),
    RequirementId::declared("INV-16"),
    RequirementId::declared("RTU-RESCHED-05"),
];

/// Where the feed states another number of spots than the partner itself, nothing can be said of the last one.
fn is_disputed(case: &Case<'_>, requirement: RequirementId) -> bool {
    OF_SPOTS.contains(&requirement) && case.has_disputed_spots()
}

/// Whether a scenario continues after a step: once it has ended, later steps prove nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Continues,
    Ended,
}

impl Course {
    fn end_if(ended: bool) -> Self {
        if ended { Self::Ended } else { Self::Continues }
    }

    /// Only a violated MUST ends the scenario.
    fn after_failure_of(requirement: RequirementId) -> Self {
        Self::end_if(is_must(requirement))
    }

    fn has_ended(self) -> bool {
        self == Self::Ended
    }

    fn and(self, other: Self) -> Self {
        Self::end_if(self.has_ended() || other.has_ended())
    }
}

/// Judges every expectation of the scenario's steps, after the rules.
pub(super) fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let mut course = Course::Continues;
    for (index, step) in case.scenario.steps.iter().enumerate() {
        course = course.and(judge_step(case, step, index, course, verdicts));
    }
}

fn judge_step(case: &Case<'_>, step: &Step, index: usize, so_far: Course, verdicts: &mut Verdicts) -> Course {
    let path = StepPath {
        step: index,
        branch: None,
    };
    match step {
        // The step is judged by itself and ends nothing.
        Step::Call(call) if call.independent => {
            call::judge(case, call, path, Course::Continues, verdicts);
            Course::Continues
        }
        Step::Call(call) => call::judge(case, call, path, so_far, verdicts),
        Step::Parallel(calls, together) => {
            let each = calls.iter().enumerate().map(|(branch, call)| {
                let path = StepPath {
                    step: index,
                    branch: Some(branch),
                };
                call::judge(case, call, path, so_far, verdicts)
            });
            let each = each.fold(Course::Continues, Course::and);
            each.and(judge_together(case, together.as_ref(), index, so_far, verdicts))
        }
        Step::Crowd(crowd) => judge_together(case, crowd.together.as_ref(), index, so_far, verdicts),
        Step::Await(wait) => booking_wait::judge(case, wait, path, so_far, verdicts),
        Step::AwaitSlot(wait) => slot_wait::judge(case, wait, path, so_far, verdicts),
        Step::Trigger(_) => Course::end_if(is_trigger_broken(case, path)),
        Step::Fault(_) | Step::Quiet | Step::Wait(_) => Course::Continues,
        Step::Ledger(wanted) => ledger::judge(case, wanted, path, so_far, verdicts),
    }
}

fn judge_together(
    case: &Case<'_>,
    set: Option<&SetExpectation>,
    index: usize,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    set.map_or(Course::Continues, |set| {
        together::judge(case, set, index, so_far, verdicts)
    })
}

fn is_trigger_broken(case: &Case<'_>, path: StepPath) -> bool {
    let fired = case
        .transcript
        .entries
        .iter()
        .find_map(|entry| match &entry.fact {
            Fact::Trigger(trigger) if trigger.step == path => Some(trigger),
            _ => None,
        });
    fired.is_none_or(|trigger| trigger.failure.is_some())
}
