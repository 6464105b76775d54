//! The recorded facts of one scenario, in the one order in which they happened, both directions together.
//!
//! A transcript holds no opinion: rules judge it, snapshots compare it, reporters show it. Its stored form is stable, so
//! that a recording can be judged again by newer rules.

mod answer;
mod arrival;
mod form;
mod mask;
mod message;
mod notification;
mod resource_call;
mod view;

pub use answer::{Answer, HttpReply, LostTry, Reply, Silence};
pub use arrival::Arrival;
pub use domain::{Aim, Basic, CallKind, Credentials, Fault};
pub use form::{Shortfall, shortfall, shows_method};
pub use mask::Masker;
pub use notification::{Notification, NotificationRoute, ReceivedCall, SlotKey, Subject};
pub use resource_call::{ResourceAct, ResourceCall};
pub use view::{Exchange, Exchanges};

use domain::{Waitlist, ledger::Line, slot::Slot};
use indexmap::IndexMap;
use protocol::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything that happened in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredTranscript")]
pub struct Transcript {
    /// The scenario's id, such as `deposit/refund-before-cutoff`.
    pub scenario: String,
    /// Facts in the order of one clock. Entry 0 is always `Fact::Bound`.
    pub entries: Vec<Entry>,
}

/// The stored form, in which answers do not say which method they answer.
#[derive(Deserialize)]
struct StoredTranscript {
    scenario: String,
    entries: Vec<Entry>,
}

impl From<StoredTranscript> for Transcript {
    fn from(stored: StoredTranscript) -> Self {
        let StoredTranscript {
            scenario,
            mut entries,
        } = stored;
        for index in 0..entries.len() {
            let method = match &entries[index].fact {
                Fact::Answer(answer) => match entries.get(answer.call).map(|entry| &entry.fact) {
                    Some(Fact::Call(call)) => call.method,
                    _ => continue,
                },
                _ => continue,
            };
            if let Fact::Answer(answer) = &mut entries[index].fact
                && let Reply::Http(reply) = &mut answer.reply
            {
                reply.read_as_answer_of(method);
            }
        }
        Self { scenario, entries }
    }
}

/// One fact with its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// The part of the scenario in which it happened.
    pub phase: Phase,
    /// What happened.
    pub fact: Fact,
}

/// The parts of a scenario's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Slots are looked up before they are booked.
    Prepare,
    /// The steps of the scenario file.
    Steps,
    /// What we booked is cancelled.
    Cleanup,
}

/// The kinds of facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What the plan bound the scenario to.
    Bound(Binding),
    /// We called the partner.
    Call(Call),
    /// The partner answered, or did not.
    Answer(Answer),
    /// The network lost a call or its answer, and the call was made again.
    Lost(LostTry),
    /// We asked the partner to act.
    Trigger(Trigger),
    /// The partner called Google.
    Notification(Notification),
    /// A condition on Google's copy of a booking was awaited.
    Awaited(BookingWait),
    /// A condition on Google's copy of a slot was awaited.
    AwaitedSlot(SlotWait),
    /// We watched that nothing more arrives.
    Quiet(Quiet),
    /// We waited for a moment of the scenario.
    Waited(Pause),
    /// From here on something goes wrong on Google's side.
    Armed(ArmedFault),
    /// We read the partner's ledger.
    Ledger(Ledger),
    /// A bound slot was stale and another took its place.
    Rebound(SlotReplacement),
    /// A step was left out, because what it needs is not there; the scenario continues.
    Skipped(SkippedStep),
    /// The scenario could not go on.
    Stopped(EarlyEnd),
}

/// The slots and the user of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Slots by the name that the scenario gives them (`slot` when it needs one only).
    pub slots: IndexMap<String, Slot>,
    /// More slots of the first slot's merchant, for a page-load lookup; never booked by us.
    pub page: Vec<Slot>,
    /// The waitlist, where the scenario needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waitlist: Option<Waitlist>,
    /// The user who makes the booking.
    pub user: User,
    /// Wall clock when the run began, epoch seconds: `at_ms` counts from here.
    pub began_sec: i64,
    /// How long a notification is waited for, in milliseconds.
    pub within_ms: u64,
    /// True when the target has a ledger probe.
    #[serde(default)]
    pub ledger: bool,
}

/// A user who makes bookings; every scenario has its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Google's id of the user towards this partner.
    pub user_id: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// International form.
    pub telephone: String,
    /// E-mail address.
    pub email: String,
}

/// The place of a step in the scenario file, from zero; `branch` is the place inside `parallel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepPath {
    /// Index of the step.
    pub step: usize,
    /// Index inside `parallel`.
    pub branch: Option<usize>,
}

