//! RTU-NOSHOW-04

use super::{PREPAYMENT, Patch};
use crate::bench::Proof;
use crate::{Bench, Case, Note, Rule, Scope};
use catalogue::RequirementId;

const UNTOUCHED: RequirementId = RequirementId::declared("RTU-NOSHOW-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/fee-as-prepayment",
    requirements: &[UNTOUCHED],
    manual: "A notification with NO_SHOW_PENALIZED should leave the prepayment status as it is: a fee is no payment in advance. \
             A refund that is reported along with it is something else.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, note: &Note<'_>, bench: &mut Bench) {
    let Some(patch) = Patch::of(note).filter(|patch| patch.status() == Some("NO_SHOW_PENALIZED")) else {
        return;
    };
    let told = patch.prepayment().filter(|told| *told != "PREPAYMENT_REFUNDED");
    let kept = told.is_none_or(|told| told == patch.prepayment_before());
    bench.check(UNTOUCHED, kept, || {
        let proof = Proof::at(note.entry, PREPAYMENT).expected(patch.prepayment_before());
        (
            proof.actual(told),
            "the fee for not coming is reported as a payment in advance".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::{Value, json};

    fn told(payment: Value) -> Story {
        let mut body = changes(json!({ "status": "NO_SHOW_PENALIZED" }));
        body["paymentInformation"] = payment;
        let before = copy("CONFIRMED", Some("PREPAYMENT_NOT_PROVIDED"));
        Story::no_show_fee().patch(Some("status,paymentInformation"), body, before.clone(), before)
    }

    #[test]
    fn a_fee_that_leaves_the_prepayment_alone_passes() {
        told(json!(null)).judge(&RULE).passes(UNTOUCHED);
        told(json!({ "prepaymentStatus": "PREPAYMENT_NOT_PROVIDED" }))
            .judge(&RULE)
            .passes(UNTOUCHED);
    }

    #[test]
    fn a_fee_that_is_told_as_a_payment_warns() {
        told(json!({ "prepaymentStatus": "PREPAYMENT_PROVIDED" }))
            .judge(&RULE)
            .warns(UNTOUCHED);
    }
}
