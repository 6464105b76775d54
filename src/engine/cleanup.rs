//! The cancellation of our bookings, as the last phase of the scenario's own history.

mod doubt;
mod left;
mod legible;
mod orders;
mod settle;
mod waitlist;
mod what;

pub(super) use doubt::Doubt;
pub(super) use what::{What, made_by, what};

use super::performer::Performer;
use super::trigger;
use config::Trigger as Way;
use domain::TriggerName;
use legible::{bookings_in, is_active_status};
use protocol::{Method, time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use settle::{Budget, DealtWith};
use std::collections::{BTreeMap, BTreeSet};
use transcript::{Exchange, Fact, HttpReply, MayStand, Phase, Reply, Transcript};

const REFUSALS: [TriggerName; 3] = [TriggerName::Decline, TriggerName::Fail, TriggerName::Expire];
const CANCELLATIONS: [TriggerName; 2] = [TriggerName::MerchantCancel, TriggerName::UserCancelAtPartner];
/// A booking of somebody who did not come is over, whether or not Google was notified.
const ABSENCES: [TriggerName; 1] = [TriggerName::NoShow];

/// The cause of a refusal that keeps a booking by right.
const TOO_LATE: &str = "OUTSIDE_CANCELLATION_WINDOW";

/// The cause of a refusal of what may be over already: who is interrupted does not know what came of a trigger.
const MAY_BE_OVER: &str = "BOOKING_NOT_CANCELLABLE";

/// The result of a clean-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleaned {
    /// Bookings that were cancelled.
    pub canceled: usize,
    /// Bookings that may stand against our wish.
    pub standing: Vec<MayStand>,
    /// Bookings that stand because it was too late to cancel them: the partner may say so.
    pub refused: Vec<MayStand>,
    /// Orders, which nobody can cancel by Google's API: the config says that they may be made.
    pub orders: Vec<MayStand>,
    /// Bookings that were left standing as the user asked.
    pub kept: Vec<MayStand>,
}

