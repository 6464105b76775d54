//! BS-UPDATE-04, BS-UPDATE-21

use super::change::{RequestedUpdate, changes};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use scenario::matcher;
use serde_json::Value;
use transcript::Exchange;

const KEPT: RequirementId = RequirementId::declared("BS-UPDATE-04");
const STATUS: RequirementId = RequirementId::declared("BS-UPDATE-21");

pub(crate) static RULE: Rule = Rule {
    name: "update/kept",
    requirements: &[KEPT, STATUS],
    manual: "What an UpdateBooking does not name must stay: the user's data, merchant, service, staff, and of time and party \
             size the one that was not changed. The answer must not contradict the answer that made the booking, and what \
             ListBookings showed before the change it must show after it. Price, tax, deposit and fee and their currencies must stay where \
             the time does (price and tax where the party size does, too), unless they are zero afterwards. What the booking was not made with as \
             asked, fields that an answer leaves out, the room, the tag and the rest of the payment block are not compared. A change without a status must leave the booking confirmed.",
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

/// Amounts of the payment and their currencies, which another slot may have others of.
const AMOUNTS: [&str; 5] = [
    "/payment_information/price/currency_code",
    "/payment_information/deposit/deposit/price_micros",
    "/payment_information/deposit/deposit/currency_code",
    "/payment_information/no_show_fee/fee/price_micros",
    "/payment_information/no_show_fee/fee/currency_code",
];

/// The price may follow the party size, and the tax follows the price.
const OF_THE_PARTY: [&str; 3] = [
    "/payment_information/price/price_micros",
    "/payment_information/tax_amount/price_micros",
    "/payment_information/tax_amount/currency_code",
];

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
        fields.extend(AMOUNTS);
        if !named("/slot/resources/party_size") {
            fields.extend(OF_THE_PARTY);
        }
    }
    // A field that this or an earlier update named need not be as it was at the creation.
    fields.retain(|pointer| !named(pointer));
    let contradicted = fields.iter().find_map(|pointer| {
        let was = set_value(reading::created_booking(&made)?, pointer)?;
        // A value that was wrong at the creation is that answer's finding, even if it is right by now.
        if made
            .request_value(pointer)
            .is_some_and(|sent| !matcher::equal(sent, Some(was)))
        {
            return None;
        }
        let is = set_value(change.booking, pointer)?;
        differs(was, Some(is)).then(|| (*pointer, was.clone(), is.clone()))
    });
    let lost = || missing_from_list(case, change, &fields);
    let wrong = contradicted.or_else(lost);
    verdicts.check(KEPT, wrong.is_none(), || {
        let (pointer, was, is) = wrong.unwrap_or_default();
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let proof = Proof::at(change.exchange.entry, format!("/booking{pointer}"));
        let message =
            format!("the update did not name `{name}`, but the booking has another one after it, or none");
        (proof.expected(was).actual(is), message)
    });
}

/// What the last list before the change held and the first one after it holds no more.
fn missing_from_list<'f>(
    case: &Case<'_>,
    change: &RequestedUpdate<'_>,
    fields: &[&'f str],
) -> Option<(&'f str, Value, Value)> {
    let entry = change.exchange.entry;
    let lists: Vec<(usize, &Value)> = list_entries(case, change.id);
    let (_, was) = lists
        .iter()
        .rev()
        .find(|(at, _)| *at < change.exchange.answer.call)?;
    let read = change.readings_after(case);
    let (_, is) = lists
        .iter()
        .find(|(at, _)| *at > entry && read.iter().any(|read| read.entry == *at))?;
    fields.iter().find_map(|pointer| {
        let before = set_value(was, pointer)?;
        let after = set_value(is, pointer);
        differs(before, after).then(|| (*pointer, before.clone(), after.cloned().unwrap_or_default()))
    })
}

/// The booking in every list that names it, with the entry.
fn list_entries<'c>(case: &'c Case<'_>, id: &str) -> Vec<(usize, &'c Value)> {
    let lists = case
        .answers()
        .filter(|exchange| exchange.call.method == Method::ListBookings);
    let named = |exchange: Exchange<'c>| {
        let mut bookings = reading::bookings(&exchange)
            .into_iter()
            .map(|(_, booking)| booking);
        Some((
            exchange.entry,
            bookings.find(|booking| reading::id(booking) == Some(id))?,
        ))
    };
    lists.filter_map(named).collect()
}

