//! The layer between the reference partner and the harness, in which a mutant is made.

use super::area::Area;
use super::change::mutated;
use super::memory::{Memory, Message};
use super::mutant::Mutant;
use super::notified::{content_of, fill_in};
use super::operator::Operator;
use super::place::places;
use crate::examine::PATIENCE;
use crate::notifications::{Delivered, is_patch, notifier};
use crate::wire::{ReceivedCall, Reply, layer};
use axum::http::StatusCode;
use reference_server::{Notifier, OutboxMessage, Outgoing, Seams};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A moment that nobody may mind.
const MOMENT: Duration = Duration::from_millis(300);
/// The same between notifications, which go out one after the other.
const SHORT_MOMENT: Duration = Duration::from_millis(20);
/// So long a message is kept back for the next one of its subject to overtake it.
const KEPT_BACK: Duration = Duration::from_secs(2);
/// Beyond the patience of the run.
const TOO_LATE: Duration = Duration::from_secs(2);

/// A mutant at work.
struct Work {
    mutant: Mutant,
    memory: Mutex<Memory>,
    kept_back: Mutex<HashMap<String, OutboxMessage>>,
    struck: Struck,
}

/// How many messages each mutant of a run has changed.
#[derive(Clone, Default)]
pub(crate) struct Struck(Arc<Mutex<HashMap<Mutant, usize>>>);

impl Struck {
    fn add(&self, mutant: &Mutant) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(mutant.clone()).or_default() += 1;
    }

    /// How many the one of them changed that changed fewest.
    pub(crate) fn least(&self, mutants: &[Mutant]) -> usize {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let least = mutants
            .iter()
            .map(|mutant| counts.get(mutant).copied().unwrap_or_default())
            .min();
        least.unwrap_or_default()
    }
}

/// A reference partner with these mutants at work; who changes a message counts it.
pub(crate) fn seams(mutants: &[Mutant], struck: &Struck) -> Seams {
    let mut mutants: Vec<&Mutant> = mutants.iter().collect();
    // With another status an answer is of another area, so that comes last.
    mutants.sort_by_key(|mutant| matches!(mutant.operator, Operator::Status(_)));
    let around = |inner: Seams, mutant: &&Mutant| around(inner, seams_of(mutant, struck));
    mutants.iter().fold(Seams::default(), around)
}

/// Both, one around the other, of what is said on either way.
fn around(inner: Seams, outer: Seams) -> Seams {
    Seams {
        http: match (inner.http, outer.http) {
            (Some(inner), Some(outer)) => Some(Arc::new(move |router| outer(inner(router)))),
            (inner, outer) => inner.or(outer),
        },
        notifier: match (inner.notifier, outer.notifier) {
            // What is nearest to the partner changes a message first.
            (Some(inner), Some(outer)) => Some(Arc::new(move |notifier| inner(outer(notifier)))),
            (inner, outer) => inner.or(outer),
        },
        ..Seams::default()
    }
}

fn seams_of(mutant: &Mutant, struck: &Struck) -> Seams {
    let work = Arc::new(Work {
        mutant: mutant.clone(),
        memory: Mutex::default(),
        kept_back: Mutex::default(),
        struck: struck.clone(),
    });
    if mutant.area.is_notification() {
        notifier(move |message, inner| deliver(Arc::clone(&work), message, inner))
    } else {
        layer(move |call, server| {
            let work = Arc::clone(&work);
            async move {
                let reply = server.answer(call.clone()).await;
                work.answered(&call, reply).await
            }
        })
    }
}

impl Work {
    fn strike(&self) {
        self.struck.add(&self.mutant);
    }

    /// What becomes of the content of a message; it is remembered as the partner made it.
    fn change(&self, message: Message) -> Option<Value> {
        let mutant = &self.mutant;
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let places = places(mutant.area, &message.content);
        let place = (mutant.leaf.as_str(), places.as_slice());
        let changed = mutated(mutant.operator, mutant.area, place, &message, &memory);
        memory.keep(mutant.area, message);
        if changed.is_some() {
            self.strike();
        }
        changed
    }