impl Performer<'_> {
    /// Cancels every booking of ours that is still confirmed in Google's copy, and looks for those that Google could not be told of.
    pub(super) async fn clean_up(&self) -> Cleaned {
        self.engine.board.enter(self.index, Phase::Cleanup);
        self.disarm();
        let mut cleaned = Cleaned::default();
        self.leave_waitlist(&mut cleaned).await;
        let so_far = self.so_far();
        let requests = requests_by_id(&so_far);
        let doubts = self.take_doubts();
        self.list_orders(&so_far, &mut cleaned);
        if self.engine.settings.keep_bookings {
            cleaned
                .standing
                .extend(doubts.iter().map(|doubt| self.standing(doubt)));
            cleaned.kept.extend(self.list_kept(&requests));
            return cleaned;
        }
        let mut dealt = DealtWith::default();
        for doubt in &doubts {
            self.settle(doubt, &so_far, &mut dealt, &mut cleaned).await;
        }
        for (id, request) in &requests {
            if dealt.ids.contains(id) || !self.is_active(id) || self.has_ended_at_partner(&so_far, id).await {
                continue;
            }
            match self.end(id, &mut Budget::default()).await {
                Ok(()) => cleaned.canceled += 1,
                Err(refusal) => {
                    let standing = self.standing_of(request, Some(id), &refusal.why);
                    cleaned.list_of(&refusal).push(standing);
                }
            }
        }
        cleaned
    }

    fn list_kept(&self, requests: &BTreeMap<String, Value>) -> Vec<MayStand> {
        let active = requests.iter().filter(|(id, _)| self.is_active(id));
        active
            .map(|(id, request)| self.standing_of(request, Some(id), "--keep-bookings leaves it standing"))
            .collect()
    }

    fn standing_of(&self, request: &Value, booking_id: Option<&str>, why: &str) -> MayStand {
        doubt::standing(request, &self.job.scenario.id, booking_id, why)
    }

    /// Cancels a booking; why it may still stand comes back when nothing that the partner says can be believed.
    async fn end(&self, booking_id: &str, budget: &mut Budget) -> Result<(), Refusal> {
        if !budget.has_more() {
            return Err(Refusal::of("the clean-up has given up", false));
        }
        let body = json!({ "booking": { "booking_id": booking_id, "status": "CANCELED" } });
        let reply = self.send_own_call(Method::UpdateBooking, body).await;
        budget.spend(&reply);
        let Some(refusal) = refusal(&reply, booking_id) else {
            return Ok(());
        };
        let looked = match (budget.has_more(), &refusal) {
            (false, _) => false,
            (true, refusal) if refusal.may_be_over => self.is_read_as_ended(booking_id, budget).await,
            (true, refusal) => !refusal.is_clear && self.is_read_as_canceled(booking_id, budget).await,
        };
        if looked || self.cancel_as_merchant(booking_id).await {
            Ok(())
        } else {
            Err(refusal)
        }
    }

    /// True when nothing is left to cancel, whether or not Google was notified. To cancel it once more would make a notification of that
    /// cancellation out of one that is only late; but only a look proves that a cancellation was more than an answer.
    async fn has_ended_at_partner(&self, so_far: &Transcript, booking_id: &str) -> bool {
        if is_triggered(so_far, booking_id, &REFUSALS) {
            return true;
        }
        if is_triggered(so_far, booking_id, &ABSENCES) {
            return self.is_read_as_ended(booking_id, &mut Budget::default()).await;
        }
        is_triggered(so_far, booking_id, &CANCELLATIONS)
            && self.is_read_as_canceled(booking_id, &mut Budget::default()).await
    }

    async fn is_read_as_canceled(&self, booking_id: &str, budget: &mut Budget) -> bool {
        let reply = self.ask_status(booking_id, budget).await;
        reply.is_some_and(|reply| {
            says_canceled(&reply, "/booking_status") || names_as_canceled(&reply, booking_id)
        })
    }

    /// What the partner says of a booking's status, if it has that method and answers with success.
    async fn ask_status(&self, booking_id: &str, budget: &mut Budget) -> Option<HttpReply> {
        if self.is_declared_absent(Method::GetBookingStatus) {
            return None;
        }
        let body = json!({ "booking_id": booking_id });
        let reply = self.send_own_call(Method::GetBookingStatus, body).await;
        budget.spend(&reply);
        match reply {
            Reply::Http(reply) if reply.is_success() => Some(reply),
            _ => None,
        }
    }

    /// What Google may not cancel any more the merchant may, where the target can be made to do it without a person.
    async fn cancel_as_merchant(&self, booking_id: &str) -> bool {
        let way = self.engine.settings.triggers.get(&TriggerName::MerchantCancel);
        let Some(way @ (Way::Http(_) | Way::Command(_))) = way else {
            return false;
        };
        let so_far = self.so_far();
        let name = self.job.scenario.slots.keys().next();
        let values = trigger::values(booking_id, name.and_then(|name| so_far.slot(name)));
        let (engine, id) = (self.engine, &self.job.scenario.id);
        let (_, failure) = engine.triggers.fire(way, &values, id, &*engine.operator).await;
        failure.is_none()
    }

    fn is_active(&self, booking_id: &str) -> bool {
        let copy = self.engine.google.booking_copy(booking_id);
        let status = copy
            .as_ref()
            .and_then(|copy| copy["status"].as_str())
            .unwrap_or("CONFIRMED");
        let alive = is_active_status(status);
        // A booking whose time is over blocks no slot any more.
        let over = copy
            .as_ref()
            .and_then(end_sec)
            .is_some_and(|end| self.engine.clock.until_sec(end).is_zero());
        alive && !over
    }
}

/// True when we made the partner end the booking in one of these ways.
fn is_triggered(transcript: &Transcript, booking_id: &str, ways: &[TriggerName]) -> bool {
    transcript.entries.iter().any(|entry| match &entry.fact {
        Fact::Trigger(trigger) => {
            trigger.booking_id == booking_id
                && trigger.failure.is_none()
                && ways.iter().any(|way| way.name() == trigger.name)
        }
        _ => false,
    })
}

/// When Google's copy of a booking ends, epoch seconds.
fn end_sec(copy: &Value) -> Option<i64> {
    let start = time::timestamp_to_seconds(copy["startTime"].as_str()?).ok()?;
    let length = time::duration_to_seconds(copy["duration"].as_str()?).ok()?;
    Some(start + length)
}

