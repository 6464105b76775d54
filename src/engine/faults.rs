//! Steps that make Google's side fail, and the wait for an inventory update.

use super::performer::{Halt, Performer};
use domain::Capability;
use domain::slot::Slot;
use scenario::{AwaitSlot, FaultStep, FaultTarget, matcher, template};
use serde_json::Value;
use transcript::{Aim, ArmedFault, CallKind, Fact, Pause, SlotWait, StepPath};

/// How the wait for an inventory update ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Met,
    Unmet,
    /// Given up, since none ever came.
    Hopeless,
}

impl Performer<'_> {
    /// Arms faults for the scenario's own booking or slot.
    pub(super) fn arm(&self, step: StepPath, fault: &FaultStep) -> Result<(), Halt> {
        let (aim, times) = (self.aim(&fault.target)?, fault.times);
        for fault in &fault.faults {
            self.record(Fact::Armed(ArmedFault {
                step,
                aim: aim.clone(),
                fault: fault.clone(),
                times,
            }));
            self.engine.google.arm(aim.clone(), fault.clone(), times);
        }
        Ok(())
    }

    fn aim(&self, target: &FaultTarget) -> Result<Aim, Halt> {
        match target {
            FaultTarget::Booking(booking) => Ok(Aim::Booking {
                booking_id: self.render(booking)?,
            }),
            FaultTarget::Slot(name) => {
                let slot = self.slot(Some(name))?;
                Ok(Aim::Slot {
                    merchant_id: slot.merchant_id,
                    service_id: slot.service_id,
                    start_sec: slot.start_sec,
                })
            }
            FaultTarget::Token => Ok(Aim::Kind(CallKind::Token)),
        }
    }

    fn slot(&self, name: Option<&str>) -> Result<Slot, Halt> {
        let first = || self.job.scenario.slots.keys().next().map(String::as_str);
        let name = name.or_else(first).unwrap_or_default();
        let slot = self.so_far().slot(name).cloned();
        slot.ok_or_else(|| Halt::new(format!("no slot is bound to `{name}`")))
    }

    /// Disarms every fault before the clean-up, which must reach Google's API.
    pub(super) fn disarm(&self) {
        for entry in &self.so_far().entries {
            if let Fact::Armed(armed) = &entry.fact {
                self.engine.google.disarm(&armed.aim);
            }
        }
    }

    /// Waits for a state of Google's copy of a slot.
    pub(super) async fn wait_for_slot(&self, step: StepPath, wait: &AwaitSlot) -> Result<(), Halt> {
        let declared = self
            .engine
            .settings
            .capabilities
            .declared(Capability::AvailabilityRtu);
        if declared == Some(false) {
            return Ok(());
        }
        let slot = self.slot(wait.slot.as_deref())?;
        let until = template::render_all(&wait.until, &self.so_far().context())
            .map_err(|error| Halt::new(error.to_string()))?;
        let within = self.engine.settings.within;
        // Who has sent none so far, although one was waited for to the end, most likely sends none.
        let is_in_vain = declared.is_none() && self.has_waited_in_vain();
        let _waiting = self.announce("an inventory update", within);
        let began = self.engine.clock.elapsed_ms();
        let ended = tokio::select! {
            biased;
            () = self.until_slot_met(&slot, &until) => Ended::Met,
            () = self.until_hopeless(), if is_in_vain => Ended::Hopeless,
            () = self.engine.clock.sleep(within) => Ended::Unmet,
            () = self.engine.interrupt.wait() => return Err(Halt::new("interrupted")),
        };
        let waited_ms = self.engine.clock.elapsed_ms() - began;
        self.record(match ended {
            Ended::Hopeless => Fact::Waited(Pause { step, waited_ms }),
            _ => Fact::AwaitedSlot(SlotWait {
                step,
                until,
                met: ended == Ended::Met,
                waited_ms,
                copy: self.engine.google.slot_copy(&slot),
                slot,
            }),
        });
        Ok(())
    }

    fn has_waited_in_vain(&self) -> bool {
        let history = self.so_far();
        let mut entries = history.entries.iter();
        entries.any(|entry| matches!(&entry.fact, Fact::AwaitedSlot(wait) if !wait.met))
    }

    /// Returns when it was quiet for a while and no inventory update has come in the whole run.
    async fn until_hopeless(&self) {
        self.engine.clock.sleep(self.engine.settings.quiet).await;
        if self.engine.board.has_inventory_update() {
            std::future::pending::<()>().await;
        }
    }

    async fn until_slot_met(&self, slot: &Slot, condition: &Value) {
        let arrivals = &self.engine.board.arrivals;
        loop {
            let seen = arrivals.changes();
            // A slot without an update meets no condition, not even one on zero spots.
            let copy = self.engine.google.slot_copy(slot);
            if copy.is_some_and(|copy| matcher::matches(condition, Some(&copy))) {
                return;
            }
            arrivals.until_changed(seen).await;
        }
    }
}
