//! Steps that look at Google's side, or make it fail.

use super::Checker;
use crate::fault::misfit;
use crate::file::{At, StepFile};
use crate::model::{AwaitSlot, FaultStep, Step, Target};
use domain::{Aim, Fault};
use serde_json::Value;

/// The one field of Google's copy of a slot.
const OPEN: &str = "spotsOpen";

impl Checker<'_> {
    /// What goes wrong, and for whom.
    pub(super) fn fault(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        let form = file.fault.as_ref()?;
        let faults = match form.read() {
            Ok(faults) => faults,
            Err(message) => {
                self.problem(step.span(), message, "such as `fault: { answer: 503, times: 2 }`");
                return None;
            }
        };
        let times = form.times.unwrap_or(1);
        let target = self.target(step)?;
        if let Some(message) = faults.iter().find_map(|fault| does_not_fit(fault, &target)) {
            let help = "a scenario strikes its own booking or slot, since others run beside it";
            self.problem(step.span(), message, help);
        }
        Some(Step::Fault(FaultStep {
            target,
            faults,
            times,
        }))
    }

    fn target(&mut self, step: &At<StepFile>) -> Option<Target> {
        let file = step.get();
        if let (Some(slot), None) = (&file.slot, &file.booking) {
            self.known_slot(slot);
            return Some(Target::Slot(slot.get().clone()));
        }
        if file.slot.is_some() {
            let help = "keep `slot` for inventory updates, `booking` for notifications";
            self.problem(step.span(), "a fault strikes a booking or a slot, not both", help);
        }
        self.booking(step).map(Target::Booking)
    }

    /// A state of Google's copy of a slot is awaited.
    pub(super) fn wait_for_slot(&mut self, step: &At<StepFile>) -> Option<Step> {
        let file = step.get();
        if let Some(slot) = &file.slot {
            self.known_slot(slot);
        }
        let (Some(requirement), Some(until)) = (&file.requirement, &file.until) else {
            let help = "add `requirement: INV-…` and `until: { spotsOpen: 0 }`";
            self.problem(step.span(), "`await` says not what for or until when", help);
            return None;
        };
        if !is_copy_of_slot(until) {
            let help = "write `until: { spotsOpen: 0 }`";
            self.problem(
                requirement.span(),
                "Google's copy of a slot has `spotsOpen` only",
                help,
            );
        }
        Some(Step::AwaitSlot(AwaitSlot {
            slot: file.slot.as_ref().map(|slot| slot.get().clone()),
            requirement: *requirement.get(),
            until: until.clone(),
            otherwise: file.otherwise.clone(),
        }))
    }
}

fn does_not_fit(fault: &Fault, target: &Target) -> Option<&'static str> {
    let aim = match target {
        Target::Booking(booking) => Aim::Booking {
            booking_id: booking.clone(),
        },
        Target::Slot(name) => Aim::Slot {
            merchant_id: String::new(),
            service_id: name.clone(),
            start_sec: 0,
        },
    };
    misfit(fault, &aim)
}

fn is_copy_of_slot(until: &Value) -> bool {
    let fields = until.as_object();
    fields.is_some_and(|fields| fields.len() == 1 && fields.contains_key(OPEN))
}
