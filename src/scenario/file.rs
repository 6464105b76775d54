//! The form of a scenario file, as an author writes it. Meaning is given to it in `check`.

use super::card::CardFile;
use super::model::{Explained, Form, RefundShare};
use crate::fault::FaultFile;
use catalogue::RequirementId;
use domain::ledger::Books;
use domain::slot::{ConfirmationMode, Override, PaymentMode};
use domain::{Credentials, TriggerName};
use indexmap::IndexMap;
use protocol::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// A value with the place in the file at which it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct At<T>(pub serde_saphyr::Spanned<T>);

impl<T> At<T> {
    /// The value.
    pub fn get(&self) -> &T {
        &self.0.value
    }

    /// Where it stands: byte offset and length, as far as the reader knows them.
    pub fn span(&self) -> (usize, usize) {
        let span = self.0.referenced.span();
        let offset = span.byte_offset().unwrap_or_else(|| span.offset());
        let length = span.byte_len().unwrap_or_else(|| span.len());
        (
            usize::try_from(offset).unwrap_or(0),
            usize::try_from(length).unwrap_or(0).max(1),
        )
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A scenario: one story between Google and a partner.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// One sentence that says what happens.
    pub title: At<String>,
    /// Requirements that this scenario exists for; rules judge many more on the way.
    #[serde(default)]
    pub serves: Vec<At<RequirementId>>,
    /// What a failure of a MUST that this scenario serves explains elsewhere: names of methods whose well-formed calls are then
    /// refused in every scenario, or requirements that such a refusal would be found as.
    #[serde(default)]
    pub explains: Vec<Explained>,
    /// What must be there before it can run.
    #[serde(default)]
    pub needs: NeedsFile,
    /// What happens, in order.
    pub steps: Vec<At<StepFile>>,
}

/// What a scenario needs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NeedsFile {
    /// The one slot, when there is one only; it is called `slot` in templates.
    pub slot: Option<SlotNeedFile>,
    /// Several slots by name.
    pub slots: IndexMap<String, SlotNeedFile>,
    /// Up to this many more slots of the first slot's merchant, for a page-load look-up; they are not booked.
    pub page: Option<usize>,
}

/// What a slot must be like, in the words of the feeds.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SlotNeedFile {
    /// The payment mode.
    pub payment: Option<At<PaymentModeName>>,
    /// True: a tax is added on top of the price. False: none is.
    pub tax: Option<bool>,
    /// What the slot says itself, instead of its service.
    pub overrides: Option<Override>,
    /// With `payment: deposit`: a fee for not coming as well.
    pub also_no_show_fee: Option<bool>,
    /// True: fee or deposit are per person, and the party is larger than one.
    pub per_person: Option<bool>,
    /// The decimals of its currency: 0, 2 or 3.
    pub currency_decimals: Option<u32>,
    /// True: it can be cancelled online until it starts.
    pub cancellable_until_start: Option<bool>,
    /// True: an online service. False (and unset): in person.
    pub online: Option<bool>,
    /// True: the user pays the merchant directly.
    pub direct_payment: Option<bool>,
    /// How the booking is decided; unset means synchronous.
    pub confirmation: Option<ConfirmationName>,
    /// How many spots it has open.
    pub spots: Option<SpotsFile>,
    /// How far ahead it starts.
    pub starts_in: Option<RangeFile>,
    /// How much of the payment a cancellation gives back now, by the cancellation policy.
    pub refund: Option<RefundShare>,
    /// False when the clean-up need not be able to cancel it online.
    pub cancellable: Option<bool>,
    /// The name of a slot with the same merchant and service.
    pub same_service_as: Option<At<String>>,
    /// True: the feed names staff, a room or a party size for it. False: none of them.
    pub resources: Option<bool>,
    /// The name of a slot of the same service at the same time, with other staff, room or party size.
    pub beside: Option<At<String>>,
    /// The name of a slot with the same merchant and another service.
    pub other_service_than: Option<At<String>>,
    /// The name of a slot that starts on another day.
    pub other_day_than: Option<At<String>>,
    /// The name of a slot of another merchant; with one merchant only, that one will do.
    pub elsewhere_than: Option<At<String>>,
    /// The name of a slot that differs in nothing but the party size; it is looked up, not held.
    pub other_party_than: Option<At<String>>,
    /// The name of a slot of the same service that is longer or shorter.
    pub other_length_than: Option<At<String>>,
}

