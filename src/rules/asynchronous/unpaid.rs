//! BS-ASYNC-06

use super::requested;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::PaymentMode;
use transcript::Exchange;

const UNPAID: RequirementId = RequirementId::declared("BS-ASYNC-06");

pub(crate) static RULE: Rule = Rule {
    name: "asynchronous/unpaid",
    requirements: &[UNPAID],
    manual: "A slot that the merchant decides may not ask for a card or for money in the feeds, and a request for it may not \
             be answered as paid.",
    scope: Scope::Answer(judge),
};

const PAYMENT: &str = "/booking/payment_information/prepayment_status";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(slot) = requested(case, exchange).filter(|_| reading::created_booking(exchange).is_some())
    else {
        return;
    };
    if slot.terms.modes() != [PaymentMode::Arrival] {
        let proof = Proof {
            entry: Some(exchange.entry),
            ..Proof::default()
        };
        let message = "the feeds ask for a payment for a slot that the merchant decides";
        return verdicts.fail(UNPAID, proof.expected("payment on arrival"), message);
    }
    let claim = exchange.answer_text(PAYMENT).filter(|name| {
        [
            "PREPAYMENT_PROVIDED",
            "PREPAYMENT_REFUNDED",
            "PREPAYMENT_CREDITED",
        ]
        .contains(name)
    });
    verdicts.check(UNPAID, claim.is_none(), || {
        let proof = Proof::at(exchange.entry, PAYMENT).expected("PREPAYMENT_NOT_PROVIDED");
        (
            proof.actual(claim),
            "a request that the merchant has yet to decide is reported as paid".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use domain::slot::ConfirmationMode;
    use serde_json::json;

    fn on_request(story: Story) -> Story {
        story.slot(|slot| slot.confirmation_mode = ConfirmationMode::Asynchronous)
    }

    #[test]
    fn a_request_without_payment_passes() {
        on_request(Story::arrival())
            .create(booking())
            .judge(&RULE)
            .passes(UNPAID);
        Story::card_only().create(booking()).judge(&RULE).says_nothing();
    }

    #[test]
    fn a_payment_in_the_feeds_or_in_the_answer_is_found() {
        on_request(Story::card_only())
            .create(booking())
            .judge(&RULE)
            .fails(UNPAID);
        let mut paid = booking();
        paid["booking"]["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        on_request(Story::arrival())
            .create(paid)
            .judge(&RULE)
            .fails(UNPAID);
    }
}
