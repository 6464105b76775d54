//! PAY-COM-07

use super::{PAYMENT, payment_part};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const TRANSACTION: RequirementId = RequirementId::declared("PAY-COM-07");

pub(crate) static RULE: Rule = Rule {
    name: "payment/transaction-id",
    requirements: &[TRANSACTION],
    manual: "The payment information of a booking with a prepayment, a fee for not coming or a deposit must hold a \
             `payment_transaction_id`, also when nothing was charged yet.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(payment) = payment_part(case, exchange) else {
        return;
    };
    let id = reading::set(payment, "/payment_transaction_id");
    let absent = id.is_none_or(|id| id == "");
    verdicts.check(TRANSACTION, !absent, || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/payment_transaction_id"));
        let message = "a booking that involves money has no transaction id";
        (proof.expected("present"), message.to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};
    use serde_json::json;

    #[test]
    fn an_id_passes() {
        let story = Story::no_show_fee();
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        story.create(answer).judge(&RULE).passes(TRANSACTION);
    }

    #[test]
    fn none_or_an_empty_one_is_found() {
        for id in [json!(null), json!("")] {
            let story = Story::deposit(0);
            let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
            answer["booking"]["payment_information"]["payment_transaction_id"] = id;
            story.create(answer).judge(&RULE).fails(TRANSACTION);
        }
    }
}