/// A number of spots.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpotsFile {
    /// Exactly so many open.
    pub exactly: Option<i64>,
    /// At least so many open.
    pub at_least: Option<i64>,
    /// At most so many open.
    pub at_most: Option<i64>,
    /// True: nobody has booked it yet, so that all its spots are open.
    pub all_open: bool,
}

/// A range of lead times.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RangeFile {
    /// A length such as `2h`, or `deposit_cutoff`, or `online_cutoff`.
    pub more_than: Option<At<String>>,
    /// As `more_than`.
    pub less_than: Option<At<String>>,
}

/// Names of the payment modes in scenario files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentModeName {
    /// Paid on arrival.
    Arrival,
    /// Paid in full when booking.
    Prepayment,
    /// A fee for not coming.
    NoShowFee,
    /// A deposit.
    Deposit,
    /// A card and nothing else.
    CardOnly,
}

impl From<PaymentModeName> for PaymentMode {
    fn from(name: PaymentModeName) -> Self {
        match name {
            PaymentModeName::Arrival => PaymentMode::Arrival,
            PaymentModeName::Prepayment => PaymentMode::Prepayment,
            PaymentModeName::NoShowFee => PaymentMode::NoShowFee,
            PaymentModeName::Deposit => PaymentMode::Deposit,
            PaymentModeName::CardOnly => PaymentMode::CardOnly,
        }
    }
}

/// Names of the confirmation modes in scenario files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmationName {
    /// Decided at once.
    Synchronous,
    /// The merchant decides later.
    Asynchronous,
}

impl From<ConfirmationName> for ConfirmationMode {
    fn from(name: ConfirmationName) -> Self {
        match name {
            ConfirmationName::Synchronous => ConfirmationMode::Synchronous,
            ConfirmationName::Asynchronous => ConfirmationMode::Asynchronous,
        }
    }
}

/// One step. Exactly one of `call`, `trigger`, `fault`, `await`, `quiet`, `wait`, `ledger` and `parallel` says what it does.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StepFile {
    /// Call this method of the booking server.
    pub call: Option<At<Method>>,
    /// The name under which later steps refer to the answer.
    #[serde(rename = "as")]
    pub label: Option<At<String>>,
    /// The slot that the call is about; unset means the scenario's only or first slot.
    pub slot: Option<At<String>>,
    /// What a BatchAvailabilityLookup asks for; unset means the one slot (slot click).
    pub lookup: Option<LookupName>,
    /// The slots that a BatchAvailabilityLookup asks for together, by name.
    pub slots: Vec<At<String>>,
    /// Let several people make the call.
    pub people: Option<At<PeopleFile>>,
    /// The booking that the step is about.
    pub booking: Option<At<String>>,
    /// What an UpdateBooking changes.
    pub change: Option<ChangeFile>,
    /// The card that a CreateBooking is paid with; unset means a good one.
    pub card: Option<CardFile>,
    /// Send the request of that earlier call again, with the outcome of the 3-D Secure 1 challenge that it was answered with.
    pub authenticate: Option<At<String>>,
    /// Send exactly the request of that earlier call again.
    pub repeat: Option<At<String>>,
    /// Use a user other than the scenario's own: the name of one, such as `other`.
    pub user: Option<At<UserName>>,
    /// Fields to set in the message that Google would send.
    pub with: Option<Value>,
    /// Dotted paths of fields to leave out of the message that Google would send.
    pub without: Vec<At<String>>,
    /// Send this text as the body, which breaks the wire model on purpose.
    pub raw: Option<String>,
    /// Why the message breaks the wire model on purpose; without it, breaking it is a mistake in the file.
    pub invalid: Option<String>,
    /// Send the message in another writing than Google's usual one.
    pub form: Option<Form>,
    /// Send the call to this path below the base URL.
    pub path: Option<String>,
    /// Send the call with this HTTP method.
    pub method: Option<String>,
    /// True when the call is not an everyday one, so that only the step's own expectations look at the answer.
    pub probe: bool,
    /// Extra headers.
    pub headers: IndexMap<String, String>,
    /// The credentials to send.
    pub auth: Option<Credentials>,
    /// What the answer must be like; one or several.
    pub expect: Option<ExpectFile>,
    /// True when the step says something whatever became of the steps before it, and nothing about those after it.
    pub independent: bool,
    /// Ask the partner to act.
    pub trigger: Option<At<TriggerName>>,
    /// From here on something goes wrong with what the partner tells Google of the `booking` or the `slot`.
    pub fault: Option<FaultFile>,
    /// Wait until Google's copy of the booking or of the slot is like `until`.
    #[serde(rename = "await")]
    pub wait_for: Option<AwaitName>,
    /// The requirement that is violated when the wait ends in vain.
    pub requirement: Option<At<RequirementId>>,
    /// The condition, in the words of the notification API.
    pub until: Option<Value>,
    /// The sentence to print when the wait ends in vain.
    pub otherwise: Option<String>,
    /// Watch that nothing more about the booking arrives.
    pub quiet: Option<QuietFile>,
    /// Wait for a moment.
    pub wait: Option<WaitFile>,
    /// Look into the partner's books until they say this of the booking; left out where the target has no ledger probe.
    pub ledger: Option<Books>,
    /// Calls that are sent at the same moment.
    pub parallel: Vec<At<StepFile>>,
    /// What the answers of `parallel` or of several people must be like together.
    pub together: Option<TogetherFile>,
}