/// True when the values differ; a text that became a number has a rule of its own.
fn differs(was: &Value, is: Option<&Value>) -> bool {
    let readable = int64::read(was).is_some() || is.is_none_or(Value::is_string);
    readable && !matcher::equal(was, is)
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
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use serde_json::json;

    const LATER: &str = "1893488400";

    fn reschedule_answer(edit: impl FnOnce(&mut Value)) -> Value {
        let mut answer = booking();
        answer["booking"]["slot"]["start_sec"] = json!(LATER);
        edit(&mut answer["booking"]);
        answer
    }

    fn story(story: Story, answer: Value) -> Story {
        let slot = json!({ "start_sec": LATER, "duration_sec": "1800" });
        let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
        story.call(Method::UpdateBooking, request, 200, answer)
    }

    fn list(story: Story, booking: &Value) -> Story {
        let request = json!({ "user_id": "7203948571029384756" });
        story.call(
            Method::ListBookings,
            request,
            200,
            json!({ "bookings": [booking] }),
        )
    }

    #[test]
    fn what_was_not_named_stays_or_is_left_out() {
        let bare = reschedule_answer(|booking| booking["user_information"] = json!(null));
        let verdict = story(Story::arrival().create(booking()), bare).judge(&RULE);
        verdict.passes(KEPT);
        verdict.passes(STATUS);
    }

    #[test]
    fn another_user_or_service_is_found() {
        for (pointer, value) in [
            ("/user_information/telephone", "1"),
            ("/slot/service_id", "color"),
        ] {
            let answer = reschedule_answer(|booking| {
                *booking.pointer_mut(pointer).unwrap_or(&mut Value::Null) = json!(value);
            });
            let found = story(Story::arrival().create(booking()), answer)
                .judge(&RULE)
                .fails(KEPT);
            assert_eq!(found.evidence.pointer, Some(format!("/booking{pointer}")));
        }
    }

    #[test]
    fn another_deposit_after_a_cancellation_is_found_and_none_is_not() {
        let cancelled = |micros: &str| {
            let story = Story::deposit(3600);
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            let story = story.create(answer.clone());
            answer["booking"]["status"] = json!("CANCELED");
            answer["booking"]["payment_information"]["deposit"]["deposit"]["price_micros"] = json!(micros);
            story.cancel(answer)
        };
        let amount = "/payment_information/deposit/deposit/price_micros";
        let found = cancelled("1").judge(&RULE).fails(KEPT);
        assert_eq!(found.evidence.pointer, Some(format!("/booking{amount}")));
        cancelled("0").judge(&RULE).passes(KEPT);
    }

    #[test]
    fn another_currency_of_the_fee_is_found_and_none_is_not() {
        let cancelled = |currency: &str| {
            let story = Story::no_show_fee();
            let mut answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
            let story = story.create(answer.clone());
            answer["booking"]["status"] = json!("CANCELED");
            answer["booking"]["payment_information"]["no_show_fee"]["fee"]["currency_code"] = json!(currency);
            story.cancel(answer)
        };
        cancelled("XXX").judge(&RULE).fails(KEPT);
        cancelled("").judge(&RULE).passes(KEPT);
    }

    #[test]
    fn the_price_may_follow_the_party_size_and_nothing_else() {
        let changed = |slot: Value| {
            let story = Story::prepayment();
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            let story = story.create(answer.clone());
            answer["booking"]["payment_information"]["price"]["price_micros"] = json!("77");
            let request = json!({ "booking": { "booking_id": "bk-0001", "slot": slot } });
            story
                .call(Method::UpdateBooking, request, 200, answer)
                .judge(&RULE)
        };
        changed(json!({ "resources": { "party_size": 3 } })).passes(KEPT);
        changed(json!({ "duration_sec": "1800" })).fails(KEPT);
    }

    #[test]
    fn what_the_list_lost_is_found() {
        let blank = reschedule_answer(|booking| booking["user_information"]["email"] = json!(""));
        let after = |answer: &Value| {
            let before = list(Story::arrival().create(booking()), &booking()["booking"]);
            list(story(before, reschedule_answer(|_| {})), &answer["booking"])
        };
        after(&blank).judge(&RULE).fails(KEPT);
        after(&reschedule_answer(|_| {})).judge(&RULE).passes(KEPT);
    }

    #[test]
    fn a_lost_status_is_found() {
        let answer = reschedule_answer(|booking| booking["status"] = json!("BOOKING_STATUS_UNSPECIFIED"));
        story(Story::arrival().create(booking()), answer)
            .judge(&RULE)
            .fails(STATUS);
    }
}
