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
    manual: "A booking that nobody has changed must be listed as CreateBooking answered it: its slot, its price, deposit and fee \
             with their currencies, its transaction id, whether it is paid (what was not paid may be by then), and the user's data as far as both show them, in whatever form. After a change the user's data are still compared, since \
             no change names them. What cannot be read has rules of its own.",
    scope: Scope::Answer(judge),
};

const FIELDS: [&str; 16] = [
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
    TRANSACTION,
    PREPAYMENT,
];

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
    for (pointer, listed) in reading::bookings(exchange) {
        let Some(made) = made_booking(case, exchange, listed) else {
            continue;
        };
        if made.is_changed && !made.shows_user_with(listed) {
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
}

impl MadeBooking<'_> {
    /// True when both show the user's data.
    fn shows_user_with(&self, listed: &Value) -> bool {
        [self.booking, listed]
            .into_iter()
            .all(|booking| reading::set(booking, "/user_information").is_some())
    }
}

/// The first field that the two show differently, with both values.
fn contradiction(made: &MadeBooking<'_>, listed: &Value) -> Option<(String, Value, Value)> {
    let MadeBooking {
        asked,
        booking,
        is_changed,
    } = *made;
    // What CreateBooking answered wrongly is the finding of that answer.
    let is_as_asked = |pointer: &str, was: &Value| {
        reading::set(asked, pointer).is_none_or(|asked| matcher::equal(asked, Some(was)))
    };
    let fields: &[&str] = if is_changed { &[] } else { &FIELDS };
    let field = fields.iter().find_map(|pointer| {
        let (was, is) = reading::set(booking, pointer)
            .filter(|was| match *pointer {
                // Who asks does not know yet whether it will be paid; where no money is due it was not.
                PREPAYMENT => reading::text(asked, PROCESSOR).is_some(),
                TRANSACTION => !is_card(asked, was),
                pointer => is_as_asked(pointer, was),
            })
            .zip(reading::set(listed, pointer))?;
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
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use serde_json::json;

    fn listing(story: Story, pointer: &str, value: Value) -> Story {
        let mut one = booking()["booking"].clone();
        if let Some(place) = one.pointer_mut(pointer) {
            *place = value;
        }
        let request = json!({ "user_id": "7203948571029384756" });
        story.call(Method::ListBookings, request, 200, json!({ "bookings": [one] }))
    }

    fn made() -> Story {
        Story::arrival().create(booking())
    }

    #[test]
    fn the_same_booking_in_another_form_passes() {
        listing(made(), "/slot/duration_sec", json!(1800))
            .judge(&RULE)
            .passes(LIST);
        listing(made(), "/slot/start_sec", json!("2030-01-01T08:00:00Z"))
            .judge(&RULE)
            .passes(LIST);
        listing(made(), "/user_information/telephone", json!("+442079460018"))
            .judge(&RULE)
            .passes(LIST);
        listing(made(), "/slot/availability_tag", json!(null))
            .judge(&RULE)
            .passes(LIST);
    }

    #[test]
    fn another_length_or_somebody_elses_telephone_is_found() {
        for (pointer, value) in [
            ("/slot/duration_sec", json!("3600")),
            ("/slot/service_id", json!("color")),
            ("/user_information/telephone", json!("+44 20 7946 0999")),
        ] {
            let found = listing(made(), pointer, value).judge(&RULE).fails(LIST);
            let place = format!("/bookings/0{pointer}");
            assert_eq!(found.evidence.pointer, Some(place));
        }
    }

    #[test]
    fn another_payment_is_found_and_one_that_was_to_come_is_not() {
        let listed = |was: &str, is: &str| {
            let mut answer = paid_booking(&Story::prepayment(), was);
            let story = Story::prepayment().create(answer.clone());
            answer["booking"]["payment_information"]["prepayment_status"] = json!(is);
            let request = json!({ "user_id": "7203948571029384756" });
            let answer = json!({ "bookings": [answer["booking"]] });
            story
                .call(Method::ListBookings, request, 200, answer)
                .judge(&RULE)
        };
        listed("PREPAYMENT_PROVIDED", "PREPAYMENT_REFUNDED").fails(LIST);
        listed("PREPAYMENT_NOT_PROVIDED", "PREPAYMENT_PROVIDED").passes(LIST);
        listed("PREPAYMENT_PROVIDED", "PAID").passes(LIST);
    }

    #[test]
    fn what_was_answered_wrongly_already_is_that_answers_finding() {
        let mut answer = booking();
        answer["booking"]["slot"]["duration_sec"] = json!("3600");
        answer["booking"]["user_information"]["telephone"] = json!("+44 20 7946 0999");
        let story = || Story::arrival().create(answer.clone());
        listing(story(), "/slot/duration_sec", json!("1800"))
            .judge(&RULE)
            .passes(LIST);
    }

    #[test]
    fn what_was_changed_or_is_not_ours_is_not_compared() {
        let changed = || made().trigger("reschedule");
        listing(changed(), "/slot/duration_sec", json!("3600"))
            .judge(&RULE)
            .passes(LIST);
        listing(changed(), "/user_information", json!(null))
            .judge(&RULE)
            .says_nothing();
        listing(changed(), "/user_information/email", json!("nobody@example.org"))
            .judge(&RULE)
            .fails(LIST);
        listing(Story::arrival(), "/slot/duration_sec", json!("3600"))
            .judge(&RULE)
            .says_nothing();
    }
}
