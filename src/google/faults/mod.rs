//! Faults that are armed. Those of a scenario are aimed at one booking or one slot, so that whoever else talks to Google
//! at the same time never notices; whoever runs Google's side alone may aim at every call.

mod answers;

use crate::api::credential::Credential;
use crate::api::draft::Strike;
use crate::state::availability::{AvailabilityEntry, Restriction};
use domain::{Aim, CallKind, Fault};
use serde_json::{Map, Value};

pub(super) use answers::{alter, substitute};

/// Everything that is armed, in the order in which it strikes.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults {
    armed: Vec<Armed>,
    /// How many were ever armed.
    count: u64,
}

/// A fault that has still to strike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArmedFault {
    /// Tells it from all others, as long as the server runs.
    pub number: u64,
    /// At what.
    pub aim: Aim,
    /// What.
    pub fault: Fault,
    /// How often; a revoked token is refused without end.
    pub left: u32,
}

#[derive(Debug, Clone)]
struct Armed {
    number: u64,
    aim: Aim,
    fault: Fault,
    /// How often it still strikes.
    left: u32,
    /// Number of the newest access token that is revoked; the first that is shown, where nothing else was said.
    newest_token: Option<u64>,
}

/// What a call is about, as far as faults look at it.
#[derive(Debug, Clone, Copy)]
pub(super) enum CallSubject<'a> {
    Booking(&'a str),
    Updates(&'a [ServiceUpdate<'a>]),
    Token,
    /// Orders, merchants, services, records.
    Other,
}

impl CallSubject<'_> {
    fn is_aimed_at(self, aim: &Aim) -> bool {
        match (aim, self) {
            (Aim::Any, _)
            | (Aim::Kind(CallKind::Bookings), Self::Booking(_))
            | (Aim::Kind(CallKind::Availability), Self::Updates(_))
            | (Aim::Kind(CallKind::Token), Self::Token) => true,
            (Aim::Booking { booking_id }, Self::Booking(id)) => booking_id == id,
            (Aim::Slot { .. }, Self::Updates(updates)) => updates.iter().any(|update| update.is_about(aim)),
            _ => false,
        }
    }
}

impl Faults {
    /// Arms a fault behind those that are armed already.
    pub(super) fn arm(&mut self, aim: Aim, fault: Fault, times: u32, newest_token: Option<u64>) {
        self.count += 1;
        self.armed.push(Armed {
            number: self.count,
            aim,
            fault,
            left: times,
            newest_token,
        });
    }

    /// Whatever is aimed there strikes no more.
    pub(super) fn disarm(&mut self, aim: &Aim) {
        self.armed.retain(|armed| armed.aim != *aim);
    }

    /// The fault of this number strikes no more; false when it is not there.
    pub(super) fn disarm_number(&mut self, number: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.number != number);
        self.armed.len() < before
    }

    /// What is armed, in the order in which it strikes.
    pub(super) fn armed(&self) -> Vec<ArmedFault> {
        let all = self.armed.iter().map(|armed| ArmedFault {
            number: armed.number,
            aim: armed.aim.clone(),
            fault: armed.fault.clone(),
            left: armed.left,
        });
        all.collect()
    }

    /// What strikes a call. What lets the call be stored is spent with the answer only: the call may yet be held or
    /// refused.
    pub(super) fn strike(&mut self, subject: CallSubject<'_>, caller: &Credential) -> Option<Strike> {
        let strikes = |armed: &&mut Armed| {
            armed.left > 0
                && armed.fault != Fault::Omitted
                && subject.is_aimed_at(&armed.aim)
                && armed.can_strike(caller)
        };
        let armed = self.armed.iter_mut().find(strikes)?;
        if !armed.fault.stores() {
            armed.use_up(caller);
        }
        let (number, fault) = (armed.number, armed.fault.clone());
        self.remove_spent();
        Some(Strike { number, fault })
    }

    /// The call that a fault struck has been taken.
    pub(super) fn spend(&mut self, strike: &Strike) {
        let mut armed = self.armed.iter_mut();
        if let Some(armed) = armed.find(|armed| armed.number == strike.number) {
            armed.use_up(&Credential::None);
        }
        self.remove_spent();
    }

    fn remove_spent(&mut self) {
        self.armed.retain(|armed| armed.left > 0);
    }

    /// Takes the entries out of a batch that are to be left out; true when there was one.
    pub(super) fn omit(&mut self, body: &mut Map<String, Value>) -> bool {
        let Some(Value::Array(entries)) = body.get_mut("extendedServiceAvailability") else {
            return false;
        };
        let before = entries.len();
        entries.retain(|entry| ServiceUpdate::of_entry(entry).is_none_or(|update| !self.omits(update)));
        let left = entries.len();
        self.remove_spent();
        left < before
    }

    fn omits(&mut self, update: ServiceUpdate<'_>) -> bool {
        let mut armed = self.armed.iter_mut();
        let armed = armed
            .find(|armed| armed.left > 0 && armed.fault == Fault::Omitted && update.is_about(&armed.aim));
        armed.map(|armed| armed.use_up(&Credential::None)).is_some()
    }
}

