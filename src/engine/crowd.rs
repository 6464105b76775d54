//! One call by several people: at the same moment, or one after the other.

use super::request;
use super::steps::{Halt, Performer};
use scenario::{CallStep, Crowd};
use transcript::StepPath;

impl Performer<'_> {
    /// Everybody sends a request of their own.
    pub(super) async fn crowd(&mut self, step: usize, crowd: &Crowd) -> Result<(), Halt> {
        let calls = self.calls_of(crowd);
        if crowd.at_once {
            return self.calls(step, &calls, true).await;
        }
        for (place, call) in calls.iter().enumerate() {
            let path = StepPath {
                step,
                branch: Some(place),
            };
            let built = self.build(call)?;
            self.send(&[(path, call, built)]).await?;
        }
        Ok(())
    }

    /// The label is the first person's.
    fn calls_of(&self, crowd: &Crowd) -> Vec<CallStep> {
        let slot = request::slot(self.job, &crowd.call, &self.so_far());
        let people = crowd.people.count(slot.map_or(1, |slot| slot.spots_open));
        let call = |person| CallStep {
            person,
            label: crowd
                .call
                .label
                .clone()
                .filter(|_| person == crowd.first_person()),
            ..crowd.call.clone()
        };
        let first = crowd.first_person();
        let last = (first + people).min(self.job.crowd.len() + 2);
        (first..last).map(call).collect()
    }
}
