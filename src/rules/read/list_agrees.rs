//! BS-LIST-01

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, person, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use scenario::matcher;
use serde_json::Value;
use transcript::{Exchange, Fact};

const LIST: RequirementId = RequirementId::declared("BS-LIST-01");

pub(crate) static RULE: Rule = Rule {
    name: "read/list-agrees",
    requirements: &[LIST],
    manual: "A booking is listed once, under its id. One that nobody has changed must be listed as CreateBooking answered it: its slot, its price, deposit and fee \
             with their currencies and types, the deposit's cutoff, its transaction id, who processes the payment, whether it is paid (what was not paid may be by then), and the user's data as far as both show them, in whatever form. After a change of \
             Google's what its answer left as it was must be listed so, too; after a change at the partner the user's data are still compared, since \
             no change names them. What cannot be read has rules of its own.",
    scope: Scope::Answer(judge),
};

const FIELDS: [&str; 21] = [
    "/slot/merchant_id",
    "/slot/service_id",
    "/slot/start_sec",
    "/slot/duration_sec",
    "/slot/availability_tag",
    "/slot/resources/staff_id",
    "/slot/resources/room_id",
    "/slot/resources/party_size",
    "/payment_information/price/price_micros",
    "/payment_information/price/currency_code",
    "/payment_information/deposit/deposit/price_micros",
    "/payment_information/deposit/deposit/currency_code",
    "/payment_information/no_show_fee/fee/price_micros",
    "/payment_information/no_show_fee/fee/currency_code",
    "/payment_information/deposit/deposit_type",
    "/payment_information/deposit/min_advance_cancellation_sec",
    "/payment_information/no_show_fee/fee_type",
    PROCESSOR,
    MODE,
    TRANSACTION,
    PREPAYMENT,
];

/// How the booking is confirmed; at once where it is not said.
const MODE: &str = "/slot/confirmation_mode";

const TRANSACTION: &str = "/payment_information/payment_transaction_id";

/// Who takes the money; nobody where none is due.
const PROCESSOR: &str = "/payment_information/payment_processed_by";

/// The card's token, which is no id of a payment.
const CARD: &str = "/payment_processing_parameters/unparsed_payment_method_token";

/// Whether it is paid.
const PREPAYMENT: &str = "/payment_information/prepayment_status";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::ListBookings {
        return;
    }
    let bookings = reading::bookings(exchange);
    if let Some((pointer, due, message)) = wrong_id(case, exchange, &bookings) {
        let shown = bookings.iter().map(|(_, one)| one["booking_id"].clone());
        let proof = Proof::at(exchange.entry, pointer).expected(due);
        return verdicts.fail(LIST, proof.actual(shown.collect::<Vec<_>>()), message);
    }
    for (pointer, listed) in bookings {
        let Some(made) = made_booking(case, exchange, listed) else {
            continue;
        };
        if made.is_changed && made.updated.is_none() && !made.shows_user_with(listed) {
            continue;
        }
        let wrong = contradiction(&made, listed);
        verdicts.check(LIST, wrong.is_none(), || {
            let (field, was, is) = wrong.unwrap_or_default();
            let name = field.rsplit('/').next().unwrap_or_default().to_owned();
            let message = format!(
                "ListBookings shows \"{name}\": {is} for a booking that CreateBooking answered with {was}"
            );
            let proof = Proof::at(exchange.entry, format!("{pointer}{field}"));
            (proof.expected(was).actual(is), message)
        });
    }
}

