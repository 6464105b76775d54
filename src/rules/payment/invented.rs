//! PAY-COM-13

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::{PaymentMode, Slot};
use serde_json::Value;
use transcript::Exchange;

const SHOWN: RequirementId = RequirementId::declared("PAY-COM-13");

pub(crate) static RULE: Rule = Rule {
    name: "payment/invented",
    requirements: &[SHOWN],
    manual: "A booking in an answer may hold a deposit or a fee for not coming only where the feed has one for its slot: the user has \
             agreed to no other. An amount of zero is none. Where a slot only requires a card another rule says so; a booking \
             that was moved may have the terms of its new slot, and is not judged.",
    scope: Scope::Answer(judge),
};

/// An amount of a booking that its slot does not have.
struct Invented {
    pointer: &'static str,
    what: &'static str,
}

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let slot = reading::id(booking)
            .filter(|id| !case.is_moved(id))
            .and_then(|id| case.slot_of_booking(id));
        let Some(slot) = slot.filter(|slot| slot.terms.modes() != [PaymentMode::CardOnly]) else {
            continue;
        };
        // That nothing is shown beyond the feed does not show what is taken.
        if let Some(Invented { pointer: place, what }) = invented(slot, booking) {
            let proof = Proof::at(exchange.entry, format!("{pointer}{place}")).expected("no amount");
            let actual = booking.pointer(place).cloned().unwrap_or_default();
            let message = format!("the booking has {what}, and the feed has none for its slot");
            verdicts.fail(SHOWN, proof.actual(actual), message);
        }
    }
}

fn invented(slot: &Slot, booking: &Value) -> Option<Invented> {
    let all = [
        (
            slot.terms.deposit.is_none(),
            "/payment_information/deposit/deposit/price_micros",
            "a deposit",
        ),
        (
            slot.terms.no_show_fee.is_none(),
            "/payment_information/no_show_fee/fee/price_micros",
            "a fee for not coming",
        ),
    ];
    let asked = |pointer: &str| reading::number(booking, pointer).is_some_and(|micros| micros > 0);
    let found = all
        .into_iter()
        .find(|(has_none, pointer, _)| *has_none && asked(pointer));
    found.map(|(_, pointer, what)| Invented { pointer, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use protocol::Method;
    use serde_json::json;

    fn fee(micros: &str) -> Value {
        json!({ "fee": { "price_micros": micros, "currency_code": "USD" }, "fee_type": "FIXED_RATE_DEFAULT" })
    }

    #[test]
    fn what_the_feed_has_and_zero_pass() {
        let story = Story::no_show_fee();
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        story.create(answer).judge(&RULE).says_nothing();
        let mut answer = booking();
        answer["booking"]["payment_information"] = json!({ "no_show_fee": fee("0") });
        Story::arrival().create(answer).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_fee_from_nowhere_is_found_wherever_it_is_shown() {
        let mut answer = booking();
        answer["booking"]["payment_information"] = json!({ "no_show_fee": fee("5000000") });
        let found = Story::arrival().create(answer.clone()).judge(&RULE).fails(SHOWN);
        assert_eq!(
            found.message,
            "the booking has a fee for not coming, and the feed has none for its slot"
        );
        let list = json!({ "bookings": [answer["booking"]] });
        let story = Story::arrival().create(booking());
        let listed = story.call(
            Method::ListBookings,
            json!({ "user_id": "7203948571029384756" }),
            200,
            list,
        );
        listed.judge(&RULE).fails(SHOWN);
    }

    #[test]
    fn cards_alone_and_bookings_that_moved_are_left_to_others() {
        let story = Story::card_only();
        let mut answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        answer["booking"]["payment_information"]["no_show_fee"] = fee("5000000");
        story.create(answer).judge(&RULE).says_nothing();
        Story::arrival()
            .create(booking())
            .trigger("reschedule")
            .judge(&RULE)
            .says_nothing();
    }
}
