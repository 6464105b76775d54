//! Entries of a waitlist that the scenario made: taken back at the end, like bookings.

use super::Cleaned;
use crate::performer::Performer;
use crate::{trigger, waitlist};
use domain::TriggerName;
use indexmap::IndexMap;
use protocol::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::{Exchange, Fact, MayStand, Reply, Silence, StandingKind, Transcript};

/// Acts after which a party waits no longer.
const ENDS: [TriggerName; 2] = [TriggerName::WaitlistSeat, TriggerName::WaitlistNoShow];

/// States of an entry that waits no longer.
const OVER: [&str; 4] = ["CANCELED", "SEATED", "NO_SHOW", "DECLINED_BY_MERCHANT"];

impl Performer<'_> {
    /// Opens the list if the scenario closed it, and deletes the entries that it made.
    pub(super) async fn leave_waitlist(&self, cleaned: &mut Cleaned) {
        let so_far = self.so_far();
        self.open_again(&so_far).await;
        let made = Entries::of(&so_far);
        if self.engine.settings.keep_bookings {
            let kept = made.waiting.iter();
            cleaned.kept.extend(kept.map(|(id, request)| {
                self.entry_of(request, Some(id), "--keep-bookings leaves it on the list")
            }));
            let doubts = made.doubts.iter();
            cleaned
                .standing
                .extend(doubts.map(|(request, why)| self.entry_of(request, None, why)));
            return;
        }
        for (id, request) in &made.waiting {
            self.leave(id, request, cleaned).await;
        }
        for (request, why) in &made.doubts {
            self.settle_entry(request, why, &made, cleaned).await;
        }
    }

    async fn leave(&self, id: &str, request: &Value, cleaned: &mut Cleaned) {
        match self.delete(id).await {
            Ok(()) => cleaned.canceled += 1,
            Err(_) if self.is_over(id).await => {}
            Err(why) => cleaned.standing.push(self.entry_of(request, Some(id), &why)),
        }
    }

    /// The same request once more names the entry that it made, if the partner knows its token.
    async fn settle_entry(&self, request: &Value, why: &str, made: &Entries, cleaned: &mut Cleaned) {
        let again = self
            .send_own_call(Method::CreateWaitlistEntry, request.clone())
            .await;
        match Joined::by(&again) {
            Joined::Waiting(id) if made.known.contains(&id) => {}
            Joined::Waiting(id) => self.leave(&id, request, cleaned).await,
            Joined::Nothing | Joined::Unclear(_) => {
                cleaned.standing.push(self.entry_of(request, None, why));
            }
        }
    }

    /// Why the entry may still be on the list, if it may.
    pub(super) async fn delete(&self, id: &str) -> Result<(), String> {
        let reply = self
            .send_own_call(Method::DeleteWaitlistEntry, waitlist::entry(&json!(id)))
            .await;
        match reply {
            Reply::Http(reply) if reply.is_success() => Ok(()),
            Reply::Http(reply) => Err(format!(
                "DeleteWaitlistEntry was answered with HTTP {}",
                reply.status
            )),
            Reply::Nothing { .. } => Err("DeleteWaitlistEntry was not answered".to_owned()),
        }
    }

    pub(super) async fn is_over(&self, id: &str) -> bool {
        let reply = self
            .send_own_call(Method::GetWaitlistEntry, waitlist::entry(&json!(id)))
            .await;
        let Reply::Http(reply) = reply else {
            return false;
        };
        let state = reply
            .message()
            .filter(|_| reply.is_success())
            .and_then(|message| message.pointer("/waitlist_entry/waitlist_entry_state"));
        state
            .and_then(Value::as_str)
            .is_some_and(|state| OVER.contains(&state))
    }

    async fn open_again(&self, so_far: &Transcript) {
        let way = self.engine.settings.triggers.get(&TriggerName::OpenWaitlist);
        let last = triggers(so_far).filter(|(name, _)| is_of_list(name)).last();
        let closed = last.is_some_and(|(name, _)| name == TriggerName::CloseWaitlist.name());
        let (true, Some(way), Some(waitlist)) = (closed, way, &self.job.waitlist) else {
            return;
        };
        let values = trigger::values_of_waitlist("", waitlist);
        let (engine, id) = (self.engine, &self.job.scenario.id);
        engine.triggers.fire(way, &values, id, &*engine.operator).await;
    }

    fn entry_of(&self, request: &Value, id: Option<&str>, why: &str) -> MayStand {
        standing(request, &self.job.scenario.id, id, why)
    }
}

/// An entry by its CreateWaitlistEntry.
pub(super) fn standing(request: &Value, scenario: &str, id: Option<&str>, why: &str) -> MayStand {
    let text = |pointer: &str| {
        let value = request.pointer(pointer);
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    MayStand {
        idempotency_token: text("/idempotency_token"),
        merchant_id: text("/merchant_id"),
        service_id: text("/service_id"),
        start_sec: 0,
        user_id: text("/user_information/user_id"),
        booking_id: id.map(ToOwned::to_owned),
        kind: StandingKind::WaitlistEntry,
        scenario: scenario.to_owned(),
        why: why.to_owned(),
    }
}

fn is_of_list(name: &str) -> bool {
    [TriggerName::CloseWaitlist, TriggerName::OpenWaitlist]
        .iter()
        .any(|known| known.name() == name)
}

/// The acts that worked: their names and what they were about.
fn triggers(so_far: &Transcript) -> impl Iterator<Item = (&str, &str)> {
    so_far.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Trigger(trigger) if trigger.failure.is_none() => {
            Some((trigger.name.as_str(), trigger.booking_id.as_str()))
        }
        _ => None,
    })
}

