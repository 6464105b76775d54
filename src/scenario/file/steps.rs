//! The steps of a scenario, as an author writes them: each is told apart by its verb.

use super::expect::{ExpectFile, TogetherFile};
use crate::card::CardFile;
use crate::fault::FaultFile;
use crate::model::Form;
use crate::order::OrderTwist;
use crate::reading::{At, Node};
use catalogue::RequirementId;
use domain::ledger::Books;
use domain::{Credentials, TriggerName};
use indexmap::IndexMap;
use protocol::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;

/// One step: its verb is the one key that is a variant's name, and the other keys are those that belong to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "$by_key", rename_all = "snake_case")]
pub(crate) enum StepFile {
    /// Call a method of the booking server.
    Call(Box<CallFile>),
    /// Ask the partner to act.
    Trigger(TriggerFile),
    /// Let something go wrong on Google's side.
    Fault(FaultStepFile),
    /// Wait for a state of Google's copy.
    Await(AwaitFile),
    /// Watch that nothing more arrives.
    Quiet(QuietStepFile),
    /// Wait for a moment.
    Wait(WaitStepFile),
    /// Look into the partner's ledger.
    Ledger(LedgerFile),
    /// Several calls at the same moment.
    Parallel(ParallelFile),
}

impl JsonSchema for StepFile {
    fn schema_name() -> Cow<'static, str> {
        "StepFile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let verbs = [
            generator.subschema_for::<CallFile>(),
            generator.subschema_for::<TriggerFile>(),
            generator.subschema_for::<FaultStepFile>(),
            generator.subschema_for::<AwaitFile>(),
            generator.subschema_for::<QuietStepFile>(),
            generator.subschema_for::<WaitStepFile>(),
            generator.subschema_for::<LedgerFile>(),
            generator.subschema_for::<ParallelFile>(),
        ];
        json_schema!({
            "description": "One step. Exactly one of `call`, `trigger`, `fault`, `await`, `quiet`, `wait`, `ledger` and `parallel` says what it does.",
            "oneOf": verbs,
        })
    }
}

/// A call of a method of the booking server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallFile {
    /// Call this method of the booking server.
    pub(crate) call: At<Method>,
    /// The name under which later steps refer to the answer. A CreateBooking that has one is expected to be answered with a
    /// booking, and a CreateWaitlistEntry with an entry, unless it says by `expect` or `probe` that it is not.
    #[serde(rename = "as", default)]
    pub(crate) label: Option<At<String>>,
    /// The slot that the call is about; unset means the scenario's only or first slot.
    #[serde(default)]
    pub(crate) slot: Option<At<String>>,
    /// What a BatchAvailabilityLookup asks for; unset means the one slot (slot click).
    #[serde(default)]
    pub(crate) lookup: Option<LookupName>,
    /// With `lookup: page`: no more slots of the page than this.
    #[serde(default)]
    pub(crate) at_most: Option<At<usize>>,
    /// The slots that a BatchAvailabilityLookup asks for together, or an order, by name.
    #[serde(default)]
    pub(crate) slots: Vec<At<String>>,
    /// Let several people make the call.
    #[serde(default)]
    pub(crate) people: Option<At<PeopleFile>>,
    /// The booking that the call is about: the name of the CreateBooking that made it, or a template of its id.
    #[serde(default)]
    pub(crate) booking: Option<At<String>>,
    /// The waitlist entry that the call is about: the name of the CreateWaitlistEntry that made it, or a template of its id.
    #[serde(default)]
    pub(crate) entry: Option<At<String>>,
    /// What an UpdateBooking changes.
    #[serde(default)]
    pub(crate) change: Option<ChangeFile>,
    /// The card that a CreateBooking is paid with; unset means a good one.
    #[serde(default)]
    pub(crate) card: Option<CardFile>,
    /// Send the request of that earlier call again, with the outcome of the 3-D Secure 1 challenge that it was answered with.
    #[serde(default)]
    pub(crate) authenticate: Option<At<String>>,
    /// Send exactly the request of that earlier call again.
    #[serde(default)]
    pub(crate) repeat: Option<At<String>>,
    /// How a CheckOrderFulfillability or a CreateOrder differs from that of a user who sees the feeds.
    #[serde(default)]
    pub(crate) order: Option<OrderTwist>,
    /// Who the call is by or about: `own`, the scenario's user, or `other`. Unset, the first booking of a scenario is its own user's,
    /// each further one is somebody else's, and everything else is about its own user.
    #[serde(default)]
    pub(crate) user: Option<At<UserName>>,
    /// Fields to set in the message that Google would send.
    #[serde(default)]
    pub(crate) with: Option<Node>,
    /// Dotted paths of fields to leave out of the message that Google would send.
    #[serde(default)]
    pub(crate) without: Vec<At<String>>,
    /// Send this text as the body, which breaks the wire model on purpose.
    #[serde(default)]
    pub(crate) raw: Option<String>,
    /// Why the message breaks the wire model on purpose; without it, breaking it is a mistake in the file.
    #[serde(default)]
    pub(crate) invalid: Option<String>,
    /// Send the message in another writing than Google's usual one.
    #[serde(default)]
    pub(crate) form: Option<Form>,
    /// Send the call to this path below the base URL.
    #[serde(default)]
    pub(crate) path: Option<String>,
    /// Send the call with this HTTP method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// True when the call is not an everyday one, so that only the step's own expectations look at the answer.
    #[serde(default)]
    pub(crate) probe: bool,
    /// Extra headers.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    /// The credentials to send.
    #[serde(default)]
    pub(crate) auth: Option<Credentials>,
    /// What the answer must be like; one or several, none with an empty list.
    #[serde(default)]
    pub(crate) expect: Option<ExpectFile>,
    /// True when the step says something whatever became of the steps before it, and nothing about those after it.
    #[serde(default)]
    pub(crate) independent: bool,
    /// What the answers of several people must be like together.
    #[serde(default)]
    pub(crate) together: Option<TogetherFile>,
}

