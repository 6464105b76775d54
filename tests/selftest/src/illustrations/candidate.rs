//! A finding of a row beside what the undecorated partner did at the same place.

use super::said::{self, Said, pair, seconds};
use crate::{Defect, Examination};
use outcome::Finding;
use scenario::matcher::describe;
use serde_json::{Value, json};
use transcript::{Exchange, Fact, Notification, NotificationRoute, Transcript};

/// Requirements about when a call comes again.
const DELIVERY: &str = "ERR-";

/// An accepted and a rejected text of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) accepted: String,
    pub(super) rejected: String,
}

/// A run of a defect, and the one without any.
#[derive(Clone, Copy)]
pub(super) struct Both<'r> {
    pub(super) defect: &'r Defect,
    pub(super) wrong: &'r Examination,
    pub(super) right: &'r Examination,
    /// The run with right calls about merchants, services and records, where the other one has any.
    pub(super) telling: &'r Examination,
}

impl Both<'_> {
    /// What can be shown of a finding; nothing where its place is not a fact of a history.
    pub(super) fn texts(self, scenario: Option<&str>, finding: &Finding) -> Option<Texts> {
        let evidence = &finding.evidence;
        let scenario = scenario.or(evidence.scenario.as_deref());
        let mut shown = match (scenario, evidence.entry) {
            (Some(scenario), Some(entry)) => self.of_entry(scenario, entry),
            _ => self.of_the_run(finding),
        }?;
        if finding.requirement.as_str().starts_with(DELIVERY) {
            shown.add_later();
        }
        let (accepted, rejected) = shown.texts(evidence.pointer.as_deref());
        Some(Texts { accepted, rejected })
    }

    fn of_entry(self, scenario: &str, entry: usize) -> Option<Shown> {
        let wrong = history(self.wrong, scenario)?;
        let right = history(self.right, scenario)?;
        let fact = &wrong.entries.get(entry)?.fact;
        match fact {
            Fact::Call(_) | Fact::Answer(_) => {
                let exchange = wrong.exchange_at(entry)?;
                let twin = twin_exchange(wrong, right, &exchange)?;
                Some(Shown {
                    right: said::exchange(&twin),
                    wrong: said::exchange(&exchange),
                    right_later: what_follows(right, twin.entry),
                    wrong_later: what_follows(wrong, exchange.entry),
                    ledgers: ledger_after(right, twin.entry).zip(ledger_after(wrong, exchange.entry)),
                })
            }
            Fact::Notification(call) => {
                let twin = twin_notification(wrong, right, entry);
                let gap =
                    |history: &Transcript, entry: usize| vec![Said::line(since_the_last(history, entry))];
                Some(Shown {
                    right: twin.map_or_else(
                        || vec![Said::line("no such call comes from the partner here")],
                        |(_, call)| said::notification(call),
                    ),
                    wrong: said::notification(call),
                    right_later: twin.map(|(entry, _)| gap(right, entry)).unwrap_or_default(),
                    wrong_later: gap(wrong, entry),
                    ledgers: None,
                })
            }
            _ => {
                let at = twin_fact(wrong, right, entry)?;
                Some(Shown::of(beside(right, at)?, beside(wrong, entry)?))
            }
        }
    }
}

/// What is shown of both, and what is added where that is the same.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) right: Vec<Said>,
    pub(super) wrong: Vec<Said>,
    right_later: Vec<Said>,
    wrong_later: Vec<Said>,
    /// What the ledgers say after the exchange, where nothing else differs.
    ledgers: Option<(Said, Said)>,
}

impl Shown {
    pub(super) fn of(right: Vec<Said>, wrong: Vec<Said>) -> Self {
        Self {
            right,
            wrong,
            ..Self::default()
        }
    }

    fn add_later(&mut self) {
        self.right.append(&mut self.right_later);
        self.wrong.append(&mut self.wrong_later);
    }

