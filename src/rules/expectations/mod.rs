//! What the scenario file itself expects of answers and notifications.
//!
//! A requirement is only failed by evidence: once a step has failed, what later steps expect cannot be judged any more,
//! unless a step says that it stands alone.

mod answer;
mod booking_wait;
mod call;
mod faults;
mod ledger;
mod slot_wait;
mod together;

pub(super) use booking_wait::came_late;

use super::{Bench, Case};
use catalogue::RequirementId;
use scenario::Step;
use transcript::{Fact, StepPath};

/// What rules find in an answer and what explains that it is not as the scenario expects: entries that cannot be matched,
/// a refusal that goes back on the look-up, a failure that does not say why.
const SPEAKING: [RequirementId; 5] = [
    RequirementId::declared("BS-BAL-01"),
    RequirementId::declared("BS-BAL-02"),
    RequirementId::declared("BS-BAL-17"),
    RequirementId::declared("BS-CREATE-07"),
    RequirementId::declared("BS-CREATE-29"),
];

/// Judges every expectation of the scenario's steps, after the rules.
pub(super) fn judge(case: &Case<'_>, bench: &mut Bench) {
    let mut broken = false;
    for (index, step) in case.scenario.steps.iter().enumerate() {
        let path = StepPath {
            step: index,
            branch: None,
        };
        let failed = match step {
            Step::Call(call) => {
                call::judge(case, call, path, broken && !call.independent, bench) && !call.independent
            }
            Step::Parallel(calls, together) => {
                let each = calls.iter().enumerate().map(|(branch, call)| {
                    call::judge(
                        case,
                        call,
                        StepPath {
                            step: index,
                            branch: Some(branch),
                        },
                        broken,
                        bench,
                    )
                });
                let failed = each.fold(false, |failed, one| failed | one);
                failed
                    | together
                        .as_ref()
                        .is_some_and(|set| together::judge(case, set, index, broken, bench))
            }
            Step::Crowd(crowd) => crowd
                .together
                .as_ref()
                .is_some_and(|set| together::judge(case, set, index, broken, bench)),
            Step::Await(wait) => booking_wait::judge(case, wait, path, broken, bench),
            Step::AwaitSlot(wait) => slot_wait::judge(case, wait, path, broken, bench),
            Step::Trigger(_) => trigger_failed(case, path),
            Step::Fault(_) | Step::Quiet | Step::Wait(_) => false,
            Step::Ledger(wanted) => ledger::judge(case, wanted, path, broken, bench),
        };
        broken |= failed;
    }
}

fn trigger_failed(case: &Case<'_>, path: StepPath) -> bool {
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
