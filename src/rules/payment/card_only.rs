//! PAY-CARD-02

use super::{PAYMENT, paid_booking};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::PaymentMode;
use transcript::Exchange;

const NOTHING: RequirementId = RequirementId::declared("PAY-CARD-02");

pub(crate) static RULE: Rule = Rule {
    name: "payment/card-only",
    requirements: &[NOTHING],
    manual: "A booking of a slot that requires a card and nothing else must not hold a deposit or a fee for not coming with \
             an amount. The prepayment status is not looked at: Google's pages contradict each other there.",
    scope: Scope::Answer(judge),
};

const AMOUNTS: [(&str, &str); 2] = [
    ("/deposit/deposit/price_micros", "a deposit"),
    ("/no_show_fee/fee/price_micros", "a fee for not coming"),
];

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(paid_booking) = paid_booking(case, exchange)
        .filter(|paid_booking| paid_booking.slot.terms.modes() == [PaymentMode::CardOnly])
    else {
        return;
    };
    let charged = paid_booking.payment.and_then(|payment| {
        AMOUNTS
            .into_iter()
            .find(|(pointer, _)| reading::number(payment, pointer).is_some_and(|micros| micros > 0))
    });
    verdicts.check(NOTHING, charged.is_none(), || {
        let (pointer, name) = charged.unwrap_or_default();
        let actual = paid_booking
            .payment
            .and_then(|payment| payment.pointer(pointer))
            .cloned();
        let proof = Proof::at(exchange.entry, format!("{PAYMENT}{pointer}")).expected("no amount");
        (
            proof.actual(actual.unwrap_or_default()),
            format!("{name} is asked for although the slot only requires a card"),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn a_booking_without_amounts_passes_whatever_its_prepayment_status() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
        answer["booking"]["payment_information"]["deposit"] =
            json!({ "deposit": { "currency_code": "USD" } });
        Story::card_only().create(answer).judge(&RULE).passes(NOTHING);
    }

    #[test]
    fn a_fee_is_found() {
        let mut answer = booking();
        answer["booking"]["payment_information"]["no_show_fee"] =
            json!({ "fee": { "price_micros": "30000000", "currency_code": "USD" } });
        Story::card_only().create(answer).judge(&RULE).fails(NOTHING);
    }
}
