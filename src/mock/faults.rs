//! Faults that are armed, and the answers that they give. Each is aimed at one booking or one slot, so that whoever
//! else talks to Google at the same time never notices.

use serde_json::{Map, Value, json};

use super::availability::{Restrict, Slot};
use super::call::Credential;
use super::wire::Response;
use crate::protocol::{Aim, Fault};

const CHALLENGE: &str = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";

/// Everything that is armed, in the order in which it strikes.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Vec<Armed>);

#[derive(Debug, Clone)]
struct Armed {
    aim: Aim,
    fault: Fault,
    /// How often it still strikes.
    left: u32,
    /// Number of the newest access token that is revoked; the first that is shown, where nothing else was said.
    newest_token: Option<u64>,
}

impl Faults {
    /// Arms a fault behind those that are armed already.
    pub(super) fn arm(&mut self, aim: Aim, fault: Fault, times: u32, newest_token: Option<u64>) {
        self.0.push(Armed {
            aim,
            fault,
            left: times,
            newest_token,
        });
    }

    /// Whatever is aimed there strikes no more.
    pub(super) fn disarm(&mut self, aim: &Aim) {
        self.0.retain(|armed| armed.aim != *aim);
    }

    /// What strikes a notification about a booking.
    pub(super) fn on_booking(&mut self, booking_id: &str, caller: &Credential) -> Option<Fault> {
        self.strike(
            caller,
            |aim| matches!(aim, Aim::Booking { booking_id: aimed } if aimed == booking_id),
        )
    }

    /// What strikes an update of a service as a whole.
    pub(super) fn on_update(&mut self, update: Update<'_>, caller: &Credential) -> Option<Fault> {
        self.strike(caller, |aim| update.speaks_of(aim))
    }

    fn strike(&mut self, caller: &Credential, meant: impl Fn(&Aim) -> bool) -> Option<Fault> {
        let strikes =
            |armed: &&mut Armed| armed.fault != Fault::Omitted && meant(&armed.aim) && armed.hits(caller);
        let armed = self.0.iter_mut().find(strikes)?;
        armed.wear(caller);
        let fault = armed.fault.clone();
        self.0.retain(|armed| armed.left > 0);
        Some(fault)
    }

    /// Takes the entries out of a batch that are to be left out; true when there was one.
    pub(super) fn omit(&mut self, body: &mut Map<String, Value>) -> bool {
        let Some(Value::Array(entries)) = body.get_mut("extendedServiceAvailability") else {
            return false;
        };
        let before = entries.len();
        entries.retain(|entry| Update::of_entry(entry).is_none_or(|update| !self.omits(update)));
        let left = entries.len();
        self.0.retain(|armed| armed.left > 0);
        left < before
    }

    fn omits(&mut self, update: Update<'_>) -> bool {
        let mut armed = self.0.iter_mut();
        let armed = armed
            .find(|armed| armed.left > 0 && armed.fault == Fault::Omitted && update.speaks_of(&armed.aim));
        armed.map(|armed| armed.wear(&Credential::None)).is_some()
    }
}

impl Armed {
    /// A revoked token is refused as often as it is shown, and one that is newer never.
    fn hits(&self, caller: &Credential) -> bool {
        match (&self.fault, caller) {
            (Fault::Revoked, Credential::AccessToken { number }) => {
                self.newest_token.is_none_or(|newest| *number <= newest)
            }
            (Fault::Revoked, _) => false,
            _ => true,
        }
    }

    fn wear(&mut self, caller: &Credential) {
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
pub(super) struct Update<'a> {
    pub(super) merchant: &'a str,
    pub(super) service: &'a str,
    pub(super) entry: &'a Map<String, Value>,
}

impl<'a> Update<'a> {
    /// An entry of a batch, if it names its service.
    pub(super) fn of_entry(entry: &'a Value) -> Option<Self> {
        let id = |name: &str| entry.get(name).and_then(Value::as_str);
        Some(Self {
            merchant: id("merchantId")?,
            service: id("serviceId")?,
            entry: entry.as_object()?,
        })
    }

    fn speaks_of(self, aim: &Aim) -> bool {
        let Aim::Slot {
            merchant_id,
            service_id,
            start_sec,
        } = aim
        else {
            return false;
        };
        self.merchant == merchant_id && self.service == service_id && self.tells(*start_sec)
    }