    async fn answered(&self, call: &ReceivedCall, mut reply: Reply) -> Reply {
        let is_own = area_of(call, &reply).is_some_and(|area| area == self.mutant.area);
        if !is_own {
            return reply;
        }
        match self.mutant.operator {
            Operator::Status(status) => {
                self.strike();
                reply.status = StatusCode::from_u16(status).unwrap_or(reply.status);
                if status == 204 {
                    reply.body = Value::Null;
                }
            }
            Operator::NoBody => {
                self.strike();
                reply.body = Value::Null;
            }
            Operator::Late => {
                self.strike();
                crate::time::sleep(MOMENT).await;
            }
            _ => {
                let message = Message::answer(&call.body, reply.body.clone());
                if let Some(changed) = self.change(message) {
                    reply.body = changed;
                }
            }
        }
        reply
    }

    /// Keeps a message back, or gives out the one that was kept back for its subject before.
    fn keep_back(&self, message: &OutboxMessage) -> Option<OutboxMessage> {
        let mut kept_back = self.kept_back.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = message.content.lane();
        let earlier = kept_back.remove(&lane);
        if earlier.is_none() {
            kept_back.insert(lane, message.clone());
        }
        earlier
    }

    /// The message that is still kept back for nobody.
    fn release(&self, message: &OutboxMessage) -> Option<OutboxMessage> {
        let mut kept_back = self.kept_back.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = message.content.lane();
        let is_same = kept_back.get(&lane).is_some_and(|kept| kept.id == message.id);
        if is_same { kept_back.remove(&lane) } else { None }
    }
}

/// The area of an answer to the right caller; whoever is a stranger is told so.
fn area_of(call: &ReceivedCall, reply: &Reply) -> Option<Area> {
    let method = call
        .method
        .filter(|method| method.verb() == call.head.method.as_str())?;
    let is_stranger = reply.status == StatusCode::UNAUTHORIZED;
    (!is_stranger).then(|| Area::Answer(method, reply.status.as_u16()))
}

fn area_of_notification(message: &Outgoing) -> Area {
    if is_patch(message) {
        Area::Booking
    } else {
        Area::Inventory
    }
}

async fn deliver(work: Arc<Work>, mut message: OutboxMessage, inner: Arc<dyn Notifier>) -> Delivered {
    if area_of_notification(&message.content) != work.mutant.area {
        return inner.deliver(&message).await;
    }
    match work.mutant.operator {
        Operator::Dropped => {
            work.strike();
            return Ok(());
        }
        Operator::Repeated => {
            work.strike();
            inner.deliver(&message).await?;
        }
        Operator::Swapped => return swap(work, message, inner).await,
        Operator::Delayed => {
            work.strike();
            crate::time::sleep(PATIENCE.within.unsigned_abs() + TOO_LATE).await;
        }
        Operator::Late => {
            work.strike();
            crate::time::sleep(SHORT_MOMENT).await;
        }
        Operator::NoBody => {
            work.strike();
            message.content.body = Value::Null;
        }
        _ => {
            let content = content_of(
                &message.content.path,
                &message.content.query,
                &message.content.body,
            );
            if let Some(changed) = work.change(Message::notification(content)) {
                fill_in(&mut message.content, &changed);
            }
        }
    }
    inner.deliver(&message).await
}

/// The first of two is taken as delivered and goes out after the second; where there is no second, it comes a little late.
async fn swap(work: Arc<Work>, message: OutboxMessage, inner: Arc<dyn Notifier>) -> Delivered {
    if let Some(earlier) = work.keep_back(&message) {
        work.strike();
        inner.deliver(&message).await?;
        return inner.deliver(&earlier).await;
    }
    tokio::spawn(async move {
        crate::time::sleep(KEPT_BACK).await;
        if let Some(message) = work.release(&message) {
            // Nobody waits for what became of it.
            let _ = inner.deliver(&message).await;
        }
    });
    Ok(())
}
