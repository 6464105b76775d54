//! BS-UPDATE-04, BS-UPDATE-21

use super::change::{RequestedUpdate, changes, own_changes};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use scenario::matcher;
use serde_json::Value;
use transcript::{Exchange, Phase};

const KEPT: RequirementId = RequirementId::declared("BS-UPDATE-04");
const STATUS: RequirementId = RequirementId::declared("BS-UPDATE-21");

pub(crate) static RULE: Rule = Rule {
    name: "update/kept",
    requirements: &[KEPT, STATUS],
    manual: "What an UpdateBooking does not name must stay: the user's data, merchant, service, staff, and of time and party \
             size the one that was not changed. The answer must not contradict the answer that made the booking, and what \
             ListBookings showed before the change it must show after it. Price, tax, deposit and fee and their currencies must stay where \
             the time does (price and tax where the party size does, too), unless they are zero afterwards, and so must their types, the \
             deposit's cutoff, the transaction id of what is paid, who processes the payment, the payment option, and meeting id and \
             password of an online session; after a cancellation the tag and the room, too. What the booking was not made with as asked and fields \
             that an answer leaves out are not compared. A change without a status must leave the booking confirmed.",
    scope: Scope::Scenario(judge),
};

const FIELDS: [&str; 11] = [
    "/user_information/user_id",
    "/user_information/given_name",
    "/user_information/family_name",
    "/user_information/telephone",
    "/user_information/email",
    "/slot/merchant_id",
    "/slot/service_id",
    "/slot/resources/staff_id",
    "/slot/resources/party_size",
    "/slot/start_sec",
    "/slot/duration_sec",
];

/// What belongs to the slot, of which another time may have others: amounts of the payment, their currencies and their types, ids, and
/// the online session.
const OF_THE_TIME: [&str; 14] = [
    "/payment_information/price/currency_code",
    "/payment_information/deposit/deposit/price_micros",
    "/payment_information/deposit/deposit/currency_code",
    "/payment_information/no_show_fee/fee/price_micros",
    "/payment_information/no_show_fee/fee/currency_code",
    DEPOSIT_TYPE,
    FEE_TYPE,
    "/payment_information/deposit/min_advance_cancellation_sec",
    "/payment_information/payment_processed_by",
    TRANSACTION,
    "/payment_information/payment_option_id",
    USERS_OPTION,
    "/virtual_session_info/meeting_id",
    "/virtual_session_info/password",
];

/// What a change of the party may bring others of.
const OF_THE_SLOT: [&str; 3] = ["/slot/availability_tag", "/slot/resources/room_id", MODE];

/// How the booking is confirmed, of which the usual way may be left out.
const MODE: &str = "/slot/confirmation_mode";
const SYNCHRONOUS: &str = "CONFIRMATION_MODE_SYNCHRONOUS";

/// Types of amounts, of which the fixed one may be left out.
const DEPOSIT_TYPE: &str = "/payment_information/deposit/deposit_type";
const FEE_TYPE: &str = "/payment_information/no_show_fee/fee_type";
const FIXED: &str = "FIXED_RATE_DEFAULT";

/// The id of a payment; a refund may have one of its own.
const TRANSACTION: &str = "/payment_information/payment_transaction_id";
const USERS_OPTION: &str = "/payment_information/user_payment_option_id";
const PREPAYMENT: &str = "/payment_information/prepayment_status";

/// The price may follow the party size, and the tax follows the price.
const OF_THE_PARTY: [&str; 3] = [
    "/payment_information/price/price_micros",
    "/payment_information/tax_amount/price_micros",
    "/payment_information/tax_amount/currency_code",
];

