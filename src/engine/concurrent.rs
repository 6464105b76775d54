//! One call by several users: at the same moment, or one after the other.

use super::performer::{Halt, Performer};
use super::request;
use scenario::{CallStep, Crowd};
use transcript::StepPath;

impl Performer<'_> {
    /// Every user sends a request.
    pub(super) async fn call_by_several(&mut self, step: usize, crowd: &Crowd) -> Result<(), Halt> {
        let calls = self.calls_of(crowd);
        if crowd.at_once {
            return self.send_calls(step, &calls, true).await;
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

    /// The call of each user; the label is the first one's.
    fn calls_of(&self, crowd: &Crowd) -> Vec<CallStep> {
        let slot = request::slot(self.job, &crowd.call, &self.so_far());
        let users = crowd.people.count(slot.map_or(1, |slot| slot.spots_open));
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
        let last = (first + users).min(self.job.more_users.len() + 2);
        (first..last).map(call).collect()
    }
}