    fn tells(self, start_sec: i64) -> bool {
        let slots = self.entry.get("availability").and_then(Value::as_array);
        let mut slots = slots.into_iter().flatten().filter_map(Value::as_object);
        Restrict::read(self.entry).covers(start_sec)
            || slots.any(|slot| Slot::read(slot).is_some_and(|slot| slot.starts_at(start_sec)))
    }
}

/// The answer that a fault gives, with its body if that is JSON; none when there is no answer.
pub(super) fn answer(fault: &Fault, pretty: bool) -> Option<(Response, Option<Value>)> {
    let (status, body, retry_after_sec) = match fault {
        Fault::Answer {
            status,
            body,
            retry_after_sec,
        } => (*status, body.as_deref(), *retry_after_sec),
        Fault::Revoked => (401, None, None),
        Fault::Dropped | Fault::Omitted => return None,
    };
    let envelope = body.is_none().then(|| envelope(status));
    let mut response = match (&envelope, body) {
        (Some(envelope), _) => Response::json(status, envelope, pretty),
        (None, text) => Response::page(status, text.unwrap_or_default()),
    };
    if let Some(seconds) = retry_after_sec {
        response = response.with_header("Retry-After", &seconds.to_string());
    }
    if status == 401 {
        response = response.with_header("WWW-Authenticate", CHALLENGE);
    }
    Some((response, envelope))
}

fn envelope(status: u16) -> Value {
    let (name, message) = match status {
        401 => (
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials.",
        ),
        403 => ("PERMISSION_DENIED", "The caller does not have permission"),
        404 => ("NOT_FOUND", "Requested entity was not found."),
        409 => ("ABORTED", "The operation was aborted."),
        429 => (
            "RESOURCE_EXHAUSTED",
            "Insufficient tokens for quota 'Requests' and limit 'Requests per minute'.",
        ),
        501 => ("UNIMPLEMENTED", "Operation is not implemented."),
        503 => ("UNAVAILABLE", "The service is currently unavailable."),
        504 => ("DEADLINE_EXCEEDED", "Deadline exceeded"),
        500.. => ("INTERNAL", "Internal error encountered."),
        _ => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    };
    json!({ "error": { "code": status, "message": message, "status": name } })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const TOKEN: Credential = Credential::AccessToken { number: 1 };

    fn unavailable() -> Fault {
        Fault::Answer {
            status: 503,
            body: None,
            retry_after_sec: Some(2),
        }
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
        assert_eq!(faults.on_booking("b", &TOKEN), None);
        let struck: Vec<_> = (0..4).map(|_| faults.on_booking("a", &TOKEN)).collect();
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
        assert_eq!(faults.on_booking("a", &TOKEN), None);
        assert!(faults.on_booking("b", &TOKEN).is_some());
    }

    #[test]
    fn old_tokens_stay_revoked_and_newer_ones_are_taken() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), Fault::Revoked, 1, Some(1));
        assert!((0..3).all(|_| faults.on_booking("a", &TOKEN) == Some(Fault::Revoked)));
        let newer = Credential::AccessToken { number: 2 };
        assert_eq!(faults.on_booking("a", &newer), None);
        assert_eq!(faults.on_booking("a", &Credential::None), None);
    }

    #[test]
    fn without_a_number_the_first_token_that_is_shown_is_revoked() {
        let mut faults = Faults::default();
        faults.arm(booking("a"), Fault::Revoked, 1, None);
        let mut shown = |number| faults.on_booking("a", &Credential::AccessToken { number });
        let revoked = Some(Fault::Revoked);
        assert_eq!(
            [shown(2), shown(2), shown(3)],
            [revoked.clone(), revoked.clone(), None]
        );
        assert_eq!(shown(1), revoked);
    }

    #[test]
    fn a_slot_is_meant_by_its_window_and_by_its_start() {
        let told = |entry: &Value| {
            let mut faults = Faults::default();
            faults.arm(slot(100), unavailable(), 1, Some(1));
            let update = Update {
                merchant: "m",
                service: "s",
                entry: entry.as_object().unwrap(),
            };
            faults.on_update(update, &TOKEN).is_some()
        };
        let window = |from: &str, to: &str| json!({ "startTimeRestrict": from, "endTimeRestrict": to });
        assert!(told(&window("1970-01-01T00:01:40Z", "1970-01-01T00:01:41Z")));
        assert!(!told(&window("1970-01-01T00:01:41Z", "1970-01-01T00:01:42Z")));
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
    fn answers_are_envelopes_unless_they_have_a_text() {
        let (response, body) = answer(&unavailable(), false).unwrap();
        assert_eq!(body.unwrap()["error"]["status"], "UNAVAILABLE");
        assert!(response.headers.contains(&("Retry-After".into(), "2".into())));
        let page = Fault::Answer {
            status: 502,
            body: Some("<html>".to_owned()),
            retry_after_sec: None,
        };
        let (response, body) = answer(&page, false).unwrap();
        assert_eq!((response.status, body), (502, None));
        assert_eq!(&response.body[..], b"<html>");
        assert!(answer(&Fault::Dropped, false).is_none());
    }
}
