//! PAY-COM-18

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;

const PAYMENT_STATUS: RequirementId = RequirementId::declared("PAY-COM-18");

pub(crate) static RULE: Rule = Rule {
    name: "notification/payment-status",
    requirements: &[PAYMENT_STATUS],
    manual: "When the partner gives money back for a booking that stands, Google is told by the prepayment status. A \
             notification that changes the status of the booking in its stead is found. Changing both is not, since a merchant \
             may cancel as well; nor is silence, which other requirements judge.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (_, at_ms, trigger) in case.triggers() {
        let mut others = case
            .triggers()
            .filter(|(_, _, other)| other.booking_id == trigger.booking_id);
        if trigger.name == "refund" && !others.any(|(_, _, other)| other.name != "refund") {
            conclude(case, &trigger.booking_id, at_ms, verdicts);
        }
    }
}

fn conclude(case: &Case<'_>, id: &str, since_ms: u64, verdicts: &mut Verdicts) {
    let mut patches: Vec<_> = case.updates_of(id).collect();
    patches.retain(|patch| patch.at_ms >= since_ms);
    let is_reported = patches
        .iter()
        .any(|patch| patch.prepayment() == Some("PREPAYMENT_REFUNDED"));
    let odd = patches
        .iter()
        .find(|patch| patch.status().is_some() && patch.status() != patch.text_before("/status"));
    match odd {
        _ if is_reported => verdicts.pass(PAYMENT_STATUS),
        Some(patch) => {
            let proof = Proof::at(patch.entry, "/status")
                .expected("paymentInformation.prepaymentStatus PREPAYMENT_REFUNDED");
            let message = "a refund is reported as a new status of the booking and not as one of its payment";
            verdicts.fail(PAYMENT_STATUS, proof.actual(patch.status()), message);
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, paid_booking};
    use serde_json::{Value, json};

    const PROVIDED: Option<&str> = Some("PREPAYMENT_PROVIDED");

    fn refund(mask: &str, body: Value) -> Story {
        let story = Story::prepayment();
        let made = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let story = story.create(made).trigger("refund");
        let before = copy("CONFIRMED", PROVIDED);
        story.patch(Some(mask), changes(body), before.clone(), before)
    }

    #[test]
    fn the_payment_status_passes_alone_and_beside_a_cancellation() {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED" });
        refund("paymentInformation", json!({ "paymentInformation": payment }))
            .judge(&RULE)
            .passes(PAYMENT_STATUS);
        let both = json!({ "status": "CANCELED", "paymentInformation": payment });
        refund("status,paymentInformation", both)
            .judge(&RULE)
            .passes(PAYMENT_STATUS);
    }

    #[test]
    fn a_status_of_the_booking_in_its_stead_is_found() {
        refund("status", json!({ "status": "CANCELED" }))
            .judge(&RULE)
            .fails(PAYMENT_STATUS);
    }

    #[test]
    fn silence_is_judged_elsewhere() {
        Story::prepayment().trigger("refund").judge(&RULE).says_nothing();
    }
}
