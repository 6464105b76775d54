//! A scenario after it has been checked: what the plan binds and the engine carries out.

use super::card::Card;
use super::several::{Crowd, SetExpectation};
use catalogue::RequirementId;
use domain::ledger::Books;
use domain::slot::{ConfirmationMode, Override, PaymentMode};
use domain::{Capability, Credentials, Fault, TriggerName};
use indexmap::IndexMap;
use protocol::Method;
use schemars::JsonSchema;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::time::Duration;

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

/// What a slot must be like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SlotNeed {
    /// The one payment mode.
    pub payment: Option<PaymentMode>,
    /// Whether a tax is added.
    pub tax: Option<bool>,
    /// What its terms are like besides.
    pub money: MoneyNeed,
    /// Whether it is online.
    pub online: bool,
    /// Whether the user pays the merchant directly.
    pub direct_payment: Option<bool>,
    /// How the booking is decided.
    pub confirmation: ConfirmationMode,
    /// Exactly so many spots open.
    pub spots_exactly: Option<i64>,
    /// At least so many spots open.
    pub spots_at_least: Option<i64>,
    /// At most so many spots open.
    pub spots_at_most: Option<i64>,
    /// Nobody has booked it yet.
    pub untouched: bool,
    /// Whether the feed names staff, a room or a party size for it.
    pub resources: Option<bool>,
    /// Starts later than this from now.
    pub more_than: Option<Length>,
    /// Starts sooner than this from now.
    pub less_than: Option<Length>,
    /// Online cancelling must stay open for the clean-up.
    pub cancellable: bool,
    /// How much of the payment a cancellation gives back now, by the cancellation policy.
    pub refund: Option<RefundShare>,
    /// Is paid with these cards, besides good ones.
    pub cards: Vec<Card>,
    /// Has the merchant and service of that slot.
    pub same_service_as: Option<String>,
    /// Is that slot's like at the same time, but for staff, room or party size.
    pub beside: Option<String>,
    /// Has the merchant of that slot and another service.
    pub other_service_than: Option<String>,
    /// Starts on another day than that slot.
    pub other_day_than: Option<String>,
    /// Is another merchant's than that slot, where there is another one.
    pub elsewhere_than: Option<String>,
    /// Differs from that slot in its party size alone.
    pub other_party_than: Option<String>,
    /// Is of the service of that slot, and longer or shorter.
    pub other_length_than: Option<String>,
}

/// How much of a payment a cancellation gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundShare {
    /// All of it.
    Full,
    /// A part of it.
    Partial,
    /// None of it.
    Nothing,
}

/// What the terms of a slot must be like, besides its payment mode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoneyNeed {
    /// What the slot says itself, instead of its service.
    pub overrides: Option<Override>,
    /// A fee for not coming beside a deposit.
    pub also_no_show_fee: bool,
    /// Fee or deposit are per person, and the party is larger than one.
    pub per_person: Option<bool>,
    /// The decimals of the currency.
    pub currency_decimals: Option<u32>,
    /// It can be cancelled online until it starts.
    pub cancellable_until_start: Option<bool>,
}

/// A lead time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// A fixed length.
    Fixed(Duration),
    /// The slot's own deposit cutoff.
    DepositCutoff,
    /// The slot's own online cancelling cutoff.
    OnlineCutoff,
}

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

/// A call of ours.
#[derive(Debug, Clone)]
pub struct CallStep {
    /// The method.
    pub method: Method,
    /// The name of the answer.
    pub label: Option<String>,
    /// The name of the slot.
    pub slot: Option<String>,
    /// What a look-up asks for.
    pub lookup: Lookup,
    /// Template of the booking id.
    pub booking: Option<String>,
    /// What an update changes.
    pub change: Option<Change>,
    /// The card that it is paid with.
    pub card: Card,
    /// The label of the call whose 3-D Secure 1 challenge has been passed.
    pub authenticate: Option<String>,
    /// The label whose request is sent again.
    pub repeat: Option<String>,
    /// Who books: 0 is the scenario's own user.
    pub person: usize,
    /// Fields to set; strings may be templates.
    pub with: Option<Value>,
    /// Dotted paths to remove.
    pub without: Vec<String>,
    /// Body text that breaks the wire model on purpose.
    pub raw: Option<String>,
    /// True when the author says that the message breaks the wire model on purpose.
    pub breaks_model: bool,
    /// Another writing of the message.
    pub form: Option<Form>,
    /// Another path than the method's.
    pub path: Option<String>,
    /// Another HTTP verb than the method's.
    pub verb: Option<String>,
    /// True when only its own expectations look at the answer.
    pub probe: bool,
    /// Extra headers.
    pub headers: IndexMap<String, String>,
    /// Credentials.
    pub credentials: Credentials,
    /// What the answer must be like.
    pub expect: Vec<Expectation>,
    /// True when it stands alone: no earlier failure makes it meaningless, and its failure none of the later steps.
    pub independent: bool,
}

