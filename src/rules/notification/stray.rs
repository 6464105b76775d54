//! Notifications that were meant for a booking of a scenario, but name another one.

use crate::{Case, reading};
use domain::slot::Slot;
use percent_encoding::percent_decode_str;
use protocol::spelling::to_json_path;
use scenario::matcher;
use serde_json::Value;
use transcript::{BookingWait, Fact, Notification, Subject};

/// What is wrong with the path of such a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathFault {
    /// It names a booking id that CreateBooking never returned.
    OtherId,
    /// The id was cut at a character that has a meaning in a path.
    Unencoded,
}

/// A notification about an unknown booking that says just what a scenario waited for in vain.
pub(crate) struct Stray<'o> {
    pub(crate) orphan: &'o Notification,
    pub(crate) fault: PathFault,
}

/// The strays of a scenario.
pub(crate) fn strays<'c>(case: &'c Case<'_>) -> Vec<Stray<'c>> {
    let vain = case
        .transcript
        .entries
        .iter()
        .filter_map(|entry| match &entry.fact {
            Fact::Awaited(awaited) if !awaited.met => Some(awaited),
            _ => None,
        });
    vain.flat_map(|awaited| strays_of(case, awaited)).collect()
}

/// The notifications that say what this wait was for, under another id.
pub(crate) fn strays_of<'c>(case: &'c Case<'_>, awaited: &BookingWait) -> Vec<Stray<'c>> {
    let Some(slot) = case.slot_of_booking(&awaited.booking_id) else {
        return Vec::new();
    };
    let about = case
        .orphans
        .iter()
        .filter(|orphan| says(orphan, slot, &awaited.until));
    about
        .map(|orphan| Stray {
            orphan,
            fault: fault(orphan, &awaited.booking_id),
        })
        .collect()
}

fn says(orphan: &Notification, slot: &Slot, until: &Value) -> bool {
    let about_booking = matches!(orphan.subject, Subject::Booking { .. }) && orphan.status == 404;
    let Some(body) = orphan.message().filter(|_| about_booking) else {
        return false;
    };
    let is = |name: &str, id: &str| body.get(name).and_then(Value::as_str) == Some(id);
    let names = until.as_object().into_iter().flat_map(|fields| fields.keys());
    let names_all = names
        .into_iter()
        .all(|name| body.get(to_json_path(name)).is_some());
    names_all
        && is("merchantId", &slot.merchant_id)
        && is("serviceId", &slot.service_id)
        && matcher::matches(until, Some(body))
}

fn fault(orphan: &Notification, id: &str) -> PathFault {
    let name = orphan.json().and_then(|body| reading::text(body, "/name"));
    let named = name
        .and_then(|name| name.split_once("/bookings/"))
        .is_some_and(|(_, named)| named == id || percent_decode_str(named).decode_utf8_lossy() == id);
    let path = orphan.target.split('?').next().unwrap_or_default();
    let addressed = path.split_once("/bookings/").is_some_and(|(_, rest)| rest == id);
    if (named || addressed) && is_cut(id) {
        PathFault::Unencoded
    } else {
        PathFault::OtherId
    }
}
/// True for ids with a character that has a meaning in a path, at which an id that is not encoded is cut.
pub(crate) fn is_cut(id: &str) -> bool {
    id.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"-._~".contains(letter))
}
