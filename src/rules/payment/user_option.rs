//! PAY-COM-25

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const ONE: RequirementId = RequirementId::declared("PAY-COM-25");

pub(crate) static RULE: Rule = Rule {
    name: "payment/user-option",
    requirements: &[ONE],
    manual: "A booking may name a payment option of the merchant or one of the user, a pack or a membership, and not both. That an \
             answer holds the user's option that the booking names is another rule.",
    scope: Scope::Answer(judge),
};

const PAYMENT: &str = "/payment_information";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let option = |name: &str| reading::text(booking, &format!("{PAYMENT}/{name}"));
        let (merchants, users) = (option("payment_option_id"), option("user_payment_option_id"));
        if merchants.is_none() && users.is_none() {
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

    fn answer(payment: Value) -> Story {
        let mut answer = booking();
        answer["booking"]["payment_information"] = payment;
        Story::arrival().create(answer)
    }

    #[test]
    fn one_option_passes_and_none_says_nothing() {
        for field in ["payment_option_id", "user_payment_option_id"] {
            answer(json!({ field: "ten" })).judge(&RULE).passes(ONE);
        }
        answer(json!({})).judge(&RULE).says_nothing();
    }

    #[test]
    fn both_are_found() {
        let both = json!({ "payment_option_id": "ten", "user_payment_option_id": "pack-1" });
        answer(both).judge(&RULE).fails(ONE);
    }
}