/// Judges the answers to the harness's own cancellations at the end, of bookings that nobody changed before.
pub(crate) fn judge_own(case: &Case<'_>, verdicts: &mut Verdicts) {
    let is_acted_on = |id: &str| {
        let mut updates = case.transcript.exchanges_of(Method::UpdateBooking);
        let mut triggers = case.triggers();
        triggers.any(|(_, _, trigger)| trigger.booking_id == id)
            || updates.any(|update| {
                let named = update.request_value("/booking/booking_id");
                update.phase == Phase::Steps && named.and_then(Value::as_str) == Some(id)
            })
    };
    for change in own_changes(case).iter().filter(|change| !is_acted_on(change.id)) {
        judge_fields(case, change, &[], verdicts);
    }
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let mut changed: Vec<RequestedUpdate<'_>> = Vec::new();
    for change in changes(case) {
        if !change.cancels() {
            judge_status(case, &change, verdicts);
        }
        let before: Vec<&RequestedUpdate<'_>> =
            changed.iter().filter(|other| other.id == change.id).collect();
        judge_fields(case, &change, &before, verdicts);
        changed.push(change);
    }
}

fn judge_status(case: &Case<'_>, change: &RequestedUpdate<'_>, verdicts: &mut Verdicts) {
    let made = creation(case, change);
    let confirmed = made.as_ref().and_then(|made| made.answer_text("/booking/status")) == Some("CONFIRMED");
    let status = reading::text(change.booking, "/status")
        .filter(|_| confirmed && change.requested_value("/status").is_none());
    let Some(status) = status.filter(|status| reading::is_name_of("BookingStatus", status)) else {
        return;
    };
    verdicts.check(STATUS, status == "CONFIRMED", || {
        let proof = Proof::at(change.exchange.entry, "/booking/status");
        let message = "the change named no status, and the booking lost the one that it had: an absent status is no new one";
        (proof.expected("CONFIRMED").actual(status), message.to_owned())
    });
}

fn judge_fields(
    case: &Case<'_>,
    change: &RequestedUpdate<'_>,
    before: &[&RequestedUpdate<'_>],
    verdicts: &mut Verdicts,
) {
    let Some(made) = creation(case, change) else {
        return;
    };
    let named = |pointer: &str| {
        let earlier = before
            .iter()
            .any(|other| other.requested_value(pointer).is_some());
        earlier || change.requested_value(pointer).is_some()
    };
    let mut fields: Vec<&str> = FIELDS.to_vec();
    if !named("/slot/start_sec") {
        fields.extend(OF_THE_TIME);
        if !named("/slot/resources/party_size") {
            fields.extend(OF_THE_PARTY);
            fields.extend(OF_THE_SLOT);
        }
    }
    // A field that this or an earlier update named need not be as it was at the creation.
    fields.retain(|pointer| !named(pointer));
    let is_one_payment = is_paid_as_before(&made, change);
    fields.retain(|pointer| *pointer != TRANSACTION || is_one_payment);
    // A pack that was given back may be another one, which the answer holds.
    let has_pack = change.exchange.answer_value("/user_payment_option").is_some();
    fields.retain(|pointer| *pointer != USERS_OPTION || !has_pack);
    let at = change.exchange.entry;
    let contradicted = fields.iter().find_map(|pointer| {
        let booking = reading::created_booking(&made)?;
        let was = &was_value(booking, pointer)?;
        // A value that was wrong at the creation is that answer's finding, even if it is right by now.
        if made
            .request_value(pointer)
            .is_some_and(|sent| !matcher::equal(sent, Some(was)))
        {
            return None;
        }
        let is = shown_value(change.booking, pointer)?;
        let is = &is;
        let is_known = default_name(pointer)
            .is_none_or(|(names, _)| is.as_str().is_some_and(|is| reading::is_name_of(names, is)));
        (is_known && differs(was, Some(is)))
            .then(|| (at, format!("/booking{pointer}"), was.clone(), is.clone()))
    });
    let lost = || missing_from_list(case, change, &fields);
    let wrong = contradicted.or_else(lost);
    verdicts.check(KEPT, wrong.is_none(), || {
        let (at, pointer, was, is) = wrong.unwrap_or_default();
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let proof = Proof::at(at, pointer);
        let message =
            format!("the update did not name `{name}`, but the booking has another one after it, or none");
        (proof.expected(was).actual(is), message)
    });
}

/// What the last list before the change held and the first one after it holds no more.
fn missing_from_list(
    case: &Case<'_>,
    change: &RequestedUpdate<'_>,
    fields: &[&str],
) -> Option<(usize, String, Value, Value)> {
    let entry = change.exchange.entry;
    let lists = list_entries(case, change.id);
    let (.., was) = lists
        .iter()
        .rev()
        .find(|(at, ..)| *at < change.exchange.answer.call)?;
    let read = change.readings_after(case);
    let (at, place, is) = lists
        .iter()
        .find(|(at, ..)| *at > entry && read.iter().any(|read| read.entry == *at))?;
    fields.iter().find_map(|pointer| {
        let before = set_value(was, pointer)?;
        let after = set_value(is, pointer);
        differs(before, after).then(|| {
            let place = format!("{place}{pointer}");
            (*at, place, before.clone(), after.cloned().unwrap_or_default())
        })
    })
}

/// The booking in every list that names it, with the entry and the place in it.
fn list_entries<'c>(case: &'c Case<'_>, id: &str) -> Vec<(usize, String, &'c Value)> {
    let lists = case
        .answers()
        .filter(|exchange| exchange.call.method == Method::ListBookings);
    let named = |exchange: Exchange<'c>| {
        let mut bookings = reading::bookings(&exchange).into_iter();
        let (place, booking) = bookings.find(|(_, booking)| reading::id(booking) == Some(id))?;
        Some((exchange.entry, place, booking))
    };
    lists.filter_map(named).collect()
}

