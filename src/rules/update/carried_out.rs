//! BS-UPDATE-02, BS-UPDATE-03, BS-UPDATE-05, BS-UPDATE-06, BS-UPDATE-07, BS-UPDATE-18

use super::change::{RequestedUpdate, changes};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const CANCELED: RequirementId = RequirementId::declared("BS-UPDATE-02");
const MOVED: RequirementId = RequirementId::declared("BS-UPDATE-03");
const PARTY: RequirementId = RequirementId::declared("BS-UPDATE-05");
const MASK: RequirementId = RequirementId::declared("BS-UPDATE-06");
const SHOWN: RequirementId = RequirementId::declared("BS-UPDATE-07");
const ONLINE: RequirementId = RequirementId::declared("BS-UPDATE-18");

/// The sentence for an answer that does not say that the booking is cancelled.
pub(crate) const UNSHOWN_CANCELLATION: &str =
    "the answer to the cancellation does not show the status CANCELED";

pub(crate) static RULE: Rule = Rule {
    name: "update/carried-out",
    requirements: &[CANCELED, MOVED, PARTY, MASK, SHOWN, ONLINE],
    manual: "The answer to an UpdateBooking must show what was asked for: the status CANCELED, the new start and duration, \
             the new party size. Then what is read back is heeded: GetBookingStatus, ListBookings and the look-up of a \
             slot with one spot. Where at least two of them say that nothing was changed, and none says otherwise, the \
             update was not carried out, whatever its answer shows; of a party size the answer itself is one of the two. A change that leaves even the answer as it was looks \
             like a server that waits for a field mask, which this API does not have; a cancellation that does may also \
             be one for which only another spelling of CANCELED is known. An answer that does not show the change is \
             wrong by itself where the change was made. Statuses that the interface does not know have a rule of their \
             own.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for change in changes(case) {
        if change.cancels() {
            judge_cancel(case, &change, verdicts);
        } else {
            judge_slot(case, &change, verdicts);
        }
    }
}

fn judge_cancel(case: &Case<'_>, change: &RequestedUpdate<'_>, verdicts: &mut Verdicts) {
    let status = reading::set(change.booking, "/status");
    let name = status.and_then(Value::as_str);
    if status.is_some() && !name.is_some_and(|name| reading::is_name_of("BookingStatus", name)) {
        return;
    }
    let shown = name == Some("CANCELED");
    let proof = Proof::at(change.exchange.entry, "/booking/status").expected("CANCELED");
    let proof = proof.actual(status.cloned().unwrap_or_default());
    match (shown, is_carried_out(case, change)) {
        (true, Some(false)) => verdicts.fail(
            ONLINE,
            proof,
            "the cancellation was confirmed but not carried out: the booking still stands wherever it is read back",
        ),
        (false, Some(false)) => verdicts.fail(
            ONLINE,
            proof,
            "the cancellation was answered with the unchanged booking and not carried out; perhaps the server waits for an \
             update mask, which this API does not have, or knows the status CANCELED under another spelling only",
        ),
        (false, Some(true)) => verdicts.fail(
            CANCELED,
            proof,
            UNSHOWN_CANCELLATION,
        ),
        // Nothing shows whether only the answer is wrong: a rule about the whole run looks whether anything else does.
        (false, None) => {}
        (true, carried_out) => {
            verdicts.pass(CANCELED);
            if carried_out.is_some() {
                verdicts.pass(ONLINE);
            }
        }
    }
}

fn judge_slot(case: &Case<'_>, change: &RequestedUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(accepted) = acceptance(change) else {
        return;
    };
    let not_shown = change.first_difference();
    let carried_out = is_carried_out(case, change);
    let Some((pointer, actual)) = not_shown else {
        if carried_out == Some(false) {
            let proof = Proof::at(change.exchange.entry, "/booking/slot");
            let message = "the change was confirmed but not carried out: wherever the booking is read back it is as it was";
            return fail(accepted, proof, message, verdicts);
        }
        verdicts.pass(SHOWN);
        verdicts.pass(MASK);
        if carried_out.is_some() {
            verdicts.pass(accepted);
        }
        return;
    };
    let proof = Proof::at(change.exchange.entry, format!("/booking{pointer}"));
    let asked = change.requested_value(pointer).cloned().unwrap_or_default();
    let proof = proof.expected(asked).actual(actual);
    match carried_out {
        Some(true) => verdicts.fail(SHOWN, proof, shown_words(pointer)),
        // What else was asked for is shown: the answer is no unchanged booking.
        Some(false) if accepted == PARTY => verdicts.fail(
            PARTY,
            proof,
            "the change of the party size was answered with the old one, and what is read back shows the old one, too: it was not made",
        ),
        Some(false) if change.is_shown_in_part() => {
            let message = "the change was confirmed in part and not carried out: wherever the booking is read back it is as it was";
            fail(accepted, proof, message, verdicts);
        }
        Some(false) => verdicts.fail(
            MASK,
            proof,
            "the change was answered with the unchanged booking and not carried out; perhaps the server waits for an update \
             mask, which this API does not have",
        ),
        None => {}
    }
}

