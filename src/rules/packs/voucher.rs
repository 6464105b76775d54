//! PAY-COM-20

use super::Told;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const VOUCHER: RequirementId = RequirementId::declared("PAY-COM-20");

pub(crate) static RULE: Rule = Rule {
    name: "packs/voucher",
    requirements: &[VOUCHER],
    manual: "PREPAYMENT_CREDITED says that the user was given a visit in place of what was paid. An answer to CreateBooking or \
             UpdateBooking with this status must hold that pack or voucher in `user_payment_option`, with its id.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let made = reading::created_booking(exchange).or_else(|| reading::updated_booking(exchange));
    let status = made.and_then(|booking| reading::text(booking, "/payment_information/prepayment_status"));
    if status != Some("PREPAYMENT_CREDITED") {
        return;
    }
    verdicts.check(VOUCHER, Told::of(exchange).is_some(), || {
        let place = "/user_payment_option/user_payment_option_id";
        let message =
            "the booking is PREPAYMENT_CREDITED, and the answer does not say what the user has of it";
        (
            Proof::at(exchange.entry, place).expected("present"),
            message.to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{pack, spend, story};
    use super::*;
    use crate::testing::Story;
    use serde_json::{Value, json};

    fn cancelled(status: &str, told: Value) -> Story {
        let mut answer = json!({ "booking": { "booking_id": "bk-2", "status": "CANCELED",
            "payment_information": { "prepayment_status": status } } });
        if !told.is_null() {
            answer["user_payment_option"] = told;
        }
        let made = spend(story(), "bk-2", "p-1", pack("p-1", 0));
        let request = json!({ "booking": { "booking_id": "bk-2", "status": "CANCELED" } });
        made.call(protocol::Method::UpdateBooking, request, 200, answer)
    }

    #[test]
    fn a_credit_with_its_pack_passes_and_no_credit_says_nothing() {
        let credited = cancelled("PREPAYMENT_CREDITED", pack("p-1", 1));
        credited.judge(&RULE).passes(VOUCHER);
        let refunded = cancelled("PREPAYMENT_REFUNDED", Value::Null);
        refunded.judge(&RULE).says_nothing();
    }

    #[test]
    fn a_credit_of_nothing_is_found() {
        for told in [Value::Null, json!({}), json!({ "current_count": 1 })] {
            cancelled("PREPAYMENT_CREDITED", told).judge(&RULE).fails(VOUCHER);
        }
    }
}