    /// The accepted text and the rejected one.
    fn texts(mut self, pointer: Option<&str>) -> (String, String) {
        let texts = pair(&self.right, &self.wrong, pointer);
        if texts.0 != texts.1 || self.right_later.is_empty() {
            return texts;
        }
        self.add_later();
        let texts = pair(&self.right, &self.wrong, pointer);
        let Some((right, wrong)) = self.ledgers.filter(|_| texts.0 == texts.1) else {
            return texts;
        };
        self.right.push(right);
        self.wrong.push(wrong);
        pair(&self.right, &self.wrong, pointer)
    }
}

/// The first reading of the partner's ledger after an answer.
fn ledger_after(history: &Transcript, entry: usize) -> Option<Said> {
    let mut later = history.entries.iter().skip(entry + 1);
    later.find_map(|one| match &one.fact {
        Fact::Ledger(ledger) => Some(Said::with("the ledger of the booking", json!(ledger.lines))),
        _ => None,
    })
}

/// The partner's calls after an answer and before the next call of Google's.
fn what_follows(history: &Transcript, entry: usize) -> Vec<Said> {
    let later = history.entries.iter().skip(entry + 1);
    let meanwhile = later.take_while(|one| !matches!(one.fact, Fact::Call(_)));
    let calls: Vec<Said> = meanwhile
        .filter_map(|one| match &one.fact {
            Fact::Notification(call) => Some(said::notification(call)),
            _ => None,
        })
        .flatten()
        .collect();
    if calls.is_empty() {
        return vec![Said::line("after that the partner notifies nothing")];
    }
    calls
}

pub(super) fn history<'r>(done: &'r Examination, scenario: &str) -> Option<&'r Transcript> {
    done.transcripts.iter().find(|one| one.scenario == scenario)
}

/// All calls of the partner's about bookings and availability.
pub(super) fn calls(done: &Examination) -> impl Iterator<Item = &Notification> {
    let claimed = done.transcripts.iter().flat_map(Transcript::notifications);
    claimed.map(|(_, _, call)| call).chain(&done.orphans)
}

/// The exchange of the same step; of the same method and turn where no step made it.
pub(super) fn twin_exchange<'t>(
    wrong: &Transcript,
    right: &'t Transcript,
    exchange: &Exchange<'_>,
) -> Option<Exchange<'t>> {
    let is_alike = |one: &Exchange<'_>| {
        let (own, other) = (one.call, exchange.call);
        own.step == other.step
            && own.label == other.label
            && own.method == other.method
            && one.phase == exchange.phase
    };
    let turn = wrong
        .exchanges()
        .filter(is_alike)
        .position(|one| one.entry == exchange.entry)?;
    let twins: Vec<_> = right.exchanges().filter(is_alike).collect();
    let by_method = || right.exchanges_of(exchange.call.method).last();
    twins
        .get(turn)
        .or_else(|| twins.last())
        .copied()
        .or_else(by_method)
}

/// The partner's call of the same sort and turn; nothing where the undecorated partner makes none.
fn twin_notification<'t>(
    wrong: &Transcript,
    right: &'t Transcript,
    entry: usize,
) -> Option<(usize, &'t Notification)> {
    let (_, _, own) = wrong.notifications().find(|(index, ..)| *index == entry)?;
    let sort = sort_of(own);
    let alike = wrong.notifications().filter(|(_, _, one)| sort_of(one) == sort);
    let turn = alike.take_while(|(index, ..)| *index < entry).count();
    let twins: Vec<_> = right
        .notifications()
        .filter(|(_, _, one)| sort_of(one) == sort)
        .collect();
    let is_booking = own.booking_id().is_some();
    let any = || {
        right
            .notifications()
            .find(|(_, _, one)| one.booking_id().is_some() == is_booking)
    };
    let twin = twins.get(turn).or(twins.last()).copied().or_else(any);
    twin.map(|(index, _, call)| (index, call))
}

/// How long after the call before about the same booking, or the same slots, a call came.
fn since_the_last(history: &Transcript, entry: usize) -> String {
    let all: Vec<_> = history.notifications().collect();
    let Some((_, at, own)) = all.iter().find(|(index, ..)| *index == entry) else {
        return String::new();
    };
    let mut earlier = all.iter().filter(|(index, ..)| *index < entry);
    let same = earlier.rfind(|(_, _, one)| one.booking_id() == own.booking_id());
    same.map_or_else(
        || "the first call about it".to_owned(),
        |(_, before, last)| {
            let waited = at.saturating_sub(*before);
            format!(
                "{} s after the call before, which was answered {}",
                seconds(waited),
                last.status
            )
        },
    )
}

