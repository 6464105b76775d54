//! The cancellation of our bookings, as the last phase of the scenario's own history.

use super::performer::Performer;
use super::trigger;
use config::Trigger as Way;
use domain::TriggerName;
use protocol::{Method, time};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::{Exchange, Fact, Phase, Reply, Transcript};

const REFUSALS: [TriggerName; 3] = [TriggerName::Decline, TriggerName::Fail, TriggerName::Expire];
const CANCELLATIONS: [TriggerName; 2] = [TriggerName::MerchantCancel, TriggerName::UserCancelAtPartner];

/// The result of a clean-up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Bookings that were cancelled.
    pub canceled: usize,
    /// Bookings that may still be confirmed, with the reason.
    pub leftovers: Vec<String>,
}

impl Performer<'_> {
    /// Cancels every booking of ours that is still confirmed in Google's copy.
    pub(super) async fn clean_up(&self) -> Cleaned {
        self.engine.board.enter(self.index, Phase::Cleanup);
        self.disarm();
        let mut cleaned = Cleaned::default();
        let so_far = self.so_far();
        // Listed also when bookings are kept: the report is the only trace of a booking without an id.
        cleaned.leftovers.extend(lost_creates(&so_far));
        if self.engine.settings.keep_bookings {
            return cleaned;
        }
        for id in booking_ids(&so_far) {
            if !self.is_active(&id) || self.has_ended_at_partner(&so_far, &id).await {
                continue;
            }
            let body = json!({ "booking": { "booking_id": id, "status": "CANCELED" } });
            let refused = refusal(&self.send_own_call(Method::UpdateBooking, body).await);
            let refused = match refused {
                Some(_) if self.cancel_as_merchant(&id).await => None,
                other => other,
            };
            match refused {
                None => cleaned.canceled += 1,
                Some(reason) => cleaned.leftovers.push(format!("{id}: {reason}")),
            }
        }
        cleaned
    }

    /// True when nothing is left to cancel, whether or not Google was notified. To cancel it once more would make a notification of that
    /// cancellation out of one that is only late; but only a look proves that a cancellation was more than an answer.
    async fn has_ended_at_partner(&self, so_far: &Transcript, booking_id: &str) -> bool {
        if is_triggered(so_far, booking_id, &REFUSALS) {
            return true;
        }
        is_triggered(so_far, booking_id, &CANCELLATIONS) && self.is_read_as_canceled(booking_id).await
    }

    async fn is_read_as_canceled(&self, booking_id: &str) -> bool {
        if self.is_declared_absent(Method::GetBookingStatus) {
            return false;
        }
        let body = json!({ "booking_id": booking_id });
        let reply = self.send_own_call(Method::GetBookingStatus, body).await;
        let Reply::Http(reply) = reply else {
            return false;
        };
        let status = reply.message().map(|message| &message["booking_status"]);
        reply.is_success() && status.is_some_and(|status| status == "CANCELED")
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
        let alive = matches!(
            status,
            "CONFIRMED" | "PENDING_MERCHANT_CONFIRMATION" | "PENDING_CLIENT_CONFIRMATION"
        );
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

/// A CreateBooking whose answer was lost may have made a booking that nobody can name.
fn lost_creates(transcript: &Transcript) -> Vec<String> {
    let lost =
        transcript
            .exchanges_of(Method::CreateBooking)
            .filter(|exchange| match &exchange.answer.reply {
                Reply::Nothing { kind, .. } => !matches!(kind, transcript::Silence::Unreachable),
                Reply::Http(_) => false,
            });
    let unknown = |exchange: Exchange<'_>| {
        let token = exchange
            .request_value("/idempotency_token")
            .and_then(Value::as_str)
            .unwrap_or("?")
            .to_owned();
        format!("unknown id, idempotency token {token}: no answer came to its CreateBooking")
    };
    lost.map(unknown).collect()
}

/// Why the booking may still be confirmed, if it may.
fn refusal(reply: &Reply) -> Option<String> {
    let Reply::Http(reply) = reply else {
        return Some("no answer came to its cancellation".to_owned());
    };
    if !reply.is_success() {
        return Some(format!(
            "its cancellation was answered with status {}",
            reply.status
        ));
    }
    let text = |pointer: &str| reply.message()?.pointer(pointer)?.as_str();
    let (cause, status) = (text("/booking_failure/cause"), text("/booking/status"));
    match (status, cause) {
        (Some("CANCELED"), _) | (_, Some("BOOKING_ALREADY_CANCELLED")) => None,
        (_, Some(cause)) => Some(format!("its cancellation was refused with {cause}")),
        _ => Some("the answer to its cancellation does not say that it is cancelled".to_owned()),
    }
}
