//! The histories while they grow: which scenario claims a booking or slot, and which waits for it.

mod updates;

use super::clock::Clock;
use super::earlier::EarlierBookings;
use super::other_calls::{OtherCall, OtherCalls};
use super::watched::Watched;
use super::weight::{Weight, values};
use domain::slot::Slot;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use transcript::{Entry, Fact, Notification, NotificationRoute, Phase, SlotKey, Subject, Transcript};

/// Histories, claims and Google's copies, shared by the scenarios and by the receiver of notifications.
pub struct Board {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    earlier: EarlierBookings,
    weight: Weight,
    /// Changes when anything has arrived or been claimed.
    pub(super) arrivals: Watched<()>,
}

/// The limit of entries per history and of calls that no scenario claims: a partner that repeats itself for ever
/// must not fill the memory. What is dropped is counted.
const KEPT: usize = 5_000;

/// All that calls may weigh together which weigh more than usual.
const HEAVY_CALLS: usize = 96 * 1024 * 1024;

/// So many calls of strangers are kept, in case that nobody else calls.
const STRANGERS: usize = 2_000;

#[derive(Default)]
struct State {
    /// Shared with those who read them: whoever looks at a history while it grows does not copy it.
    histories: Vec<Arc<Transcript>>,
    phases: Vec<Phase>,
    bookings: HashMap<String, usize>,
    slots: HashMap<SlotKey, usize>,
    copies: HashMap<String, Value>,
    /// Bookings whose last notification was stored, but not answered.
    unanswered: HashSet<String>,
    orphans: Vec<Notification>,
    arrivals_ms: Vec<u64>,
    others: OtherCalls,
    received: usize,
    /// Calls without a token of ours that are about no booking and no slot of ours: the first of them, and how many there were.
    strangers: Vec<Notification>,
    strangers_count: usize,
    /// True once a call bore a token of ours.
    signed: bool,
    /// True once a call was too heavy to be kept.
    overflowed: bool,
    dropped: usize,
    /// True once a booking's notification got as far as being read by Google's API.
    reached: bool,
}

