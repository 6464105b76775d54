//! Bookings that are moved on the partner's side, to a slot that the scenario file names.

use super::Story;
use domain::TriggerName;
use domain::slot::Slot;
use scenario::{Step, TriggerStep};
use transcript::Fact;

impl Story {
    /// The partner was asked to move `bk-0001` to a slot with this start, and did.
    pub(crate) fn reschedule_to(mut self, start_sec: i64) -> Self {
        let name = format!("slot{}", self.scenario.steps.len());
        let slot = Slot {
            start_sec,
            ..self.slot.clone()
        };
        if let Fact::Bound(bound) = &mut self.transcript.entries[0].fact {
            bound.slots.insert(name.clone(), slot);
        }
        let step = self.scenario.steps.len();
        self.scenario.steps.push(Step::Trigger(TriggerStep {
            name: TriggerName::Reschedule,
            booking: "bk-0001".into(),
            slot: Some(name),
        }));
        self = self.trigger("reschedule");
        for entry in self.transcript.entries.iter_mut().rev().take(1) {
            if let Fact::Trigger(trigger) = &mut entry.fact {
                trigger.step.step = step;
            }
        }
        self
    }
}
