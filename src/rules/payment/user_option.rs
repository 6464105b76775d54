//! BS-CREATE-31, PAY-COM-25

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const SAME: RequirementId = RequirementId::declared("BS-CREATE-31");
const ONE: RequirementId = RequirementId::declared("PAY-COM-25");

pub(crate) static RULE: Rule = Rule {
    name: "payment/user-option",
    requirements: &[SAME, ONE],
    manual: "A booking may name a payment option of the merchant or one of the user, a pack or a membership, and not both. Where \
             an answer holds the user's option beside the booking, it must be the one that the booking names. Google asks for none \
             here, so partners without packs show neither.",
    scope: Scope::Answer(judge),
};

const PAYMENT: &str = "/payment_information";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let option = |name: &str| reading::text(booking, &format!("{PAYMENT}/{name}"));
        let (merchants, users) = (option("payment_option_id"), option("user_payment_option_id"));
        if merchants.is_some() || users.is_some() {
            verdicts.check(ONE, merchants.is_none() || users.is_none(), || {
                let place = format!("{pointer}{PAYMENT}/user_payment_option_id");
                let proof = Proof::at(exchange.entry, place)
                    .expected("one of both")
                    .actual(users);
                let message = "the booking names both a payment option of the merchant and one of the user";
                (proof, message.to_owned())
            });
        }
        judge_returned(exchange, users, verdicts);
    }
}

fn judge_returned(exchange: &Exchange<'_>, named: Option<&str>, verdicts: &mut Verdicts) {
    const ID: &str = "/user_payment_option/user_payment_option_id";
    let Some((named, returned)) = named.zip(exchange.answer_text(ID)) else {
        return;
    };
    verdicts.check(SAME, named == returned, || {
        let proof = Proof::at(exchange.entry, ID).expected(named).actual(returned);
        let message = format!(
            "the booking names the user's payment option \"{named}\", and the answer returns \"{returned}\""
        );
        (proof, message)
    });
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
        let pack = answer(json!({ "user_payment_option_id": "pack-1" }), "pack-1");
        pack.judge(&RULE).passes(ONE);
        pack.judge(&RULE).passes(SAME);
        answer(json!({}), "").judge(&RULE).says_nothing();
    }

    #[test]
    fn both_and_another_one_are_found() {
        let both = json!({ "payment_option_id": "ten", "user_payment_option_id": "pack-1" });
        answer(both, "").judge(&RULE).fails(ONE);
        let other = answer(json!({ "user_payment_option_id": "pack-1" }), "pack-2");
        let found = other.judge(&RULE).fails(SAME);
        assert!(found.message.contains("pack-2"), "{}", found.message);
    }
}
