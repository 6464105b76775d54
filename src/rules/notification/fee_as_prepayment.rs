//! RTU-NOSHOW-04

use super::{BookingUpdate, PREPAYMENT};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const UNTOUCHED: RequirementId = RequirementId::declared("RTU-NOSHOW-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/fee-as-prepayment",
    requirements: &[UNTOUCHED],
    manual: "A notification with NO_SHOW_PENALIZED should leave the prepayment status as it is: a fee is no payment in advance. \
             A refund that is reported along with it is something else.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if patch.status() != Some("NO_SHOW_PENALIZED") {
        return;
    }
    let reported = patch
        .prepayment()
        .filter(|reported| *reported != "PREPAYMENT_REFUNDED");
    let kept = reported.is_none_or(|reported| reported == patch.prepayment_before());
    verdicts.check(UNTOUCHED, kept, || {
        let proof = Proof::at(patch.entry, PREPAYMENT).expected(patch.prepayment_before());
        (
            proof.actual(reported),
            "the fee for not coming is reported as a payment in advance".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn update(payment: Value) -> Story {
        let mut body = changes(json!({ "status": "NO_SHOW_PENALIZED" }));
        body["paymentInformation"] = payment;
        let before = copy("CONFIRMED", Some("PREPAYMENT_NOT_PROVIDED"));
        Story::no_show_fee().patch(Some("status,paymentInformation"), body, before.clone(), before)
    }

    #[test]
    fn a_fee_that_leaves_the_prepayment_alone_passes() {
        update(json!(null)).judge(&RULE).passes(UNTOUCHED);
        update(json!({ "prepaymentStatus": "PREPAYMENT_NOT_PROVIDED" }))
            .judge(&RULE)
            .passes(UNTOUCHED);
    }

    #[test]
    fn a_fee_that_is_told_as_a_payment_warns() {
        update(json!({ "prepaymentStatus": "PREPAYMENT_PROVIDED" }))
            .judge(&RULE)
            .warns(UNTOUCHED);
    }
}
