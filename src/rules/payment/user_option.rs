//! PAY-COM-25

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const ONE: RequirementId = RequirementId::declared("PAY-COM-25");

pub(crate) static RULE: Rule = Rule {
    name: "payment/user-option",
    requirements: &[ONE],
    manual: "A booking may name a payment option of the merchant or one of the user, a pack or a membership, and not both. Where \
             an answer holds the user's option beside the booking, it must be the one that the booking names.",
    scope: Scope::Answer(judge),
};

const PAYMENT: &str = "/payment_information";
const RETURNED: &str = "/user_payment_option/user_payment_option_id";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let option = |name: &str| reading::text(booking, &format!("{PAYMENT}/{name}"));
        let (merchants, users) = (option("payment_option_id"), option("user_payment_option_id"));
        if merchants.is_none() && users.is_none() {
            continue;
        }
        let other = exchange
            .answer_text(RETURNED)
            .filter(|returned| users.is_some_and(|named| named != *returned));
        if let Some((returned, named)) = other.zip(users) {
            let message = format!(
                "the booking names the user's payment option \"{named}\", and the answer returns \"{returned}\""
            );
            let proof = Proof::at(exchange.entry, RETURNED)
                .expected(named)
                .actual(returned);
            verdicts.fail(ONE, proof, message);
            continue;
        }
        verdicts.check(ONE, merchants.is_none() || users.is_none(), || {
            let place = format!("{pointer}{PAYMENT}/user_payment_option_id");
            let proof = Proof::at(exchange.entry, place)
                .expected("one of both")
                .actual(users);
            let message = "the booking names both a payment option of the merchant and one of the user";
            (proof, message.to_owned())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::{Value, json};

    fn answer(payment: Value, returned: &str) -> Story {
        let mut answer = booking();
        answer["booking"]["payment_information"] = payment;
        if !returned.is_empty() {
            answer["user_payment_option"] = json!({ "user_payment_option_id": returned });
        }
        Story::arrival().create(answer)
    }

    #[test]
    fn one_option_passes_and_none_says_nothing() {
        answer(json!({ "payment_option_id": "ten" }), "")
            .judge(&RULE)
            .passes(ONE);
        answer(json!({ "user_payment_option_id": "pack-1" }), "pack-1")
            .judge(&RULE)
            .passes(ONE);
        answer(json!({}), "").judge(&RULE).says_nothing();
    }

    #[test]
    fn both_and_another_one_are_found() {
        let both = json!({ "payment_option_id": "ten", "user_payment_option_id": "pack-1" });
        answer(both, "").judge(&RULE).fails(ONE);
        let other = answer(json!({ "user_payment_option_id": "pack-1" }), "pack-2");
        let found = other.judge(&RULE).fails(ONE);
        assert!(found.message.contains("pack-2"), "{}", found.message);
    }
}
