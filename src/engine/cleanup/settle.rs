//! The search for bookings that a CreateBooking may have made without telling Google.

use super::doubt::{Doubt, Made};
use super::legible::{Start, bookings_in};
use super::{Cleaned, Refusal, booking_id_in, booking_ids};
use crate::calls::Origin;
use crate::performer::Performer;
use protocol::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::PoisonError;
use transcript::{MayStand, Reply, Transcript};

/// Calls of the clean-up for one booking.
const CALLS: usize = 6;
/// A call that is not answered has cost the whole patience: a second one may be tried, a third one not.
const UNANSWERED: usize = 3;

/// How many calls the clean-up may still make for one booking.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(CALLS)
    }
}

impl Budget {
    pub(super) fn has_more(&self) -> bool {
        self.0 > 0
    }

    /// A call has been made.
    pub(super) fn spend(&mut self, reply: &Reply) {
        let cost = match reply {
            Reply::Http(_) => 1,
            Reply::Nothing { .. } => UNANSWERED,
        };
        self.0 = self.0.saturating_sub(cost);
    }
}

impl Performer<'_> {
    /// The doubts of the scenario, one for each token: repeats of one request make one booking.
    pub(super) fn take_doubts(&self) -> Vec<Doubt> {
        let mut doubts = std::mem::take(&mut *self.doubts.lock().unwrap_or_else(PoisonError::into_inner));
        let mut tokens = BTreeSet::new();
        doubts.retain(|doubt| doubt.token().is_none_or(|token| tokens.insert(token.to_owned())));
        // A booking whose time is over blocks no slot any more.
        let is_over = |end| self.engine.clock.until_sec(end).is_zero();
        doubts.retain(|doubt| !doubt.end_sec().is_some_and(is_over));
        doubts
    }

    pub(super) fn standing(&self, doubt: &Doubt) -> MayStand {
        self.standing_of(&doubt.request, doubt.legible.as_deref(), &doubt.why)
    }

    /// Cancels what a CreateBooking may have made: by the id in its answer; or else by the id that the same request or the user's list names.
    pub(super) async fn settle(
        &self,
        doubt: &Doubt,
        so_far: &Transcript,
        dealt: &mut DealtWith,
        cleaned: &mut Cleaned,
    ) {
        if dealt.takes_spare(doubt) {
            return;
        }
        let mut budget = Budget::default();
        let mut why = doubt.why.clone();
        if let Some(id) = &doubt.legible {
            dealt.ids.insert(id.clone());
            match self.end(id, &mut budget).await {
                Ok(()) => {
                    cleaned.canceled += 1;
                    return;
                }
                Err(refusal) => why = format!("{why}; {}", refusal.why),
            }
        }
        let found = self.find(doubt, so_far, &mut budget).await;
        let (mut ended, mut standing) = (0, Vec::new());
        for id in found.ids.iter().filter(|id| !dealt.ids.contains(*id)) {
            match self.end_unless_ended(id, &mut budget).await {
                Ok(canceled) => {
                    cleaned.canceled += canceled;
                    ended += 1;
                }
                Err(refusal) => standing.push(self.standing_of(&doubt.request, Some(id), &refusal.why)),
            }
        }
        dealt.add(doubt, &found, ended);
        if standing.is_empty() && !(ended > 0 && found.is_complete) {
            standing.push(self.standing_of(&doubt.request, doubt.legible.as_deref(), &why));
        }
        cleaned.standing.extend(standing);
    }

    /// How many bookings were cancelled: one, or none if it had ended before.
    async fn end_unless_ended(&self, booking_id: &str, budget: &mut Budget) -> Result<usize, Refusal> {
        if self.is_active(booking_id) {
            self.end(booking_id, budget).await.map(|()| 1)
        } else {
            Ok(0)
        }
    }

    /// The bookings that the request may have made.
    async fn find(&self, doubt: &Doubt, so_far: &Transcript, budget: &mut Budget) -> Found {
        let mut repeated = id_of_same_token(doubt, so_far);
        if repeated.is_none() && doubt.legible.is_none() {
            repeated = self.ask_again(doubt, budget).await;
        }
        let known = booking_ids(so_far);
        let mut ids = self.listed(doubt, budget).await;
        ids.retain(|id| repeated.as_ref() == Some(id) || !known.contains(id));
        let Some(repeated) = repeated else {
            let is_complete = !ids.is_empty();
            return Found {
                ids,
                is_complete,
                by_list_alone: true,
            };
        };
        // Who is not idempotent has booked once more. A list of all bookings shows it, or else a second repeat.
        let is_complete = ids.contains(&repeated) || {
            let once_more = self.ask_again(doubt, budget).await;
            let same = once_more.as_ref() == Some(&repeated);
            ids.extend(once_more);
            same
        };
        ids.insert(repeated);
        Found {
            ids,
            is_complete,
            by_list_alone: false,
        }
    }

    /// The id in the answer to the same request.
    async fn ask_again(&self, doubt: &Doubt, budget: &mut Budget) -> Option<String> {
        if !budget.has_more() {
            return None;
        }
        let permit = self.engine.pace.enter(1, &*self.engine.clock).await;
        let reply = self
            .exchange(&Origin::of_harness(doubt.breaks_model), &doubt.built)
            .await;
        drop(permit);
        budget.spend(&reply);
        match Made::by(&reply) {
            Made::Booked(id) => Some(id),
            Made::Unclear { legible, .. } => legible,
            Made::Nothing => None,
        }
    }

    /// The ids that ListBookings names for the slot and the user of the request.
    async fn listed(&self, doubt: &Doubt, budget: &mut Budget) -> BTreeSet<String> {
        let Some(user) = doubt.user_id() else {
            return BTreeSet::new();
        };
        if !budget.has_more() || self.is_declared_absent(Method::ListBookings) {
            return BTreeSet::new();
        }
        let body = json!({ "user_id": user });
        let reply = self.send_own_call(Method::ListBookings, body).await;
        budget.spend(&reply);
        let Reply::Http(reply) = reply else {
            return BTreeSet::new();
        };
        let listed = bookings_in(&reply.body).into_iter();
        listed
            .filter(|booking| booking.is_active() && doubt.is_met_by(booking))
            .map(|booking| booking.id)
            .collect()
    }
}