/// A booking that is listed without an id, twice, or under another id than CreateBooking gave it: where, what is due, and the sentence.
fn wrong_id(
    case: &Case<'_>,
    list: &Exchange<'_>,
    bookings: &[(String, &Value)],
) -> Option<(String, Value, String)> {
    let place = |pointer: &str| format!("{pointer}/booking_id");
    let nameless = |one: &Value| reading::set(one, "/booking_id").is_none_or(|id| id == "");
    if let Some((pointer, _)) = bookings.iter().find(|(_, one)| nameless(one)) {
        return Some((
            place(pointer),
            "an id".into(),
            "a booking is listed without `booking_id`".to_owned(),
        ));
    }
    for (index, (pointer, one)) in bookings.iter().enumerate() {
        let id = reading::id(one)?;
        if bookings[..index]
            .iter()
            .any(|(_, other)| reading::id(other) == Some(id))
        {
            return Some((
                place(pointer),
                "once".into(),
                format!("ListBookings lists the booking {id} twice"),
            ));
        }
    }
    let made = case.bookings();
    let is_listed = |id: &str| bookings.iter().any(|(_, one)| reading::id(one) == Some(id));
    let of_user = |made: &Exchange<'_>| {
        made.request_value("/user_information/user_id") == list.request_value("/user_id")
    };
    made.iter()
        .filter(|(id, made)| made.entry < list.answer.call && of_user(made) && !is_listed(id))
        .find_map(|(id, made)| {
            let slot = reading::set(reading::created_booking(made)?, "/slot")?;
            let twin = bookings.iter().find(|(_, one)| {
                let is_known = case
                    .bookings()
                    .iter()
                    .any(|(known, _)| Some(*known) == reading::id(one));
                !is_known && is_same_slot(slot, &one["slot"])
            })?;
            let message = format!(
                "ListBookings lists the booking {id} under another id, {}",
                reading::id(twin.1)?
            );
            (!is_changed(case, list, id)).then(|| (place(&twin.0), (*id).into(), message))
        })
}

fn is_same_slot(one: &Value, other: &Value) -> bool {
    ["/merchant_id", "/service_id", "/start_sec", "/duration_sec"]
        .into_iter()
        .all(|pointer| {
            reading::set(one, pointer).is_some_and(|one| matcher::equal(one, reading::set(other, pointer)))
        })
}

/// The booking as CreateBooking answered it before the list was.
fn made_booking<'c>(case: &'c Case<'_>, list: &Exchange<'_>, listed: &Value) -> Option<MadeBooking<'c>> {
    let id = reading::id(listed)?;
    let all = case.bookings();
    let (_, made) = all
        .iter()
        .find(|(known, made)| *known == id && made.entry < list.answer.call)?;
    Some(MadeBooking {
        asked: made.call.body.as_ref()?,
        booking: reading::created_booking(made)?,
        is_changed: is_changed(case, list, id),
        updated: last_update(case, list, id),
        changes: google_changes(case, list, id)
            .filter_map(|one| one.request_value("/booking"))
            .collect(),
    })
}

/// What the last change of Google's before the list was answered with, where nobody acted at the partner.
fn last_update<'c>(case: &'c Case<'_>, list: &Exchange<'_>, id: &str) -> Option<&'c Value> {
    let mut before = case.transcript.entries.iter().take(list.entry);
    if before.any(|entry| matches!(&entry.fact, Fact::Trigger(trigger) if trigger.booking_id == id)) {
        return None;
    }
    reading::updated_booking(&google_changes(case, list, id).last()?)
}

/// The changes that Google asked for before the list was.
fn google_changes<'c>(
    case: &'c Case<'_>,
    list: &Exchange<'_>,
    id: &str,
) -> impl Iterator<Item = Exchange<'c>> {
    let updates = case.transcript.exchanges_of(Method::UpdateBooking);
    updates.filter(move |one| {
        let named = one.request_value("/booking/booking_id").and_then(Value::as_str);
        one.entry < list.answer.call && named == Some(id)
    })
}

/// True when somebody was asked to change the booking before the list was.
fn is_changed(case: &Case<'_>, list: &Exchange<'_>, id: &str) -> bool {
    let mut before = case.transcript.entries.iter().take(list.entry);
    before.any(|entry| match &entry.fact {
        Fact::Trigger(trigger) => trigger.booking_id == id,
        Fact::Call(call) if call.method == Method::UpdateBooking => {
            let named = call
                .body
                .as_ref()
                .and_then(|body| body.pointer("/booking/booking_id"));
            named.and_then(Value::as_str) == Some(id)
        }
        _ => false,
    })
}

/// A booking as it was asked for, and as CreateBooking answered it.
struct MadeBooking<'c> {
    asked: &'c Value,
    booking: &'c Value,
    is_changed: bool,
    /// The answer to its last change, if Google made all of them.
    updated: Option<&'c Value>,
    /// What each change of Google's asked for.
    changes: Vec<&'c Value>,
}