/// An answer that does not show the change that it is an answer to.
pub(crate) struct Unshown {
    /// The scenario.
    pub(crate) scenario: String,
    /// The entry of the answer.
    pub(crate) entry: usize,
    /// True for a cancellation.
    pub(crate) cancels: bool,
    /// Whether what is read back says that the change was made; none when nothing does.
    pub(crate) carried_out: Option<bool>,
    /// The field that was to change, what was asked for, and what the answer shows.
    pub(crate) field: &'static str,
    pub(crate) asked: Value,
    pub(crate) shown: Value,
}

/// The answers of a history that show the booking as it was.
pub(crate) fn unshown(case: &Case<'_>) -> Vec<Unshown> {
    let all = changes(case).into_iter().filter_map(|change| {
        let (field, shown) = if change.cancels() {
            let status = reading::text(change.booking, "/status")?;
            let is_another = status != "CANCELED" && reading::is_name_of("BookingStatus", status);
            is_another.then(|| ("/status", Value::from(status)))?
        } else {
            acceptance(&change)?;
            change.first_difference()?
        };
        Some(Unshown {
            scenario: case.scenario.id.clone(),
            entry: change.exchange.entry,
            cancels: change.cancels(),
            carried_out: is_carried_out(case, &change),
            field,
            asked: change.requested_value(field).cloned().unwrap_or_default(),
            shown,
        })
    });
    all.collect()
}

fn shown_words(pointer: &str) -> String {
    let name = pointer.rsplit('/').next().unwrap_or(pointer);
    format!("the answer to the change does not show the new `{name}`")
}

/// The requirement to accept this kind of change.
fn acceptance(change: &RequestedUpdate<'_>) -> Option<RequirementId> {
    let moves = change.requested_value("/slot/start_sec").is_some();
    let resizes = change.requested_value("/slot/resources/party_size").is_some();
    let kind = [(moves, MOVED), (resizes, PARTY)]
        .into_iter()
        .find(|(asked, _)| *asked);
    kind.map(|(_, requirement)| requirement)
}

fn fail(accepted: RequirementId, proof: Proof, message: &str, verdicts: &mut Verdicts) {
    if accepted == PARTY {
        verdicts.fail(PARTY, proof, message);
    } else {
        verdicts.fail(MOVED, proof, message);
    }
}

/// Whether what is read back says that the change was made: one such reading is enough, against it two are needed.
fn is_carried_out(case: &Case<'_>, change: &RequestedUpdate<'_>) -> Option<bool> {
    let mut against: Vec<&Value> = Vec::new();
    for read in change.readings_after(case) {
        match evidence(case, change, &read) {
            Some(true) => return Some(true),
            // The same look-up made twice counts once.
            Some(false) => against.extend(read.call.body.as_ref().filter(|asked| !against.contains(asked))),
            None => {}
        }
    }
    // Only ListBookings shows a party size; where the answer shows the old one as well, they are two.
    let needed = if is_party_unshown(change) { 1 } else { 2 };
    (against.len() >= needed).then_some(false)
}

fn is_party_unshown(change: &RequestedUpdate<'_>) -> bool {
    let unshown = change.first_difference().map(|(pointer, _)| pointer);
    acceptance(change) == Some(PARTY) && unshown == Some("/slot/resources/party_size")
}

/// True when anything that is read back says that the change was not made.
pub(super) fn is_denied(case: &Case<'_>, change: &RequestedUpdate<'_>) -> bool {
    let readings = change.readings_after(case);
    readings
        .iter()
        .any(|read| evidence(case, change, read) == Some(false))
}

