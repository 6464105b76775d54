//! Views of a transcript that several rooms share.

use super::{
    Aim, Answer, Binding, Call, EarlyEnd, Fact, HttpReply, Ledger, LostTry, Notification, Phase, Reply,
    StepPath, Transcript,
};
use domain::Waitlist;
use domain::slot::Slot;
use protocol::{Method, pointer};
use serde_json::Value;

/// A call of ours together with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'t> {
    /// The call.
    pub call: &'t Call,
    /// The answer.
    pub answer: &'t Answer,
    /// Index of the entry that holds the answer: where findings point to.
    pub entry: usize,
    /// The part of the scenario.
    pub phase: Phase,
    /// Milliseconds since the run began, when the call was sent.
    pub sent_ms: u64,
    /// Milliseconds since the run began, when the answer was complete.
    pub answered_ms: u64,
}

/// Iterator over the exchanges of a transcript, in the order of their answers.
pub type Exchanges<'t> = Box<dyn Iterator<Item = Exchange<'t>> + 't>;

impl<'t> Exchange<'t> {
    /// The HTTP response, if one came.
    pub fn http(&self) -> Option<&'t HttpReply> {
        match &self.answer.reply {
            Reply::Http(reply) => Some(reply),
            Reply::Nothing { .. } => None,
        }
    }

    /// The message of a response with status 200, in proto names.
    pub fn ok_json(&self) -> Option<&'t Value> {
        self.http()
            .filter(|reply| reply.is_success())
            .and_then(HttpReply::message)
    }

    /// A value of our request by JSON pointer.
    pub fn request_value(&self, pointer: &str) -> Option<&'t Value> {
        pointer::find(self.call.body.as_ref()?, pointer)
    }

    /// A value of a 200 answer by JSON pointer; `null` counts as absent.
    pub fn answer_value(&self, pointer: &str) -> Option<&'t Value> {
        pointer::find(self.ok_json()?, pointer).filter(|value| !value.is_null())
    }

    /// A string of a 200 answer by JSON pointer.
    pub fn answer_text(&self, pointer: &str) -> Option<&'t str> {
        self.answer_value(pointer)?.as_str()
    }
}

impl Transcript {
    /// What the plan bound; the first entry of every transcript.
    pub fn binding(&self) -> Option<&Binding> {
        match self.entries.first().map(|entry| &entry.fact) {
            Some(Fact::Bound(bound)) => Some(bound),
            _ => None,
        }
    }

    /// Calls with their answers, in the order of the answers.
    pub fn exchanges(&self) -> Exchanges<'_> {
        Box::new(self.entries.iter().enumerate().filter_map(|(index, entry)| {
            let Fact::Answer(answer) = &entry.fact else {
                return None;
            };
            let sent = self.entries.get(answer.call)?;
            let Fact::Call(call) = &sent.fact else { return None };
            Some(Exchange {
                call,
                answer,
                entry: index,
                phase: sent.phase,
                sent_ms: sent.at_ms,
                answered_ms: entry.at_ms,
            })
        }))
    }

    /// The exchange whose call or answer an entry is.
    pub fn exchange_at(&self, entry: usize) -> Option<Exchange<'_>> {
        self.exchanges()
            .find(|exchange| exchange.entry == entry || exchange.answer.call == entry)
    }

    /// Exchanges of one method.
    pub fn exchanges_of(&self, method: Method) -> Exchanges<'_> {
        Box::new(
            self.exchanges()
                .filter(move |exchange| exchange.call.method == method),
        )
    }

    /// The exchanges that a step made (several for `parallel`).
    pub fn exchanges_at(&self, path: StepPath) -> Exchanges<'_> {
        Box::new(
            self.exchanges()
                .filter(move |exchange| exchange.call.step == Some(path)),
        )
    }

    /// What a fault was aimed at that has struck no call of this history yet.
    pub fn unstruck(&self) -> Option<&Aim> {
        let entries = self.entries.iter().enumerate();
        let mut armed = entries.filter_map(|(index, entry)| match &entry.fact {
            Fact::Armed(armed) => Some((index, &armed.aim)),
            _ => None,
        });
        let (_, aim) = armed.find(|(index, _)| {
            let mut later = self.notifications().filter(|(entry, _, _)| entry > index);
            !later.any(|(_, _, notification)| notification.fault.is_some())
        })?;
        Some(aim)
    }

    /// The partner's calls to Google with their entry index and time.
    pub fn notifications(&self) -> impl Iterator<Item = (usize, u64, &Notification)> {
        self.entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| match &entry.fact {
                Fact::Notification(notification) => Some((index, entry.at_ms, notification)),
                _ => None,
            })
    }

    /// The tries of calls that the network lost, with the calls.
    pub fn lost_tries(&self) -> impl Iterator<Item = (&Call, &LostTry)> {
        self.entries.iter().filter_map(|entry| match &entry.fact {
            Fact::Lost(lost) => match &self.entries.get(lost.call)?.fact {
                Fact::Call(call) => Some((call, lost)),
                _ => None,
            },
            _ => None,
        })
    }

    /// Why the scenario ended early, with the entry index.
    pub fn early_end(&self) -> Option<(usize, &EarlyEnd)> {
        self.entries
            .iter()
            .enumerate()
            .find_map(|(index, entry)| match &entry.fact {
                Fact::Stopped(stopped) => Some((index, stopped)),
                _ => None,
            })
    }

    /// True when it ended before its first step, since there was no slot for it at this moment.
    pub fn lacks_slot(&self) -> bool {
        self.early_end().is_some_and(|(_, stopped)| stopped.no_slot)
    }

    /// True when every step was carried out, and none twice.
    pub fn is_complete(&self) -> bool {
        let mut facts = self.entries.iter().map(|entry| &entry.fact);
        !facts.any(|fact| match fact {
            Fact::Stopped(_) | Fact::Skipped(_) => true,
            Fact::Call(call) => call.again,
            _ => false,
        })
    }

    /// The readings of the partner's ledger, with entry index and time.
    pub fn ledgers(&self) -> impl Iterator<Item = (usize, u64, &Ledger)> {
        self.entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| match &entry.fact {
                Fact::Ledger(ledger) => Some((index, entry.at_ms, ledger)),
                _ => None,
            })
    }

    /// The slot of a name at the end: replacements of stale slots included.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        let bound = self.binding()?.slots.get(name)?;
        let replaced = self.entries.iter().rev().find_map(|entry| match &entry.fact {
            Fact::Rebound(rebound) if rebound.name == name => Some(&rebound.slot),
            _ => None,
        });
        Some(replaced.unwrap_or(bound))
    }

    /// The slot, bound now or before, or one of the page, that a `Slot` message of ours asked for.
    pub fn slot_of(&self, message: &Value) -> Option<&Slot> {
        let bound = self.binding()?;
        let replacements = self.entries.iter().rev().filter_map(|entry| match &entry.fact {
            Fact::Rebound(rebound) => Some(&rebound.slot),
            _ => None,
        });
        let mut all = replacements.chain(bound.slots.values()).chain(&bound.page);
        all.find(|slot| names_slot(message, slot))
    }

    /// How long the scenario waited by its own wish (quiet, wait, await), milliseconds.
    pub fn waits_ms(&self) -> u64 {
        let wait = |fact: &Fact| match fact {
            Fact::Awaited(awaited) => awaited.waited_ms,
            Fact::AwaitedSlot(awaited) => awaited.waited_ms,
            Fact::Quiet(quiet) => quiet.watched_ms,
            Fact::Waited(waited) => waited.waited_ms,
            Fact::Ledger(ledger) => ledger.waited_ms,
            _ => 0,
        };
        self.entries.iter().map(|entry| wait(&entry.fact)).sum()
    }
}

