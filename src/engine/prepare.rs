//! Every slot is looked up once before it is booked.

use super::order::Cart;
use super::performer::{Halt, Performer};
use super::{form, payload};
use domain::Basic;
use domain::slot::Slot;
use protocol::Method;
use protocol::availability::free_in_other_words;
use scenario::{Form, OrderTwist};
use serde_json::Value;
use std::time::Duration;
use transcript::{Fact, Reply, Silence, SlotReplacement};

/// A slot that starts sooner than this cannot be booked in time any more, whatever the partner says.
const TOO_SOON: Duration = Duration::from_secs(2);

impl Performer<'_> {
    /// Looks every slot up once before it is booked; a stale one is replaced.
    pub(super) async fn prepare(&self) -> Result<(), Halt> {
        if self.job.scenario.has_slot_soon() {
            self.wait_for_needs(0).await;
        }
        let mut bound = self.job.slots.values().flatten();
        if !bound.all(|slot| slot.terms.is_ordered()) && !self.can_look_up().await {
            let bound = self
                .job
                .slots
                .values()
                .filter_map(|candidates| candidates.first());
            bound.for_each(|slot| self.engine.board.claim_slot(self.index, slot));
            return Ok(());
        }
        for (name, candidates) in &self.job.slots {
            let mut free = None;
            for (turn, slot) in candidates.iter().enumerate() {
                self.engine.board.claim_slot(self.index, slot);
                if self.starts_in_time(slot) && self.is_offered(slot).await? {
                    free = Some((turn, slot));
                    break;
                }
            }
            match free {
                None if candidates.is_empty() || self.is_offered_otherwise(candidates).await => {}
                None => return Err(Halt::without_slot(name)),
                Some((0, _)) => {}
                Some((_, slot)) => {
                    self.record(Fact::Rebound(SlotReplacement {
                        name: name.clone(),
                        slot: slot.clone(),
                    }));
                }
            }
        }
        Ok(())
    }

    /// True when the scenario finds out why plain look-ups are answered as they are, and another form of them finds the slot free.
    async fn is_offered_otherwise(&self, candidates: &[Slot]) -> bool {
        let method = Method::BatchAvailabilityLookup;
        let is_asked = self.job.scenario.diagnoses(Basic::Method(method));
        let Some(slot) = candidates.first().filter(|_| is_asked) else {
            return false;
        };
        let mut body = payload::lookup(&[slot]);
        form::rewrite(&mut body, method, Form::Modes);
        match self.send_own_call(method, body).await {
            Reply::Http(reply) => {
                let entry = reply
                    .message()
                    .and_then(|message| message.pointer("/slot_time_availability/0"));
                reply.is_success() && entry.is_some_and(|entry| entry["available"] == true)
            }
            Reply::Nothing { .. } => false,
        }
    }

    /// A booking may take as long again as the slowest one did.
    fn starts_in_time(&self, slot: &Slot) -> bool {
        self.engine.clock.until_sec(slot.start_sec) > TOO_SOON + self.engine.slowest_booking()
    }

    /// False only when the partner says, in the right form, that the slot is gone: a broken look-up proves nothing.
    async fn is_offered(&self, slot: &Slot) -> Result<bool, Halt> {
        if slot.terms.is_ordered() {
            return self.can_be_ordered(slot).await;
        }
        let body = payload::lookup(&[slot]);
        let reply = self.send_own_call(Method::BatchAvailabilityLookup, body).await;
        match reply {
            Reply::Nothing {
                kind: Silence::Unreachable | Silence::Tls,
                detail,
            } => Err(unreachable(&detail)),
            Reply::Http(reply) if reply.is_success() => {
                let entries = reply.message().map(|message| &message["slot_time_availability"]);
                let entries = entries.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                Ok(!matches!(entries, [entry] if is_gone(entry)))
            }
            _ => Ok(true),
        }
    }

    /// The same for a slot that is sold by the ticket.
    async fn can_be_ordered(&self, slot: &Slot) -> Result<bool, Halt> {
        let cart = Cart {
            slots: &[slot],
            twist: OrderTwist::default(),
            id: "",
        };
        let reply = self
            .send_own_call(Method::CheckOrderFulfillability, cart.check())
            .await;
        match reply {
            Reply::Nothing {
                kind: Silence::Unreachable | Silence::Tls,
                detail,
            } => Err(unreachable(&detail)),
            Reply::Http(reply) if reply.is_success() => {
                let result = reply
                    .message()
                    .and_then(|message| message.pointer("/fulfillability/result"));
                Ok(result
                    .and_then(Value::as_str)
                    .is_none_or(|result| result == "CAN_FULFILL"))
            }
            _ => Ok(true),
        }
    }
}

fn unreachable(detail: &str) -> Halt {
    Halt::unreachable(format!("the target cannot be reached: {detail}"))
}

/// True for the entry of a slot that is not available: `false`, which proto3 leaves out. Another type, or other words for a
/// slot that is free, say nothing that Google reads, and are judged as that.
fn is_gone(entry: &Value) -> bool {
    let said = match &entry["available"] {
        Value::Bool(available) => !available,
        Value::Null => free_in_other_words(entry).is_none(),
        _ => false,
    };
    said && entry["slot_time"].is_object()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_google_reads_as_taken_is_gone() {
        let gone = |mut entry: Value| {
            entry["slot_time"] = json!({});
            is_gone(&entry)
        };
        assert!(gone(json!({ "available": false })) && gone(json!({})) && gone(json!({ "spots_left": 0 })));
        assert!(!gone(json!({ "available": true })) && !gone(json!({ "available": "true" })));
        assert!(!gone(json!({ "count_available": 1 })) && !gone(json!({ "available": 1 })));
        assert!(
            !is_gone(&json!({ "available": false })),
            "a dialect of its own proves nothing"
        );
    }
}