/// The entries that a history made.
#[derive(Default)]
struct Entries {
    /// Every id that an answer named.
    known: BTreeSet<String>,
    /// Those that may still wait, with their requests, in the order in which they joined.
    waiting: IndexMap<String, Value>,
    /// Requests of which it is not known whether they made one, with the reason.
    doubts: Vec<(Value, String)>,
}

impl Entries {
    fn of(so_far: &Transcript) -> Self {
        let mut made = Self::default();
        for exchange in so_far.exchanges_of(Method::CreateWaitlistEntry) {
            let request = exchange.call.body.clone().unwrap_or_default();
            match Joined::by(&exchange.answer.reply) {
                Joined::Waiting(id) => {
                    made.known.insert(id.clone());
                    made.waiting.entry(id).or_insert(request);
                }
                Joined::Unclear(why) => made.doubts.push((request, why)),
                Joined::Nothing => {}
            }
        }
        let ended = triggers(so_far)
            .filter(|(name, _)| ENDS.iter().any(|end| end.name() == *name))
            .map(|(_, id)| id.to_owned());
        let deleted = so_far
            .exchanges_of(Method::DeleteWaitlistEntry)
            .filter_map(|one| deleted(&one));
        for id in ended.chain(deleted) {
            made.waiting.shift_remove(&id);
        }
        // A repeat of the same request, which was answered, tells what became of it.
        let tokens: BTreeSet<_> = so_far
            .exchanges_of(Method::CreateWaitlistEntry)
            .filter(|one| matches!(Joined::by(&one.answer.reply), Joined::Waiting(_)))
            .filter_map(|one| {
                one.request_value("/idempotency_token")
                    .cloned()
                    .map(|token| token.to_string())
            })
            .collect();
        made.doubts
            .retain(|(request, _)| !tokens.contains(&request["idempotency_token"].to_string()));
        made
    }
}

fn deleted(exchange: &Exchange<'_>) -> Option<String> {
    exchange.http().filter(|reply| reply.is_success())?;
    exchange
        .request_value("/waitlist_entry_id")?
        .as_str()
        .map(ToOwned::to_owned)
}

/// What the answer to a CreateWaitlistEntry says of the entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// It names it.
    Waiting(String),
    /// It proves that there is none.
    Nothing,
    /// It does neither; why an entry may stand.
    Unclear(String),
}

impl Joined {
    pub(super) fn by(reply: &Reply) -> Self {
        let reply = match reply {
            Reply::Http(reply) => reply,
            Reply::Nothing {
                kind: Silence::Unreachable | Silence::Tls,
                ..
            } => return Self::Nothing,
            Reply::Nothing { .. } => return Self::Unclear("CreateWaitlistEntry was not answered".to_owned()),
        };
        let message = reply.message();
        let id = message.and_then(|message| match message.get("waitlist_entry_id")? {
            Value::String(id) if !id.is_empty() => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        });
        if let Some(id) = id {
            return Self::Waiting(id);
        }
        let status = reply.status;
        let failed = message.and_then(|message| message.get("waitlist_business_logic_failure"));
        // A proxy answers 408 whatever has become of the request; who answers 501 has no such method.
        let refused = (400..500).contains(&status) && status != 408 || status == 501;
        if refused || failed.is_some_and(Value::is_object) {
            return Self::Nothing;
        }
        Self::Unclear(format!(
            "CreateWaitlistEntry was answered with HTTP {status} and no waitlist_entry_id"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use transcript::HttpReply;

    fn by(status: u16, body: &str) -> Joined {
        let reply = HttpReply::new(Method::CreateWaitlistEntry, status, Vec::new(), body.to_owned());
        Joined::by(&Reply::Http(reply))
    }

    #[test]
    fn an_entry_is_known_by_its_id_and_a_refusal_makes_none() {
        assert_eq!(
            by(200, r#"{"waitlist_entry_id":"w"}"#),
            Joined::Waiting("w".into())
        );
        assert_eq!(by(200, r#"{"waitlistEntryId":"w"}"#), Joined::Waiting("w".into()));
        let failure = r#"{"waitlist_business_logic_failure":{"cause":"WAITLIST_FULL"}}"#;
        for (status, body) in [(200, failure), (400, ""), (404, "<html>"), (501, "")] {
            assert_eq!(by(status, body), Joined::Nothing, "{status} {body}");
        }
    }

    #[test]
    fn all_else_leaves_a_doubt() {
        for (status, body) in [(500, ""), (200, "{}"), (408, ""), (200, "<html>")] {
            assert!(matches!(by(status, body), Joined::Unclear(_)), "{status} {body}");
        }
    }
}