impl Armed {
    /// A revoked token is refused as often as it is shown, and one that is newer never.
    fn can_strike(&self, caller: &Credential) -> bool {
        match (&self.fault, caller) {
            (Fault::Revoked, Credential::AccessToken { number }) => {
                self.newest_token.is_none_or(|newest| *number <= newest)
            }
            (Fault::Revoked, _) => false,
            _ => true,
        }
    }

    fn use_up(&mut self, caller: &Credential) {
        match (&self.fault, caller) {
            (Fault::Revoked, Credential::AccessToken { number }) => {
                self.newest_token.get_or_insert(*number);
            }
            (Fault::Revoked, _) => {}
            _ => self.left = self.left.saturating_sub(1),
        }
    }
}

/// What an inventory update says about one service.
#[derive(Debug, Clone, Copy)]
pub(super) struct ServiceUpdate<'a> {
    pub(super) merchant: &'a str,
    pub(super) service: &'a str,
    pub(super) entry: &'a Map<String, Value>,
}

impl<'a> ServiceUpdate<'a> {
    /// An entry of a batch, if it names its service.
    pub(super) fn of_entry(entry: &'a Value) -> Option<Self> {
        let id = |name: &str| entry.get(name).and_then(Value::as_str);
        Some(Self {
            merchant: id("merchantId")?,
            service: id("serviceId")?,
            entry: entry.as_object()?,
        })
    }

    fn is_about(self, aim: &Aim) -> bool {
        let Aim::Slot {
            merchant_id,
            service_id,
            start_sec,
        } = aim
        else {
            return false;
        };
        self.merchant == merchant_id && self.service == service_id && self.covers(*start_sec)
    }