/// What a look-up asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lookup {
    /// One slot.
    #[default]
    Slot,
    /// The page.
    Page,
    /// The slots of these names.
    Slots(Vec<String>),
}

/// A change of a booking by Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Cancel.
    Cancel,
    /// Move to the slot of that name.
    MoveTo(String),
    /// Another party size.
    PartySize(i32),
    /// The party size of the slot of that name.
    PartyOf(String),
}

/// What an answer must be like.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The requirement.
    pub requirement: RequirementId,
    /// Accepted status codes; empty means 200.
    pub status: Vec<u16>,
    /// Status codes that are not accepted.
    pub not_status: Vec<u16>,
    /// True when only an answer with status 200 says anything.
    pub on_success: bool,
    /// The label of the answer that must be as expected for this one to say anything.
    pub contrast: Option<String>,
    /// The body's subset; strings may be templates.
    pub body: Option<Value>,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// Another writing of a message than Google's usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// int64 fields as JSON numbers.
    Numbers,
    /// int32 fields as JSON strings, which Google does not send.
    TextNumbers,
    /// The start as RFC 3339 text, which Google does not send.
    Timestamps,
    /// Names in lowerCamelCase, which Google does not send.
    CamelCase,
    /// Every field that is not set as null.
    Nulls,
    /// Keys in reverse order, with white space between everything.
    Reversed,
}

impl Form {
    /// True when Google does not write so.
    pub fn breaks_model(self) -> bool {
        matches!(self, Form::TextNumbers | Form::Timestamps | Form::CamelCase)
    }
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

/// Asking the partner to act.
#[derive(Debug, Clone)]
pub struct TriggerStep {
    /// Which act.
    pub name: TriggerName,
    /// Template of the booking id; empty when the act is not about a booking.
    pub booking: String,
    /// The slot whose values the trigger's own template may use.
    pub slot: Option<String>,
}

/// A fault of Google's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultStep {
    /// Whose notifications it strikes.
    pub target: Target,
    /// What goes wrong, one after the other.
    pub faults: Vec<Fault>,
    /// How often each.
    pub times: u32,
}

/// Whose notifications a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Those about a booking: the template of its id.
    Booking(String),
    /// Inventory updates that speak of the slot of that name.
    Slot(String),
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

impl Scenario {
    /// Every call step, those inside `parallel` included.
    pub fn calls(&self) -> impl Iterator<Item = &CallStep> {
        self.steps.iter().flat_map(Step::calls)
    }

    /// Its calls by several people.
    pub fn crowds(&self) -> impl Iterator<Item = &Crowd> {
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

impl Expectation {
    /// True when an answer of this status can be as expected.
    pub fn accepts(&self, status: u16) -> bool {
        let listed = match self.status.as_slice() {
            [] => status == 200 || !self.not_status.is_empty(),
            accepted => accepted.contains(&status),
        };
        listed && !self.not_status.contains(&status)
    }
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

impl SlotNeed {
    /// True when nothing is said about staff, rooms and the slots beside it: then a slot that is alone at its time says
    /// more clearly what went wrong.
    pub fn is_lone(&self) -> bool {
        self.resources.is_none() && self.beside.is_none()
    }

    fn capabilities(&self) -> Vec<Capability> {
        let payment = match self.payment {
            Some(PaymentMode::Prepayment) => Some(Capability::Prepayment),
            Some(PaymentMode::NoShowFee) => Some(Capability::NoShowFee),
            Some(PaymentMode::Deposit) => Some(Capability::Deposit),
            Some(PaymentMode::CardOnly) => Some(Capability::CreditCard),
            Some(PaymentMode::Arrival) | None => None,
        };
        let fee = self.money.also_no_show_fee.then_some(Capability::NoShowFee);
        let option = (self.money.overrides == Some(Override::Price)).then_some(Capability::PaymentOptions);
        let online = self.online.then_some(Capability::Online);
        let later = (self.confirmation == ConfirmationMode::Asynchronous).then_some(Capability::Asynchronous);
        let money = payment.into_iter().chain(fee).chain(option);
        money.chain(online).chain(later).collect()
    }
}
