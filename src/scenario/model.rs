//! A scenario after it has been checked: what the plan binds and the engine carries out.

mod call;
mod needs;
mod steps;
mod waitlist;

pub use call::{CallStep, Expectation, Form, GoogleChange, Lookup};
pub use needs::{Length, MoneyNeed, PackNeed, RefundShare, Relation, RelationKind, SlotNeed};
pub use steps::{Await, AwaitSlot, FaultStep, FaultTarget, LedgerStep, Moment, Step, TriggerStep, Wait};

pub use waitlist::WaitlistNeed;

use super::card::Card;
use super::several::Crowd;
use catalogue::RequirementId;
use domain::{Basic, Capability, TriggerName};
use indexmap::IndexMap;
use protocol::Method;

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
    /// What it shows first of all.
    pub basic: Option<Basic>,
    /// Slots by name; the first is the default of every call.
    pub slots: IndexMap<String, SlotNeed>,
    /// The waitlist that it needs.
    pub waitlist: Option<WaitlistNeed>,
    /// How many more slots of the first slot's merchant a page-load look-up wants.
    pub page: usize,
    /// Steps.
    pub steps: Vec<Step>,
}

impl Scenario {
    /// Every call step, those inside `parallel` included.
    pub fn calls(&self) -> impl Iterator<Item = &CallStep> {
        self.steps.iter().flat_map(Step::calls)
    }

    /// True when one of its slots has to start within minutes.
    pub fn has_slot_soon(&self) -> bool {
        self.slots.values().any(SlotNeed::is_soon)
    }

    /// True when it runs when all others are over, since it strikes what they share.
    pub fn is_alone(&self) -> bool {
        let strikes_tokens =
            |step: &Step| matches!(step, Step::Fault(fault) if fault.target == FaultTarget::Token);
        self.steps.iter().any(strikes_tokens)
    }

    /// Its calls by several people.
    pub fn calls_by_several(&self) -> impl Iterator<Item = &Crowd> {
        self.steps.iter().filter_map(|step| match step {
            Step::Crowd(crowd) => Some(&**crowd),
            _ => None,
        })
    }

    /// True when it makes orders, which stand: Google's API has no call that cancels one.
    pub fn orders(&self) -> bool {
        self.calls().any(|call| call.method == Method::CreateOrder)
    }

    /// The triggers that it pulls, and those by which the clean-up takes back what they did.
    pub fn triggers(&self) -> impl Iterator<Item = TriggerName> {
        let pulled = self.steps.iter().filter_map(|step| match step {
            Step::Trigger(trigger) => Some(trigger.name),
            _ => None,
        });
        pulled.flat_map(|name| std::iter::once(name).chain(way_back(name)))
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
        let has_offer = |call: &CallStep| {
            call.with
                .as_ref()
                .is_some_and(|with| with.get("offer_id").is_some())
        };
        all.extend(self.calls().any(has_offer).then_some(Capability::Offers));
        all.extend(self.waitlist.is_some().then_some(Capability::Waitlist));
        // Steps with a standard method are left out where it is not there; others say what the whole scenario is about.
        let needed = self.calls().filter_map(|call| Capability::of_method(call.method));
        all.extend(needed.filter(|capability| !capability.is_standard()));
        all.sort();
        all.dedup();
        all
    }

    /// True when it tells why plain calls of a kind are refused: beside one stands a call that differs in its writing, and that is
    /// answered where the plain one is not.
    pub fn diagnoses(&self, basic: Basic) -> bool {
        let labelled = |label: &str| self.calls().find(|call| call.label.as_deref() == Some(label));
        let plain = self
            .calls()
            .filter(|call| call.basic() == basic && call.is_plain());
        let mut controls = plain.flat_map(|call| call.expect.iter().filter_map(|one| one.control.as_deref()));
        controls.any(|label| labelled(label).is_some_and(|control| !control.is_plain()))
    }

    /// Number of calls that make bookings or orders.
    pub fn bookings(&self) -> usize {
        self.calls()
            .filter(|call| matches!(call.method, Method::CreateBooking | Method::CreateOrder))
            .count()
    }
}

/// The act by which what another one did is taken back.
fn way_back(name: TriggerName) -> Option<TriggerName> {
    (name == TriggerName::CloseWaitlist).then_some(TriggerName::OpenWaitlist)
}