fn names_slot(message: &Value, slot: &Slot) -> bool {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    let number = |name: &str| message.get(name).and_then(protocol::int64::read);
    let resources = message.get("resources").or_else(|| message.get("resource_ids"));
    let resource = |name: &str| resources.and_then(|r| r.get(name)).and_then(Value::as_str);
    text("merchant_id").is_none_or(|id| id == slot.merchant_id)
        && text("service_id") == Some(slot.service_id.as_str())
        && number("start_sec") == Some(slot.start_sec)
        && number("duration_sec").is_none_or(|length| length == slot.duration_sec)
        && resource("staff_id") == slot.resources.staff_id.as_deref()
        && resource("room_id") == slot.resources.room_id.as_deref()
}

impl Transcript {
    /// The names that templates may use: answers by label, slots, the user, values of the run.
    pub fn context(&self) -> Value {
        let mut context = serde_json::Map::new();
        if let Some(bound) = self.binding() {
            let slots: serde_json::Map<String, Value> = bound
                .slots
                .keys()
                .filter_map(|name| Some((name.clone(), slot_context(self.slot(name)?)?)))
                .collect();
            context.insert("slot".into(), slots.get("slot").cloned().unwrap_or_default());
            context.insert("slots".into(), Value::Object(slots));
            context.insert(
                "user".into(),
                serde_json::to_value(&bound.user).unwrap_or_default(),
            );
            let unknown = format!("unknown-{}", bound.user.user_id);
            context.insert(
                "run".into(),
                serde_json::json!({ "unknown_booking_id": unknown, "unknown_entry_id": unknown }),
            );
            context.extend(bound.waitlist.as_ref().and_then(waitlist_context));
        }
        for exchange in self.exchanges() {
            if let (Some(label), Some(reply)) = (&exchange.call.label, exchange.http()) {
                let mut answer = answer_context(reply);
                answer["sent"] = exchange.call.body.clone().unwrap_or_default();
                context.insert(label.clone(), answer);
            }
        }
        Value::Object(context)
    }
}

/// What a template can name of a slot: its fields, and its start and duration in the form of the notification API.
fn slot_context(slot: &Slot) -> Option<Value> {
    let mut context = serde_json::to_value(slot).ok()?;
    context["start_time"] = protocol::time::seconds_to_timestamp(slot.start_sec).ok()?.into();
    context["duration"] = format!("{}s", slot.duration_sec).into();
    Some(context)
}

/// What a template can name of a waitlist: its fields, and an ordinary party.
fn waitlist_context(waitlist: &Waitlist) -> Option<(String, Value)> {
    let mut context = serde_json::to_value(waitlist).ok()?;
    context["party_size"] = waitlist.usual_size().into();
    Some(("waitlist".into(), context))
}

/// What a template can name of an answer: `status`, `body`, and the id of the booking or waitlist entry at hand; its caller adds what was `sent`.
fn answer_context(reply: &HttpReply) -> Value {
    let body = reply.message().cloned().unwrap_or_default();
    let mut answer = serde_json::json!({ "status": reply.status });
    let id = body.pointer("/booking/booking_id");
    if let Some(id) = id.filter(|id| id.as_str().is_some_and(|text| !text.is_empty())) {
        answer["booking_id"] = id.clone();
    }
    let id = body.pointer("/waitlist_entry_id");
    if let Some(id) = id.filter(|id| id.as_str().is_some_and(|text| !text.is_empty())) {
        answer["entry_id"] = id.clone();
    }
    if let Some(id) = body.pointer("/order/order_id").filter(|id| id.is_string()) {
        answer["order_id"] = id.clone();
    }
    answer["body"] = body;
    answer
}