/// What the search found.
struct Found {
    ids: BTreeSet<String>,
    /// True when there is no sign of further bookings.
    is_complete: bool,
    /// True when nothing tells the bookings of several requests for one slot apart.
    by_list_alone: bool,
}

/// What the clean-up of a scenario has dealt with already.
#[derive(Debug, Default)]
pub(super) struct DealtWith {
    /// Booking ids.
    pub(super) ids: BTreeSet<String>,
    /// Bookings that a list named beside the one that was looked for, by what was asked for.
    spare: Vec<(Option<Start>, Option<String>)>,
}

impl DealtWith {
    fn add(&mut self, doubt: &Doubt, found: &Found, ended: usize) {
        self.ids.extend(found.ids.iter().cloned());
        if found.by_list_alone {
            let spare = std::iter::repeat_n(doubt.asked(), ended.saturating_sub(1));
            self.spare.extend(spare);
        }
    }

    /// True when the booking of a request has been cancelled together with that of an earlier one for the same slot and user.
    fn takes_spare(&mut self, doubt: &Doubt) -> bool {
        let place = self.spare.iter().position(|spare| *spare == doubt.asked());
        place.map(|place| self.spare.swap_remove(place)).is_some()
    }
}

/// The id in another answer to a request with the same token.
fn id_of_same_token(doubt: &Doubt, so_far: &Transcript) -> Option<String> {
    let token = doubt.token()?;
    let mut creates = so_far.exchanges_of(Method::CreateBooking);
    creates.find_map(|exchange| {
        let same = exchange
            .request_value("/idempotency_token")
            .and_then(Value::as_str)
            == Some(token);
        booking_id_in(&exchange).filter(|_| same)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use transcript::{HttpReply, Silence};

    #[test]
    fn a_clean_up_ends_and_sooner_where_nothing_is_answered() {
        let http = Reply::Http(HttpReply::new(
            Method::UpdateBooking,
            500,
            Vec::new(),
            String::new(),
        ));
        let nothing = Reply::Nothing {
            kind: Silence::Timeout,
            detail: String::new(),
        };
        let calls = |reply: &Reply| {
            let mut budget = Budget::default();
            let mut calls = 0;
            while budget.has_more() {
                budget.spend(reply);
                calls += 1;
            }
            calls
        };
        assert_eq!((calls(&http), calls(&nothing)), (6, 2));
    }
}