/// What a look-up asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LookupName {
    /// The one slot, as when a user clicks it.
    Slot,
    /// Every slot of the page, as when a user opens the booking panel.
    Page,
}

/// Who books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserName {
    /// The scenario's own user.
    Own,
    /// Another person.
    Other,
}

/// Several people, the scenario's own user first, each with a request of their own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleFile {
    /// So many.
    pub exactly: Option<usize>,
    /// As many as the slot has spots, and so many more.
    pub beyond_spots: Option<usize>,
    /// True: all at the same moment. False (and unset): one after the other.
    pub at_once: bool,
}

/// How many bookings several people can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingsFile {
    /// One for each spot of the slot.
    Spots,
    /// So many.
    Exactly(usize),
}

/// A change of a booking by Google.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ChangeFile {
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
pub enum AwaitName {
    /// A state of Google's copy of the booking.
    Booking,
    /// A state of Google's copy of the slot: `spotsOpen`.
    Slot,
}

/// Watching; the length comes from the config.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietFile {}

/// A wait.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WaitFile {
    /// So long, such as `3s`.
    For(At<String>),
    /// Until the slot of that name has started.
    StartOf(At<String>),
    /// Until the slot of that name is over.
    EndOf(At<String>),
}

/// One expectation or several.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum ExpectFile {
    /// One.
    One(Box<ExpectationFile>),
    /// Several, each with its own requirement.
    Many(Vec<ExpectationFile>),
}

impl<'de> Deserialize<'de> for ExpectFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

/// Told apart by the YAML node, so that an error inside keeps its own place in the file.
struct OneOrMany;

impl<'de> serde::de::Visitor<'de> for OneOrMany {
    type Value = ExpectFile;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an expectation or a list of expectations")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let one = ExpectationFile::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(ExpectFile::One(Box::new(one)))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let many = Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(seq))?;
        Ok(ExpectFile::Many(many))
    }
}

/// What an answer must be like.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectationFile {
    /// The requirement that is violated otherwise.
    pub requirement: At<RequirementId>,
    /// The accepted HTTP status codes; unset means 200.
    #[serde(default)]
    pub status: Vec<u16>,
    /// HTTP status codes that are not accepted; unless `status` says more, any other is.
    #[serde(default)]
    pub not_status: Vec<u16>,
    /// True: only an answer with status 200 says anything.
    #[serde(default)]
    pub on_success: bool,
    /// The name of another answer, earlier or later: only when that one is as expected does the difference between the two
    /// calls explain what is wrong with this one, and else nothing is said.
    #[serde(default)]
    pub contrast: Option<At<String>>,
    /// What the body must contain (a subset; see the matchers `$one_of`, `$not`, `$present`, `$absent`, `$number`,
    /// `$contains`, `$lacks`).
    #[serde(default)]
    pub body: Option<Value>,
    /// The sentence to print when it is not so.
    #[serde(default)]
    pub otherwise: Option<String>,
}

/// What simultaneous answers must be like together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TogetherFile {
    /// The requirement that is violated otherwise.
    pub requirement: At<RequirementId>,
    /// JSON pointer at which all answers with a booking carry the same value.
    #[serde(default)]
    pub same: Option<String>,
    /// How many bookings are made.
    #[serde(default)]
    pub bookings: Option<BookingsFile>,
    /// Status codes that a loser may get besides 200; unset means any where bookings are counted.
    #[serde(default)]
    pub tolerated: Vec<u16>,
    /// The sentence to print when it is not so.
    #[serde(default)]
    pub otherwise: Option<String>,
}

/// The JSON Schema of scenario files, for editors.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(ScenarioFile).to_value();
    schema["title"] = "conformance scenario".into();
    schema
}