impl Board {
    /// Empty histories for scenarios with these ids.
    pub fn new<'i>(clock: Arc<dyn Clock>, scenarios: impl IntoIterator<Item = &'i str>) -> Self {
        let empty = |id: &str| {
            Arc::new(Transcript {
                scenario: id.to_owned(),
                entries: Vec::new(),
            })
        };
        let histories: Vec<_> = scenarios.into_iter().map(empty).collect();
        let state = State {
            phases: vec![Phase::Prepare; histories.len()],
            histories,
            ..State::default()
        };
        Self {
            clock,
            state: Mutex::new(state),
            earlier: EarlierBookings::default(),
            weight: Weight::of(HEAVY_CALLS),
            arrivals: Watched::new(()),
        }
    }

    /// What runs made that are over: calls about it are counted, and filed nowhere.
    pub(super) fn with_earlier(self, earlier: EarlierBookings) -> Self {
        Self { earlier, ..self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fact that happens now; the index of its entry comes back.
    pub(super) fn record(&self, scenario: usize, fact: Fact) -> usize {
        let at_ms = self.clock.elapsed_ms();
        let mut state = self.state();
        let phase = state.phases[scenario];
        let entries = state.entries(scenario);
        entries.push(Entry { at_ms, phase, fact });
        entries.len() - 1
    }

    /// Completes a fact that was recorded when it began; its place and time stay.
    pub(super) fn complete(&self, scenario: usize, entry: usize, fact: Fact) {
        if let Some(entry) = self.state().entries(scenario).get_mut(entry) {
            entry.fact = fact;
        }
    }

    /// The part of the scenario that begins now.
    pub(super) fn enter(&self, scenario: usize, phase: Phase) {
        self.state().phases[scenario] = phase;
    }

    /// The history so far.
    pub(super) fn transcript(&self, scenario: usize) -> Arc<Transcript> {
        Arc::clone(&self.state().histories[scenario])
    }

    /// From now on a booking's notifications belong to the scenario; the first claim wins. A notification that
    /// came since the call whose answer makes the claim changes nothing where the answer says the same: which of the two is
    /// filed first is chance.
    pub(super) fn claim_booking(&self, scenario: usize, call: usize, booking_id: &str, copy: Value) {
        let mut state = self.state();
        state.bookings.entry(booking_id.to_owned()).or_insert(scenario);
        for entry in state.entries(scenario).iter_mut().skip(call) {
            if let Fact::Notification(notification) = &mut entry.fact
                && notification.booking_id() == Some(booking_id)
                && let (Some(mut before), Some(after)) =
                    (notification.before.clone(), notification.after.clone())
            {
                add_common(&mut before, &after, &copy);
                notification.set_copies(Some(before), Some(after));
            }
        }
        state.copies.insert(booking_id.to_owned(), copy);
        drop(state);
        self.arrivals.change(|()| {});
    }

    /// Google's copy of a booking after the last call that is filed.
    pub(super) fn booking_copy(&self, booking_id: &str) -> Option<Value> {
        self.state().copies.get(booking_id).cloned()
    }

    /// True when the last notification of a booking was stored, but not answered, so that the partner cannot know it.
    pub(super) fn is_unanswered(&self, booking_id: &str) -> bool {
        self.state().unanswered.contains(booking_id)
    }

    /// From now on a slot's inventory updates belong to the scenario.
    pub(super) fn claim_slot(&self, scenario: usize, slot: &Slot) {
        self.state().slots.insert(key(slot), scenario);
    }

    /// Files a call of the partner in the histories that it concerns; an inventory update concerns every claimed slot
    /// in one of its windows, listed or not.
    pub(super) fn receive(&self, mut notification: Notification, windows: &[Window]) {
        let at_ms = self.clock.elapsed_ms();
        let mut state = self.state();
        let values = notification.json().map_or(0, values) + values(&notification.answer);
        let is_light = self
            .weight
            .add(notification.raw.len() + notification.target.len(), values);
        if state.is_strangers(&notification, windows) {
            state.strangers_count += 1;
            if is_light && state.strangers.len() < STRANGERS {
                state.strangers.push(notification);
            }
            return;
        }
        state.signed |= notification.status != 401;
        state.received += 1;
        let is_ours = !state.owners(&notification.subject, windows).is_empty();
        if !is_ours && self.earlier.is_told_of(&notification) {
            return;
        }
        if !is_light {
            state.overflowed = true;
            state.dropped += 1;
            return;
        }
        if state.arrivals_ms.len() < KEPT {
            state.arrivals_ms.push(at_ms);
        }
        if let Some(booking_id) = notification.booking_id().map(ToOwned::to_owned) {
            state.reached |= got_through(&notification);
            let before = state.copies.get(&booking_id).cloned();
            // A call that was stored without a 200 lost its answer on purpose, so the partner has to repeat it.
            if notification.status == 200 {
                state.unanswered.remove(&booking_id);
            } else if notification.is_stored() {
                state.unanswered.insert(booking_id.clone());
            }
            let after = if notification.is_stored() {
                let copy = notification.answer.clone();
                state.copies.insert(booking_id, copy.clone());
                Some(copy)
            } else {
                before.clone()
            };
            notification.set_copies(before, after);
        }
        let owners = state.owners(&notification.subject, windows);
        let full = |state: &State, owner: &usize| state.histories[*owner].entries.len() >= KEPT;
        if state.orphans.len() >= KEPT || owners.iter().any(|owner| full(&state, owner)) {
            state.dropped += 1;
        } else if let Some((last, others)) = owners.split_last() {
            for owner in others {
                state.file(*owner, at_ms, notification.clone());
            }
            state.file(*last, at_ms, notification);
        } else {
            state.orphans.push(notification);
        }
        drop(state);
        self.arrivals.change(|()| {});
    }

    /// True when a notification of a booking ever got through.
    pub(super) fn is_reached(&self) -> bool {
        self.state().reached
    }

    /// Returns when a notification of a booking has got through.
    pub(super) async fn until_reached(&self) {
        self.arrivals.until(|()| self.is_reached()).await;
    }

    /// Files a call that belongs to the run as a whole.
    pub(super) fn receive_other(&self, call: OtherCall) {
        self.state().others.file(call, &*self.clock);
    }

    /// The calls that belong to the run as a whole.
    pub(super) fn other_calls(&self) -> OtherCalls {
        self.state().others.clone()
    }

    /// When calls arrived.
    pub(super) fn arrivals_ms(&self) -> Vec<u64> {
        self.state().arrivals_ms.clone()
    }

    /// Calls that no scenario claims. Where nobody bore a token of ours, those without one are the partner's.
    pub(super) fn orphans(&self) -> Vec<Notification> {
        let state = self.state();
        let unsigned = state.strangers.iter().filter(|_| !state.signed);
        state.orphans.iter().chain(unsigned).cloned().collect()
    }

    /// How many calls without a token of ours came beside those that bore one.
    pub(super) fn strangers_count(&self) -> usize {
        let state = self.state();
        if state.signed { state.strangers_count } else { 0 }
    }

    /// How many calls were counted and not kept.
    pub(super) fn dropped_count(&self) -> usize {
        self.state().dropped
    }

    /// That calls weighed too much to be kept, in words.
    pub(super) fn overflow(&self) -> Option<String> {
        let all = HEAVY_CALLS / 1024 / 1024;
        let is_over = self.state().overflowed;
        is_over.then(|| format!("the partner's calls to Google's API weigh more than {all} MiB"))
    }

    /// How many calls arrived.
    pub(super) fn received_count(&self) -> usize {
        let state = self.state();
        let unsigned = if state.signed { 0 } else { state.strangers_count };
        state.received + unsigned
    }
}

impl State {
    /// The entries of a history, to be changed.
    fn entries(&mut self, scenario: usize) -> &mut Vec<Entry> {
        &mut Arc::make_mut(&mut self.histories[scenario]).entries
    }

    /// True for a call without a token of ours, unless it is about a booking of a scenario or a service in which one books, of which
    /// nobody else knows.
    fn is_strangers(&self, call: &Notification, windows: &[Window]) -> bool {
        is_unsigned(call) && self.owners(&call.subject, windows).is_empty() && !self.names_service(call)
    }

    /// True when it names a service of a claimed slot.
    fn names_service(&self, call: &Notification) -> bool {
        let is_known = |merchant: &str, service: &str| {
            let mut known = self.slots.keys();
            known.any(|slot| slot.merchant_id == merchant && slot.service_id == service)
        };
        // A call that is refused for its token is not read any further, so its slots are not known.
        let entries = call
            .message()
            .and_then(|message| message.get("extendedServiceAvailability"));
        let mut entries = entries.and_then(Value::as_array).into_iter().flatten();
        let text = |entry: &'_ Value, name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_named = entries.any(|entry| {
            let names = text(entry, "merchantId").zip(text(entry, "serviceId"));
            names.is_some_and(|(merchant, service)| is_known(&merchant, &service))
        });
        is_named
            || matches!(call.route(), NotificationRoute::ServiceInventory { merchant_id: Some(merchant), service_id }
                if is_known(merchant, service_id))
    }

    fn file(&mut self, owner: usize, at_ms: u64, notification: Notification) {
        let phase = self.phases[owner];
        let fact = Fact::Notification(notification);
        self.entries(owner).push(Entry { at_ms, phase, fact });
    }

    fn owners(&self, subject: &Subject, windows: &[Window]) -> Vec<usize> {
        let mut owners: Vec<usize> = match subject {
            Subject::Booking { booking_id, .. } => {
                self.bookings.get(booking_id).copied().into_iter().collect()
            }
            Subject::Availability { slots, .. } => {
                let listed = slots.iter().filter_map(|slot| self.slots.get(slot));
                let covered = self
                    .slots
                    .iter()
                    .filter(|(slot, _)| windows.iter().any(|window| window.covers(slot)));
                listed.chain(covered.map(|(_, owner)| owner)).copied().collect()
            }
        };
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

/// True for a call that was refused since it bore no token, or one that was never given out here; one that has ended was.
fn is_unsigned(call: &Notification) -> bool {
    let reason = call
        .answer
        .pointer("/error/details/0/reason")
        .and_then(Value::as_str);
    call.status == 401 && call.fault.is_none() && reason != Some("ACCESS_TOKEN_EXPIRED")
}

/// Adds to Google's copy before a notification what the notification and an answer say alike.
fn add_common(before: &mut Value, notified: &Value, answered: &Value) {
    match (before, notified, answered) {
        (Value::Object(before), Value::Object(notified), Value::Object(answered)) => {
            for (name, notified) in notified {
                match (before.get_mut(name), answered.get(name)) {
                    (Some(before), Some(answered)) => add_common(before, notified, answered),
                    (None, Some(answered)) if answered == notified => {
                        before.insert(name.clone(), notified.clone());
                    }
                    _ => {}
                }
            }
        }
        (before, notified, answered) if notified == answered => before.clone_from(notified),
        _ => {}
    }
}

/// The part of a service's time that an inventory update replaces; an absent bound is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) merchant_id: String,
    pub(super) service_id: String,
    pub(super) from_sec: Option<i64>,
    pub(super) to_sec: Option<i64>,
}

impl Window {
    fn covers(&self, slot: &SlotKey) -> bool {
        self.merchant_id == slot.merchant_id
            && self.service_id == slot.service_id
            && self.from_sec.is_none_or(|from| from <= slot.start_sec)
            && self.to_sec.is_none_or(|to| slot.start_sec < to)
    }
}

fn key(slot: &Slot) -> SlotKey {
    SlotKey {
        merchant_id: slot.merchant_id.clone(),
        service_id: slot.service_id.clone(),
        start_sec: slot.start_sec,
    }
}

/// False for a caller whom Google does not know, and for a path or a booking that it does not have.
fn got_through(notification: &Notification) -> bool {
    notification.fault.is_some() || !matches!(notification.status, 401 | 403 | 404 | 405)
}

#[cfg(test)]
mod tests;
