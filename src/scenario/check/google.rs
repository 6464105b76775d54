//! Steps that look at Google's side, or make it fail.

use super::Checker;
use crate::fault::misfit;
use crate::file::{AwaitFile, AwaitName, FaultStepFile};
use crate::model::{Await, AwaitSlot, FaultStep, FaultTarget, Step};
use crate::reading::{Node, Span};
use domain::{Aim, CallKind, Fault};
use protocol::model::v1alpha;

/// The one field of Google's copy of a slot.
const OPEN: &str = "spotsOpen";

impl Checker<'_> {
    /// What goes wrong, and for whom.
    pub(super) fn fault(&mut self, file: &FaultStepFile, span: Span) -> Option<Step> {
        let form = file.fault.get();
        let faults = match form.read() {
            Ok(faults) => faults,
            Err(message) => {
                let help = "such as `fault: { answer: 503, times: 2 }`";
                self.problem(file.fault.span, message, help);
                return None;
            }
        };
        let times = form.times.unwrap_or(1);
        let target = if faults.contains(&Fault::Withheld) {
            self.token_target(file)
        } else {
            self.target(file, span)?
        };
        if let Some(message) = faults.iter().find_map(|fault| does_not_fit(fault, &target)) {
            let help = "a scenario strikes its own booking or slot, since others run beside it";
            self.problem(file.fault.span, message, help);
        }
        Some(Step::Fault(FaultStep {
            target,
            faults,
            times,
        }))
    }

    /// Token requests are nobody's.
    fn token_target(&mut self, file: &FaultStepFile) -> FaultTarget {
        for named in [&file.booking, &file.slot].into_iter().flatten() {
            let help = "leave it out: the scenario runs alone";
            self.problem(named.span, "`withhold` strikes token requests", help);
        }
        FaultTarget::Token
    }

    fn target(&mut self, file: &FaultStepFile, span: Span) -> Option<FaultTarget> {
        if let (Some(slot), None) = (&file.slot, &file.booking) {
            self.known_slot(slot);
            return Some(FaultTarget::Slot(slot.get().clone()));
        }
        if let Some(slot) = &file.slot {
            let help = "keep `slot` for inventory updates, `booking` for notifications";
            self.problem(slot.span, "a fault strikes a booking or a slot, not both", help);
        }
        self.due_booking(file.booking.as_ref(), span)
            .map(FaultTarget::Booking)
    }

    /// A state of Google's copy is awaited.
    pub(super) fn wait_for(&mut self, file: &AwaitFile, span: Span) -> Option<Step> {
        if file.wait_for == AwaitName::Slot {
            return Some(self.wait_for_slot(file));
        }
        let booking = self.due_booking(file.booking.as_ref(), span);
        self.fields_of(v1alpha(), Some("Booking"), &file.until);
        self.templates(&file.until);
        Some(Step::Await(Await {
            booking: booking?,
            requirement: *file.requirement.get(),
            until: file.until.value(),
            otherwise: file.otherwise.clone(),
        }))
    }

    fn wait_for_slot(&mut self, file: &AwaitFile) -> Step {
        if let Some(slot) = &file.slot {
            self.known_slot(slot);
        }
        if !is_copy_of_slot(&file.until) {
            let help = "write `until: { spotsOpen: 0 }`";
            let message = "Google's copy of a slot has `spotsOpen` only";
            self.problem(file.until.span, message, help);
        }
        Step::AwaitSlot(AwaitSlot {
            slot: file.slot.as_ref().map(|slot| slot.get().clone()),
            requirement: *file.requirement.get(),
            until: file.until.value(),
            otherwise: file.otherwise.clone(),
        })
    }
}

fn does_not_fit(fault: &Fault, target: &FaultTarget) -> Option<&'static str> {
    let aim = match target {
        FaultTarget::Booking(booking) => Aim::Booking {
            booking_id: booking.clone(),
        },
        FaultTarget::Slot(name) => Aim::Slot {
            merchant_id: String::new(),
            service_id: name.clone(),
            start_sec: 0,
        },
        FaultTarget::Token => Aim::Kind(CallKind::Token),
    };
    misfit(fault, &aim)
}

fn is_copy_of_slot(until: &Node) -> bool {
    until.entries().len() == 1 && until.get(OPEN).is_some()
}
