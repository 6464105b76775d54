//! What the partner did too late for a scenario: it could not be tested this time, and another time it may be.

use rules::{Case, came_too_late};
use scenario::Step;
use transcript::Fact;

/// Why a scenario whose slot starts within seconds could not be tested.
const STARTED: &str = "its slot had started before the answer to a booking or a change came";

/// Why a scenario could not be tested whose second wait for an inventory update was given up.
const GIVEN_UP: &str = "no inventory update had come in the run by then, so that another was not waited for to the end; they came later: \
                        give them more time by within under [notifications]";

/// What came too late, if anything did, for a scenario that is not testable.
pub(super) fn reason(case: &Case<'_>) -> Option<String> {
    let why = if came_too_late(case) {
        STARTED
    } else if gave_up(case) {
        GIVEN_UP
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// True where a step that waits for an inventory update only paused.
fn gave_up(case: &Case<'_>) -> bool {
    let mut entries = case.transcript.entries.iter();
    entries.any(|entry| {
        let Fact::Waited(pause) = &entry.fact else {
            return false;
        };
        matches!(case.scenario.steps.get(pause.step.step), Some(Step::AwaitSlot(_)))
    })
}
