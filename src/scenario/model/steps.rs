//! What happens in a scenario, step by step.

use super::call::CallStep;
use crate::several::{Crowd, SetExpectation};
use catalogue::RequirementId;
use domain::ledger::Books;
use domain::{Fault, TriggerName};
use serde_json::Value;
use std::time::Duration;

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    /// A call of ours.
    Call(Box<CallStep>),
    /// Calls at the same moment, and what they must be like together.
    Parallel(Vec<CallStep>, Option<SetExpectation>),
    /// One call by several people, and what the answers must be like together.
    Crowd(Box<Crowd>),
    /// Asking the partner to act.
    Trigger(TriggerStep),
    /// Something goes wrong on Google's side from here on.
    Fault(FaultStep),
    /// Waiting for a notification.
    Await(Await),
    /// Waiting for an inventory update.
    AwaitSlot(AwaitSlot),
    /// Watching that nothing more arrives.
    Quiet,
    /// Waiting for a moment.
    Wait(Wait),
    /// Looking into the partner's books.
    Ledger(LedgerStep),
}

/// Asking the partner to act.
#[derive(Debug, Clone)]
pub struct TriggerStep {
    /// Which act.
    pub name: TriggerName,
    /// Template of the id of the booking or the waitlist entry; empty when the act is about neither.
    pub booking: String,
    /// The slot whose values the trigger's own template may use.
    pub slot: Option<String>,
}

/// A fault of Google's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultStep {
    /// What it strikes.
    pub target: FaultTarget,
    /// What goes wrong, one after the other.
    pub faults: Vec<Fault>,
    /// How often each.
    pub times: u32,
}

/// What a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultTarget {
    /// Those about a booking: the template of its id.
    Booking(String),
    /// Inventory updates that speak of the slot of that name.
    Slot(String),
    /// Token requests, whoever's they are: the scenario runs alone.
    Token,
}

/// Waiting for a state of Google's copy of a slot.
#[derive(Debug, Clone)]
pub struct AwaitSlot {
    /// The name of the slot; none means the scenario's only or first one.
    pub slot: Option<String>,
    /// The requirement.
    pub requirement: RequirementId,
    /// The condition on `spotsOpen`.
    pub until: Value,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// Waiting for a state of Google's copy of a booking.
#[derive(Debug, Clone)]
pub struct Await {
    /// Template of the booking id.
    pub booking: String,
    /// The requirement.
    pub requirement: RequirementId,
    /// The condition.
    pub until: Value,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// Looking into the partner's books until they say what is due.
#[derive(Debug, Clone)]
pub struct LedgerStep {
    /// Template of the booking id.
    pub booking: String,
    /// The slot whose terms say what is due.
    pub slot: Option<String>,
    /// The requirement.
    pub requirement: RequirementId,
    /// What they are to say.
    pub books: Books,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// A wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// For what.
    pub moment: Moment,
}

/// A moment to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// So much later.
    After(Duration),
    /// The start of the slot of that name.
    StartOf(String),
    /// The end of the slot of that name.
    EndOf(String),
}

impl Step {
    /// The calls that the step makes.
    pub fn calls(&self) -> &[CallStep] {
        match self {
            Step::Call(call) => std::slice::from_ref(&**call),
            Step::Parallel(calls, _) => calls,
            Step::Crowd(crowd) => std::slice::from_ref(&crowd.call),
            _ => &[],
        }
    }

    /// The requirements that the step's expectations name.
    pub fn requirements(&self) -> Vec<RequirementId> {
        let of_call = |call: &CallStep| call.expect.iter().map(|e| e.requirement).collect::<Vec<_>>();
        match self {
            Step::Call(call) => of_call(call),
            Step::Parallel(calls, together) => {
                let each = calls.iter().flat_map(of_call);
                each.chain(together.iter().map(|set| set.requirement)).collect()
            }
            Step::Crowd(crowd) => crowd.together.iter().map(|set| set.requirement).collect(),
            Step::Await(wait) => vec![wait.requirement],
            Step::AwaitSlot(wait) => vec![wait.requirement],
            Step::Ledger(ledger) => vec![ledger.requirement],
            Step::Trigger(_) | Step::Fault(_) | Step::Quiet | Step::Wait(_) => Vec::new(),
        }
    }
}
