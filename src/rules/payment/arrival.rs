//! PAY-ARR-03

use super::{PAYMENT, PaidBooking, paid_booking, prepayment_status};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::{ConfirmationMode, PaymentMode};
use transcript::Exchange;

const UNPAID: RequirementId = RequirementId::declared("PAY-ARR-03");

pub(crate) static RULE: Rule = Rule {
    name: "payment/arrival",
    requirements: &[UNPAID],
    manual: "A booking of a slot that is paid on arrival must not say that it was paid in advance. The payment part may be \
             left out, or say PREPAYMENT_NOT_PROVIDED.",
    scope: Scope::Answer(judge),
};

const CLAIMS: [&str; 3] = [
    "PREPAYMENT_PROVIDED",
    "PREPAYMENT_REFUNDED",
    "PREPAYMENT_CREDITED",
];

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    // A request that was paid has a rule of its own.
    let at_once =
        |paid_booking: &PaidBooking<'_>| paid_booking.slot.confirmation_mode == ConfirmationMode::Synchronous;
    let Some(paid_booking) = paid_booking(case, exchange)
        .filter(at_once)
        .filter(|paid_booking| paid_booking.slot.terms.modes() == [PaymentMode::Arrival])
    else {
        return;
    };
    let claim = paid_booking
        .payment
        .and_then(prepayment_status)
        .filter(|name| CLAIMS.contains(name));
    verdicts.check(UNPAID, claim.is_none(), || {
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}/prepayment_status"));
        (
            proof.expected("PREPAYMENT_NOT_PROVIDED").actual(claim),
            "a slot that is paid on arrival is reported as paid in advance".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn not_provided_or_nothing_passes() {
        let mut answer = booking();
        Story::arrival()
            .create(answer.clone())
            .judge(&RULE)
            .passes(UNPAID);
        answer["booking"]["payment_information"] = json!(null);
        Story::arrival().create(answer).judge(&RULE).passes(UNPAID);
    }

    #[test]
    fn a_claimed_prepayment_is_found() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        Story::arrival().create(answer.clone()).judge(&RULE).fails(UNPAID);
        Story::card_only().create(answer).judge(&RULE).says_nothing();
    }
}
