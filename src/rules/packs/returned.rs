//! BS-CREATE-31

use super::{OWNED, TOLD, Told, bought, owned};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const RETURNED: RequirementId = RequirementId::declared("BS-CREATE-31");

pub(crate) static RULE: Rule = Rule {
    name: "packs/returned",
    requirements: &[RETURNED],
    manual: "A booking with which a pack is bought, or that is paid from a pack or membership of the user, is answered with that \
             pack in `user_payment_option`: without it nobody could use what is left of it. It must be the one that the request and the booking \
             name. What the feed calls an option for a single use is no pack. A repeated request may be answered with less.",
    scope: Scope::Answer(judge),
};

const ID: &str = "/user_payment_option/user_payment_option_id";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(booking) = reading::created_booking(exchange).filter(|_| !case.is_repeat(exchange)) else {
        return;
    };
    let told = Told::of(exchange);
    let named = owned(exchange).or(reading::text(booking, OWNED));
    if let Some((named, told)) = named.zip(told) {
        let message = || {
            let told = told.id;
            format!(
                "the booking is paid from the user's payment option \"{named}\", and the answer returns \"{told}\""
            )
        };
        let proof = Proof::at(exchange.entry, ID).expected(named).actual(told.id);
        return verdicts.check(RETURNED, named == told.id, || (proof, message()));
    }
    let missing = match (owned(exchange), bought(case, exchange)) {
        (Some(owned), _) => format!("a booking was paid from the user's payment option \"{owned}\""),
        (None, Some(bought)) => format!("a booking bought the pack \"{bought}\""),
        (None, None) => return,
    };
    let Some(told) = told else {
        let proof = Proof::at(exchange.entry, ID).expected("present");
        let message = format!("{missing}, and the answer has no `user_payment_option` with an id");
        return verdicts.fail(RETURNED, proof, message);
    };
    let bought = bought(case, exchange);
    let other = reading::text(told.option, "/payment_option_id").filter(|kind| Some(*kind) != bought);
    verdicts.check(RETURNED, other.is_none(), || {
        let place = format!("{TOLD}/payment_option_id");
        let proof = Proof::at(exchange.entry, place).expected(bought).actual(other);
        (proof, format!("{missing}, and the answer returns another one"))
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{buy, pack, spend, story};
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::{Value, json};

    #[test]
    fn the_pack_that_was_bought_or_spent_passes() {
        let bought = buy(story(), pack("p-1", 1));
        bought.judge(&RULE).passes(RETURNED);
        let spent = spend(story(), "bk-2", "p-1", pack("p-1", 0));
        spent.judge(&RULE).passes(RETURNED);
    }

    #[test]
    fn no_pack_and_another_one_are_found() {
        let another = json!({ "user_payment_option_id": "p-1", "payment_option_id": "ten" });
        for story in [
            buy(story(), Value::Null),
            buy(story(), another),
            spend(story(), "bk-2", "p-1", Value::Null),
            spend(story(), "bk-2", "p-1", pack("p-2", 0)),
        ] {
            story.judge(&RULE).fails(RETURNED);
        }
    }

    #[test]
    fn an_option_for_a_single_use_is_no_pack() {
        let single = story().slot(|slot| slot.terms.pack_visits = None);
        buy(single, Value::Null).judge(&RULE).says_nothing();
        Story::arrival().create(booking()).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_booking_may_not_name_another_one_than_the_answer() {
        let mut answer = booking();
        answer["booking"]["payment_information"] = json!({ "user_payment_option_id": "pack-1" });
        answer["user_payment_option"] = json!({ "user_payment_option_id": "pack-2" });
        let found = Story::arrival().create(answer).judge(&RULE).fails(RETURNED);
        assert!(found.message.contains("pack-2"), "{}", found.message);
    }
}
