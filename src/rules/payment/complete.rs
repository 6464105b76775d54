//! BS-PAY-10

use super::{PAYMENT, involves_money, paid_booking};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const COMPLETE: RequirementId = RequirementId::declared("BS-PAY-10");

pub(crate) static RULE: Rule = Rule {
    name: "payment/complete",
    requirements: &[COMPLETE],
    manual: "A booking of a slot with a prepayment, a fee for not coming or a deposit must hold `payment_information` with \
             `prepayment_status`, `payment_processed_by` and, where the request named a price, `price`. What these hold \
             is judged one by one.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(paid_booking) =
        paid_booking(case, exchange).filter(|paid_booking| involves_money(paid_booking.slot))
    else {
        return;
    };
    let Some(payment) = paid_booking.payment else {
        if exchange.answer_value(PAYMENT).is_none() {
            let proof = Proof::at(exchange.entry, PAYMENT).expected("present");
            verdicts.fail(COMPLETE, proof, "a paid booking has no payment information");
        }
        return;
    };
    let missing = ["prepayment_status", "payment_processed_by", "price"]
        .into_iter()
        .filter(|name| *name != "price" || exchange.request_value("/payment_information/price").is_some())
        .find(|name| reading::set(payment, &format!("/{name}")).is_none());
    verdicts.check(COMPLETE, missing.is_none(), || {
        let name = missing.unwrap_or_default();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/{name}")).expected("present");
        (
            proof,
            format!("the payment information of a paid booking lacks `{name}`"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, paid_booking};
    use serde_json::{Value, json};

    #[test]
    fn all_three_pass() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).judge(&RULE).passes(COMPLETE);
    }

    #[test]
    fn each_absent_field_is_found() {
        for name in ["prepayment_status", "payment_processed_by", "price"] {
            let story = Story::deposit(3600);
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["payment_information"][name] = Value::Null;
            let found = story.create(answer).judge(&RULE).fails(COMPLETE);
            assert_eq!(found.evidence.pointer, Some(format!("{PAYMENT}/{name}")));
        }
    }

    #[test]
    fn no_payment_part_is_one_finding() {
        let mut answer = booking();
        answer["booking"]["payment_information"] = json!(null);
        Story::no_show_fee().create(answer).judge(&RULE).fails(COMPLETE);
    }

    #[test]
    fn slots_without_money_are_not_looked_at() {
        Story::arrival().create(booking()).judge(&RULE).says_nothing();
        Story::card_only().create(booking()).judge(&RULE).says_nothing();
    }
}
