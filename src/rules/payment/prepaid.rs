//! PAY-PREPAY-04

use super::{PAYMENT, payment_part, prepayment_status};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Exchange;

const PROVIDED: RequirementId = RequirementId::declared("PAY-PREPAY-04");

/// The status of a booking whose money may have been given back.
const CANCELED: &str = "CANCELED";

pub(crate) static RULE: Rule = Rule {
    name: "payment/prepaid",
    requirements: &[PROVIDED],
    manual: "A booking of a slot whose whole price is charged when booking must have the prepayment status \
             PREPAYMENT_PROVIDED. Slots with a deposit or a fee may have either status, and so may a booking that was cancelled since.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if !case.slot_of(exchange).is_some_and(|slot| slot.terms.prepayment) {
        return;
    }
    let Some(status) = payment_part(case, exchange).and_then(prepayment_status) else {
        return;
    };
    // A repeated request may be answered with the booking as it is by now.
    if exchange
        .answer_text("/booking/status")
        .is_some_and(|status| status == CANCELED)
    {
        return;
    }
    verdicts.check(PROVIDED, status == "PREPAYMENT_PROVIDED", || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/prepayment_status"));
        (
            proof.expected("PREPAYMENT_PROVIDED").actual(status),
            "a slot that is paid in full when booking is not reported as paid".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, paid_booking};

    #[test]
    fn provided_passes() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).judge(&RULE).passes(PROVIDED);
    }

    #[test]
    fn not_provided_is_found() {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        story.create(answer).judge(&RULE).fails(PROVIDED);
    }

    #[test]
    fn a_repeat_that_shows_the_cancelled_booking_may_show_its_refund() {
        let story = Story::prepayment();
        let mut answer = paid_booking(&story, "PREPAYMENT_REFUNDED");
        answer["booking"]["status"] = serde_json::json!("CANCELED");
        story.create(answer).judge(&RULE).says_nothing();
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_REFUNDED");
        story.create(answer).judge(&RULE).fails(PROVIDED);
    }

    #[test]
    fn a_deposit_may_be_charged_later() {
        let story = Story::deposit(3600);
        let answer = paid_booking(&story, "PREPAYMENT_NOT_PROVIDED");
        story.create(answer).judge(&RULE).says_nothing();
    }
}
