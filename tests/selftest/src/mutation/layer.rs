//! The layer between the reference partner and the harness, in which a mutant is made.

use super::area::Area;
use super::change::mutated;
use super::memory::{Memory, Message};
use super::mutant::Mutant;
use super::notified::{content_of, fill_in};
use super::operator::Operator;
use crate::examine::PATIENCE;
use crate::notifications::{Delivered, is_patch, notifier};
use crate::wire::{ReceivedCall, Reply, layer};
use axum::http::StatusCode;
use reference_server::{Notifier, OutboxMessage, Outgoing, Seams};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A moment that nobody may mind.
const MOMENT: Duration = Duration::from_millis(300);
/// So long a message is kept back for the next one of its subject to overtake it.
const KEPT_BACK: Duration = Duration::from_secs(2);
/// Beyond the patience of the run.
const TOO_LATE: Duration = Duration::from_secs(2);

/// A mutant at work.
struct Work {
    mutant: Mutant,
    memory: Mutex<Memory>,
    kept_back: Mutex<HashMap<String, OutboxMessage>>,
    strikes: Arc<AtomicUsize>,
}

/// A reference partner whose messages of one area are mutated; `strikes` counts those that were.
pub(crate) fn seams(mutant: &Mutant, strikes: &Arc<AtomicUsize>) -> Seams {
    let work = Arc::new(Work {
        mutant: mutant.clone(),
        memory: Mutex::default(),
        kept_back: Mutex::default(),
        strikes: Arc::clone(strikes),
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
        self.strikes.fetch_add(1, Ordering::Relaxed);
    }

    /// What becomes of the content of a message; it is remembered as the partner made it.
    fn change(&self, message: Message) -> Option<Value> {
        let mutant = &self.mutant;
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = mutated(mutant.operator, mutant.area, &mutant.leaf, &message, &memory);
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
            crate::time::sleep(MOMENT).await;
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