fn evidence(case: &Case<'_>, change: &RequestedUpdate<'_>, read: &Exchange<'_>) -> Option<bool> {
    match read.call.method {
        Method::GetBookingStatus => status_says(change, read),
        Method::ListBookings => list_says(case, change, read),
        Method::BatchAvailabilityLookup => look_up_says(case, change, read),
        _ => None,
    }
}

fn status_says(change: &RequestedUpdate<'_>, read: &Exchange<'_>) -> Option<bool> {
    let it = read.request_value("/booking_id").and_then(Value::as_str) == Some(change.id);
    match read
        .answer_text("/booking_status")
        .filter(|_| it && change.cancels())?
    {
        "CANCELED" => Some(true),
        "CONFIRMED" | "PENDING_MERCHANT_CONFIRMATION" => Some(false),
        _ => None,
    }
}

fn list_says(case: &Case<'_>, change: &RequestedUpdate<'_>, read: &Exchange<'_>) -> Option<bool> {
    let bookings = case.bookings();
    let (_, made) = bookings.iter().find(|(id, _)| *id == change.id)?;
    if read.request_value("/user_id") != made.request_value("/user_information/user_id") {
        return None;
    }
    let listed = reading::bookings(read);
    let listed = listed.iter().find(|(_, one)| reading::id(one) == Some(change.id));
    let listed = listed.map(|(_, booking)| booking);
    if change.cancels() {
        // That a booking is missing shows its cancellation only where it was listed before.
        return match listed {
            Some(booking) => Some(reading::text(booking, "/status") == Some("CANCELED")),
            None => was_listed(case, change, read).then_some(true),
        };
    }
    let as_asked = |pointer: &str| {
        let asked = change.requested_value(pointer).and_then(int64::read)?;
        let got = reading::set(listed?, pointer).and_then(int64::read)?;
        Some(asked == got)
    };
    let all = [
        "/slot/start_sec",
        "/slot/duration_sec",
        "/slot/resources/party_size",
    ]
    .map(as_asked);
    let said: Vec<bool> = all.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.iter().all(|right| *right))
}

/// True when a list showed the booking before the change.
fn was_listed(case: &Case<'_>, change: &RequestedUpdate<'_>, read: &Exchange<'_>) -> bool {
    let lists = case.transcript.exchanges_of(Method::ListBookings);
    let mut before = lists.filter(|list| list.entry < change.exchange.entry);
    let user = read.request_value("/user_id");
    before.any(|list| {
        let listed = reading::bookings(&list);
        list.request_value("/user_id") == user
            && listed.iter().any(|(_, one)| reading::id(one) == Some(change.id))
    })
}

/// Only the look-up of one slot with a single spot shows whose booking holds it.
fn look_up_says(case: &Case<'_>, change: &RequestedUpdate<'_>, read: &Exchange<'_>) -> Option<bool> {
    let entries = read.answer_value("/slot_time_availability")?.as_array()?;
    let available = match entries.as_slice() {
        [entry] if entry["slot_time"].is_object() => entry["available"] == true,
        _ => return None,
    };
    let asked = case.transcript.slot_of(read.request_value("/slot_time/0")?)?;
    let merchant = read.request_value("/merchant_id").and_then(Value::as_str);
    let old = case
        .slot_of_booking(change.id)
        .filter(|old| old.spots_open == 1)?;
    if merchant != Some(old.merchant_id.as_str())
        || asked.service_id != old.service_id
        || asked.spots_open != 1
    {
        return None;
    }
    let start = change.requested_value("/slot/start_sec").and_then(int64::read);
    if Some(asked.start_sec) == start && asked.start_sec != old.start_sec {
        return Some(!available);
    }
    let gives_back = change.cancels() || start.is_some_and(|start| start != old.start_sec);
    (gives_back && !earlier_change(case, change) && asked == old).then_some(available)
}

/// A booking that was changed before holds another slot than the one it was made for.
fn earlier_change(case: &Case<'_>, change: &RequestedUpdate<'_>) -> bool {
    let all = changes(case);
    let start = "/slot/start_sec";
    all.iter().any(|other| {
        let before = other.id == change.id && other.exchange.entry < change.exchange.entry;
        before
            && other.requested_value(start).is_some()
            && other.requested_value(start) != change.requested_value(start)
    })
}

#[cfg(test)]
mod tests;
