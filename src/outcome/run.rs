//! What a report of a run can do.

use super::{ExitReason, RunReport, verdict_of};

impl RunReport {
    /// The form of `run.json`. Format 2 has all keys of format 1.
    pub const FORMAT: u32 = 2;

    /// A reason that showed when everything was judged: it counts as the others do.
    pub fn add_reason(&mut self, reason: ExitReason) {
        self.exit_reasons.push(reason);
        self.verdict = verdict_of(&mut self.exit_reasons);
        self.exit_code = self.verdict.exit_code();
    }

    /// Says of each example how it is repeated; `command` makes the command for a scenario, or for the whole run.
    pub fn repeat_with(&mut self, command: impl Fn(Option<&str>) -> String) {
        for cause in &mut self.findings_by_cause {
            cause.example.again = Some(command(cause.example.scenario.as_deref()));
        }
    }
}
