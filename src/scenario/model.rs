//! A scenario after it has been checked: what the plan binds and the engine carries out.

mod call;
mod needs;
mod steps;

pub use call::{CallStep, Expectation, Form, GoogleChange, Lookup};
pub use needs::{Length, MoneyNeed, RefundShare, Relation, RelationKind, SlotNeed};
pub use steps::{Await, AwaitSlot, FaultStep, FaultTarget, LedgerStep, Moment, Step, TriggerStep, Wait};

use super::card::Card;
use super::several::Crowd;
use catalogue::RequirementId;
use domain::{Capability, TriggerName};
use indexmap::IndexMap;
use protocol::Method;
use schemars::JsonSchema;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};

/// A checked scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Area and name, such as `deposit/refund-before-cutoff`.
    pub id: String,
    /// The file as a user would name it.
    pub source: String,
    /// One sentence.
    pub title: String,
    /// Requirements that it exists for.
    pub serves: Vec<RequirementId>,
    /// What its failure explains elsewhere.
    pub explains: Vec<Explained>,
    /// Slots by name; the first is the default of every call.
    pub slots: IndexMap<String, SlotNeed>,
    /// How many more slots of the first slot's merchant a page-load look-up wants.
    pub page: usize,
    /// Steps.
    pub steps: Vec<Step>,
}

/// What a basic failure explains elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Explained {
    /// Refusals of well-formed calls of this method.
    Method(Method),
    /// Refusals that are found as this requirement.
    Requirement(RequirementId),
}

impl<'de> Deserialize<'de> for Explained {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Method::ALL.into_iter().find(|method| method.name() == text) {
            Some(method) => Ok(Self::Method(method)),
            None => RequirementId::deserialize(text.into_deserializer()).map(Self::Requirement),
        }
    }
}

impl Scenario {
    /// Every call step, those inside `parallel` included.
    pub fn calls(&self) -> impl Iterator<Item = &CallStep> {
        self.steps.iter().flat_map(Step::calls)
    }

    /// Its calls by several people.
    pub fn calls_by_several(&self) -> impl Iterator<Item = &Crowd> {
        self.steps.iter().filter_map(|step| match step {
            Step::Crowd(crowd) => Some(&**crowd),
            _ => None,
        })
    }

    /// The triggers that it pulls.
    pub fn triggers(&self) -> impl Iterator<Item = TriggerName> {
        self.steps.iter().filter_map(|step| match step {
            Step::Trigger(trigger) => Some(trigger.name),
            _ => None,
        })
    }

    /// The requirements that it serves or expects, without repetition.
    pub fn requirements(&self) -> Vec<RequirementId> {
        let mut all = self.serves.clone();
        for step in &self.steps {
            all.extend(step.requirements());
        }
        all.sort();
        all.dedup();
        all
    }

    /// What the target must be able to do.
    pub fn capabilities(&self) -> Vec<Capability> {
        let mut all: Vec<_> = self.slots.values().flat_map(SlotNeed::capabilities).collect();
        let challenged = self.calls().any(|call| call.card == Card::Challenged);
        all.extend(challenged.then_some(Capability::Threeds1));
        all.sort();
        all.dedup();
        all
    }

    /// Number of calls that change bookings.
    pub fn bookings(&self) -> usize {
        self.calls()
            .filter(|call| call.method == Method::CreateBooking)
            .count()
    }
}
