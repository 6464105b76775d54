//! RTU-REFUND-02

use super::{BookingUpdate, PREPAYMENT_PATH, mask_complete, mask_modifiable};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const MASK: RequirementId = RequirementId::declared("RTU-REFUND-02");

pub(crate) static RULE: Rule = Rule {
    name: "notification/refund-mask",
    requirements: &[MASK],
    manual: "The mask of a refund should name `paymentInformation.prepaymentStatus` or its parent. Bare `status`, as one of \
             Google's pages prints it, never fails but warns: by the rules of field masks the refund is dropped.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    // A mask that belongs to another message is the finding of the rules about masks.
    let is_of_another =
        mask_modifiable::has_unknown_path(patch) || mask_complete::unnamed_change(patch).is_some();
    if !patch.has_mask() || is_of_another {
        return;
    }
    let refund = patch.prepayment() == Some("PREPAYMENT_REFUNDED");
    if !refund || patch.prepayment_before() == "PREPAYMENT_REFUNDED" {
        return;
    }
    verdicts.check(MASK, patch.names(PREPAYMENT_PATH), || {
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        let expected = format!("status,{PREPAYMENT_PATH}");
        (
            proof.expected(expected).actual(patch.mask.unwrap_or_default()),
            "the updateMask does not name the refund, so Google may drop it".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: &str, before: &str) -> Story {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let before = copy("CONFIRMED", Some(before));
        Story::deposit(3600).patch(Some(mask), body, before.clone(), before)
    }

    #[test]
    fn the_path_or_its_parent_passes() {
        for mask in [
            "status,paymentInformation.prepaymentStatus",
            "status,payment_information",
        ] {
            update(mask, "PREPAYMENT_PROVIDED").judge(&RULE).passes(MASK);
        }
    }

    #[test]
    fn bare_status_warns() {
        update("status", "PREPAYMENT_PROVIDED").judge(&RULE).warns(MASK);
    }

    #[test]
    fn a_refund_that_google_knows_needs_no_mask() {
        update("status", "PREPAYMENT_REFUNDED")
            .judge(&RULE)
            .says_nothing();
    }
}