impl MadeBooking<'_> {
    /// True when both show the user's data.
    fn shows_user_with(&self, listed: &Value) -> bool {
        [self.booking, listed]
            .into_iter()
            .all(|booking| reading::set(booking, "/user_information").is_some())
    }

    /// True when the last change that names a field names another value than this: who lists the booking as it was made would be
    /// wrong, whatever the answer to the change shows.
    fn was_to_become_other_than(&self, pointer: &str, was: &Value) -> bool {
        let latest_first = self.changes.iter().rev();
        let mut named = latest_first.filter_map(|change| reading::set(change, pointer));
        named
            .next()
            .is_some_and(|named| !matcher::equal(named, Some(was)))
    }
}

/// The first field that the two show differently, with both values.
fn contradiction(made: &MadeBooking<'_>, listed: &Value) -> Option<(String, Value, Value)> {
    let MadeBooking {
        asked,
        booking,
        is_changed,
        updated,
        ..
    } = *made;
    // What CreateBooking answered wrongly is the finding of that answer.
    let is_as_asked = |pointer: &str, was: &Value| {
        reading::set(asked, pointer).is_none_or(|asked| matcher::equal(asked, Some(was)))
    };
    // What a change left as it was is as it was made.
    let is_left = |pointer: &str, was: &Value| match updated {
        Some(updated) => reading::set(updated, pointer).is_some_and(|now| matcher::equal(was, Some(now))),
        None => !is_changed,
    };
    let field = FIELDS.iter().find_map(|pointer| {
        let (was, is) = stated(booking, pointer)
            .filter(|was| is_left(pointer, was) && !made.was_to_become_other_than(pointer, was))
            .filter(|was| match *pointer {
                // Who asks does not know yet whether it will be paid; where no money is due it was not.
                PREPAYMENT => reading::text(asked, PROCESSOR).is_some(),
                TRANSACTION => !is_card(asked, was),
                pointer => is_as_asked(pointer, was),
            })
            .zip(stated(listed, pointer))?;
        let (was, is) = (&was, &is);
        if *pointer == PREPAYMENT && !is_another_payment(was, is) {
            return None;
        }
        let is_number = int64::read(was).is_some() && int64::read(is).is_some();
        let is_readable = is_number || (was.is_string() && is.is_string() && !pointer.ends_with("_sec"));
        (is_readable && !matcher::equal(was, Some(is)))
            .then(|| ((*pointer).to_owned(), was.clone(), is.clone()))
    });
    field.or_else(|| {
        let user = "/user_information";
        let (was, is) = reading::set(booking, user).zip(reading::set(listed, user))?;
        let is_right =
            reading::set(asked, user).is_none_or(|asked| person::first_contradiction(asked, was).is_none());
        if !is_right {
            return None;
        }
        let (field, was, is) = person::first_contradiction(was, is)?;
        Some((format!("{user}/{field}"), was.into(), is.into()))
    })
}

/// What a message states at a place; an enum that says nothing is read as its default.
fn stated(booking: &Value, pointer: &str) -> Option<Value> {
    let shown = reading::stated(booking, pointer)?;
    let is_unset = pointer == MODE && shown == "CONFIRMATION_MODE_UNSPECIFIED";
    Some(if is_unset {
        "CONFIRMATION_MODE_SYNCHRONOUS".into()
    } else {
        shown
    })
}

/// True when an answer named the token of the card in place of an id.
fn is_card(asked: &Value, named: &Value) -> bool {
    let card = reading::text(asked, CARD).unwrap_or_default();
    named
        .as_str()
        .is_some_and(|named| !named.is_empty() && card.contains(named))
}

/// True for two names of the API of which the later one is not just the payment that was still to come.
fn is_another_payment(was: &Value, is: &Value) -> bool {
    let names = [was, is].map(|name| name.as_str().unwrap_or_default());
    let are_known = names
        .iter()
        .all(|name| reading::is_name_of("PrepaymentStatus", name));
    are_known && names != ["PREPAYMENT_NOT_PROVIDED", "PREPAYMENT_PROVIDED"]
}

#[cfg(test)]
mod tests;
