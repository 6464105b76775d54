//! The histories while they grow: which scenario claims a booking or slot, and which waits for it.

use super::clock::Clock;
use super::other_calls::{OtherCall, OtherCalls};
use super::watched::Watched;
use domain::slot::Slot;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use transcript::{Entry, Fact, Notification, Phase, SlotKey, Subject, Transcript};

/// Histories, claims and Google's copies, shared by the scenarios and by the receiver of notifications.
pub struct Board {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Changes when anything has arrived or been claimed.
    pub(super) arrivals: Watched<()>,
}

/// The limit of entries per history and of calls that no scenario claims: a partner that repeats itself for ever
/// must not fill the memory. What is dropped is counted.
const KEPT: usize = 5_000;

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
            arrivals: Watched::new(()),
        }
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
        state.received += 1;
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

    /// Calls that no scenario claims.
    pub(super) fn orphans(&self) -> Vec<Notification> {
        self.state().orphans.clone()
    }

    /// How many calls were counted and not kept.
    pub(super) fn dropped_count(&self) -> usize {
        self.state().dropped
    }

    /// How many calls arrived.
    pub(super) fn received_count(&self) -> usize {
        self.state().received
    }
}

impl State {
    /// The entries of a history, to be changed.
    fn entries(&mut self, scenario: usize) -> &mut Vec<Entry> {
        &mut Arc::make_mut(&mut self.histories[scenario]).entries
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
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn what_arrives_before_a_fact_is_complete_stands_behind_it() {
        let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]);
        let watched = |watched_ms| {
            let step = transcript::StepPath {
                step: 0,
                branch: None,
            };
            Fact::Quiet(transcript::Quiet { step, watched_ms })
        };
        let first = board.record(0, watched(1));
        board.record(0, watched(2));
        board.complete(0, first, watched(3));
        let transcript = board.transcript(0);
        let lengths = transcript.entries.iter().map(|entry| match &entry.fact {
            Fact::Quiet(quiet) => quiet.watched_ms,
            _ => 0,
        });
        assert_eq!(lengths.collect::<Vec<_>>(), [3, 2]);
    }

    fn notification(before: &Value, after: &Value) -> Notification {
        serde_json::from_value(serde_json::json!({
            "subject": { "booking": { "partner": "1", "booking_id": "b" } },
            "verb": "PATCH", "target": "/", "headers": [], "raw": "", "body": null, "mask": null,
            "booking_failure": {}, "lints": [], "fault": null, "status": 200, "answer": after,
            "before": before, "after": null
        }))
        .unwrap()
    }

    /// What Google knew before a notification that came while its own call was under way.
    fn copy_before(before: &Value, after: &Value, answered: Value) -> Option<Value> {
        let board = Board::new(Arc::new(crate::SystemClock::start()), ["a/b"]);
        board.claim_booking(0, 0, "b", before.clone());
        let call = board.transcript(0).entries.len();
        board.receive(notification(before, after), &[]);
        board.claim_booking(0, call, "b", answered);
        board
            .transcript(0)
            .notifications()
            .next()
            .unwrap()
            .2
            .before
            .clone()
    }

    #[test]
    fn what_is_told_while_a_call_is_under_way_is_no_news_where_its_answer_says_so_too() {
        let copy = |status: &str, payment: &str| {
            let payment = serde_json::json!({ "prepaymentStatus": payment });
            serde_json::json!({ "status": status, "paymentInformation": payment })
        };
        let (paid, refunded) = (copy("CONFIRMED", "PAID"), copy("CANCELED", "REFUNDED"));
        assert_eq!(
            copy_before(&paid, &refunded, refunded.clone()),
            Some(refunded.clone())
        );
        let later = copy("CANCELED", "PAID");
        assert_eq!(copy_before(&paid, &refunded, later.clone()), Some(later));
        assert_eq!(copy_before(&paid, &refunded, paid.clone()), Some(paid));
    }

    #[test]
    fn a_window_covers_from_its_start_up_to_its_end() {
        let slot = |start_sec| SlotKey {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec,
        };
        let window = |from_sec, to_sec| Window {
            merchant_id: "m".into(),
            service_id: "s".into(),
            from_sec,
            to_sec,
        };
        assert!(window(Some(5), Some(9)).covers(&slot(5)) && !window(Some(5), Some(9)).covers(&slot(9)));
        assert!(window(None, Some(9)).covers(&slot(0)) && window(Some(5), None).covers(&slot(99)));
        assert!(
            !Window {
                service_id: "other".into(),
                ..window(None, None)
            }
            .covers(&slot(5))
        );
    }
}
