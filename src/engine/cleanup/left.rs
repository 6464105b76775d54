//! What an earlier run left standing, since it was killed: found again and taken back. Nothing is asked for a second time, since a request
//! that never arrived would make now what it did not make then.

use super::doubt::is_met_by;
use super::legible::{bookings_in, is_active_status};
use super::settle::Budget;
use super::{Cleaned, says_status};
use crate::performer::Performer;
use protocol::Method;
use serde_json::{Value, json};
use transcript::{MayStand, Reply, StandingKind};

/// Why a person has to look.
const NO_LIST: &str = "no answer named it, and ListBookings, which would, did not answer with a list";

/// As above, of a request that was wrong on purpose.
const NO_USER: &str = "no answer named it, and its request named no user whose bookings could be listed";

impl Performer<'_> {
    /// Takes back what stands of this.
    pub(crate) async fn take_back(&self, left: &[MayStand]) -> Cleaned {
        let mut cleaned = Cleaned::default();
        for one in left {
            match one.kind {
                StandingKind::Order => cleaned.orders.push(one.clone()),
                StandingKind::WaitlistEntry => self.take_back_entry(one, &mut cleaned).await,
                StandingKind::Booking => self.take_back_booking(one, &mut cleaned).await,
            }
        }
        cleaned.sort();
        cleaned
    }

    async fn take_back_entry(&self, entry: &MayStand, cleaned: &mut Cleaned) {
        let Some(id) = &entry.booking_id else {
            // Google's API has no list of entries, and the list of today passes by itself.
            cleaned.standing.push(entry.clone());
            return;
        };
        match self.delete(id).await {
            Ok(()) => cleaned.canceled += 1,
            Err(_) if self.is_over(id).await => {}
            Err(why) => cleaned.standing.push(because(entry, Some(id), &why)),
        }
    }

    async fn take_back_booking(&self, booking: &MayStand, cleaned: &mut Cleaned) {
        let mut budget = Budget::default();
        let ids = match &booking.booking_id {
            Some(id) => Some(vec![id.clone()]),
            None => self.ids_listed(booking, &mut budget).await,
        };
        let Some(ids) = ids else {
            let why = if booking.user_id.is_empty() {
                NO_USER
            } else {
                NO_LIST
            };
            cleaned.standing.push(because(booking, None, why));
            return;
        };
        for id in ids {
            if self.is_read_as_ended(&id, &mut budget).await {
                continue;
            }
            match self.end(&id, &mut budget).await {
                Ok(()) => cleaned.canceled += 1,
                Err(refusal) => {
                    let standing = because(booking, Some(&id), &refusal.why);
                    cleaned.list_of(&refusal).push(standing);
                }
            }
        }
    }

    /// The active bookings that the user's list names for the slot; none where there is no list.
    async fn ids_listed(&self, booking: &MayStand, budget: &mut Budget) -> Option<Vec<String>> {
        if booking.user_id.is_empty() || self.is_declared_absent(Method::ListBookings) {
            return None;
        }
        let body = json!({ "user_id": booking.user_id });
        let reply = self.send_own_call(Method::ListBookings, body).await;
        budget.spend(&reply);
        let Reply::Http(reply) = reply else {
            return None;
        };
        reply.message().filter(|_| reply.is_success())?;
        let request = request_of(booking);
        let listed = bookings_in(&reply.body).into_iter();
        let meant = listed.filter(|named| named.is_active() && is_met_by(&request, named));
        Some(meant.map(|named| named.id).collect())
    }

    /// True when the partner says that the booking has ended, in whatever way.
    pub(super) async fn is_read_as_ended(&self, booking_id: &str, budget: &mut Budget) -> bool {
        let reply = self.ask_status(booking_id, budget).await;
        reply.is_some_and(|reply| {
            says_status(&reply, "/booking_status").is_some_and(|status| !is_active_status(status))
        })
    }
}

/// The part of the request that finds its booking.
fn request_of(booking: &MayStand) -> Value {
    json!({
        "slot": {
            "merchant_id": booking.merchant_id,
            "service_id": booking.service_id,
            "start_sec": booking.start_sec.to_string(),
        },
        "user_information": { "user_id": booking.user_id },
    })
}

fn because(left: &MayStand, id: Option<&str>, why: &str) -> MayStand {
    MayStand {
        booking_id: id.map(ToOwned::to_owned),
        why: why.to_owned(),
        ..left.clone()
    }
}