/// One call of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The step that made it; none for calls of the harness itself (look-up before booking, clean-up).
    pub step: Option<StepPath>,
    /// The name under which the scenario refers to the answer.
    pub label: Option<String>,
    /// The method of the booking server.
    pub method: Method,
    /// HTTP verb as sent.
    pub verb: String,
    /// Path below the base URL as sent.
    pub path: String,
    /// Headers as sent, secrets masked.
    pub headers: Vec<(String, String)>,
    /// Credentials used.
    pub credentials: Credentials,
    /// The message as JSON; none for HealthCheck and for raw bodies that do not parse.
    pub body: Option<Value>,
    /// The body as sent when the scenario declared it `raw`.
    pub raw: Option<String>,
    /// True when the scenario declares that it breaks the wire model on purpose.
    pub breaks_model: bool,
    /// True for the second try of a step, which shows whether the answer to the first was chance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// We asked the partner to act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// The step.
    pub step: StepPath,
    /// Trigger name, such as `user_cancel_at_partner`.
    pub name: String,
    /// The booking, or the waitlist entry, that it is about.
    pub booking_id: String,
    /// `http`, `command` or `prompt`.
    pub channel: String,
    /// None when it worked; else what went wrong, in words.
    pub failure: Option<String>,
}

/// How the waiting for a notification ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookingWait {
    /// The step.
    pub step: StepPath,
    /// The booking whose copy was watched.
    pub booking_id: String,
    /// The condition, its templates filled in.
    pub until: Value,
    /// True when the condition held in time, and the partner had an answer to its last notification.
    pub met: bool,
    /// How long it took, milliseconds.
    pub waited_ms: u64,
    /// Google's copy when the waiting ended.
    pub copy: Option<Value>,
}

/// How the waiting for an inventory update ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotWait {
    /// The step.
    pub step: StepPath,
    /// The slot whose copy was watched.
    pub slot: Slot,
    /// The condition, its templates filled in.
    pub until: Value,
    /// True when the condition held in time.
    pub met: bool,
    /// How long it took, milliseconds.
    pub waited_ms: u64,
    /// Google's copy when the waiting ended: `spotsOpen`; none when no update ever named the slot.
    pub copy: Option<Value>,
}

/// How the watching ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quiet {
    /// The step.
    pub step: StepPath,
    /// How long nothing was to arrive, milliseconds.
    pub watched_ms: u64,
}

/// A wait that the scenario asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// The step.
    pub step: StepPath,
    /// Milliseconds.
    pub waited_ms: u64,
}

/// One request to Google's token endpoint; the assertion itself is not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// `alg` of the assertion's header.
    pub algorithm: Option<String>,
    /// The assertion's claims; null when it could not be read.
    pub claims: Value,
    /// True when an access token was given.
    pub granted: bool,
    /// `error_description` of a refusal.
    pub error: Option<String>,
    /// What went wrong on our side on purpose, if anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// A fault of Google's side, armed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmedFault {
    /// The step.
    pub step: StepPath,
    /// What it is aimed at.
    pub aim: Aim,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    pub times: u32,
}

/// The partner's ledger of a booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// The step that asked; none for the reading at the end of a scenario.
    pub step: Option<StepPath>,
    /// The booking.
    pub booking_id: String,
    /// The lines that were read last, oldest first.
    pub lines: Vec<Line>,
    /// How long it took until the lines were what the step wants, or until we gave up, milliseconds.
    pub waited_ms: u64,
    /// None when it could be read; else why not, in words.
    pub failure: Option<String>,
}

/// A stale slot and its replacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotReplacement {
    /// The slot's name in the scenario.
    pub name: String,
    /// The slot that takes its place.
    pub slot: Slot,
}

/// A step that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedStep {
    /// The step.
    pub step: StepPath,
    /// What it needs.
    pub needs: Basic,
}

/// What may stand at the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingKind {
    /// A booking.
    #[default]
    Booking,
    /// An entry of a waitlist.
    WaitlistEntry,
    /// An order.
    Order,
}

impl StandingKind {
    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::WaitlistEntry => "waitlist entry",
            Self::Order => "order",
        }
    }
}

/// A booking of the run, an entry of a waitlist, or an order, that may stand at the partner, in what a person needs to find and cancel it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MayStand {
    /// The idempotency token of its CreateBooking.
    pub idempotency_token: String,
    /// The merchant of the slot.
    pub merchant_id: String,
    /// The service of the slot.
    pub service_id: String,
    /// The start of the slot, epoch seconds; 0 if the request named none that can be read.
    pub start_sec: i64,
    /// Google's id of the user who booked.
    pub user_id: String,
    /// Its id, if one could be read.
    pub booking_id: Option<String>,
    /// What it is; an entry of a waitlist has no start.
    #[serde(default)]
    pub kind: StandingKind,
    /// The scenario that booked it.
    pub scenario: String,
    /// Why it may stand.
    pub why: String,
}

/// Why the scenario ended before its last step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlyEnd {
    /// The step that could not be done; none when it ended before the first.
    pub step: Option<StepPath>,
    /// In words.
    pub reason: String,
    /// True when the target was not there at all (refused, timed out, TLS), as opposed to answering wrongly.
    pub unreachable: bool,
    /// What the next step needs and is not there.
    #[serde(default)]
    pub needs: Option<Basic>,
    /// True when no slot was left that could be booked at this moment, before the first step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_slot: bool,
}
