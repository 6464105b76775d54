//! REQ-05

use super::{BookingUpdate, PREPAYMENT_PATH};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::model::{Kind, v1alpha};

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
        let message = if is_path(&field) {
            format!("the updateMask names `{field}`, which cannot be modified")
        } else {
            format!("the updateMask names \"{field}\"; a booking has no such field")
        };
        (
            proof.expected(MODIFIABLE.join(", ")).actual(field.clone()),
            message,
        )
    });
}

/// True when the mask names what a booking does not have. What was meant by it is not known, so that nothing else is said of
/// what the mask leaves out.
pub(super) fn has_unknown_path(patch: &BookingUpdate<'_>) -> bool {
    patch.paths().any(|path| path != "*" && !is_path(path))
}

/// True for a field of a booking, or of a message in it.
fn is_path(path: &str) -> bool {
    let mut message = v1alpha().message("Booking");
    path.split('.').all(|name| {
        let field = message.and_then(|message| message.field(name));
        message = field.and_then(|field| match &field.kind {
            Kind::Message(name) => v1alpha().message(name),
            _ => None,
        });
        field.is_some()
    })
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

    #[test]
    fn what_no_booking_has_is_one_finding() {
        let said = |mask: &str| update(mask).judge(&RULE).fails(ALLOWED).message;
        assert_eq!(
            said("statux"),
            "the updateMask names \"statux\"; a booking has no such field"
        );
        update("statux").judge_all().fails(ALLOWED);
    }
}
