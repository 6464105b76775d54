//! REQ-05

use super::{BookingUpdate, PREPAYMENT_PATH};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const ALLOWED: RequirementId = RequirementId::declared("REQ-05");

pub(crate) static RULE: Rule = Rule {
    name: "notification/mask-modifiable",
    requirements: &[ALLOWED],
    manual: "The mask may name `status`, `startTime`, `duration`, `partySize` and `paymentInformation.prepaymentStatus`. The \
             parent `paymentInformation`, the transaction id beside the prepayment status and `*` are tolerated; every \
             other path is refused.",
    scope: Scope::BookingUpdate(judge),
};

/// The fields of a booking that a notification can change.
pub(super) const MODIFIABLE: [&str; 5] = ["status", "startTime", "duration", "partySize", PREPAYMENT_PATH];

const TRANSACTION: &str = "paymentInformation.paymentTransactionId";

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(mask) = patch.mask else { return };
    let tolerated = |path: &str| {
        ["paymentInformation", "*"].contains(&path) || (path == TRANSACTION && patch.names(PREPAYMENT_PATH))
    };
    let odd = mask
        .iter()
        .find(|path| !MODIFIABLE.contains(&path.as_str()) && !tolerated(path));
    verdicts.check(ALLOWED, odd.is_none(), || {
        let field = odd.cloned().unwrap_or_default();
        let proof = Proof {
            entry: Some(patch.entry),
            ..Proof::default()
        };
        (
            proof.expected(MODIFIABLE.join(", ")).actual(field.clone()),
            format!("the updateMask names `{field}`, which cannot be modified"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        Story::arrival().patch(Some(mask), body, copy("CONFIRMED", None), copy("CANCELED", None))
    }

    #[test]
    fn modifiable_and_tolerated_paths_pass() {
        for mask in [
            "status,startTime,duration,partySize,paymentInformation.prepaymentStatus",
            "status,paymentInformation",
            "paymentInformation.paymentTransactionId,payment_information.prepayment_status",
        ] {
            update(mask).judge(&RULE).passes(ALLOWED);
        }
    }

    #[test]
    fn other_paths_are_found() {
        for mask in [
            "status,name",
            "merchantId",
            "clientInformation",
            "status,paymentInformation.paymentTransactionId",
        ] {
            update(mask).judge(&RULE).fails(ALLOWED);
        }
    }
}