/// What a call is about, as far as two runs can be compared.
pub(super) fn sort_of(call: &Notification) -> (bool, Option<Vec<String>>) {
    match call.route() {
        NotificationRoute::Booking { mask } => (true, mask.clone()),
        _ => (false, None),
    }
}

/// The entry of the same kind, step and turn.
fn twin_fact(wrong: &Transcript, right: &Transcript, entry: usize) -> Option<usize> {
    let own = kind(&wrong.entries.get(entry)?.fact);
    let alike = |history: &Transcript| -> Vec<usize> {
        let entries = history.entries.iter().enumerate();
        let alike = entries.filter(|(_, one)| kind(&one.fact) == own);
        alike.map(|(index, _)| index).collect()
    };
    let turn = alike(wrong).into_iter().position(|index| index == entry)?;
    let twins = alike(right);
    twins.get(turn).or_else(|| twins.last()).copied()
}

fn kind(fact: &Fact) -> String {
    let step = |name: &str, step: &dyn std::fmt::Debug| format!("{name} {step:?}");
    match fact {
        Fact::Awaited(wait) => step("awaited", &wait.step),
        Fact::AwaitedSlot(wait) => step("awaited slot", &wait.step),
        Fact::Quiet(quiet) => step("quiet", &quiet.step),
        Fact::Ledger(ledger) => step("ledger", &ledger.step),
        Fact::Trigger(trigger) => step("trigger", &trigger.step),
        other => step("other", &std::mem::discriminant(other)),
    }
}

/// A fact that is no message, with the messages that explain it.
fn beside(history: &Transcript, entry: usize) -> Option<Vec<Said>> {
    let wait = match &history.entries.get(entry)?.fact {
        Fact::Awaited(wait) => Wait {
            until: &wait.until,
            is_met: wait.met,
            ms: wait.waited_ms,
            copy: wait.copy.as_ref(),
            is_of_a_booking: true,
        },
        Fact::AwaitedSlot(wait) => Wait {
            until: &wait.until,
            is_met: wait.met,
            ms: wait.waited_ms,
            copy: wait.copy.as_ref(),
            is_of_a_booking: false,
        },
        Fact::Ledger(ledger) => {
            let lines = Said::with("the ledger of the booking", json!(ledger.lines));
            return Some(vec![Said {
                is_subject: true,
                ..lines
            }]);
        }
        Fact::Quiet(quiet) => {
            let watched = seconds(quiet.watched_ms);
            return Some(vec![Said::line(format!(
                "watched for {watched} s that no more calls come"
            ))]);
        }
        _ => return None,
    };
    Some(wait.said(history, entry))
}

/// What is waited for: conditions in words, and values as JSON has them.
fn condition(until: &Value) -> String {
    match describe(until) {
        Value::String(words) => words,
        plain => plain.to_string(),
    }
}

/// The waiting for a notification of a booking, or for an inventory update of a slot.
struct Wait<'t> {
    until: &'t Value,
    is_met: bool,
    ms: u64,
    copy: Option<&'t Value>,
    is_of_a_booking: bool,
}

impl Wait<'_> {
    fn said(&self, history: &Transcript, entry: usize) -> Vec<Said> {
        let (subject, call) = if self.is_of_a_booking {
            ("booking", "notification")
        } else {
            ("slot", "inventory update")
        };
        let until = condition(self.until);
        let awaited = Said::line(format!("awaited: Google's copy of the {subject} has {until}"));
        if self.is_met {
            let calls = history.notifications().filter(|(index, _, call)| {
                *index < entry && call.booking_id().is_some() == self.is_of_a_booking
            });
            let last = calls.last().map(|(_, _, call)| said::notification(call));
            return [vec![awaited], last.unwrap_or_default()].concat();
        }
        let waited = seconds(self.ms);
        let head = format!("no {call} brought it about within {waited} s; Google's copy has");
        let copy = self.copy.cloned().unwrap_or(Value::Null);
        vec![awaited, Said::with(head, copy)]
    }
}