/// True when the values differ; a text that became a number has a rule of its own.
fn differs(was: &Value, is: Option<&Value>) -> bool {
    let readable = int64::read(was).is_some() || is.is_none_or(Value::is_string);
    readable && !matcher::equal(was, is)
}

/// True while the payment is in the state in which it was when the booking was made.
fn is_paid_as_before(made: &Exchange<'_>, change: &RequestedUpdate<'_>) -> bool {
    let before = reading::created_booking(made).and_then(|booking| reading::text(booking, PREPAYMENT));
    before.is_some() && before == reading::text(change.booking, PREPAYMENT)
}

/// What the booking was made with; an enum that its message does not name has its default.
fn was_value(booking: &Value, pointer: &str) -> Option<Value> {
    let Some((_, default)) = default_name(pointer) else {
        return set_value(booking, pointer).cloned();
    };
    let (message, _) = pointer.rsplit_once('/')?;
    reading::set(booking, message)?;
    Some(shown_value(booking, pointer).unwrap_or_else(|| Value::from(default)))
}

/// The enum of a field, and what it is read as where it is left out.
fn default_name(pointer: &str) -> Option<(&'static str, &'static str)> {
    match pointer {
        DEPOSIT_TYPE | FEE_TYPE => Some(("PriceType", FIXED)),
        MODE => Some(("ConfirmationMode", SYNCHRONOUS)),
        _ => None,
    }
}

/// What a message states at a place; an enum that is left out, or says nothing, is read as its default.
fn shown_value(booking: &Value, pointer: &str) -> Option<Value> {
    let Some((_, default)) = default_name(pointer) else {
        return set_value(booking, pointer).cloned().or_else(|| {
            // Money without a currency contradicts any; zero may be left out, and stands for what was given back.
            let stated = reading::stated(booking, pointer)?;
            pointer.ends_with("currency_code").then_some(stated)
        });
    };
    let shown = reading::set(booking, pointer)?;
    let is_unset = shown.as_str().is_some_and(|name| name.ends_with("_UNSPECIFIED"));
    Some(if is_unset {
        Value::from(default)
    } else {
        shown.clone()
    })
}

/// A value that is there; proto3 has no difference between an empty and an absent one.
fn set_value<'v>(booking: &'v Value, pointer: &str) -> Option<&'v Value> {
    reading::set(booking, pointer).filter(|value| *value != "" && *value != 0 && *value != "0")
}

fn creation<'c>(case: &'c Case<'_>, change: &RequestedUpdate<'_>) -> Option<Exchange<'c>> {
    let bookings = case.bookings();
    bookings
        .into_iter()
        .find(|(id, _)| *id == change.id)
        .map(|(_, made)| made)
}

#[cfg(test)]
mod tests;