    fn covers(self, start_sec: i64) -> bool {
        let slots = self.entry.get("availability").and_then(Value::as_array);
        let mut slots = slots.into_iter().flatten().filter_map(Value::as_object);
        Restriction::read(self.entry).covers(start_sec)
            || slots.any(|slot| AvailabilityEntry::read(slot).is_some_and(|slot| slot.starts_at(start_sec)))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use serde_json::json;

    const TOKEN: Credential = Credential::AccessToken { number: 1 };

    fn unavailable() -> Fault {
        Fault::Answer {
            status: 503,
            body: None,
            retry_after_sec: Some(2),
        }
    }

    fn hit(faults: &mut Faults, id: &str, caller: &Credential) -> Option<Fault> {
        Some(faults.strike(CallSubject::Booking(id), caller)?.fault)
    }

    fn booking(id: &str) -> Aim {
        Aim::Booking {
            booking_id: id.to_owned(),
        }
    }

    fn slot(start_sec: i64) -> Aim {
        Aim::Slot {
            merchant_id: "m".to_owned(),
            service_id: "s".to_owned(),
            start_sec,
        }
    }

    #[test]
    fn a_fault_strikes_its_own_booking_and_so_often_only() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), unavailable(), 2, Some(1));
        faults.arm(booking("a"), Fault::Dropped, 1, Some(1));
        assert_eq!(hit(&mut faults, "b", &TOKEN), None);
        let struck: Vec<_> = (0..4).map(|_| hit(&mut faults, "a", &TOKEN)).collect();
        assert_eq!(
            struck,
            [
                Some(unavailable()),
                Some(unavailable()),
                Some(Fault::Dropped),
                None
            ]
        );
    }

    #[test]
    fn what_is_disarmed_strikes_no_more() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), unavailable(), 9, Some(1));
        faults.arm(booking("b"), unavailable(), 9, Some(1));
        faults.disarm(&booking("a"));
        assert_eq!(hit(&mut faults, "a", &TOKEN), None);
        assert!(hit(&mut faults, "b", &TOKEN).is_some());
        faults.arm(booking("c"), Fault::Dropped, 1, Some(1));
        let left: Vec<_> = faults.armed().iter().map(|one| (one.number, one.left)).collect();
        assert_eq!(left, [(2, 8), (3, 1)]);
        assert!(faults.disarm_number(2) && !faults.disarm_number(2));
        assert_eq!((hit(&mut faults, "b", &TOKEN), faults.armed().len()), (None, 1));
    }

    #[test]
    fn old_tokens_stay_revoked_and_newer_ones_are_taken() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), Fault::Revoked, 1, Some(1));
        assert!((0..3).all(|_| hit(&mut faults, "a", &TOKEN) == Some(Fault::Revoked)));
        let newer = Credential::AccessToken { number: 2 };
        assert_eq!(hit(&mut faults, "a", &newer), None);
        assert_eq!(hit(&mut faults, "a", &Credential::None), None);
    }

    #[test]
    fn without_a_number_the_first_token_that_is_shown_is_revoked() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), Fault::Revoked, 1, None);
        let mut shown = |number| hit(&mut faults, "a", &Credential::AccessToken { number });
        let revoked = Some(Fault::Revoked);
        assert_eq!(
            [shown(2), shown(2), shown(3)],
            [revoked.clone(), revoked.clone(), None]
        );
        assert_eq!(shown(1), revoked);
    }

    #[test]
    fn a_slot_is_meant_by_its_window_and_by_its_start() {
        let is_hit = |entry: &Value| {
            let mut faults = Faults::default();
            faults.arm(slot(100), unavailable(), 1, Some(1));
            let update = ServiceUpdate {
                merchant: "m",
                service: "s",
                entry: entry.as_object().unwrap(),
            };
            faults.strike(CallSubject::Updates(&[update]), &TOKEN).is_some()
        };
        let window = |from: &str, to: &str| json!({ "startTimeRestrict": from, "endTimeRestrict": to });
        assert!(is_hit(&window("1970-01-01T00:01:40Z", "1970-01-01T00:01:41Z")));
        assert!(!is_hit(&window("1970-01-01T00:01:41Z", "1970-01-01T00:01:42Z")));
    }

    #[test]
    fn an_entry_is_left_out_of_its_batch_once() {
        let mut faults = Faults::default();
        faults.arm(slot(100), Fault::Omitted, 1, Some(1));
        let entry = |service: &str| json!({ "merchantId": "m", "serviceId": service });
        let batch = || json!({ "extendedServiceAvailability": [entry("s"), entry("t")] });
        let omit = |faults: &mut Faults| {
            let mut body = batch().as_object().unwrap().clone();
            (
                faults.omit(&mut body),
                body["extendedServiceAvailability"].clone(),
            )
        };
        assert_eq!(omit(&mut faults), (true, json!([entry("t")])));
        assert_eq!(
            omit(&mut faults),
            (false, batch()["extendedServiceAvailability"].clone())
        );
    }

    #[test]
    fn what_lets_a_call_be_stored_is_spent_when_it_is_taken() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), Fault::Lost, 1, None);
        faults.arm(booking("a"), Fault::Dropped, 1, None);
        let held = faults.strike(CallSubject::Booking("a"), &TOKEN).unwrap();
        let again = faults.strike(CallSubject::Booking("a"), &TOKEN).unwrap();
        assert_eq!((&held, &held.fault), (&again, &Fault::Lost));
        faults.spend(&again);
        assert_eq!(hit(&mut faults, "a", &TOKEN), Some(Fault::Dropped));
        assert_eq!(hit(&mut faults, "a", &TOKEN), None);
    }

    #[test]
    fn a_fault_of_the_whole_run_strikes_whatever_it_is_aimed_at() {
        let entry = json!({});
        let update = ServiceUpdate {
            merchant: "m",
            service: "s",
            entry: entry.as_object().unwrap(),
        };
        let struck = |aim: Aim| {
            let mut faults = Faults::default();
            faults.arm(aim, Fault::Dropped, 9, None);
            [
                CallSubject::Booking("a"),
                CallSubject::Updates(&[update]),
                CallSubject::Updates(&[]),
                CallSubject::Token,
            ]
            .map(|subject| faults.strike(subject, &TOKEN).is_some())
        };
        assert_eq!(struck(Aim::Any), [true; 4]);
        let of = |kind| struck(Aim::Kind(kind));
        assert_eq!(of(CallKind::Bookings), [true, false, false, false]);
        assert_eq!(of(CallKind::Availability), [false, true, true, false]);
        assert_eq!(of(CallKind::Token), [false, false, false, true]);
    }
}
