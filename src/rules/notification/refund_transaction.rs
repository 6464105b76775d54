//! RTU-REFUND-04

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const TRANSACTION: RequirementId = RequirementId::declared("RTU-REFUND-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/refund-transaction",
    requirements: &[TRANSACTION],
    manual: "A notification that reports a refund should hold `paymentInformation.paymentTransactionId`. Where the booking \
             never had a transaction id, its absence was already found.",
    scope: Scope::BookingUpdate(judge),
};

const POINTER: &str = "/paymentInformation/paymentTransactionId";

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let refund = patch.prepayment() == Some("PREPAYMENT_REFUNDED");
    if !refund || patch.text_before(POINTER).is_none() {
        return;
    }
    verdicts.check(TRANSACTION, patch.text(POINTER).is_some(), || {
        let proof = Proof::at(patch.entry, POINTER).expected("present");
        (
            proof,
            "the refund is reported without its transaction id".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(transaction: &Value) -> Story {
        let payment =
            json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": transaction });
        let before = copy("CANCELED", Some("PREPAYMENT_PROVIDED"));
        let body = changes(json!({ "paymentInformation": payment }));
        Story::deposit(3600).patch(Some("paymentInformation"), body, before.clone(), before)
    }

    #[test]
    fn an_id_passes() {
        update(&json!("re_0001")).judge(&RULE).passes(TRANSACTION);
    }

    #[test]
    fn none_warns() {
        update(&json!(null)).judge(&RULE).warns(TRANSACTION);
        update(&json!("")).judge(&RULE).warns(TRANSACTION);
    }
}