/// Asking the partner to act.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriggerFile {
    /// Ask the partner to act.
    pub(crate) trigger: At<TriggerName>,
    /// The booking that it is about: the name of the CreateBooking that made it, or a template of its id.
    #[serde(default)]
    pub(crate) booking: Option<At<String>>,
    /// The waitlist entry that it is about: the name of the CreateWaitlistEntry that made it, or a template of its id.
    #[serde(default)]
    pub(crate) entry: Option<At<String>>,
    /// The slot whose values the trigger may use.
    #[serde(default)]
    pub(crate) slot: Option<At<String>>,
}

/// Something that goes wrong on Google's side.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultStepFile {
    /// From here on something goes wrong with what the partner tells Google of the `booking` or the `slot`.
    pub(crate) fault: At<FaultFile>,
    /// The booking whose notifications it strikes: the name of the CreateBooking that made it, or a template of its id.
    #[serde(default)]
    pub(crate) booking: Option<At<String>>,
    /// The slot whose inventory updates it strikes.
    #[serde(default)]
    pub(crate) slot: Option<At<String>>,
}

/// Waiting for a state of Google's copy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AwaitFile {
    /// Wait until Google's copy of the booking or of the slot is like `until`.
    #[serde(rename = "await")]
    pub(crate) wait_for: AwaitName,
    /// The booking: the name of the CreateBooking that made it, or a template of its id.
    #[serde(default)]
    pub(crate) booking: Option<At<String>>,
    /// The slot; unset means the scenario's only or first slot.
    #[serde(default)]
    pub(crate) slot: Option<At<String>>,
    /// The requirement that is violated when the wait ends in vain.
    pub(crate) requirement: At<RequirementId>,
    /// The condition, in the words of the notification API.
    pub(crate) until: Node,
    /// The sentence to print when the wait ends in vain.
    #[serde(default)]
    pub(crate) otherwise: Option<String>,
}

/// Watching that nothing more about the scenario arrives.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietStepFile {
    /// Watch that nothing more about the booking arrives.
    #[expect(dead_code, reason = "the key alone says it")]
    pub(crate) quiet: QuietFile,
}

/// Waiting for a moment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaitStepFile {
    /// Wait for a moment.
    pub(crate) wait: WaitFile,
}

/// Looking into the partner's ledger.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LedgerFile {
    /// Look into the partner's ledger until it says this of the booking; left out where the target has no ledger probe.
    pub(crate) ledger: Books,
    /// The booking: the name of the CreateBooking that made it, or a template of its id.
    #[serde(default)]
    pub(crate) booking: Option<At<String>>,
    /// The slot whose terms say what is due.
    #[serde(default)]
    pub(crate) slot: Option<At<String>>,
    /// The requirement that is violated when the ledger does not come to say so.
    pub(crate) requirement: At<RequirementId>,
    /// The sentence to print when it does not.
    #[serde(default)]
    pub(crate) otherwise: Option<String>,
}

/// Several calls at the same moment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParallelFile {
    /// Calls that are sent at the same moment.
    #[schemars(with = "Vec<CallFile>")]
    pub(crate) parallel: Vec<At<StepFile>>,
    /// What the answers must be like together.
    #[serde(default)]
    pub(crate) together: Option<TogetherFile>,
}

/// What a look-up asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LookupName {
    /// The one slot, as when a user clicks it.
    Slot,
    /// Every slot of the page, as when a user opens the booking panel.
    Page,
}

/// Who books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserName {
    /// The scenario's own user.
    Own,
    /// Another person.
    Other,
}

/// Several people, the scenario's own user first, each with a request of their own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PeopleFile {
    /// So many.
    pub(crate) exactly: Option<usize>,
    /// As many as the slot has spots, and so many more.
    pub(crate) beyond_spots: Option<usize>,
    /// True: people whom no other step names. Those who come at the same moment always are.
    pub(crate) others: bool,
    /// True: all at the same moment. False (and unset): one after the other.
    pub(crate) at_once: bool,
}

/// A change of a booking by Google.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ChangeFile {
    /// Cancel it.
    Cancel,
    /// Move it to the slot of that name.
    MoveTo(At<String>),
    /// Change the number of people.
    PartySize(i32),
    /// Change the number of people to that of the slot of that name.
    PartyOf(At<String>),
}

/// What can be awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AwaitName {
    /// A state of Google's copy of the booking.
    Booking,
    /// A state of Google's copy of the slot: `spotsOpen`.
    Slot,
}

/// Watching; the length comes from the config.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietFile {}

/// A wait.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum WaitFile {
    /// So long, such as `3s`.
    For(At<String>),
    /// Until the slot of that name has started.
    StartOf(At<String>),
    /// Until the slot of that name is over.
    EndOf(At<String>),
}