/// Every booking id that an answer to a CreateBooking of ours named.
pub(super) fn booking_ids(transcript: &Transcript) -> BTreeSet<String> {
    transcript
        .exchanges_of(Method::CreateBooking)
        .filter_map(|exchange| booking_id_in(&exchange))
        .collect()
}

fn booking_id_in(exchange: &Exchange<'_>) -> Option<String> {
    let message = exchange.http()?.message()?;
    let id = message.pointer("/booking/booking_id").and_then(Value::as_str);
    id.filter(|id| !id.is_empty()).map(ToOwned::to_owned)
}

/// The request that made each booking of which Google can read the id.
fn requests_by_id(transcript: &Transcript) -> BTreeMap<String, Value> {
    let mut requests = BTreeMap::new();
    for exchange in transcript.exchanges_of(Method::CreateBooking) {
        if let Some(id) = booking_id_in(&exchange) {
            let request = || exchange.call.body.clone().unwrap_or_default();
            requests.entry(id).or_insert_with(request);
        }
    }
    requests
}

/// A cancellation that may not have worked.
struct Refusal {
    /// True when the partner says that it does not cancel: to look at the booking would show nothing new.
    is_clear: bool,
    /// True when it is too late to cancel, as the partner says.
    is_late: bool,
    /// True when it may have ended in another way, which a look shows.
    may_be_over: bool,
    /// Why the booking may still stand.
    why: String,
}

impl Refusal {
    fn of(why: impl Into<String>, is_clear: bool) -> Self {
        Self {
            is_clear,
            is_late: false,
            may_be_over: false,
            why: why.into(),
        }
    }
}

impl Cleaned {
    /// The result of another scenario.
    pub(super) fn add(&mut self, other: Self) {
        self.canceled += other.canceled;
        self.standing.extend(other.standing);
        self.refused.extend(other.refused);
        self.orders.extend(other.orders);
        self.kept.extend(other.kept);
    }

    /// In an order that does not depend on which scenario ended first.
    pub(super) fn sort(&mut self) {
        let lists = [
            &mut self.standing,
            &mut self.refused,
            &mut self.orders,
            &mut self.kept,
        ];
        for list in lists {
            list.sort_by(|a, b| {
                (&a.scenario, &a.idempotency_token).cmp(&(&b.scenario, &b.idempotency_token))
            });
        }
    }

    fn list_of(&mut self, refusal: &Refusal) -> &mut Vec<MayStand> {
        if refusal.is_late {
            &mut self.refused
        } else {
            &mut self.standing
        }
    }
}

/// Why the booking may still be confirmed, if it may.
fn refusal(reply: &Reply, booking_id: &str) -> Option<Refusal> {
    let Reply::Http(reply) = reply else {
        return Some(Refusal::of("its cancellation was not answered", false));
    };
    if !reply.is_success() {
        let why = format!("its cancellation was answered with HTTP {}", reply.status);
        return Some(Refusal::of(why, (400..500).contains(&reply.status)));
    }
    if says_canceled(reply, "/booking/status") || names_as_canceled(reply, booking_id) {
        return None;
    }
    let cause = reply
        .message()
        .and_then(|message| message.pointer("/booking_failure/cause"));
    match cause.and_then(Value::as_str) {
        Some("BOOKING_ALREADY_CANCELLED") => None,
        Some(cause) => Some(Refusal {
            is_late: cause == TOO_LATE,
            may_be_over: cause == MAY_BE_OVER,
            ..Refusal::of(format!("its cancellation was refused with {cause}"), true)
        }),
        None => {
            let why = "the answer to its cancellation does not say \"status\": \"CANCELED\"";
            Some(Refusal::of(why, false))
        }
    }
}

fn says_canceled(reply: &HttpReply, pointer: &str) -> bool {
    says_status(reply, pointer) == Some("CANCELED")
}

fn says_status<'r>(reply: &'r HttpReply, pointer: &str) -> Option<&'r str> {
    reply.message()?.pointer(pointer)?.as_str()
}

/// True when the booking is cancelled in an answer of whatever form.
fn names_as_canceled(reply: &HttpReply, booking_id: &str) -> bool {
    let mut named = bookings_in(&reply.body).into_iter();
    named.any(|booking| booking.id == booking_id && booking.status.as_deref() == Some("CANCELED"))
}
